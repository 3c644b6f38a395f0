"""Reads and writes the registry; the walls are in migrations 0026 and 0027."""
