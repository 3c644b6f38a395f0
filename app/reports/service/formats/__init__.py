"""Writes a report in every format: each room takes a report and nothing else, and gives the same bytes each time."""
