"""The question bank: its categories, questions and their versions, and how files come in and go out."""
