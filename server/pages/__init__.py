"""What browsers and programs ask for."""
