"""What a network is made of, and how a large one is drawn together."""
