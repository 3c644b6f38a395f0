"""Neighbours by a common border."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from spatial.errors import DataError
from spatial.given import distinct, one_of, positive, refuse_rows, same_crs
from spatial.neighbours.graph import Neighbours, mutual

Layer: TypeAlias = gpd.GeoSeries | gpd.GeoDataFrame

Shapes = NDArray[np.object_]

RULES = ("queen", "rook")
LEAST_BORDER_M = 1e-6
"""What is shorter is rounding."""
CORNER_GAPS = 4
"""Where two cells only meet at a corner, not much more than so many gaps' length of one lies within a gap of the
other, unless their sides part at a very sharp angle."""


def from_areas(
    cells: Layer,
    *,
    rule: str = "queen",
    ids: Sequence[Hashable] | None = None,
    gap_m: float = 0.0,
    border_m: float | None = None,
) -> Neighbours:
    """Cells that touch, each way, with binary weights.

    Parameters
    ----------
    cells
        Valid polygons or multipolygons in a CRS that measures in metres.
    rule
        "queen": a common point is enough. "rook": a common border that has a length.
    ids
        The cells' names; without them the index of the layer.
    gap_m
        Cells so far apart still touch: for layers whose borders do not meet exactly.
    border_m
        By "rook", a border has to be longer than this. Without it a micrometre, and with a gap four times the gap,
        so that a corner is not taken for a border.

    Raises
    ------
    CrsError
        `crs_missing`, `crs_not_metric`.
    DataError
        `not_areas` (also where a shape is missing or empty), `areas_invalid`, `not_distinct`, `other_count`,
        `not_one_of`, `not_positive`.

    Notes
    -----
    Cells that overlap touch, by "rook" too. An index of the cells' boxes finds the pairs; n log n where boxes overlap
    little.
    """
    one_of("rule", rule, RULES)
    for name, length in (("gap_m", gap_m), ("border_m", border_m)):
        if length:
            positive(name, length)
    same_crs(cells=cells)
    names = names_of(cells, ids)
    shapes = _areas(cells)
    tree = shapely.STRtree(shapes)
    if gap_m:
        a, b = tree.query(shapes, predicate="dwithin", distance=gap_m)
    else:
        a, b = tree.query(shapes, predicate="intersects")
    a, b = a[a < b], b[a < b]
    if rule == "rook":
        least = max(CORNER_GAPS * gap_m, LEAST_BORDER_M) if border_m is None else border_m
        common = _border_m(shapes[a], shapes[b], gap_m) > least
        a, b = a[common], b[common]
    return mutual(names, a.astype(np.int64), b.astype(np.int64))


def names_of(layer: Layer, ids: Sequence[Hashable] | None) -> tuple[Hashable, ...]:
    """The names of a layer's rows, each once."""
    names = tuple(layer.index) if ids is None else tuple(ids)
    if len(names) != len(layer):
        raise DataError("other_count", name="ids", count=len(names), wanted=len(layer))
    distinct("ids", names)
    return names


def _areas(cells: Layer) -> Shapes:
    shapes: Shapes = np.asarray(cells.geometry, dtype=np.object_)
    kind = shapely.get_type_id(shapes)
    areal = np.isin(kind, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    refuse_rows("not_areas", ~areal | shapely.is_empty(shapes))
    refuse_rows("areas_invalid", ~shapely.is_valid(shapes))
    return shapes


def _border_m(a: Shapes, b: Shapes, gap_m: float) -> NDArray[np.float64]:
    """How long a's border runs in b, or within a gap of it."""
    reached = shapely.buffer(b, gap_m) if gap_m else b
    length: NDArray[np.float64] = shapely.length(shapely.intersection(shapely.boundary(a), reached))
    return length
