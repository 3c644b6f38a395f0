"""A layer as Apache Arrow and as GeoParquet: its schema, and what is said beside the rows.

Shapes are well-known binary, longitude first, marked `geoarrow.wkb` with their reference system; a file says the same
in the words of GeoParquet 1.1. A stream ends with a batch without rows that tells how many came before, so that one
which was cut is never taken for whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pyarrow as pa
from pyproj import CRS

from spatial.crs import STORAGE
from spatial.errors import PlatformError
from spatial.layers.platform import VERSION, Kind, Layer

TYPES = {
    Kind.TEXT: pa.string(),
    Kind.WHOLE: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.YES: pa.bool_(),
    Kind.DAY: pa.date32(),
    Kind.INSTANT: pa.timestamp("us", tz="UTC"),
    Kind.SHAPE: pa.binary(),
}
ROWS = b"panlong.rows"
"""Key of the number of rows, beside the last batch."""


@cache
def storage_crs() -> dict[str, Any]:
    """The store's reference system as PROJJSON."""
    found: dict[str, Any] = CRS.from_epsg(STORAGE).to_json_dict()
    return found


def schema(layer: Layer, as_of: str, said: dict[str, str] | None = None) -> pa.Schema:
    """The schema of a layer.

    Parameters
    ----------
    as_of
        The instant of which it tells, as ISO 8601.
    said
        What else is to be told beside it, such as the district's name and its time zone.
    """
    marked = {
        "ARROW:extension:name": "geoarrow.wkb",
        "ARROW:extension:metadata": json.dumps({"crs": storage_crs(), "crs_type": "projjson"}),
    }
    fields = [
        pa.field(
            column.name,
            TYPES[column.kind],
            nullable=not column.needed,
            metadata=marked if column.kind is Kind.SHAPE else None,
        )
        for column in layer.columns
    ]
    told = {"panlong.layer": layer.name, "panlong.version": str(VERSION), "panlong.as_of": as_of}
    return pa.schema(
        fields, metadata=told | {f"panlong.{name}": value for name, value in (said or {}).items()}
    )


def geo(layer: Layer, bounds: tuple[float, float, float, float] | None) -> str:
    """What GeoParquet 1.1 wants to have said of a layer with shapes.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees; None where there is no shape.

    Notes
    -----
    GeoParquet 1.1.0, https://geoparquet.org/releases/v1.1.0/: coordinates are longitude first whatever the axes of the
    reference system.
    """
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": [] if bounds is None else [layer.shape],
        "crs": storage_crs(),
        "edges": "planar",
    }
    if bounds is not None:
        column["bbox"] = list(bounds)
    return json.dumps({"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}})


def whole(reader: pa.RecordBatchStreamReader) -> pa.Table:
    """All rows of a stream, if all of them are there.

    Raises
    ------
    PlatformError
        `stream_cut`: it ended before it said how many rows there are, or there are others.
    """
    told: list[int] = []
    batches = list(_batches(reader, told))
    table = pa.Table.from_batches(batches, reader.schema)
    if told != [table.num_rows]:
        raise PlatformError("stream_cut", rows=table.num_rows, told=told[0] if told else None)
    return table


def _batches(reader: pa.RecordBatchStreamReader, told: list[int]) -> Iterator[pa.RecordBatch]:
    while True:
        try:
            batch, beside = reader.read_next_batch_with_custom_metadata()
        except StopIteration:
            return
        except (pa.ArrowInvalid, OSError) as error:
            raise PlatformError("stream_cut", rows=None, told=None) from error
        if beside is not None and ROWS in dict(beside):
            told.append(int(beside[ROWS]))
        yield batch
