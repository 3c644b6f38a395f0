"""Arrow columns of any kind as what is needed of them: texts, numbers, points."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from spatial.errors import Fault


def texts(column: pa.Array) -> NDArray[Any]:
    """Trimmed texts, None where there is nothing; whole numbers without a decimal point. Shape (n,), objects."""
    return trimmed(column).to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]


def trimmed(column: pa.Array) -> pa.Array:
    """The same as an Arrow array of strings."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_floating(column.type):
        whole = pc.equal(pc.floor(column), column)
        as_text = pc.if_else(
            whole, column.cast(pa.int64(), safe=False).cast(pa.string()), column.cast(pa.string())
        )
        return pc.if_else(pc.is_nan(column), None, as_text)
    if pa.types.is_null(column.type):
        return column.cast(pa.string())
    text = pc.utf8_trim_whitespace(column.cast(pa.string()))
    return pc.if_else(pc.equal(text, ""), None, text)


def numbers(column: pa.Array) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Numbers, NaN where there is nothing, and which of the given values are none or not finite. Shape (n,) each."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = trimmed(column)
    given = column.is_valid().to_numpy(zero_copy_only=False)
    try:
        values = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        values = np.array([_number(text) for text in column.to_pylist()])
    values = values.astype(np.float64, copy=True)
    bad = given & ~np.isfinite(values)
    values[bad] = np.nan
    return values, bad


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def shapes(
    column: pa.Array, rows: NDArray[np.int64], *, wkt: bool = False
) -> tuple[NDArray[Any], list[Fault]]:
    """Shapes in two dimensions, None where there is none or it cannot be read; and what is wrong with them."""
    values = column.to_numpy(zero_copy_only=False)
    read = shapely.from_wkt if wkt else shapely.from_wkb
    try:
        with np.errstate(invalid="ignore"):  # NaN among the coordinates is told later, row by row
            found = read(values)
        broken = np.zeros(len(values), bool)
    except (shapely.errors.GEOSException, TypeError):
        found, broken = _one_by_one(values, read)
    found = shapely.force_2d(found)
    found[shapely.is_empty(found)] = None
    faults = [
        Fault("geometry_unreadable", int(row), "geometry", str(value)[:60])
        for row, value in zip(rows[broken], values[broken], strict=True)
    ]
    return found, faults


def _one_by_one(values: NDArray[Any], read: Any) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    found = np.full(len(values), None, dtype=object)
    broken = np.zeros(len(values), bool)
    for i, value in enumerate(values):
        try:
            found[i] = read(value)
        except (shapely.errors.GEOSException, TypeError):
            broken[i] = True
    return found, broken
