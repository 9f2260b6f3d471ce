"""A literal reader: walks what was said, and knows nothing of how it was chosen."""
