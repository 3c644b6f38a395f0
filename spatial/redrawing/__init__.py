"""Redrawing the grid of communities: blocks that no border cuts, plans of cells over them, and what a plan is worth.

`blocks` cuts communities into the pieces that a border may go around, `balance` puts them together to cells, `present`
to those that there are today; `move_border`, `split` and `merge` change a plan by hand. `check` says what keeps a plan
from taking effect, `compare` holds it beside another, `replay` lets its officers work off a year's cases.
"""

from spatial.redrawing.balance import balance, present
from spatial.redrawing.blocks import blocks
from spatial.redrawing.checking import Findings, check
from spatial.redrawing.comparing import Comparison, Figures, compare
from spatial.redrawing.editing import merge, move_border, split
from spatial.redrawing.objective import Weights
from spatial.redrawing.plan import Plan
from spatial.redrawing.reasons import Broken
from spatial.redrawing.replaying import Replayed, replay
from spatial.redrawing.storing import stored

__all__ = [
    "Broken", "Comparison", "Figures", "Findings", "Plan", "Replayed", "Weights", "balance", "blocks", "check",
    "compare", "merge", "move_border", "present", "replay", "split", "stored",
]  # fmt: skip
