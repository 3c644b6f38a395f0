"""What a wall is told, and who sets what it shows."""
