"""Moodle XML: questions with all their settings and files."""
