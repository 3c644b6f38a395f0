"""Reads a table or a layer of cases, block by block, however long it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from spatial.crs import to_storage
from spatial.errors import Fault
from spatial.layers import CASE_FIELDS, CASE_REQUIRED, resolve
from spatial.readers import columns, times
from spatial.readers.opening import crs_of, opened
from spatial.readers.plausible import Box, examine
from spatial.readers.repeats import Repeats
from spatial.readers.source import Block, Note, Opened, SourceFacts, SourceOptions

TEXTS = ("external_ref", "category", "state", "source", "address", "description")
TIMES = ("reported_at", "due_at", "closed_at")
ODD = ("time_repeated", "time_skipped", "closed_first", "null_island")
SHOWN_ROWS = 20
"""Record numbers that a note names."""


@dataclass(frozen=True, slots=True)
class CaseBatch:
    """Cases that were read: arrays of one length n.

    Parameters
    ----------
    row
        Record number in the file, from 1.
    external_ref, category, state, source, address, description
        Texts as objects, None where there is nothing.
    reported_at, due_at, closed_at
        datetime64[us] in UTC, NaT where there is none.
    lon, lat
        Degrees EPSG:4490, NaN where there is no position.
    faults
        What is wrong with the records that are therefore not in the arrays.
    """

    row: NDArray[np.int64]
    external_ref: NDArray[Any]
    category: NDArray[Any]
    state: NDArray[Any]
    source: NDArray[Any]
    address: NDArray[Any]
    description: NDArray[Any]
    reported_at: NDArray[np.datetime64]
    due_at: NDArray[np.datetime64]
    closed_at: NDArray[np.datetime64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    faults: tuple[Fault, ...] = ()


class CaseStream:
    """An open table of cases, to be iterated once.

    Raises
    ------
    SourceError, CrsError
        On opening, or at the block where it shows.
    """

    def __init__(
        self,
        path: Path,
        options: SourceOptions,
        timezone: str,
        expected: Box | None,
        chunk_rows: int,
    ) -> None:
        self._zone = times.zone(timezone)
        self._stack = ExitStack()
        self._source: Opened = self._stack.enter_context(opened(path, options))
        try:
            self._crs, assumed = crs_of(self._source, options)
            self._fields = _fields(self._source, options)
        except BaseException:
            self._stack.close()
            raise
        self._expected, self._chunk_rows = expected, chunk_rows
        self._notes: list[Note] = [*self._source.notes, *assumed]
        self._examined = False
        self._repeats = Repeats()
        self._odd: dict[str, list[int]] = {code: [] for code in ODD}
        self._odd_counts: dict[str, Counter[str]] = {code: Counter() for code in ODD}

    @property
    def facts(self) -> SourceFacts:
        """What is known about the file."""
        source = self._source
        return SourceFacts(source.kind, source.encoding, self._crs, source.rows, source.columns, self.notes)

    @property
    def position(self) -> tuple[int, int]:
        """How far the reading is, and of how much (bytes or records); 0 of 0 where nobody knows."""
        return self._source.position()

    @property
    def notes(self) -> tuple[Note, ...]:
        """What a person should know; whole only after the last block."""
        odd = [self._odd_note(code, rows) for code, rows in self._odd.items() if rows]
        return (*self._notes, *odd, *self._repeats.notes())

    def _odd_note(self, code: str, rows: list[int]) -> Note:
        counts = self._odd_counts[code]
        facts = {
            "count": counts.total(),
            "columns": ", ".join(f"{column}: {count}" for column, count in counts.items() if count),
            "rows": ", ".join(map(str, rows)) + ("…" if counts.total() > len(rows) else ""),
            "timezone": self._zone.key,
        }
        return Note(code, facts)

    def __iter__(self) -> Iterator[CaseBatch]:
        wanted = list(dict.fromkeys(self._fields.values()))
        told: set[int] = set()
        with self._stack:
            for block in self._source.blocks(wanted, self._chunk_rows):
                broken = _new_broken(self._source, told)
                yield self._batch(block, broken)
            rest = _new_broken(self._source, told)
            if rest:
                yield _empty(rest)

    def _batch(self, block: Block, broken: list[Fault]) -> CaseBatch:
        rows = np.asarray(block.rows, dtype=np.int64)
        faults = broken
        read: dict[str, NDArray[Any]] = {name: self._text(block, name) for name in TEXTS}
        for name in TIMES:
            read[name], found = self._time(block, rows, name)
            faults += found
        for name in CASE_REQUIRED:
            empty = read[name] == None if name in TEXTS else np.isnat(read[name])  # noqa: E711 - elementwise
            known = {fault.row for fault in faults if fault.field == self._fields[name]}
            faults += [
                Fault("value_missing", row, self._fields[name])
                for row in rows[empty].tolist()
                if row not in known
            ]
        xy, found = self._points(block, rows)
        faults += found
        keep = ~np.isin(rows, [fault.row or 0 for fault in faults]) if faults else np.ones(len(rows), bool)
        self._tell("closed_first", "", rows[keep & (read["closed_at"] < read["reported_at"])])
        lon, lat = xy[keep, 0], xy[keep, 1]
        self._repeats.add(lon, lat)
        return CaseBatch(
            rows[keep], **{k: v[keep] for k, v in read.items()}, lon=lon, lat=lat, faults=tuple(faults)
        )

    def _text(self, block: Block, name: str) -> NDArray[Any]:
        if name not in self._fields:
            return np.full(len(block.rows), None, dtype=object)
        return columns.texts(block.batch.column(self._fields[name]))

    def _time(
        self, block: Block, rows: NDArray[np.int64], name: str
    ) -> tuple[NDArray[np.datetime64], list[Fault]]:
        if name not in self._fields:
            return np.full(len(rows), np.datetime64("NaT", "us")), []
        column = block.batch.column(self._fields[name])
        done = times.read(column, self._zone)
        self._tell("time_repeated", self._fields[name], rows[done.repeated])
        self._tell("time_skipped", self._fields[name], rows[done.skipped])
        at = np.flatnonzero(done.bad)
        values = column.take(pa.array(at)).to_pylist()
        return done.values, [
            Fault("time_invalid", int(rows[i]), self._fields[name], str(value))
            for i, value in zip(at, values, strict=True)
        ]

    def _tell(self, code: str, column: str, rows: NDArray[np.int64]) -> None:
        self._odd_counts[code][column] += len(rows)
        self._odd[code] += rows[: max(0, SHOWN_ROWS - len(self._odd[code]))].tolist()

    def _points(self, block: Block, rows: NDArray[np.int64]) -> tuple[NDArray[np.float64], list[Fault]]:
        """Positions in the store's degrees, shape (n, 2), NaN for none."""
        given, faults = self._given(block, rows)
        xy = np.asarray(given, dtype=np.float64)
        nowhere = (xy == 0).all(axis=1)
        self._tell("null_island", "", rows[nowhere])
        xy[nowhere] = np.nan
        if not self._examined and np.isfinite(xy).all(axis=1).any():
            self._examined = True
            self._notes += examine(xy, self._crs, self._expected)
        there = ~np.isnan(xy).any(axis=1)
        moved = np.full_like(xy, np.nan)
        moved[there] = to_storage(xy[there], self._crs)
        lost = there & ~((np.abs(moved[:, 0]) <= 180) & (np.abs(moved[:, 1]) <= 90))
        moved[lost] = np.nan
        faults += [
            Fault("coordinate_out_of_range", int(rows[i]), self._place_name(), f"{xy[i, 0]:g}, {xy[i, 1]:g}")
            for i in np.flatnonzero(lost)
        ]
        return moved, faults

    def _place_name(self) -> str:
        return f"{self._fields['lon']}, {self._fields['lat']}" if "lon" in self._fields else "geometry"

    def _given(self, block: Block, rows: NDArray[np.int64]) -> tuple[NDArray[np.float64], list[Fault]]:
        if self._source.geometry is not None:
            return _from_shapes(block.batch.column(self._source.geometry), rows)
        xy, faults = np.full((len(rows), 2), np.nan), []
        bad = np.zeros(len(rows), bool)
        for i, name in enumerate(("lon", "lat")):
            column = block.batch.column(self._fields[name])
            xy[:, i], wrong = columns.numbers(column)
            bad |= wrong
            values = column.take(pa.array(np.flatnonzero(wrong))).to_pylist()
            faults += [
                Fault("coordinate_not_finite", int(row), self._fields[name], str(value))
                for row, value in zip(rows[wrong], values, strict=True)
            ]
        half = np.isnan(xy).sum(axis=1) == 1
        faults += [Fault("coordinate_half", int(row), self._place_name()) for row in rows[half & ~bad]]
        xy[half] = np.nan
        return xy, faults


def read_cases(
    path: Path,
    options: SourceOptions | None = None,
    *,
    timezone: str,
    expected_bounds: Box | None = None,
    chunk_rows: int = 50_000,
) -> CaseStream:
    """Open a table or a layer of cases.

    Parameters
    ----------
    timezone
        Name of the zone in which times without an offset are meant, such as Asia/Shanghai.
    expected_bounds
        West, south, east, north of the district in degrees, by which a wrong reference system is noticed.
    chunk_rows
        Records in a block at most: memory is bounded by it.

    Raises
    ------
    SourceError
        The file cannot be read, a column is missing, or the zone is unknown.
    CrsError
        The reference system is missing or unknown.
    """
    return CaseStream(path, options or SourceOptions(), timezone, expected_bounds, chunk_rows)


def _fields(source: Opened, options: SourceOptions) -> dict[str, str]:
    places = () if source.geometry else ("lon", "lat")
    fields = resolve(source.columns, CASE_FIELDS, (*CASE_REQUIRED, *places), options.fields)
    if source.geometry:
        fields = {name: column for name, column in fields.items() if name not in {"lon", "lat"}}
    return fields


def _new_broken(source: Opened, told: set[int]) -> list[Fault]:
    """Records that could not even be read as such, since the last time we asked."""
    rows = sorted(set(source.bad_rows) - told)
    told.update(rows)
    return [Fault("row_broken", row, None, source.bad_rows[row]) for row in rows]


def _from_shapes(column: pa.Array, rows: NDArray[np.int64]) -> tuple[NDArray[np.float64], list[Fault]]:
    shapes, faults = columns.shapes(column, rows)
    kinds = shapely.get_type_id(shapes)
    wrong = (kinds >= 0) & (kinds != 0)
    faults += [
        Fault("geometry_not_point", int(row), "geometry", shape.geom_type)
        for row, shape in zip(rows[wrong], shapes[wrong], strict=True)
    ]
    shapes[wrong] = None
    xy = np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)])
    strange = (kinds == 0) & ~np.isfinite(xy).all(axis=1)
    faults += [Fault("coordinate_not_finite", int(row), "geometry", "NaN") for row in rows[strange]]
    xy[strange] = np.nan
    return xy, faults


def _empty(faults: list[Fault]) -> CaseBatch:
    text = np.empty(0, dtype=object)
    time = np.empty(0, dtype="datetime64[us]")
    number = np.empty(0)
    return CaseBatch(
        np.empty(0, np.int64),
        text,
        text,
        text,
        text,
        text,
        text,
        time,
        time,
        time,
        number,
        number,
        tuple(faults),
    )
