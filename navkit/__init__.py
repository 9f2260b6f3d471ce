"""Indoor navigation for hospitals that works with no network: the core library."""
