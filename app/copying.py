"""Columns as the text of PostgreSQL's COPY, whole arrays at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

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
