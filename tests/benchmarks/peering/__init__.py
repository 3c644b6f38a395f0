"""Peers in Python: each side of a comparison in a process of its own, that of the peer in an environment of its own."""
