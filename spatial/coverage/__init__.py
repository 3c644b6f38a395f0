"""Areas side by side: gaps, overlaps and nesting are found, slivers repaired, borders shared, drawn and simplified."""

from spatial.coverage.checks import check
from spatial.coverage.edges import Borders, shared_edges, simplify
from spatial.coverage.measure import OVERLAP_TOLERANCE_M, SLIVER_WIDTH_M
from spatial.coverage.repairs import Repair, repair

__all__ = [
    "OVERLAP_TOLERANCE_M",
    "SLIVER_WIDTH_M",
    "Borders",
    "Repair",
    "check",
    "repair",
    "shared_edges",
    "simplify",
]
