"""Where lines meet: each line is cut there, so that a street begins and ends at a junction."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]
Cuts = tuple[Ints, Floats]
"""Of each cut the line, and how far along it, in metres."""

NEGLIGIBLE_M = 1e-6
"""What is cut so close to an end is not cut: sums of lengths are no more exact."""

MEETINGS = ("crossings", "vertices")


def cut(lines: Shapes, tolerance_m: float, meet: str) -> tuple[Shapes, Ints]:
    """Pieces of lines between the places where they meet.

    Parameters
    ----------
    lines
        LineStrings in metres; none is missing or empty.
    tolerance_m
        A line that ends so close to another one meets it.
    meet
        "crossings": lines meet wherever they cross or touch. "vertices": only where both have a vertex, so that a
        bridge passes over a street; that is how maps drawn for routing are.

    Returns
    -------
    tuple
        Pieces, and the line that each is of.

    Notes
    -----
    A line that runs through itself is cut at all of its vertices first. Pairs of lines are found by a tree: n log n
    in their number, plus the pairs.
    """
    lines, owner = _simple(lines)
    tree = shapely.STRtree(lines)
    met = _at_crossings(lines, tree) if meet == "crossings" else _at_vertices(lines)
    cuts = _joined(_at_ends(lines, tree, tolerance_m), met)
    pieces, of = _divide(lines, *cuts)
    return pieces, owner[of]


def _simple(lines: Shapes) -> tuple[Shapes, Ints]:
    """Lines of which none runs through itself, and which of the given ones each is."""
    winding = ~shapely.is_simple(lines)
    if not winding.any():
        return lines, np.arange(len(lines))
    xy, line = shapely.get_coordinates(lines[winding], return_index=True)
    along = np.flatnonzero((line[1:] == line[:-1]) & (xy[1:] != xy[:-1]).any(axis=1))
    sides = shapely.linestrings(np.stack((xy[along], xy[along + 1]), axis=1))
    rows = np.flatnonzero(winding)[line[along]]
    owner = np.concatenate((np.flatnonzero(~winding), rows))
    order = np.argsort(owner, kind="stable")
    return np.concatenate((lines[~winding], sides))[order], owner[order]


def _at_ends(lines: Shapes, tree: Any, tolerance_m: float) -> Cuts:
    """Where other lines end on a line, or nearly."""
    ends = np.concatenate((shapely.get_point(lines, 0), shapely.get_point(lines, -1)))
    end, line = tree.query(ends, predicate="dwithin", distance=tolerance_m)
    other = end % max(len(lines), 1) != line
    return line[other], shapely.line_locate_point(lines[line[other]], ends[end[other]])


def _at_crossings(lines: Shapes, tree: Any) -> Cuts:
    """Where lines cross or touch, and where those that run together begin to and cease."""
    one, other = tree.query(lines, predicate="intersects")
    once = one < other
    one, other = one[once], other[once]
    shared, pair = shapely.get_parts(shapely.intersection(lines[one], lines[other]), return_index=True)
    xy, part = shapely.get_coordinates(shared, return_index=True)
    pair, points = pair[part], shapely.points(xy)
    return _joined(
        (one[pair], shapely.line_locate_point(lines[one[pair]], points)),
        (other[pair], shapely.line_locate_point(lines[other[pair]], points)),
    )


def _at_vertices(lines: Shapes) -> Cuts:
    """Where a line has a vertex that another one has, too."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    _, vertex = np.unique(xy, axis=0, return_inverse=True)
    vertex = vertex.reshape(-1)
    pairs = np.unique(np.stack((vertex, line), axis=1), axis=0)
    shared = np.bincount(pairs[:, 0], minlength=int(vertex.max(initial=-1)) + 1)[vertex] > 1
    return line[shared], _measures(xy, line)[shared]


def _joined(one: Cuts, other: Cuts) -> Cuts:
    return np.concatenate((one[0], other[0])), np.concatenate((one[1], other[1]))


def _measures(xy: Floats, line: Ints) -> Floats:
    """How far along its line each vertex is."""
    step = np.hypot(*np.diff(xy, axis=0, prepend=xy[:1]).T)
    step[np.flatnonzero(np.diff(line, prepend=-1))] = 0
    total = np.cumsum(step)
    first = np.searchsorted(line, line)
    return np.asarray(total - total[first])


def _divide(lines: Shapes, line: Ints, along: Floats) -> tuple[Shapes, Ints]:
    """The pieces of lines between cuts, and the line of each."""
    xy, of = shapely.get_coordinates(lines, return_index=True)
    inner = (along > NEGLIGIBLE_M) & (along < shapely.length(lines)[line] - NEGLIGIBLE_M)
    line, along = line[inner], along[inner]
    cut_xy = shapely.get_coordinates(shapely.line_interpolate_point(lines[line], along))
    of_all = np.concatenate((of, line))
    measure = np.concatenate((_measures(xy, of), along))
    points = np.concatenate((xy, cut_xy))
    order = np.lexsort((measure, of_all))
    of_all, points = of_all[order], points[order]
    is_cut = order >= len(xy)
    # A cut ends one piece and begins the next, so that it stands twice.
    twice = np.repeat(np.arange(len(points)), np.where(is_cut, 2, 1))
    begins = np.diff(of_all[twice], prepend=-1) != 0
    begins[1:] |= is_cut[twice][1:] & (twice[1:] == twice[:-1])
    piece = np.cumsum(begins) - 1
    return shapely.linestrings(points[twice], indices=piece), of_all[twice][begins]
