"""Writes a layer whole to a file of its own, in one transaction, before the first byte of it leaves.

So a slow reader holds no connection of the database, an answer that has begun is one that can be finished, and its
length, its rows and its tag are known before.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from sqlalchemy import Connection, text

from app.layers import store
from app.layers.rules import Form
from app.layers.store import Narrowing, Taken
from spatial.layers import Layer
from spatial.layers.arrow import ROWS, geo, schema

PACKED = "zstd"
ROW_GROUP = 64 << 10
"""Rows of a GeoParquet file that are packed together."""


@dataclass(frozen=True, slots=True)
class Written:
    """A layer on disk, gone when the file is closed."""

    file: IO[bytes]
    size: int
    rows: int
    digest: str


def write(
    connection: Connection, district: dict[str, object], layer: Layer, wanted: Narrowing, form: Form
) -> Written:
    """Write what the one who asks may see of a layer.

    Parameters
    ----------
    district
        `id`, `name`, `timezone` of the district.
    """
    as_of = connection.execute(text("SELECT now()")).scalar_one()
    said = {"district": str(district["name"]), "timezone": str(district["timezone"])}
    told = schema(layer, as_of.isoformat(timespec="seconds"), said)
    taken = Taken()
    rows = store.batches(connection, int(str(district["id"])), layer, wanted, told, taken)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it has been sent
    try:
        WRITERS[form](file, layer, told, rows, taken)
    except BaseException:
        file.close()
        raise
    size = file.tell()
    file.seek(0)
    return Written(file, size, taken.rows, taken.digest.hexdigest())


def _arrow(
    file: IO[bytes], layer: Layer, told: pa.Schema, rows: Iterator[pa.RecordBatch], taken: Taken
) -> None:
    options = pa.ipc.IpcWriteOptions(compression=PACKED)
    with pa.ipc.new_stream(file, told, options=options) as writer:
        for batch in rows:
            writer.write_batch(batch)
        empty = pa.RecordBatch.from_pylist([], schema=told)
        writer.write_batch(empty, custom_metadata={ROWS: str(taken.rows).encode()})


def _parquet(
    file: IO[bytes], layer: Layer, told: pa.Schema, rows: Iterator[pa.RecordBatch], taken: Taken
) -> None:
    bounds: list[tuple[float, ...]] = []
    with pq.ParquetWriter(file, told, compression=PACKED) as writer:
        for batch in rows:
            if layer.shape is not None and layer.shape != "Point":
                shapes = shapely.from_wkb(batch.column("geometry").to_numpy(zero_copy_only=False))
                bounds.append(tuple(shapely.total_bounds(shapes)))
            writer.write_batch(batch, row_group_size=ROW_GROUP)
        if layer.shape is not None:
            west, south, east, north = zip(*bounds, strict=True) if bounds else ((), (), (), ())
            found = (min(west), min(south), max(east), max(north)) if bounds else taken.bounds
            writer.add_key_value_metadata({"geo": geo(layer, found)})


WRITERS: dict[Form, Callable[[IO[bytes], Layer, pa.Schema, Iterator[pa.RecordBatch], Taken], None]] = {
    Form.ARROW: _arrow,
    Form.PARQUET: _parquet,
}
