"""Plans joined with what staff know: the venue."""
