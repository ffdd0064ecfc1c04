"""What a question is made of, without language: one module for each family of types."""
