"""What the verbs of this room are given as layers: codes, shapes, the places of homes and of cases."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from spatial.errors import DataError
from spatial.given import Numbers, distinct, numbers, point_coordinates, refuse_rows
from spatial.locate import locate

Layer: TypeAlias = gpd.GeoSeries | gpd.GeoDataFrame
Shapes = NDArray[np.object_]
Codes = NDArray[np.object_]
Rows = NDArray[np.intp]

NOBODY = -1
"""No cell, no community, no block."""

AREAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
WHERE = (*AREAL, shapely.GeometryType.POINT)


class Drawn(Protocol):
    """What has cells, as a plan has."""

    def cells(self) -> gpd.GeoDataFrame:
        """The cells with their codes."""
        ...


@dataclass(frozen=True, slots=True)
class Homes:
    """Buildings with the households that live in them; arrays of one length.

    Parameters
    ----------
    code
        What a building is called where something is wrong with it.
    shape
        Footprint or point.
    xy
        Shape (n, 2): a place inside it, metres.
    households
        At least 0.
    """

    code: Codes
    shape: Shapes
    xy: Numbers
    households: Numbers

    def __len__(self) -> int:
        return len(self.code)


@dataclass(frozen=True, slots=True)
class Cases:
    """Where cases lay and what each was to do; arrays of one length.

    Parameters
    ----------
    xy
        Shape (n, 2), metres.
    workload
        Hours, or 1 for each.
    """

    xy: Numbers
    workload: Numbers


def cells_of(plan: Drawn | gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The cells of a plan, or cells as they are."""
    return plan if isinstance(plan, gpd.GeoDataFrame) else plan.cells()


def codes_of(layer: Layer) -> Codes:
    """The codes of a layer's rows: its column `code`, else its index; None where there is none."""
    named = layer["code"] if isinstance(layer, gpd.GeoDataFrame) and "code" in layer else layer.index
    codes: Codes = np.array([None if is_nothing(one) else str(one) for one in named], dtype=object)
    return codes


def shapes_of(layer: Layer) -> Shapes:
    """The shapes of a layer's rows."""
    return np.asarray(layer.geometry.array, dtype=np.object_)


def areas(name: str, layer: Layer) -> tuple[Codes, Shapes]:
    """The codes and shapes of valid areas, each code once.

    Raises
    ------
    DataError
        `not_areas`, `areas_invalid`, `not_distinct`.
    """
    shapes, codes = shapes_of(layer), codes_of(layer)
    refuse_rows("not_areas", ~np.isin(shapely.get_type_id(shapes), AREAL) | shapely.is_empty(shapes))
    refuse_rows("areas_invalid", ~shapely.is_valid(shapes))
    distinct(name, codes.tolist())
    return codes, shapes


def homes(buildings: gpd.GeoDataFrame) -> Homes:
    """Buildings, checked.

    Raises
    ------
    DataError
        `no_column`, `not_buildings`, and what `numbers` raises.
    """
    shapes = shapes_of(buildings)
    refuse_rows("not_buildings", ~np.isin(shapely.get_type_id(shapes), WHERE) | shapely.is_empty(shapes))
    households = numbers("households", _column("buildings", buildings, "households"), least=0)
    xy = shapely.get_coordinates(shapely.point_on_surface(shapes))
    return Homes(codes_of(buildings), shapes, xy, households)


def cases(layer: Layer | None) -> Cases:
    """Cases, checked; none without a layer.

    Raises
    ------
    DataError
        `not_points`, and what `numbers` raises.
    """
    if layer is None:
        return Cases(np.zeros((0, 2)), np.zeros(0))
    xy = point_coordinates("cases", layer.geometry)
    own = (
        layer["workload"] if isinstance(layer, gpd.GeoDataFrame) and "workload" in layer else np.ones(len(xy))
    )
    return Cases(xy, numbers("workload", own, count=len(xy), least=0))


def picked(codes: Sequence[str | None] | Codes, rows: Rows) -> Codes:
    """The codes at some rows, None at -1."""
    found: Codes = np.array([*codes, None], dtype=object)[rows]
    return found


def cell_at(xy: Numbers, cells: Shapes, codes: Codes) -> Rows:
    """The row of the cell of each place, -1 for none, by the one rule that the platform has for points."""
    return locate(xy, cells, codes).astype(np.intp)


def _column(name: str, layer: gpd.GeoDataFrame, column: str) -> pd.Series[Any]:
    if column not in layer:
        raise DataError("no_column", name=name, column=column)
    return layer[column]


def is_nothing(one: Hashable) -> bool:
    """Whether it is no code: None, NaN, an empty text."""
    return one is None or one is pd.NA or (isinstance(one, float) and np.isnan(one)) or str(one).strip() == ""
