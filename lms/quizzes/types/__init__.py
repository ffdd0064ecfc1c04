"""Question types, one module each; lms/app.py lists those in use."""
