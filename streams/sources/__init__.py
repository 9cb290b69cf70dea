"""Ways in: bytes become facts, or a rejection that says why not.  One module per way; pure, like the core."""
