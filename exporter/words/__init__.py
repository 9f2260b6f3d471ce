"""The words of screens, and their format."""
