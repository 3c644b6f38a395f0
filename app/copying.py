"""Columns as PostgreSQL's COPY takes them, as text, and sends them, in binary: whole arrays at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from sqlalchemy import Connection

NULL = r"\N"
ESCAPES = (("\\", r"\\"), ("\t", r"\t"), ("\n", r"\n"), ("\r", r"\r"))
EWKB_DIGITS = 50
"""Hexadecimal digits of a point with its SRID."""

DIGEST_DIGITS = 64


def lines(columns: Sequence[pa.Array | str]) -> memoryview:
    """Rows of the text format of COPY, ready to be sent.

    Parameters
    ----------
    columns
        Arrays of one length, at least one of them, or texts that stand in every row as they are.
    """
    if all(not len(column) for column in columns if isinstance(column, pa.Array)):
        return memoryview(b"")
    fields = [column if isinstance(column, str) else pc.fill_null(column, NULL) for column in columns]
    ended = pc.binary_join_element_wise(*fields, "\t")
    whole = pc.binary_join_element_wise(ended, "", "\n")
    offsets = np.frombuffer(whole.buffers()[1], np.int32)[whole.offset : whole.offset + len(whole) + 1]
    return memoryview(whole.buffers()[2])[offsets[0] : offsets[-1]]


def texts(values: NDArray[Any]) -> pa.Array:
    """Texts, None for NULL; what would end a field or a row is escaped, where there is any."""
    return escaped(pa.array(values, pa.string()))


def escaped(column: pa.Array) -> pa.Array:
    """The same for a column of texts."""
    for plain, written in ESCAPES:
        if pc.any(pc.match_substring(column, plain)).as_py():
            column = pc.replace_substring(column, plain, written)
    return column


def numbers(values: NDArray[Any], missing: NDArray[np.bool_] | None = None) -> pa.Array:
    """Whole numbers, NULL where one is missing."""
    return pa.array(values, mask=missing).cast(pa.string())


def digests(values: Sequence[bytes]) -> pa.Array:
    """Hashes of 32 bytes as a bytea is written."""
    digits = b"".join(values).hex().encode()
    offsets = np.arange(len(values) + 1, dtype=np.int32) * DIGEST_DIGITS
    column = pa.StringArray.from_buffers(len(values), pa.py_buffer(offsets), pa.py_buffer(digits))
    return pc.binary_join_element_wise(r"\\x", column, "")


def instants(values: NDArray[np.datetime64]) -> pa.Array:
    """datetime64[us] in UTC, NaT for NULL."""
    # A timestamp with a zone is written fourteen times as slowly, to the same text.
    return pc.binary_join_element_wise(pa.array(values, pa.timestamp("us")).cast(pa.string()), "Z", "")


def points(lon: NDArray[np.float64], lat: NDArray[np.float64], srid: int) -> pa.Array:
    """Points as hexadecimal EWKB; NULL where a coordinate is NaN."""
    kind = [("order", "u1"), ("type", "<u4"), ("srid", "<u4"), ("x", "<f8"), ("y", "<f8")]
    record = np.empty(len(lon), dtype=kind)
    record["order"], record["type"], record["srid"] = 1, 0x20000001, srid
    record["x"], record["y"] = lon, lat
    offsets = np.arange(len(lon) + 1, dtype=np.int32) * EWKB_DIGITS
    digits = pa.py_buffer(record.tobytes().hex().encode())
    column = pa.StringArray.from_buffers(len(lon), pa.py_buffer(offsets), digits)
    return pc.if_else(pa.array(~(np.isnan(lon) | np.isnan(lat))), column, None)


Rows = NDArray[np.void]

HEAD = 19
"""Bytes before the first row of a binary COPY."""

PIECE = 1 << 22
"""Bytes that are turned into rows at once."""


class Layout:
    """What a binary COPY of some columns sends, and what it becomes.

    Parameters
    ----------
    columns
        Name of a column: what it is in SQL, its type there, its type here. None may be null.
    """

    def __init__(self, columns: dict[str, tuple[str, str, str]]) -> None:
        self.row = np.dtype([(name, kind) for name, (_, _, kind) in columns.items()])
        # A row is the number of its fields, and of each its length and its bytes.
        parts = [
            part
            for name, (_, _, kind) in columns.items()
            for part in ((f"{name}_length", ">i4"), (name, f">{kind}"))
        ]
        self.sent = np.dtype([("fields", ">i2"), *parts])
        self.select = "SELECT " + ", ".join(
            f"({sql})::{kind} AS {name}" for name, (sql, kind, _) in columns.items()
        )

    def rows(self, sent: bytes) -> Rows:
        """Rows of what was sent."""
        raw = np.frombuffer(sent, self.sent)
        rows = np.empty(len(raw), self.row)
        for name in self.row.names or ():
            rows[name] = raw[name]
        return rows


def read_rows(connection: Connection, layout: Layout, query: str) -> Rows:
    """The rows of a query of ours: numbers and instants, none null. (A COPY takes no parameters.)"""
    driver: Any = connection.connection.driver_connection
    found, rest = [np.empty(0, layout.row)], b""
    with driver.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT BINARY)") as copy:
        for piece in _pieces(copy):
            whole = rest + piece
            end = len(whole) // layout.sent.itemsize * layout.sent.itemsize
            found.append(layout.rows(whole[:end]))
            rest = whole[end:]
    return np.concatenate(found)


def _pieces(copy: Any) -> Iterator[bytes]:
    """What a COPY sends between its head and its end, in pieces worth looking at."""
    held: list[bytes] = []
    size, before = 0, HEAD
    for sent in copy:
        piece = bytes(sent)
        if before:
            piece, before = piece[before:], max(0, before - len(piece))
        held.append(piece)
        size += len(piece)
        if size >= PIECE:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)
