"""Streets: a network from lines, and where on it a place is."""

from spatial.streets.network import Snapped, Streets, streets

__all__ = ["Snapped", "Streets", "streets"]
