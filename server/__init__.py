"""The publishing server (Flask). Nothing is served yet."""
