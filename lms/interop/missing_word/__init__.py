"""Missing word: sentences with a gap, and the words to choose from in braces."""
