"""Patrol: how much of the streets and of the objects of a cell was passed, and what was not.

What is asked for are the places and times that duty itself records, such as check-ins and reports: no track of anybody
is needed, and nothing is said about a person. A verb here takes no name and no number of an officer.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from spatial.errors import DataError
from spatial.given import SHOWN, places, positive, same_crs
from spatial.grouping import cells_of, share, sums
from spatial.sides import Floats, Ints

PIECE = 1 << 15
"""So many visits are compared at once."""

Times = NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class StreetsPassed:
    """Streets that somebody on duty came near to.

    Parameters
    ----------
    length_m, passed_m
        Of each street, and how much of it was within reach of a visit; exact, no circle is drawn as a polygon.
    share
        Of all streets together; NaN where there are none.
    missed
        Rows of the streets no part of which was passed.
    cells, cell_share
        Codes of the cells, sorted, and the share of each; empty where no cells were given.
    """

    length_m: Floats
    passed_m: Floats
    share: float
    missed: Ints
    cells: tuple[Hashable, ...]
    cell_share: Floats


@dataclass(frozen=True, slots=True)
class ObjectsPassed:
    """Buildings or objects that somebody on duty came near to.

    Parameters
    ----------
    visits
        How many visits were near each.
    last_at
        The latest of them; not a time where there was none.
    share
        Of the objects that were passed; NaN where there are none.
    missed
        Rows of those that were not.
    cells, cell_share
        As for streets.
    """

    visits: Ints
    last_at: Times
    share: float
    missed: Ints
    cells: tuple[Hashable, ...]
    cell_share: Floats


@dataclass(frozen=True, slots=True)
class Visits:
    """Places of visits, in metres, and their times, of one period."""

    xy: Floats
    at: Times


def visits_of(xy: ArrayLike, visited_at: ArrayLike, begin: Any, end: Any) -> Visits:
    """The visits of a period, its end not in it.

    Parameters
    ----------
    xy
        Shape (n, 2), metres.
    visited_at
        Times without a zone, or all in one: what numpy reads as datetime64.
    begin, end
        The period, likewise.

    Raises
    ------
    DataError
        `not_times`, `period_empty`, and what `places` raises.
    """
    try:
        at = np.asarray(visited_at, dtype="datetime64[us]")
        first, last = (np.datetime64(bound, "us") for bound in (begin, end))
    except (TypeError, ValueError) as error:
        raise DataError("not_times", name="visited_at", rows=()) from error
    missing = np.flatnonzero(np.isnat(at.reshape(-1)))
    if at.ndim != 1 or len(missing) or np.isnat(first) or np.isnat(last):
        raise DataError("not_times", name="visited_at", rows=tuple(missing[:SHOWN].tolist()))
    if first >= last:
        raise DataError("period_empty", begin=str(first), end=str(last))
    where = places("xy", xy, count=len(at))
    inside = (at >= first) & (at < last)
    return Visits(where[inside], at[inside])


def streets_passed(
    lines: gpd.GeoSeries, visits: Visits, within_m: float, *, cells: Sequence[Hashable] | None = None
) -> StreetsPassed:
    """How much of each street lies within so many metres of a visit.

    Parameters
    ----------
    lines
        Streets in the metric reference system of the visits; one that runs through several cells is cut at their
        borders before it is counted by cells.
    visits
        From `visits_of`.
    within_m
        How near is near enough; the border is.
    cells
        The cell of each street.

    Raises
    ------
    CrsError, DataError
        What `same_crs` and `positive` raise; `other_count`.
    """
    same_crs(lines=lines)
    positive("within_m", within_m)
    shapes = np.asarray(lines.array, dtype=object)
    parts, owner = shapely.get_parts(shapes, return_index=True)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    side = np.flatnonzero(part[1:] == part[:-1])
    a, b, line = xy[side], xy[side + 1], owner[part[side]]
    moving = (a != b).any(axis=1)
    a, b, line = a[moving], b[moving], line[moving]
    which, low, high = _intervals(a, b, np.unique(visits.xy, axis=0), within_m)
    passed = sums(line, _union(which, low, high, len(a)), len(shapes))
    length = sums(line, np.hypot(*(b - a).T), len(shapes))
    passed = np.minimum(passed, length)
    codes, cell_share = _by_cell(passed, length, cells)
    whole = float(length.sum())
    share = float(passed.sum()) / whole if whole else float("nan")
    return StreetsPassed(length, passed, share, np.flatnonzero(passed <= 0), codes, cell_share)


def objects_passed(
    objects: gpd.GeoSeries, visits: Visits, within_m: float, *, cells: Sequence[Hashable] | None = None
) -> ObjectsPassed:
    """Which objects lie within so many metres of a visit.

    Parameters
    ----------
    objects
        Points or outlines of buildings in the metric reference system of the visits.
    visits, within_m, cells
        As for `streets_passed`.

    Raises
    ------
    CrsError, DataError
        As for `streets_passed`.
    """
    same_crs(objects=objects)
    positive("within_m", within_m)
    tree = shapely.STRtree(np.asarray(objects.array, dtype=object))
    count = np.zeros(len(objects), dtype=np.int64)
    never = np.datetime64("NaT", "us").view(np.int64)  # smaller than any time
    last = np.full(len(objects), never)
    points = shapely.points(visits.xy)
    for begin in range(0, len(points), PIECE):
        visit, found = tree.query(points[begin : begin + PIECE], predicate="dwithin", distance=within_m)
        count += np.bincount(found, minlength=len(objects))
        np.maximum.at(last, found, visits.at.view(np.int64)[begin + visit])
    passed = (count > 0).astype(np.float64)
    codes, cell_share = _by_cell(passed, np.ones(len(objects)), cells)
    share = float(passed.mean()) if len(objects) else float("nan")
    return ObjectsPassed(
        count, last.view("datetime64[us]"), share, np.flatnonzero(count == 0), codes, cell_share
    )


def _intervals(a: Floats, b: Floats, visits: Floats, within_m: float) -> tuple[Ints, Floats, Floats]:
    """Where circles around visits cover sides: the side, and from where to where along it, in metres."""
    found: list[tuple[Ints, Floats, Floats]] = [(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))]
    tree = shapely.STRtree(shapely.linestrings(np.stack((a, b), axis=1)) if len(a) else [])
    for begin in range(0, len(visits) if len(a) else 0, PIECE):
        some = visits[begin : begin + PIECE]
        visit, side = tree.query(shapely.points(some), predicate="dwithin", distance=within_m)
        length = np.hypot(*(b[side] - a[side]).T)
        ahead = (b[side] - a[side]) / length[:, None]
        offset = some[visit] - a[side]
        along = (offset * ahead).sum(axis=1)
        across = offset[:, 0] * ahead[:, 1] - offset[:, 1] * ahead[:, 0]
        half = np.sqrt(np.maximum(within_m**2 - across**2, 0))
        found.append((side, np.clip(along - half, 0, length), np.clip(along + half, 0, length)))
    which, low, high = (np.concatenate(part) for part in zip(*found, strict=True))
    return which, low, high


def _union(which: Ints, low: Floats, high: Floats, count: int) -> Floats:
    """Length of what the intervals of each side cover together."""
    order = np.lexsort((low, which))
    which, low, high = which[order], low[order], high[order]
    if not len(which):
        return np.zeros(count)
    # Sides are laid end to end, so that one running maximum serves all of them.
    top = np.zeros(count)
    np.maximum.at(top, which, high)
    begins = np.concatenate(([0.0], np.cumsum(top)))[which]
    reach = np.maximum.accumulate(begins + high)
    before = np.concatenate(([-np.inf], reach[:-1]))
    fresh = np.maximum(begins + high - np.maximum(begins + low, before), 0)
    return sums(which, fresh, count)


def _by_cell(
    part: Floats, whole: Floats, cells: Sequence[Hashable] | None
) -> tuple[tuple[Hashable, ...], Floats]:
    codes, cell = cells_of(cells, len(whole))
    if not codes:
        return (), np.zeros(0)
    above, below = (sums(cell, column, len(codes)) for column in (part, whole))
    return codes, share(above, below)
