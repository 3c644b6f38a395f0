"""What is done with counts: who may look at them, what they score, and periods from open to frozen."""
