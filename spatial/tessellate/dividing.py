"""Cells that are stored, cut along lines or joined, so that they go on sharing every corner with their neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.ops import polygonize

from spatial.errors import SpatialError

Shapes = NDArray[np.object_]

SNAP_DEG = 1e-9
"""Nearer than this, in degrees, a corner lies on a side: a tenth of a millimetre."""

HAIR_DEG = 1e-7
"""A hole that is narrower than this, in degrees, is what two computations of one corner have left: a centimetre."""


def divide(area: Any, lines: ArrayLike) -> Shapes:
    """The pieces into which lines cut an area.

    Parameters
    ----------
    area
        Polygon or multipolygon, degrees.
    lines
        Array of lines; they may begin and end outside.

    Returns
    -------
    Array of polygons, from north to south and west to east, which cover the area exactly. What of a line ends inside
    cuts nothing.
    """
    borders = shapely.union_all([shapely.boundary(area), *np.asarray(lines, dtype=object).ravel()])
    faces = np.array(list(polygonize(borders)), dtype=object)
    shapely.prepare(area)
    inside = faces[shapely.contains(area, shapely.point_on_surface(faces))] if len(faces) else faces
    centre = shapely.get_coordinates(shapely.centroid(inside))
    return np.asarray(inside[np.lexsort((centre[:, 0], -centre[:, 1]))] if len(inside) else inside)


def join(areas: ArrayLike) -> Any:
    """One area out of neighbours; it may lie around another.

    Raises
    ------
    SpatialError
        `cells_apart`: one of them shares no side with any of the others.
    """
    shapes: Shapes = np.asarray(areas, dtype=object)
    if not _hangs_together(shapes):
        raise SpatialError("cells_apart", count=len(shapes))
    whole = shapely.union_all(shapes)
    if len(shapely.get_parts(whole)) > len(shapely.get_parts(shapes)) - len(shapes) + 1:
        whole = shapely.union_all(shapes, grid_size=SNAP_DEG)
    return _without_hairs(whole)


def weave(areas: ArrayLike, corners: ArrayLike) -> Shapes:
    """Areas with new corners of their neighbours on their own sides; all other corners stay to the bit."""
    points = shapely.multipoints(np.asarray(corners, dtype=float).reshape(-1, 2))
    return np.asarray(shapely.snap(np.asarray(areas, dtype=object), points, SNAP_DEG))


def corners_beside(before: Any, after: ArrayLike) -> NDArray[np.float64]:
    """Corners on the outline of an area that its pieces have and it has not, shape (n, 2)."""
    old = {tuple(corner) for corner in shapely.get_coordinates(before)}
    pieces = shapely.get_coordinates(np.asarray(after, dtype=object))
    new = np.unique([corner for corner in pieces if tuple(corner) not in old] or np.empty((0, 2)), axis=0)
    if not len(new):
        return np.empty((0, 2))
    return np.asarray(new[shapely.dwithin(shapely.boundary(before), shapely.points(new), SNAP_DEG)])


def common_ground(before: ArrayLike, after: ArrayLike) -> Shapes:
    """What each of some areas has in common with each of some others.

    Returns
    -------
    Array of (multi)polygons, shape (before, after); empty ones where two only touch.

    Notes
    -----
    One intersection for each pair whose boxes meet; lines and points along which areas touch are left out.
    """
    old, new = (np.asarray(areas, dtype=object).ravel() for areas in (before, after))
    found = np.full((len(old), len(new)), shapely.Polygon(), dtype=object)
    for i, j in zip(*shapely.STRtree(new).query(old, predicate="intersects"), strict=True):
        both = shapely.get_parts(shapely.intersection(old[i], new[j]))
        flat = both[shapely.get_dimensions(both) == 2]
        found[i, j] = shapely.multipolygons(shapely.get_parts(flat)) if len(flat) else shapely.Polygon()
    return found


def _hangs_together(shapes: Shapes) -> bool:
    """Whether one comes from every area to every other by sides that they share."""
    reached, rest = {0}, set(range(1, len(shapes)))
    while rest:
        near = {i for i in rest if any(_side_by_side(shapes[i], shapes[j]) for j in reached)}
        if not near:
            return False
        reached |= near
        rest -= near
    return True


def _side_by_side(one: Any, other: Any) -> bool:
    if shapely.intersection(shapely.boundary(one), shapely.boundary(other)).length > 0:
        return True
    near = shapely.buffer(shapely.boundary(other), SNAP_DEG)
    return bool(shapely.intersection(shapely.boundary(one), near).length > HAIR_DEG)


def _without_hairs(area: Any) -> Any:
    """An area without holes that have no width."""
    kept = []
    for part in shapely.get_parts(area):
        rings = [ring for ring in part.interiors if 2 * shapely.Polygon(ring).area > HAIR_DEG * ring.length]
        kept.append(shapely.Polygon(part.exterior, rings) if len(rings) < len(part.interiors) else part)
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)
