"""Figures about quizzes and their questions, in which no person can be found."""
