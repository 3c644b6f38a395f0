"""The ground of one community cut along what a border may follow.

That is streets, present borders, and the middle between buildings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from spatial.coverage.edges import NOBODY, contacts
from spatial.coverage.faces import NODING_GRID_M, back
from spatial.given import Numbers
from spatial.redrawing.corners import gathered, onto
from spatial.redrawing.layers import Rows, Shapes

NONE: Shapes = np.zeros(0, dtype=object)
WALL_M = 0.5
"""Buildings nearer to each other stand wall to wall: no border runs between them."""
CORNERS_M = (0.5, 12.0)
"""Least and greatest distance of the corners that stand for a wall when the middle between buildings is sought."""
STRAIGHT_M = 4.0
"""So far a border between buildings may leave the middle, to be straighter."""
OPEN_M = 150.0
OPEN_PIECES = 120
"""Ground where nobody lives is cut into pieces of at least so many metres, in about so many for a community that has
only such ground."""
THIN_M = 10.0
LEAST_M2 = 900.0
"""Ground without buildings that is thinner, or smaller, is no piece of its own."""


@dataclass(frozen=True, slots=True)
class Faces:
    """Pieces that cover a community.

    Parameters
    ----------
    shapes
        Polygons that share their corners exactly.
    site
        The group of buildings that stands on each, -1 for none.
    ground
        The face between streets and present borders that each lies in.
    """

    shapes: Shapes
    site: Rows
    ground: Rows


def side_by_side(buildings: Shapes) -> Rows:
    """The number of the group of each building: those that stand wall to wall are one."""
    count = len(buildings)
    a, b = shapely.STRtree(buildings).query(buildings, predicate="dwithin", distance=WALL_M)
    return _components(count, a, b)


def cut(outline: Any, buildings: Shapes, borders: Shapes, streets: Shapes, open_m: float | None) -> Faces:
    """Cut a community into the pieces that a border may go around.

    Parameters
    ----------
    outline
        Polygon or multipolygon.
    buildings
        One shape for each group of buildings, within the outline or over its border.
    borders, streets
        Present borders of cells, and streets.
    open_m
        Size of pieces where nobody lives; without it by the size of the community.
    """
    grounds = _grounds(outline, borders, streets)
    between = _between(outline, buildings, open_m)
    shapes = _polygonized(outline, shapely.boundary(grounds), between)
    ground = _within(shapely.point_on_surface(shapes), grounds)
    site = _sites(shapes, buildings)
    piece = _joined(shapes, site, ground, buildings)
    return _together(shapes, site, ground, piece)


def _grounds(outline: Any, borders: Shapes, streets: Shapes) -> Shapes:
    """Faces between the lines; what is thin, as between a street and a border along it, is no face of its own, and
    stays on its side of the border."""
    fields = _polygonized(outline, borders)
    shapes = _polygonized(outline, np.append(borders, streets))
    free = np.full(len(shapes), NOBODY)
    field = _within(shapely.point_on_surface(shapes), fields)
    piece = _absorbed(shapes, free, field, np.arange(len(shapes)))
    return _together(shapes, free, field, piece).shapes


def _polygonized(outline: Any, lines: Shapes, between: Shapes = NONE) -> Shapes:
    """Faces of an outline, lines over it, and lines that are drawn anew between them.

    They are cut by snap-rounding, as `spatial.coverage.faces` does it. Then every corner of the outline goes back to
    the bit to where it was, and a new one on the outline or on a line goes onto it.
    """
    rings = shapely.get_rings(shapely.get_parts(outline))
    drawn = np.concatenate((rings, shapely.get_parts(lines), between))
    xy, of = shapely.get_coordinates(drawn, return_index=True)
    corners = gathered(xy, of < len(rings))
    noded = shapely.union_all(shapely.set_coordinates(drawn, corners), grid_size=NODING_GRID_M)
    shapes = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    exact = shapely.transform(shapes, lambda grid: onto(back(grid, corners), corners, (rings, lines)))
    if shapely.is_valid(exact).all() and shapely.coverage_is_valid(exact):
        shapes = exact
    shapely.prepare(outline)
    return np.asarray(shapes[shapely.contains(outline, shapely.point_on_surface(shapes))])


def _between(outline: Any, buildings: Shapes, open_m: float | None) -> Shapes:
    """Lines in the middle between buildings, and between pieces of open ground."""
    box = shapely.box(*shapely.bounds(shapely.buffer(outline, 2 * OPEN_M)))
    xy, site = _corners(outline, buildings)
    open_xy = _open(outline, buildings, open_m)
    xy = np.concatenate((xy, open_xy))
    site = np.append(site, len(buildings) + np.arange(len(open_xy)))
    xy, first = np.unique(xy, axis=0, return_index=True)
    site = site[first]
    if len(xy) < 2:
        return np.zeros(0, dtype=object)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(xy), extend_to=box, ordered=True))
    sides = contacts(cells)
    real = (sides.left != NOBODY) & (sides.right != NOBODY)
    pair = np.sort(np.stack((site[sides.left[real]], site[sides.right[real]]), axis=1), axis=1)
    apart = pair[:, 0] != pair[:, 1]
    segments = shapely.linestrings(np.stack((sides.begin[real], sides.end[real]), axis=1)[apart])
    _, which = np.unique(pair[apart], axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    bundles = shapely.multilinestrings(segments[order], indices=which.ravel()[order])
    return _straighter(shapely.get_parts(shapely.line_merge(bundles)), buildings)


def _straighter(lines: Shapes, buildings: Shapes) -> Shapes:
    """Lines with fewer corners, those left as they are that would come nearer than a wall to a building."""
    found = lines
    for tolerance in (STRAIGHT_M, STRAIGHT_M / 4):
        simpler = shapely.simplify(lines, tolerance)
        touched, _ = shapely.STRtree(buildings).query(simpler, predicate="dwithin", distance=WALL_M / 2)
        fine = np.ones(len(lines), dtype=bool)
        fine[touched] = False
        found = np.where(fine & (found == lines), simpler, found)
    return found


def _corners(outline: Any, buildings: Shapes) -> tuple[Numbers, Rows]:
    """Points that stand for each building: so dense that the middle between them leaves every wall alone."""
    if not len(buildings):
        return np.zeros((0, 2)), np.zeros(0, dtype=np.intp)
    away = np.full(len(buildings), CORNERS_M[1])
    if len(buildings) > 1:
        (one, _), far = shapely.STRtree(buildings).query_nearest(
            buildings, exclusive=True, return_distance=True
        )
        away[one] = far
    drawn = shapely.segmentize(buildings, np.clip(away, *CORNERS_M))
    xy, site = shapely.get_coordinates(drawn, return_index=True)
    return xy, site.astype(np.intp)


def _open(outline: Any, buildings: Shapes, open_m: float | None) -> Numbers:
    """Middles of pieces of ground far from any building, in rows like honeycombs."""
    size = open_m or max(OPEN_M, float(np.sqrt(shapely.area(outline) / OPEN_PIECES)))
    west, south, east, north = shapely.bounds(outline)
    high = size * np.sqrt(3) / 2
    row, column = np.mgrid[0 : np.ceil((north - south) / high) + 1, 0 : np.ceil((east - west) / size) + 1]
    xy = np.stack((west + (column + row % 2 / 2) * size, south + row * high), axis=-1).reshape(-1, 2)
    points = shapely.points(xy)
    shapely.prepare(outline)
    kept = shapely.contains(outline, points)
    if len(buildings):
        near, _ = shapely.STRtree(buildings).query(points, predicate="dwithin", distance=size)
        kept[near] = False
    return np.asarray(xy[kept])


def _within(points: Shapes, areas: Shapes) -> Rows:
    found = np.full(len(points), NOBODY, dtype=np.intp)
    at, area = shapely.STRtree(areas).query(points, predicate="intersects")
    found[at] = area
    return found


def _sites(shapes: Shapes, buildings: Shapes) -> Rows:
    """The building that most of stands on each face, -1 for none."""
    site = np.full(len(shapes), NOBODY, dtype=np.intp)
    one, face = shapely.STRtree(shapes).query(buildings, predicate="intersects")
    on = shapely.area(shapely.intersection(buildings[one], shapes[face]))
    flat = shapely.area(buildings[one]) == 0
    # A point may lie on the border of faces: it is on the first.
    first = np.zeros(len(one), dtype=bool)
    first[np.unique(one, return_index=True)[1]] = True
    real = np.where(flat, first, on > 0)
    order = np.argsort(on[real], kind="stable")
    site[face[real][order]] = one[real][order]
    return site


def _joined(shapes: Shapes, site: Rows, ground: Rows, buildings: Shapes) -> Rows:
    """The piece that each face is part of: faces of one building are one, and scraps go to a neighbour."""
    one, face = shapely.STRtree(shapes).query(buildings, predicate="intersects")
    on = shapely.area(shapely.intersection(buildings[one], shapes[face])) > 0
    one, face = one[on], face[on]
    leader = np.full(len(buildings), NOBODY, dtype=np.intp)
    leader[one[::-1]] = face[::-1]
    apart, over = _bridges(shapes, buildings)
    begin, end = np.append(leader[one], apart), np.append(face, over)
    return _absorbed(shapes, site, ground, _components(len(shapes), begin, end))


def _bridges(shapes: Shapes, buildings: Shapes) -> tuple[Rows, Rows]:
    """Faces that lie between the parts of a building, each with the first of its own."""
    begin: list[int] = []
    end: list[int] = []
    tree = shapely.STRtree(shapes)
    for building in buildings[shapely.get_num_geometries(buildings) > 1]:
        first, *others = shapely.get_parts(building)
        for other in others:
            passed = tree.query(shapely.shortest_line(first, other), predicate="intersects")
            own = tree.query(first, predicate="intersects")
            begin += [int(own[0])] * len(passed)
            end += passed.tolist()
    return np.array(begin, dtype=np.intp), np.array(end, dtype=np.intp)


def _absorbed(shapes: Shapes, site: Rows, ground: Rows, piece: Rows) -> Rows:
    """Pieces after those that are too thin or too small, and hold no building, went to the neighbour with which they
    share most of their border, of the same ground first."""
    sides = contacts(shapes)
    inner = (sides.left != NOBODY) & (sides.right != NOBODY)
    a, b = sides.left[inner], sides.right[inner]
    length = np.hypot(*(sides.end[inner] - sides.begin[inner]).T)
    outer = np.bincount(np.where(sides.left == NOBODY, sides.right, sides.left)[~inner],
                        np.hypot(*(sides.end - sides.begin).T)[~inner], minlength=len(shapes))  # fmt: skip
    # What lies on both sides of a street is not worth more than any border within a ground.
    worth = length + np.where(ground[a] == ground[b], float(length.sum()), 0.0)
    area = shapely.area(shapes)
    while True:
        count = int(piece.max()) + 1 if len(piece) else 0
        size = np.bincount(piece, area, minlength=count)
        built = np.bincount(piece, site != NOBODY, minlength=count) > 0
        p, q = piece[a], piece[b]
        between = p != q
        p, q = p[between], q[between]
        border = np.bincount(piece, outer, minlength=count)
        border += np.bincount(p, length[between], minlength=count) + np.bincount(
            q, length[between], minlength=count
        )
        scrap = ~built & ((size < LEAST_M2) | (2 * size < THIN_M * border))
        key, at = np.unique(np.append(p * count + q, q * count + p), return_inverse=True)
        weight = np.bincount(at.ravel(), np.tile(worth[between], 2))
        one, other = key // max(count, 1), key % max(count, 1)
        order = np.lexsort((other, -weight, one))
        one, other = one[order], other[order]
        first = np.append(True, one[1:] != one[:-1]) if len(one) else np.zeros(0, dtype=bool)
        first &= scrap[one]
        if not first.any():
            return piece
        piece = _components(count, one[first], other[first])[piece]


def _together(shapes: Shapes, site: Rows, ground: Rows, piece: Rows) -> Faces:
    """Faces put together to pieces; a piece is of the ground of its largest face that is built on, if any is."""
    count = int(piece.max()) + 1 if len(piece) else 0
    order = np.lexsort((shapely.area(shapes), site != NOBODY, piece))
    last = np.append(piece[order][1:] != piece[order][:-1], True) if count else np.zeros(0, dtype=bool)
    bundles = np.split(order, np.flatnonzero(last)[:-1] + 1) if count else []
    whole: NDArray[Any] = np.empty(count, dtype=object)
    for at, faces in enumerate(bundles):
        whole[at] = shapes[faces[0]] if len(faces) == 1 else shapely.coverage_union_all(shapes[faces])
    return Faces(whole, site[order[last]], ground[order[last]])


def _components(count: int, a: Rows, b: Rows) -> Rows:
    graph = coo_array((np.ones(len(a), dtype=bool), (a, b)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.intp)
