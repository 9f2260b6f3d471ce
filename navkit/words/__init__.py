"""What is said to people, by language: sentences of findings, phrases, pronunciation."""
