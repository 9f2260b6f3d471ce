"""From drafts to builds that can be reviewed."""
