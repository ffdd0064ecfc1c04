"""Tables of the quiz engine: bank, quiz, attempt."""
