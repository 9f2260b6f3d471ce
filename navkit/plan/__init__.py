"""What a drawing says."""
