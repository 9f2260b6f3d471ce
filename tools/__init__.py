"""The `navkit` command, the benchmark and the generators."""
