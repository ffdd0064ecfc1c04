"""Courses on their way from one installation to another: signed packages, and bringing them in."""
