"""What to do along a route, and how it is said."""
