"""Corners that are one: drawn twice with other rounding, or on a side that has no corner there."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from spatial.coverage.edges import NOBODY, contacts
from spatial.coverage.faces import GRID_M
from spatial.given import Numbers
from spatial.redrawing.graph import pieces
from spatial.redrawing.layers import Shapes

Known = set[tuple[float, ...]]


def gathered(corners: Numbers, kept: NDArray[np.bool_]) -> Numbers:
    """Corners within a millimetre of each other moved to the first of them, one that is kept before others.

    Parameters
    ----------
    corners
        Shape (n, 2), metres.
    kept
        Shape (n,): which do not move at all.
    """
    different, at = np.unique(corners, axis=0, return_inverse=True)
    at = at.ravel()
    stays = np.bincount(at, kept, minlength=len(different)) > 0
    pairs = cKDTree(different).query_pairs(GRID_M, output_type="ndarray")
    if not len(pairs):
        return corners
    group = pieces(len(different), pairs[:, 0], pairs[:, 1])
    order = np.lexsort((~stays, group))
    leader = order[np.searchsorted(group[order], group)]
    leader[stays] = np.flatnonzero(stays)
    found: Numbers = different[leader][at]
    return found


def onto(xy: Numbers, corners: Numbers, lines: Iterable[Shapes]) -> Numbers:
    """Places that are no corner put onto the line that is within a millimetre: onto the first kind that has one."""
    found = xy.copy()
    free = np.flatnonzero(~np.isin(xy[:, 0] + 1j * xy[:, 1], corners[:, 0] + 1j * corners[:, 1]))
    for kind in lines:
        sides = _sides(kind)
        (at, side), _ = shapely.STRtree(sides).query_nearest(
            shapely.points(xy[free]), max_distance=GRID_M, return_distance=True, all_matches=False
        )
        begin, end = shapely.get_coordinates(sides[side]).reshape(-1, 2, 2).transpose(1, 0, 2)
        along = end - begin
        length = (along**2).sum(axis=1)
        share = np.clip(((xy[free[at]] - begin) * along).sum(axis=1) / length, 0, 1)
        found[free[at]] = begin + share[:, None] * along
        free = np.delete(free, at)
    return found


def _sides(lines: Shapes) -> Shapes:
    """The straight sides of lines."""
    xy, line = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    side = (line[1:] == line[:-1]) & (xy[1:] != xy[:-1]).any(axis=1)
    return np.asarray(shapely.linestrings(np.stack((xy[:-1], xy[1:]), axis=1)[side]))


def with_corners(shapes: Shapes, corners: Numbers, reach: float) -> Shapes:
    """Areas with those of some corners on their sides that lie so near to one, and to no corner that they have."""
    points = shapely.points(corners)
    area, corner = shapely.STRtree(points).query(shapely.boundary(shapes), "dwithin", reach)
    found = shapes.copy()
    for at, near in enumerate(np.split(corner, np.searchsorted(area, np.arange(1, len(shapes))))):
        if len(near):
            away, _ = cKDTree(shapely.get_coordinates(shapes[at])).query(corners[near])
            new = points[near[away > reach]]
            if len(new):
                found[at] = shapely.snap(shapes[at], shapely.multipoints(new), reach)
    return found


def woven(shapes: Shapes, known: Known) -> Shapes:
    """Blocks that share all corners with their neighbours, those of other communities among them.

    Parameters
    ----------
    shapes
        Blocks that share their corners within each community.
    known
        Corners of the layers that were given, which do not move.

    Notes
    -----
    What a border between communities is cut by was computed twice, once on each side.
    """
    rim = _rim(shapes)
    xy, of = shapely.get_coordinates(shapes, return_index=True)
    kept = np.array([tuple(one) in known for one in xy.tolist()], dtype=bool)
    some = rim[of]
    # A corner of a block on the rim is that of others, too.
    moved = {
        (x, y): to
        for (x, y), to in zip(xy[some].tolist(), gathered(xy[some], kept[some]).tolist(), strict=True)
    }
    if not moved:
        return shapes
    found = shapely.set_coordinates(shapes.copy(), [moved.get((x, y), [x, y]) for x, y in xy.tolist()])
    found = shapely.remove_repeated_points(found)
    # What was a needle thinner than a millimetre has no width now.
    bad = ~shapely.is_valid(found)
    found[bad] = shapely.make_valid(found[bad], method="structure", keep_collapsed=False)
    found[rim] = with_corners(found[rim], np.unique(shapely.get_coordinates(found[rim]), axis=0), GRID_M)
    return np.asarray(found)


def _rim(shapes: Shapes) -> NDArray[np.bool_]:
    """Which blocks have a side that is just so no other block's."""
    sides = contacts(shapes)
    alone = (sides.left == NOBODY) | (sides.right == NOBODY)
    found = np.zeros(len(shapes), dtype=bool)
    found[np.maximum(sides.left, sides.right)[alone]] = True
    return found
