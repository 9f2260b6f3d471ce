"""What lasts: rows, files, one writer at a time."""
