"""The marks of cases of a tile, as vector tiles carry them."""

from __future__ import annotations

import gzip

from app.cube.rules import STATES, Mark
from app.cube.service import Answer
from app.cube.service.binning import EXTENT, Gathered
from app.tiles.service.encoding import Point, layer

LAYER = "cases"
BINS = ((14, 8), (16, 16))
FINEST = 64
"""How many bins across a tile has below a zoom: they grow finer as one comes nearer."""


def tile(answer: Answer, z: int, x: int, y: int) -> bytes:
    """One tile of the cases that a question means, gzipped."""
    bins = next((bins for below, bins in BINS if z < below), FINEST)
    marks = sorted(answer.tile(z, x, y, bins), key=lambda mark: (mark.late, mark.count, mark.y, mark.x))
    return gzip.compress(layer(LAYER, (_point(answer, mark) for mark in marks), EXTENT), 5, mtime=0)


def _point(answer: Answer, mark: Gathered) -> Point:
    tags: dict[str, str | int | bool] = {
        "late": mark.late, "count": mark.count, "near": mark.near, "closed": mark.closed,
    }  # fmt: skip
    if mark.count > 1:
        return Point(None, mark.x, mark.y, tags)
    one = answer.at_position(mark.position)
    tags |= {
        "case_id": one["id"],
        "category": one["category"],
        "state": STATES[one["state"]].value,
        "urgency": Mark(one["mark"]).name.lower(),
    }
    return Point(one["id"], mark.x, mark.y, tags)
