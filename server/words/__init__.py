"""The words of the console."""
