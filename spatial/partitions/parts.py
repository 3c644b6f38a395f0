"""The districts of a layer: of one in memory or of a Dask frame, one part for each."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from spatial.errors import DataError, SpatialError
from spatial.given import SHOWN, refuse_rows

DISTRICT = "district"
"""What the column, or the index, with a row's district is called unless somebody says otherwise."""

REMEDY = 'pip install "panlong[cluster]"'

Part = Any
"""A layer of one district: a GeoDataFrame, or a promise of one that Dask will keep."""


def dask() -> tuple[Any, Any]:
    """Dask, and its frames.

    Raises
    ------
    SpatialError
        `cluster_missing`: the extra of that name is not installed; `remedy` says how to.
    """
    try:
        import dask
        import dask.dataframe
        import dask_geopandas  # noqa: F401 - its frames register themselves
    except ImportError as error:
        raise SpatialError("cluster_missing", missing=error.name, remedy=REMEDY) from error
    return dask, dask.dataframe


def is_lazy(layer: Any) -> bool:
    """Whether a layer is a Dask frame."""
    return hasattr(layer, "dask")


def by_district(layer: Any, name: str, by: str) -> dict[str, Part]:
    """The parts of a layer by their districts, in bytewise order; the district is each part's index.

    Parameters
    ----------
    layer
        A GeoDataFrame with a column or an index `by`, or a Dask frame as `spatial.partitions.read` gives it.
    name
        What the layer is, as the caller names it.

    Raises
    ------
    DataError
        `not_by_district`: nothing says which rows are whose; `district_missing`: some rows have none, or it is no text.
    """
    if is_lazy(layer):
        return dict(zip(_divisions(layer, name, by), layer.to_delayed(), strict=True))
    indexed = indexed_by(layer, name, by)
    return {str(code): part for code, part in indexed.groupby(level=0, sort=True)}


def indexed_by(layer: gpd.GeoDataFrame, name: str, by: str) -> gpd.GeoDataFrame:
    """A layer with its districts for index.

    Raises
    ------
    DataError
        `not_by_district`, `district_missing`.
    """
    if layer.index.name != by:
        if by not in layer.columns:
            raise DataError("not_by_district", name=name, by=by)
        layer = layer.set_index(by)
    unfit = [one for one in layer.index.unique() if not isinstance(one, str) or not one]
    if unfit:
        refuse_rows(
            "district_missing", [not isinstance(one, str) or not one for one in layer.index], name=name
        )
    return layer


def empty(layer: Any, by: str) -> gpd.GeoDataFrame:
    """No rows, with the columns and the reference system of a layer; the district is the index."""
    if is_lazy(layer):
        return layer._meta
    return (layer if layer.index.name == by else layer.set_index(by)).iloc[:0]


def _divisions(layer: Any, name: str, by: str) -> tuple[str, ...]:
    """The district of each partition, where each has one of its own."""
    codes = layer.divisions[:-1]
    if layer._meta.index.name != by or not layer.known_divisions or layer.divisions[-1] != codes[-1]:
        raise DataError("not_by_district", name=name, by=by)
    return tuple(codes)


def refuse_strangers(part: gpd.GeoDataFrame, district: str, name: str) -> gpd.GeoDataFrame:
    """The part, if all of it is of its district.

    Raises
    ------
    DataError
        `district_differs`.
    """
    others = sorted({str(one) for one in part.index.unique()} - {district})
    if others:
        raise DataError("district_differs", name=name, district=district, others=tuple(others[:SHOWN]))
    return part


def refuse_other_columns(found: pd.DataFrame, wanted: pd.DataFrame, district: str) -> None:
    """Refuse a table whose columns, or their kinds, are not those of another.

    Raises
    ------
    DataError
        `columns_differ`.
    """
    if not found.dtypes.equals(wanted.dtypes):
        here, there = ({str(name): str(kind) for name, kind in one.dtypes.items()} for one in (found, wanted))
        raise DataError("columns_differ", district=district, found=here, wanted=there)
