"""What is printed: route cards, codes, pictures."""
