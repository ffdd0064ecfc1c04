"""Aiken: questions with one right choice, as plain lines."""
