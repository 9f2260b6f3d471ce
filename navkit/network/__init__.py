"""Where people can walk."""
