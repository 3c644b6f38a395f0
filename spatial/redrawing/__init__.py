"""Redrawing the grid of communities: a plan of cells checked, held beside another, and tried on last year's cases."""

from spatial.redrawing.checking import Findings, check
from spatial.redrawing.comparing import Comparison, Figures, compare
from spatial.redrawing.replaying import Replayed, replay

__all__ = ["Comparison", "Figures", "Findings", "Replayed", "check", "compare", "replay"]
