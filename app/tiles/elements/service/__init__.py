"""Tiles of elements, made of columns that are read once for a state of the registry."""
