"""What is said to people, by language: sentences of findings, phrases, how things are spoken."""
