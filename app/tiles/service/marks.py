"""The marks of cases of a tile, as vector tiles carry them."""

from __future__ import annotations

import numpy as np

from app.cube.rules import STATES, Mark
from app.cube.service import Answer
from app.cube.service.binning import EXTENT
from app.tiles.rules import packed
from app.tiles.service.encoding import Tag, layer

LAYER = "cases"
BINS = ((14, 8), (16, 16))
FINEST = 64
"""How many bins across a tile has below a zoom: they grow finer as one comes nearer."""

STATE_WORDS = [state.value for state in STATES]
MARK_WORDS = [mark.name.lower() for mark in Mark]


def bins_at(z: int) -> int:
    """How many bins across a tile has at a zoom."""
    return next((bins for below, bins in BINS if z < below), FINEST)


def tile(answer: Answer, z: int, x: int, y: int, *, fine: bool = False) -> bytes:
    """One tile of the cases that a question means, gzipped; a fine one gathers as few of them as it can."""
    found = answer.tile(z, x, y, FINEST if fine else bins_at(z))
    # What is drawn last lies on top: the overdue, and of each kind the many.
    order = np.lexsort((found.x, found.y, found.count, found.late))
    position = found.position[order]
    alone = position >= 0
    one = {name: np.where(alone, column[position], 0) for name, column in answer.of_one().items()}
    tags = {
        "late": Tag(found.late[order]),
        "count": Tag(found.count[order]),
        "near": Tag(found.near[order]),
        "closed": Tag(found.closed[order]),
        "case_id": Tag(one["id"], alone),
        "category": Tag(one["category"], alone),
        "state": Tag(one["state"], alone, STATE_WORDS),
        "urgency": Tag(one["mark"], alone, MARK_WORDS),
    }
    made = layer(LAYER, found.x[order], found.y[order], one["id"], tags, EXTENT)
    return packed(made)
