"""A layer that was read becomes a frame of settled types, and is refused where it does not hold."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatial.crs import STORAGE
from spatial.errors import Fault, LayerError
from spatial.layers.platform import Column, Kind, Layer

TYPES = {
    Kind.TEXT: "str",
    Kind.WHOLE: "int64",
    Kind.NUMBER: "float64",
    Kind.DAY: "datetime64[us]",
    Kind.INSTANT: "datetime64[us, UTC]",
}
"""What a column is in a frame; a yes or no that may be missing is pandas' own `boolean`."""

SHOWN = 10
"""So many rows of those that are wrong are named."""


def typed(frame: pd.DataFrame, layer: Layer) -> pd.DataFrame:
    """A frame with the columns of a layer in their order and types, from whatever way it came.

    Parameters
    ----------
    frame
        The layer's columns and perhaps others; shapes are shapely's, in EPSG:4490.

    Returns
    -------
    A GeoDataFrame where the layer has shapes, numbered from 0.

    Raises
    ------
    LayerError
        `layer_column_missing`, `layer_type_wrong`.
    """
    missing = [name for name in layer.names if name not in frame.columns]
    if missing:
        raise LayerError([Fault("layer_column_missing", field=name) for name in missing])
    columns = {column.name: _column(frame[column.name], column) for column in layer.columns}
    if layer.shape is None:
        return pd.DataFrame(columns).reset_index(drop=True)
    return gpd.GeoDataFrame(columns, geometry="geometry", crs=STORAGE).reset_index(drop=True)


def _column(values: pd.Series, column: Column) -> pd.Series:
    if column.kind is Kind.SHAPE:
        return gpd.GeoSeries(np.asarray(values, dtype=object), index=values.index, crs=STORAGE)
    wanted = "bool" if column.needed else "boolean"
    try:
        if column.kind is Kind.INSTANT:
            return pd.to_datetime(values, utc=True).astype(TYPES[column.kind])
        return values.astype(TYPES.get(column.kind, wanted))
    except (TypeError, ValueError) as error:
        raise LayerError([Fault("layer_type_wrong", field=column.name, value=column.kind.value)]) from error


def validate(frame: pd.DataFrame, layer: Layer) -> None:
    """See that a frame is a layer of the platform: types, what has to be there, its key, its shapes.

    Raises
    ------
    LayerError
        `layer_column_missing`, `layer_type_wrong`, `layer_value_missing`, `layer_key_twice`, `layer_crs_other`,
        `layer_shape_other`, `layer_shape_outside`; rows count from 1.
    """
    faults = [Fault("layer_column_missing", field=name) for name in layer.names if name not in frame.columns]
    if faults:
        raise LayerError(faults)
    for column in layer.columns:
        if column.needed:
            faults += _named("layer_value_missing", column.name, frame[column.name].isna())
    faults += _named("layer_key_twice", ", ".join(layer.key), frame.duplicated(list(layer.key), keep=False))
    if layer.shape is not None:
        faults += _shapes(frame, layer)
    if faults:
        raise LayerError(faults)


def _shapes(frame: gpd.GeoDataFrame, layer: Layer) -> list[Fault]:
    crs = frame.crs
    if crs is None or crs.to_epsg() != STORAGE:
        return [Fault("layer_crs_other", field="geometry", value="" if crs is None else crs.to_string())]
    there = frame.geometry.notna().to_numpy()
    shapes = np.asarray(frame.geometry.array, dtype=object)
    wanted = shapely.GeometryType[str(layer.shape).upper()]
    found = _named(
        "layer_shape_other", "geometry", pd.Series(there & (shapely.get_type_id(shapes) != wanted))
    )
    with np.errstate(invalid="ignore"):
        west, south, east, north = np.atleast_2d(shapely.bounds(shapes)).reshape(-1, 4).T
        beyond = there & ((west < -180) | (south < -90) | (east > 180) | (north > 90))
    return found + _named("layer_shape_outside", "geometry", pd.Series(beyond))


def _named(code: str, field: str, wrong: pd.Series) -> list[Fault]:
    rows = np.flatnonzero(wrong.to_numpy(dtype=bool))
    facts = {"count": len(rows)}
    return [Fault(code, int(row) + 1, field, facts=facts) for row in rows[:SHOWN]]
