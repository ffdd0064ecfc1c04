"""Quizzes: the question bank, question types, attempts, grading, review."""
