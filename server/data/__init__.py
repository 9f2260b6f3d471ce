"""Storage: rows, files, one writer at a time."""
