"""The command line, an edge like the views."""
