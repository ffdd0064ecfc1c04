"""What becomes of answers that were handed in: seeing them, marking by hand, and marking again."""
