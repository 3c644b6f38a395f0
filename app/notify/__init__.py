"""What happened is told to those whom it concerns: the log of moves is read, open screens hear of it."""
