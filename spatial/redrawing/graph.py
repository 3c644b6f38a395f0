"""Which blocks lie side by side, and along what."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from spatial.coverage.edges import NOBODY, contacts
from spatial.given import Numbers
from spatial.grouping import sums
from spatial.redrawing.layers import Codes, Rows, Shapes, is_nothing, shapes_of
from spatial.sides import Ints

LEAST_BORDER_M = 1.0
"""Blocks that share less of a border do not hang together."""


@dataclass(frozen=True, slots=True)
class Graph:
    """Blocks side by side within their communities.

    Parameters
    ----------
    community
        Shape (n,): number of the community of each block, in the order of `names`.
    names
        Codes of the communities.
    a, b
        Rows of each pair, a < b.
    border_m
        How much border they share: 0 where they are held together over a gap, since their community is in pieces.
    drawn
        Whether that border is one that was there before: a street, or a border of present cells.
    area_m2
        Shape (n,).
    outer_m
        Shape (n,): how much of each block's border is with no other block of its community.
    """

    community: Ints
    names: tuple[str, ...]
    a: Rows
    b: Rows
    border_m: Numbers
    drawn: NDArray[np.bool_]
    area_m2: Numbers
    outer_m: Numbers


def graph_of(blocks: gpd.GeoDataFrame) -> Graph:
    """The neighbours of blocks.

    Notes
    -----
    Where a community is in pieces, as an island is, they are held together where they are nearest.
    """
    shapes = shapes_of(blocks)
    names, community = np.unique(blocks["community"].to_numpy(dtype=str), return_inverse=True)
    community = community.ravel().astype(np.int64)
    sides = contacts(shapes)
    length = np.hypot(*(sides.end - sides.begin).T)
    inner = (sides.left != NOBODY) & (sides.right != NOBODY)
    inner[inner] = community[sides.left[inner]] == community[sides.right[inner]]
    low, high = np.minimum(sides.left, sides.right)[inner], np.maximum(sides.left, sides.right)[inner]
    count = len(shapes)
    key, at = np.unique(low * count + high, return_inverse=True)
    border = sums(at.ravel(), length[inner], len(key))
    whole = np.asarray(shapely.length(shapes), dtype=np.float64)
    a, b = (key // max(count, 1)).astype(np.intp), (key % max(count, 1)).astype(np.intp)
    outer = whole - sums(a, border, count) - sums(b, border, count)
    kept = border >= LEAST_BORDER_M
    a, b, border = a[kept], b[kept], border[kept]
    over_a, over_b = _bridges(shapes, community, a, b)
    ground = blocks["ground"].to_numpy()
    a, b = np.append(a, over_a), np.append(b, over_b)
    border = np.append(border, np.zeros(len(over_a)))
    return Graph(
        community, tuple(names.tolist()), a, b, border, ground[a] != ground[b],
        np.asarray(shapely.area(shapes), dtype=np.float64), np.maximum(outer, 0.0),
    )  # fmt: skip


def pieces(count: int, a: Rows, b: Rows) -> Rows:
    """The number of the connected piece that each of so many blocks is in."""
    graph = coo_array((np.ones(len(a), dtype=bool), (a, b)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.intp)


def _bridges(shapes: Shapes, community: Ints, a: Rows, b: Rows) -> tuple[Rows, Rows]:
    """Pairs of blocks that hold the pieces of a community together, the nearest ones."""
    piece = pieces(len(shapes), a, b)
    found: list[tuple[int, int]] = []
    for one in np.unique(community):
        mine = np.flatnonzero(community == one)
        own = piece[mine]
        reached = np.array([own[0]])
        while not np.isin(own, reached).all():
            inside = np.isin(own, reached)
            here, there = mine[inside], mine[~inside]
            (other, at), away = shapely.STRtree(shapes[here]).query_nearest(
                shapes[there], return_distance=True, all_matches=False
            )
            nearest = int(np.lexsort((other, away))[0])
            found.append((int(here[at[nearest]]), int(there[other[nearest]])))
            reached = np.append(reached, piece[there[other[nearest]]])
    pairs = np.sort(np.array(found, dtype=np.intp).reshape(-1, 2), axis=1)
    return pairs[:, 0], pairs[:, 1]


def codes(values: Codes) -> tuple[str | None, ...]:
    """Codes as text, None for what is none."""
    return tuple(None if is_nothing(one) else str(one) for one in values)
