"""The story of the product in a real browser, against the real server with the demo in it."""
