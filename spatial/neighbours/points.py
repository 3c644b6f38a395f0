"""Neighbours by distance."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from scipy.spatial import cKDTree

from spatial.errors import DataError
from spatial.given import Numbers, point_coordinates, positive, same_crs
from spatial.neighbours.areas import Layer, names_of
from spatial.neighbours.graph import Ints, Neighbours, mutual, one_way, text_order

SAME_M = 1e-6
"""Distances that differ by less are alike: rounding must not decide who is nearer."""


def nearest(points: Layer, k: int, *, ids: Sequence[Hashable] | None = None) -> Neighbours:
    """The k nearest points of each point, with binary weights; not always both ways.

    Parameters
    ----------
    points
        Points in a CRS that measures in metres; for cells, `cells.centroid`.
    k
        How many.
    ids
        The points' names; without them the index of the layer.

    Raises
    ------
    CrsError
        `crs_missing`, `crs_not_metric`.
    DataError
        `not_points`, `not_distinct`, `other_count`, `not_positive`, `too_few_cells` (no more than k).

    Notes
    -----
    Of points equally far, the one whose name comes first as text is nearer, so the order of the rows decides nothing.
    """
    names, xy = _points(points, ids)
    positive("k", k)
    if len(xy) <= k:
        raise DataError("too_few_cells", count=len(xy), wanted=k + 1)
    tree = cKDTree(xy)
    reach = tree.query(xy, k + 1)[0][:, -1] + SAME_M
    found = tree.query_ball_point(xy, reach)
    row = np.repeat(np.arange(len(xy)), [len(some) for some in found])
    cell = np.concatenate(found).astype(np.int64)
    row, cell = row[row != cell], cell[row != cell]
    rank = np.empty(len(xy), dtype=np.int64)
    rank[text_order(names)] = np.arange(len(xy))
    steps = np.rint(np.hypot(*(xy[row] - xy[cell]).T) / SAME_M)
    order = np.lexsort((rank[cell], steps, row))
    row, cell = row[order], cell[order]
    begin = np.searchsorted(row, np.arange(len(xy)))
    first = np.arange(len(row)) - begin[row] < k
    return one_way(names, row[first], cell[first])


def within(points: Layer, distance_m: float, *, ids: Sequence[Hashable] | None = None) -> Neighbours:
    """The points no farther than a distance, with binary weights.

    Parameters
    ----------
    points, ids
        As for `nearest`.
    distance_m
        The farthest, itself included.

    Raises
    ------
    CrsError
        `crs_missing`, `crs_not_metric`.
    DataError
        `not_points`, `not_distinct`, `other_count`, `not_positive`.
    """
    names, xy = _points(points, ids)
    positive("distance_m", distance_m)
    if not len(xy):
        return one_way(names, np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    pairs: Ints = cKDTree(xy).query_pairs(distance_m, output_type="ndarray").astype(np.int64)
    return mutual(names, pairs[:, 0], pairs[:, 1])


def _points(points: Layer, ids: Sequence[Hashable] | None) -> tuple[tuple[Hashable, ...], Numbers]:
    same_crs(points=points)
    return names_of(points, ids), point_coordinates("points", points.geometry)
