"""Borders drawn once, and simplified once for both sides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from spatial.coverage.measure import Floats, Shapes, shapes_of
from spatial.errors import SpatialError
from spatial.sides import Ints, sides_of

NOBODY = -1
"""On this side of a border lies no area."""


@dataclass(frozen=True, slots=True)
class Borders:
    """Lines between areas: arrays of one length.

    Parameters
    ----------
    lines
        LineStrings in the CRS of the areas.
    left, right
        Index of the area on each side, seen along the line; -1 where there is none.
    """

    lines: Shapes
    left: Ints
    right: Ints


@dataclass(frozen=True, slots=True)
class Contacts:
    """Straight sides, each once: arrays of one length, `left` and `right` as in `Borders`."""

    begin: Floats
    end: Floats
    left: Ints
    right: Ints


def contacts(areas: Shapes) -> Contacts:
    """Every side of a coverage once, with the areas to its left and right. Sorts the vertices: n log n."""
    sides = sides_of(areas)
    begin, end = sides.ax + 1j * sides.ay, sides.bx + 1j * sides.by
    turned = sides.turn < 0
    begin, end = np.where(turned, end, begin), np.where(turned, begin, end)
    corners, number = np.unique(np.concatenate((begin, end)), return_inverse=True)
    a, b = number[: len(begin)], number[len(begin) :]
    forward = a < b
    key, at = np.unique(np.minimum(a, b) * len(corners) + np.maximum(a, b), return_inverse=True)
    left, right = (np.full(len(key), NOBODY, dtype=np.int64) for _ in range(2))
    left[at[forward]] = sides.cell[forward]
    right[at[~forward]] = sides.cell[~forward]
    low, high = corners[key // max(len(corners), 1)], corners[key % max(len(corners), 1)]
    return Contacts(np.stack((low.real, low.imag), 1), np.stack((high.real, high.imag), 1), left, right)


def shared_edges(areas: ArrayLike) -> Borders:
    """The borders of a coverage, each drawn once, with the areas on both sides.

    Parameters
    ----------
    areas
        Array of polygons that share their corners exactly, as `repair` leaves them.

    Notes
    -----
    A border runs from one meeting point of three areas to the next; one without any is a closed line.
    """
    found = contacts(shapes_of(areas))
    # Of two areas the first lies to the left; of an area and nobody, the area.
    swap = (found.left == NOBODY) | ((found.right != NOBODY) & (found.left > found.right))
    left, right = np.where(swap, found.right, found.left), np.where(swap, found.left, found.right)
    begin = np.where(swap[:, None], found.end, found.begin)
    end = np.where(swap[:, None], found.begin, found.end)
    pairs, which = np.unique(np.stack((left, right), axis=1), axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    sides = shapely.linestrings(np.stack((begin, end), axis=1)[order])
    bundles = shapely.multilinestrings(sides, indices=which.ravel()[order])
    lines, bundle = shapely.get_parts(shapely.line_merge(bundles, directed=True), return_index=True)
    return Borders(lines, pairs[bundle, 0], pairs[bundle, 1])


def simplify(areas: ArrayLike, tolerance_m: float, *, outer: bool = True) -> NDArray[np.object_]:
    """Areas with fewer corners that still share their borders exactly.

    Parameters
    ----------
    areas
        Array of polygons that share their corners exactly.
    tolerance_m
        Root of the largest area that a dropped corner may shift, in the unit of the CRS.
    outer
        Whether the borders that have an area on one side only are simplified too.

    Raises
    ------
    SpatialError
        `coverage_invalid`: the areas overlap or do not share their corners.

    Notes
    -----
    Visvalingam and Whyatt's line generalisation by effective area (1993), on shared edges, as GEOS has it.
    """
    shapes = shapes_of(areas)
    if not shapely.coverage_is_valid(shapes):
        raise SpatialError("coverage_invalid", count=len(shapes))
    return np.asarray(shapely.coverage_simplify(shapes, tolerance_m, simplify_boundary=outer))
