"""GIFT: questions as plain text."""
