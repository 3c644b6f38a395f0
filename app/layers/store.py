"""Rows of a layer as the one who asks may see them, batch by batch: COPY, read by Arrow, never all at once."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv
from sqlalchemy import Connection

from app.grid.rules import Level
from spatial.layers import Kind, Layer
from spatial.layers.arrow import TYPES
from spatial.layers.asking import INTERVAL, question

BLOCK = 1 << 21
"""Bytes of text that become rows at once."""

WKB_POINT = np.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What of a layer is wanted; None leaves it open.

    Parameters
    ----------
    area
        First and last number of an area and of what lies in it.
    on
        A day in the district's zone.
    """

    level: Level | None = None
    area: tuple[int, int] | None = None
    on: date | None = None
    since: datetime | None = None
    until: datetime | None = None
    as_of: datetime | None = None

    @property
    def values(self) -> dict[str, Any]:
        """What is asked for, by the name of its condition."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name)) is not None}


@dataclass(slots=True)
class Taken:
    """What has been read: a digest of it, and where it lies; filled while the batches are taken."""

    rows: int = 0
    digest: Any = field(default_factory=lambda: hashlib.blake2b(digest_size=16))
    bounds: tuple[float, float, float, float] | None = None


def interval(connection: Connection, district_id: int, code: str) -> tuple[int, int] | None:
    """First and last number of the area with a code, of several the widest; None where none is in sight."""
    row = connection.exec_driver_sql(INTERVAL, {"district": district_id, "code": code}).one_or_none()
    return None if row is None else (row.first, row.last)


def batches(
    connection: Connection, district_id: int, layer: Layer, wanted: Narrowing, schema: pa.Schema, taken: Taken
) -> Iterator[pa.RecordBatch]:
    """The rows of a layer in the order of its key.

    Parameters
    ----------
    taken
        Told what was read, whole once the last batch is there.
    """
    values = wanted.values
    first, last = values.pop("area", (None, None))
    asked = {**values, "district": district_id} | ({} if first is None else {"first": first, "last": last})
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(_sql(layer, wanted), asked) as copy:
        # An empty answer has nothing to read.
        begin = copy.read()
        if not begin:
            return
        source = io.BufferedReader(_Sent(copy, bytes(begin), taken), BLOCK)
        for batch in _reader(source, layer):
            yield _shaped(batch, layer, schema, taken)


def _sql(layer: Layer, wanted: Narrowing) -> str:
    shape = (
        "ST_X(l.geom), ST_Y(l.geom)"
        if layer.shape == "Point"
        else "encode(ST_AsBinary(l.geom, 'NDR'), 'hex')"
    )
    return f"COPY ({question(layer, wanted.values, shape)}) TO STDOUT (FORMAT csv)"


def _reader(source: io.BufferedReader, layer: Layer) -> csv.CSVStreamingReader:
    types = {column.name: TYPES[column.kind] for column in layer.columns if column.kind is not Kind.SHAPE}
    if layer.shape == "Point":
        types |= {"x": pa.float64(), "y": pa.float64()}
    elif layer.shape is not None:
        types |= {"hex": pa.string()}
    return csv.open_csv(
        source,
        csv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=list(types)),
        csv.ParseOptions(newlines_in_values=True),
        csv.ConvertOptions(
            column_types=types,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["t"],
            false_values=["f"],
            timestamp_parsers=[csv.ISO8601],
        ),
    )


def _shaped(batch: pa.RecordBatch, layer: Layer, schema: pa.Schema, taken: Taken) -> pa.RecordBatch:
    taken.rows += batch.num_rows
    plain = [batch.column(name) for name in layer.names if name != "geometry"]
    if layer.shape == "Point":
        x, y = (batch.column(name).to_numpy(zero_copy_only=False) for name in "xy")
        plain.append(_points(x, y))
        _widen(taken, x, y)
    elif layer.shape is not None:
        shapes = [None if one is None else bytes.fromhex(one) for one in batch.column("hex").to_pylist()]
        plain.append(pa.array(shapes, pa.binary()))
    return pa.RecordBatch.from_arrays(plain, schema=schema)


def _points(x: np.ndarray, y: np.ndarray) -> pa.Array:
    record = np.zeros(len(x), WKB_POINT)
    record["order"], record["type"], record["x"], record["y"] = 1, 1, x, y
    offsets = np.arange(len(x) + 1, dtype=np.int32) * WKB_POINT.itemsize
    column = pa.BinaryArray.from_buffers(
        pa.binary(), len(x), [None, *map(pa.py_buffer, (offsets, record.tobytes()))]
    )
    missing = pa.array(np.isnan(x))
    return pa.compute.if_else(missing, pa.scalar(None, pa.binary()), column)


def _widen(taken: Taken, x: np.ndarray, y: np.ndarray) -> None:
    there = ~np.isnan(x)
    if there.any():
        x, y = x[there], y[there]
        west, south, east, north = taken.bounds or (np.inf, np.inf, -np.inf, -np.inf)
        taken.bounds = (
            float(min(west, x.min())), float(min(south, y.min())), float(max(east, x.max())), float(max(north, y.max()))
        )  # fmt: skip


class _Sent(io.RawIOBase):
    """What COPY sends, as a file that is read once; its digest is taken on the way."""

    def __init__(self, copy: Any, begin: bytes, taken: Taken) -> None:
        self.copy, self.rest, self.taken = copy, memoryview(begin), taken

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, into: Any) -> int:
        """The next bytes; none when COPY is over."""
        if not self.rest:
            self.rest = memoryview(bytes(self.copy.read() or b""))
        count = min(len(into), len(self.rest))
        into[:count] = self.rest[:count]
        self.taken.digest.update(self.rest[:count])
        self.rest = self.rest[count:]
        return count
