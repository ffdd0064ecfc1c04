"""Classroom mode: a class does a quiz together on the teacher's screen."""
