"""Voice: from clauses to clips that a phone plays without a network."""
