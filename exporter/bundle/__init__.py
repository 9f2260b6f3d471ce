"""The bundle: what a phone keeps of a venue."""
