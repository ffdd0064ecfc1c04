"""The Flask toolbox; knows no subject."""
