"""Coverages for tests: a town of four squares, random Voronoi cells, and the points where ties are decided."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray


def town(size: float = 1.0) -> NDArray[np.object_]:
    """Four squares: south-west, south-east, north-west, north-east."""
    return np.array(
        [shapely.box(x, y, x + size, y + size) for y in (0, size) for x in (0, size)], dtype=object
    )


def voronoi(count: int, *, seed: int = 0, size: float = 1.0) -> NDArray[np.object_]:
    """Random cells that cover the square from (0, 0) to (size, size) and share their corners exactly."""
    points = np.random.default_rng(seed).uniform(0, size, (count, 2))
    square = shapely.box(0, 0, size, size)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=square))
    lines = shapely.union_all(np.append(shapely.boundary(cells), shapely.boundary(square)))
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    return pieces[shapely.covers(square, shapely.point_on_surface(pieces))]


def edge_and_corner_points(cells: ArrayLike) -> NDArray[np.float64]:
    """Array (n, 2): every corner of every cell, the middle of every side, and a point a third of the way along."""
    rings = shapely.get_rings(shapely.get_parts(np.asarray(cells, dtype=object)))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    side = ring[1:] == ring[:-1]
    begin, end = xy[:-1][side], xy[1:][side]
    points = np.concatenate((begin, (begin + end) / 2, begin + (end - begin) / 3))
    return np.random.default_rng(0).permutation(np.unique(points, axis=0))
