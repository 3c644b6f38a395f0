"""What the first screens are made of."""
