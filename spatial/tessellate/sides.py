"""Long sides of stored areas, cut into short ones and joined again, so that a projection bends none of them visibly."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from spatial.tessellate.dividing import SNAP_DEG, Shapes

Numbers = NDArray[np.float64]


def shorten_sides(areas: ArrayLike, longest: float) -> Shapes:
    """Areas whose long sides have corners in between, evenly.

    Parameters
    ----------
    areas
        Polygons and multipolygons.
    longest
        Of a side afterwards, in the units of the areas.

    Notes
    -----
    A side that is straight in degrees is bent in a projection, by length² tan(latitude) / 8R: 1.2 cm over 1 km at the
    latitude of Kunming, 0.03 mm over 50 m. The corners of a side that two areas share are computed from its smaller
    end, so that both get the same ones to the bit.
    """
    return np.asarray([_each(area, lambda xy: _cut(xy, longest)) for area in np.asarray(areas, dtype=object)])


def join_sides(areas: ArrayLike, before: ArrayLike) -> Shapes:
    """Areas without the corners that `shorten_sides` has put in, where they bend nothing.

    Parameters
    ----------
    before
        Areas with the corners that stay whether they bend a side or not.
    """
    kept = {tuple(xy) for xy in shapely.get_coordinates(np.asarray(before, dtype=object)).tolist()}
    return np.asarray([_each(area, lambda xy: _joined(xy, kept)) for area in np.asarray(areas, dtype=object)])


def _each(area: Any, change: Any) -> Any:
    parts = [
        shapely.Polygon(
            change(shapely.get_coordinates(part.exterior)),
            [change(shapely.get_coordinates(ring)) for ring in part.interiors],
        )
        for part in shapely.get_parts(area)
    ]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _cut(xy: Numbers, longest: float) -> Numbers:
    made = [xy[:1]]
    for one, other in pairwise(xy):
        count = int(np.ceil(np.hypot(*(other - one)) / longest))
        first, last = (one, other) if tuple(one) <= tuple(other) else (other, one)
        between = first + (last - first) * (np.arange(1, count) / max(count, 1))[:, None]
        made += [between if first is one else between[::-1], other[None]]
    return np.concatenate(made)


def _joined(xy: Numbers, kept: set[tuple[float, float]]) -> Numbers:
    """A ring without corners that lie on the line between those beside them, as far as these stay."""
    ring = [tuple(corner) for corner in xy[:-1].tolist()]
    start = next((at for at, corner in enumerate(ring) if corner in kept or _bends(ring, at)), 0)
    ring = ring[start:] + ring[:start]
    made = [ring[0]]
    for at in range(1, len(ring)):
        after = ring[(at + 1) % len(ring)]
        if ring[at] in kept or _off(made[-1], ring[at], after) > SNAP_DEG:
            made.append(ring[at])
    return np.array([*made, made[0]]) if len(made) > 2 else xy


def _bends(ring: list[tuple[float, float]], at: int) -> bool:
    return _off(ring[at - 1], ring[at], ring[(at + 1) % len(ring)]) > SNAP_DEG


def _off(before: tuple[float, float], corner: tuple[float, float], after: tuple[float, float]) -> float:
    """How far a corner is from the line between two others."""
    along = (after[0] - before[0], after[1] - before[1])
    away = (corner[0] - before[0], corner[1] - before[1])
    length = float(np.hypot(*along))
    return abs(along[0] * away[1] - along[1] * away[0]) / length if length else float(np.hypot(*away))
