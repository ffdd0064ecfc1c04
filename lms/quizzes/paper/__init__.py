"""Quizzes on paper: print variants with a key, and bring in what was written."""
