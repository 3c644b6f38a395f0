"""What a report says, apart from the format that it is written in."""
