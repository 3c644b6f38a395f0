"""Access: how far people are from what serves them, who is within a limit, and how much there is for each.

A circle of ten minutes on foot or of half an hour is a limit here, never a circle on a map: what counts is the way.
"""

from spatial.access.catchments import Supply, two_step
from spatial.access.coverage import Coverage, coverage
from spatial.access.reach import Nearest, Reached, costs, nearest, reached
from spatial.access.ways import Along, Straight

__all__ = [
    "Along", "Coverage", "Nearest", "Reached", "Straight", "Supply", "costs", "coverage", "nearest", "reached",
    "two_step",
]  # fmt: skip
