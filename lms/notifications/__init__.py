"""Messages to people: the outbox, its channels, delivery."""
