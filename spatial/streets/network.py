"""The network: junctions, the streets between them, and what it costs to walk or drive along each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from spatial.given import numbers, one_of, places, positive, refuse_rows, same_crs
from spatial.grouping import sums
from spatial.streets.cutting import MEETINGS, Floats, Ints, Shapes, cut


@dataclass(frozen=True, slots=True)
class Snapped:
    """Where on a network places are; arrays in the places' order.

    Parameters
    ----------
    edge
        The nearest edge; of several equally near ones the first. -1 where none is near enough.
    along_m
        How far along it the nearest point is, from its start; 0 where there is no edge.
    off_m
        How far the place is from it; infinite where there is no edge.
    """

    edge: Ints
    along_m: Floats
    off_m: Floats


@dataclass(frozen=True, slots=True)
class Streets:
    """A network of streets that are passed in both directions.

    Parameters
    ----------
    nodes
        Shape (n, 2): junctions and ends, metres.
    start, end
        Nodes of each of m edges.
    line
        Row of the layer that each edge is of.
    length_m
        Length of each edge.
    cost_per_m
        1 where a network is measured in metres, else minutes a metre.
    unit
        "metre" or "minute".
    component
        For each node the connected part that it belongs to; the part with the longest streets is 0.
    component_m
        Length of the streets of each part.
    shapes
        The edges as LineStrings.
    crs
        The reference system of the lines.
    """

    nodes: Floats
    start: Ints
    end: Ints
    line: Ints
    length_m: Floats
    cost_per_m: Floats
    unit: str
    component: Ints
    component_m: Floats
    shapes: Shapes
    crs: Any
    _tree: Any

    def graph(self) -> csr_array:
        """Costs from node to node: symmetric, of parallel edges the cheapest."""
        return arcs(self.start, self.end, self.length_m * self.cost_per_m, len(self.nodes))

    def snap(self, xy: ArrayLike, *, within_m: float = np.inf) -> Snapped:
        """The nearest point of the network for each place: a point of an edge, not only a junction.

        Parameters
        ----------
        xy
            Shape (n, 2), metres, in the network's reference system.
        within_m
            A place that is further away is on no street.

        Raises
        ------
        DataError
            What `places` raises.
        """
        points = shapely.points(places("places", xy))
        count = len(points)
        edge, off = np.full(count, -1), np.full(count, np.inf)
        if count and len(self.shapes):
            (row, found), far = self._tree.query_nearest(points, return_distance=True)
            row, first = np.unique(row, return_index=True)
            # Within the rows of one place the tree gives its edges in any order.
            lowest = np.minimum.reduceat(found, first)
            near = far[first] <= within_m
            edge[row[near]], off[row[near]] = lowest[near], far[first][near]
        along = np.zeros(count)
        on = edge >= 0
        along[on] = shapely.line_locate_point(self.shapes[edge[on]], points[on])
        return Snapped(edge, along, off)


def streets(
    lines: gpd.GeoSeries,
    *,
    tolerance_m: float = 0.5,
    metres_per_minute: float | ArrayLike | None = None,
    meet: str = "crossings",
) -> Streets:
    """The network that lines form.

    Parameters
    ----------
    lines
        LineStrings in a reference system that measures in metres; rows with another shape or none are refused.
    tolerance_m
        Ends that are so close to each other, or to a line, are joined to it; gaps of drawing close. Ends that are
        joined one by one may lie further apart at last.
    metres_per_minute
        One speed, or one of each line; without it costs are metres.
    meet
        "crossings" or "vertices"; see `spatial.streets.cutting.cut`.

    Raises
    ------
    CrsError
        `crs_missing`, `crs_not_metric`.
    DataError
        `not_lines`, `not_positive`, `not_one_of`, and what `numbers` raises for speeds.
    """
    crs = same_crs(lines=lines)
    positive("tolerance_m", tolerance_m)
    one_of("meet", meet, MEETINGS)
    shapes = np.asarray(lines.array, dtype=object)
    odd = (shapely.get_type_id(shapes) != shapely.GeometryType.LINESTRING) | ~(_length(shapes) > 0)
    refuse_rows("not_lines", odd, name="lines")
    pieces, line = cut(shapes, tolerance_m, meet)
    nodes, ends = _nodes(pieces, tolerance_m)
    start, end = ends[: len(pieces)], ends[len(pieces) :]
    length = shapely.length(pieces)
    # What shrinks to a junction is part of it; a way around that comes back is longer than that.
    kept = (start != end) | (length > 2 * tolerance_m)
    start, end, line, length, pieces = start[kept], end[kept], line[kept], length[kept], pieces[kept]
    component, component_m = _components(start, end, length, len(nodes))
    rate = _rates(metres_per_minute, len(shapes))[line]
    unit = "metre" if metres_per_minute is None else "minute"
    tree = shapely.STRtree(pieces)
    return Streets(nodes, start, end, line, length, rate, unit, component, component_m, pieces, crs, tree)


def arcs(start: Ints, end: Ints, cost: Floats, count: int) -> csr_array:
    """A symmetric matrix of the cheapest arc between each two nodes; arcs that cost nothing stay."""
    rows, columns, costs = np.concatenate((start, end)), np.concatenate((end, start)), np.tile(cost, 2)
    order = np.lexsort((costs, columns, rows))
    rows, columns, costs = rows[order], columns[order], costs[order]
    first = np.ones(len(rows), dtype=bool)
    first[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
    pointer = np.searchsorted(rows[first], np.arange(count + 1))
    return csr_array((costs[first], columns[first], pointer), shape=(count, count))


def _length(shapes: Shapes) -> NDArray[np.float64]:
    return np.asarray(np.nan_to_num(shapely.length(shapes)))


def _rates(speed: float | ArrayLike | None, count: int) -> Floats:
    if speed is None:
        return np.ones(count)
    one = np.ndim(speed) == 0
    speeds = numbers("metres_per_minute", np.full(count, speed) if one else speed, count=count)
    positive("metres_per_minute", float(speeds.min(initial=np.inf)) if count else 1.0)
    return 1 / speeds


def _nodes(pieces: Shapes, tolerance_m: float) -> tuple[Floats, Ints]:
    """Ends that are joined, in their middle, and the node of each piece's start, then of each piece's end."""
    ends = shapely.get_coordinates(
        np.concatenate((shapely.get_point(pieces, 0), shapely.get_point(pieces, -1)))
    )
    if not len(ends):
        return ends, np.zeros(0, dtype=np.int64)
    spots, spot = np.unique(ends, axis=0, return_inverse=True)
    spot = spot.reshape(-1)
    pairs = cKDTree(spots).query_pairs(tolerance_m, output_type="ndarray")
    links = csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(spots), len(spots)))
    count, node = connected_components(links, directed=False)
    size = np.bincount(node, minlength=count)
    middle = np.stack([sums(node, axis, count) / size for axis in spots.T], axis=1)
    return middle, node[spot].astype(np.int64)


def _components(start: Ints, end: Ints, length: Floats, count: int) -> tuple[Ints, Floats]:
    if not count:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    links = csr_array((np.ones(len(start)), (start, end)), shape=(count, count))
    parts, part = connected_components(links, directed=False)
    metres = sums(part[start], length, parts)
    order = np.argsort(-metres, kind="stable")
    rank = np.empty(parts, dtype=np.int64)
    rank[order] = np.arange(parts)
    return rank[part], metres[order]
