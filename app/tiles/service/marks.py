"""The marks of cases of a tile, as vector tiles carry them."""

from __future__ import annotations

import gzip

import numpy as np

from app.cube.rules import STATES, Mark
from app.cube.service import Answer
from app.cube.service.binning import EXTENT
from app.tiles.service.encoding import Point, layer

LAYER = "cases"
BINS = ((14, 8), (16, 16))
FINEST = 64
"""How many bins across a tile has below a zoom: they grow finer as one comes nearer."""


def bins_at(z: int) -> int:
    """How many bins across a tile has at a zoom."""
    return next((bins for below, bins in BINS if z < below), FINEST)


def tile(answer: Answer, z: int, x: int, y: int, *, fine: bool = False) -> bytes:
    """One tile of the cases that a question means, gzipped; a fine one gathers as few of them as it can."""
    found = answer.tile(z, x, y, FINEST if fine else bins_at(z))
    # What is drawn last lies on top: the overdue, and of each kind the many.
    order = np.lexsort((found.x, found.y, found.count, found.late))
    parts = (found.late, found.count, found.near, found.closed, found.x, found.y, found.position)
    rows = zip(*(part[order].tolist() for part in parts), strict=True)
    return gzip.compress(layer(LAYER, (_point(answer, *row) for row in rows), EXTENT), 5, mtime=0)


def _point(
    answer: Answer, late: bool, count: int, near: int, closed: int, x: int, y: int, position: int
) -> Point:
    tags: dict[str, str | int | bool] = {"late": late, "count": count, "near": near, "closed": closed}
    if position < 0:
        return Point(None, x, y, tags)
    one = answer.at_position(position)
    tags |= {
        "case_id": one["id"],
        "category": one["category"],
        "state": STATES[one["state"]].value,
        "urgency": Mark(one["mark"]).name.lower(),
    }
    return Point(one["id"], x, y, tags)
