"""What is done with campaigns: opened, looked at, visited, ended."""
