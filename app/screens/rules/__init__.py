"""What waits to be decided, which cases are drawn for a look, what is worst, how the last days went."""
