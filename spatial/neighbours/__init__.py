"""Neighbours: which cells lie beside which, and with what weight.

Each of `from_areas`, `nearest`, `within` and `from_pairs` makes a `Neighbours`, which every verb that asks for a cell's
surroundings takes.
"""

from spatial.neighbours.areas import from_areas
from spatial.neighbours.graph import Neighbours, from_pairs
from spatial.neighbours.points import nearest, within

__all__ = ["Neighbours", "from_areas", "from_pairs", "nearest", "within"]
