"""The words of screens, and what they are kept in."""
