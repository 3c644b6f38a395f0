"""Tiles that are made here and not in the database."""
