"""Making borders that were cut one after the other into one coverage with shared corners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from shapely.ops import polygonize

from spatial.tessellate.field import wildness
from spatial.tessellate.noise import Floats

GRID_M = 0.01
WELD_M = 1.5
ROUNDS, STRENGTH, REACH = 8, 0.6, 2.2
"""How often, how hard, and how many corners from a junction ridges are drawn together."""


def knit(polygons: Sequence[Any]) -> list[Any]:
    """Node all borders together on a 1 cm grid, so that neighbours share every corner.

    A T junction is no corner of the neighbour across the older cut; afterwards it is.

    Parameters
    ----------
    polygons
        In metres, side by side with gaps and overlaps below the grid.
    """
    borders = shapely.unary_union([polygon.boundary for polygon in polygons], grid_size=GRID_M)
    faces = np.array(list(polygonize(borders)))
    inner = shapely.point_on_surface(faces)
    face, owner = shapely.STRtree(polygons).query(inner, predicate="within")
    return [
        shapely.union_all(faces[np.sort(face[owner == i])], grid_size=GRID_M) for i in range(len(polygons))
    ]


@dataclass(frozen=True, slots=True)
class _Mesh:
    """Polygons by their shared corners: places, the closed chain of indices of each, the graph of neighbours."""

    corners: Floats
    chains: list[NDArray[np.intp]]
    links: Any
    outer: NDArray[np.bool_]

    @property
    def degree(self) -> Floats:
        """Borders that meet at each corner."""
        return np.asarray(self.links.sum(axis=1)).ravel()


def soften(polygons: Sequence[Any]) -> list[Any]:
    """Draw ridges near junctions toward their neighbours, so that T meetings open into Y.

    All polygons move the same shared corners; the outer border stays. What comes out invalid is not used.
    """
    mesh = _mesh(polygons)
    strength = STRENGTH * np.exp(-_hops(mesh) / REACH) * wildness(1.1 * _sides(polygons, mesh))
    strength[mesh.outer] = 0
    place = mesh.corners
    for _ in range(ROUNDS):
        place = place + strength[:, None] * (mesh.links @ place / mesh.degree[:, None] - place)
    return _moved(mesh, np.round(place, 2), polygons)


def weld(polygons: Sequence[Any]) -> list[Any]:
    """Put corners that an edge shorter than `WELD_M` joins at one place.

    The place is that of a corner of the outer border where there is one among them, else that of a junction.
    """
    mesh = _mesh(polygons)
    begin, end = mesh.links.nonzero()
    short = np.hypot(*(mesh.corners[begin] - mesh.corners[end]).T) < WELD_M
    size = (len(mesh.corners),) * 2
    graph = sparse.coo_matrix((np.ones(short.sum()), (begin[short], end[short])), shape=size)
    _, cluster = connected_components(graph, directed=False)
    # A corner of the outline itself has two neighbours; a border that ends there later has three.
    rank = np.where(mesh.outer, np.where(mesh.degree == 2, 0, 1), np.where(mesh.degree > 2, 2, 3))
    order = np.lexsort((rank, cluster))
    first = order[np.unique(cluster[order], return_index=True)[1]]
    return _moved(mesh, mesh.corners[first[cluster]], polygons)


def _mesh(polygons: Sequence[Any]) -> _Mesh:
    rings = [shapely.get_coordinates(polygon.exterior) for polygon in polygons]
    corners, index = np.unique(np.vstack(rings), axis=0, return_inverse=True)
    chains = np.split(index.ravel(), np.cumsum([len(ring) for ring in rings])[:-1])
    begin = np.concatenate([chain[:-1] for chain in chains])
    end = np.concatenate([chain[1:] for chain in chains])
    pairs = np.r_[begin, end], np.r_[end, begin]
    links = (sparse.coo_matrix((np.ones(2 * len(begin)), pairs)).tocsr() > 0).astype(float)
    border = shapely.union_all(list(polygons)).boundary
    return _Mesh(corners, chains, links, shapely.dwithin(shapely.points(corners), border, 2 * GRID_M))


def _moved(mesh: _Mesh, places: Floats, polygons: Sequence[Any]) -> list[Any]:
    """The polygons with their corners at other places; the old ones where that spoils the coverage."""
    rings = [shapely.linearrings(places[chain]) for chain in mesh.chains]
    moved = list(shapely.polygons(shapely.remove_repeated_points(rings)))
    good = all(polygon.is_valid for polygon in moved) and shapely.coverage_is_valid(moved)
    return moved if good else list(polygons)


def _hops(mesh: _Mesh) -> Floats:
    """Borders' corners from each corner to the nearest junction, 99 beyond eight."""
    hops = np.where(mesh.degree > 2, 0.0, 99.0)
    for _ in range(8):
        nearest = np.minimum.reduceat(hops[mesh.links.indices], mesh.links.indptr[:-1])
        hops = np.minimum(hops, nearest + 1)
    return hops


def _sides(polygons: Sequence[Any], mesh: _Mesh) -> Floats:
    """Side of the smallest cell at each corner, metres."""
    sides = np.full(len(mesh.corners), np.inf)
    for polygon, chain in zip(polygons, mesh.chains, strict=True):
        sides[chain] = np.minimum(sides[chain], polygon.area**0.5)
    return sides
