"""The ground cut along every border: faces that belong to no area, to one, or to several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from spatial.coverage.edges import NOBODY, Contacts, contacts
from spatial.coverage.measure import Floats, Shapes, width
from spatial.sides import Ints, spread

GRID_M = 1e-3
"""Corners that come closer than this, in metres, are made one."""
NODING_GRID_M = GRID_M / 2
"""Grid on which borders are cut; its squares are too small to hold two corners that are not one."""

Owners = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Faces side by side with the same owners, as one shape.

    Parameters
    ----------
    faces
        Indexes of the faces.
    owners
        Indexes of the areas that cover it; empty for a gap.
    shape
        All faces as one polygon.
    """

    faces: NDArray[np.intp]
    owners: Owners
    shape: Any


@dataclass(frozen=True, slots=True)
class Faces:
    """A plane map: faces that share their corners exactly, their owners, and the sides between them.

    Parameters
    ----------
    shapes
        Array of polygons.
    owners
        The areas that cover each face.
    between
        Sides of the faces, each once, with the faces to the left and right.
    start, other, length
        `other[start[f]:start[f + 1]]` are the faces across the sides of face f, and the lengths of those sides.
    """

    shapes: Shapes
    owners: list[Owners]
    between: Contacts
    start: Ints
    other: Ints
    length: Floats

    def parts(self) -> list[Part]:
        """Connected groups of faces that belong to no area or to several."""
        kinds: dict[Owners, int] = {}
        kind = np.array([kinds.setdefault(owners, len(kinds)) for owners in self.owners], dtype=np.int64)
        open_ = np.array([len(owners) != 1 for owners in self.owners], dtype=bool)
        left, right = self.between.left, self.between.right
        inner = (left != NOBODY) & (right != NOBODY)
        inner[inner] = (kind[left[inner]] == kind[right[inner]]) & open_[left[inner]]
        count = len(kind)
        graph = coo_array(
            (np.ones(inner.sum(), dtype=bool), (left[inner], right[inner])), shape=(count, count)
        )
        _, group = connected_components(graph, directed=False)
        at = np.flatnonzero(open_)
        at = at[np.argsort(group[at], kind="stable")]
        bundles = np.split(at, np.flatnonzero(np.diff(group[at])) + 1) if len(at) else []
        return [Part(f, self.owners[f[0]], shapely.coverage_union_all(self.shapes[f])) for f in bundles]

    def neighbours(self, faces: NDArray[np.intp]) -> tuple[Ints, Floats]:
        """The faces around some faces, and the length of border with each; a face may come more than once."""
        _, at = spread(self.start[faces], self.start[faces + 1] - 1)
        other = self.other[at]
        outer = ~np.isin(other, faces)
        return other[outer], self.length[at][outer]


def cut(areas: Shapes) -> Faces:
    """Cut the ground along all borders of valid areas.

    Notes
    -----
    Nearly equal corners are made one, and the borders cut by snap-rounding (Hobby 1999, as GEOS has it), which cannot
    fail on nearly coincident lines; then every corner goes back to where it came from, so that a corner that nothing
    is wrong with does not move at all. n log n.
    """
    xy = shapely.get_coordinates(areas)
    corners, at = np.unique(xy, axis=0, return_inverse=True)
    corners = _gathered(corners)
    lines = shapely.set_coordinates(shapely.get_rings(shapely.get_parts(areas)), corners[at.ravel()])
    noded = shapely.union_all(lines, grid_size=NODING_GRID_M)
    shapes = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    exact = shapely.transform(shapes, lambda xy: back(xy, corners))
    if shapely.is_valid(exact).all() and shapely.coverage_is_valid(exact):
        shapes = exact
    between = contacts(shapes)
    return Faces(shapes, _owners(shapes, areas), between, *_across(between, len(shapes)))


def _across(between: Contacts, faces: int) -> tuple[Ints, Ints, Floats]:
    """The two faces of each side, listed by face: where each face's list begins, the other faces, and the lengths."""
    length = np.tile(np.hypot(*(between.end - between.begin).T), 2)
    face = np.concatenate((between.left, between.right))
    other = np.concatenate((between.right, between.left))
    order = np.argsort(face, kind="stable")
    order = order[(face[order] != NOBODY) & (other[order] != NOBODY)]
    return np.searchsorted(face[order], np.arange(faces + 1)), other[order], length[order]


def _gathered(corners: Floats) -> Floats:
    """Different corners, those closer than the grid moved to the first of them."""
    pairs = cKDTree(corners).query_pairs(GRID_M, output_type="ndarray")
    count = len(corners)
    graph = coo_array((np.ones(len(pairs), dtype=bool), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    _, group = connected_components(graph, directed=False)
    _, first = np.unique(group, return_index=True)
    return np.asarray(corners[first[group]])


def back(xy: Floats, corners: Floats) -> Floats:
    """Each grid point moved to the first of the corners that it stands for, where it stands for any."""
    grid, at = np.unique(np.rint(corners / NODING_GRID_M), axis=0, return_index=True)
    key = _keys(grid)
    order = np.argsort(key)
    wanted = _keys(np.rint(xy / NODING_GRID_M))
    place = np.minimum(np.searchsorted(key[order], wanted), len(key) - 1)
    known = key[order][place] == wanted
    moved = xy.copy()
    moved[known] = corners[at[order][place[known]]]
    return moved


def _keys(grid: Floats) -> NDArray[np.complex128]:
    return np.asarray(grid[:, 0] + 1j * grid[:, 1])


def _owners(shapes: Shapes, areas: Shapes) -> list[Owners]:
    """Which areas cover a point inside each face; a face that the grid can hardly show belongs to none."""
    owners: list[list[int]] = [[] for _ in shapes]
    face, area = shapely.STRtree(areas).query(shapely.point_on_surface(shapes), predicate="intersects")
    dust = width(shapes) < GRID_M
    for f, a in zip(face.tolist(), area.tolist(), strict=True):
        if not dust[f]:
            owners[f].append(a)
    return [tuple(sorted(o)) for o in owners]
