"""People going through courses, and what follows when they finish."""
