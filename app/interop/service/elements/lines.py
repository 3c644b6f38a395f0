"""The rows of a file as texts by the names of an entry's fields, in blocks; points in the store's degrees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from app.interop.rules.elements import HEADERS, refused
from app.interop.rules.relations import RELATION, RELATION_HEADERS
from app.interop.rules.rosters import Names
from app.interop.service.staff.rows import BROKEN
from app.registry.rules.kinds import ElementKind
from spatial.crs import STORAGE, UserCrs, to_storage
from spatial.errors import Fault, LayerError, SourceError
from spatial.layers import resolve
from spatial.readers import Note, SourceOptions, columns
from spatial.readers.opening import crs_of, opened
from spatial.readers.source import Block, Opened

BLOCK_ROWS = 5_000


@dataclass(slots=True)
class Line:
    """One row: its number, the text of each field, and of a layer the outline or course that it has."""

    row: int
    said: dict[str, str | None]
    shape: str | None = None
    faults: list[Fault] = field(default_factory=list)


class Lines:
    """An open file, to be iterated once.

    `fields` says which column holds each field; `refused` and `unused` are columns that nobody reads.
    """

    def __init__(
        self, path: Path, source: Opened, kind: str, options: SourceOptions, *, exact: bool = False
    ) -> None:
        self.path, self.source, self.kind, self.options = path, source, kind, options
        self.refused = refused(source.columns) if kind == ElementKind.PERSON else []
        taken = tuple(name for name in source.columns if name not in self.refused)
        known, required = known_fields(kind)
        # Where somebody has looked at every column, what they left out is not guessed at.
        self.fields = resolve(taken, dict.fromkeys(known, ()) if exact else known, required, options.fields)
        self.shaped = source.geometry is not None and kind not in {ElementKind.PERSON, RELATION}
        if self.shaped:
            self.fields = {name: column for name, column in self.fields.items() if name not in {"lon", "lat"}}
        self.unused = [name for name in taken if name not in self.fields.values()]
        self.crs: UserCrs | None = None
        self.notes: list[Note] = list(source.notes)
        if self.shaped or "lon" in self.fields:
            self.crs, assumed = crs_of(source, options)
            self.notes += assumed
        self._told: set[int] = set()

    @property
    def sheet(self) -> str:
        """The sheet of a workbook that is read."""
        return str(getattr(self.source, "sheet", ""))

    @property
    def position(self) -> tuple[int, int]:
        """How far the reading is, and of how much."""
        return self.source.position()

    def broken(self) -> list[Fault]:
        """Records that could not be read as such, since the last time somebody asked."""
        rows = sorted(set(self.source.bad_rows) - self._told)
        self._told.update(rows)
        return [Fault("row_broken", row, None, self.source.bad_rows[row]) for row in rows]

    def __iter__(self) -> Iterator[list[Line]]:
        wanted = list(dict.fromkeys(self.fields.values()))
        for block in self._blocks(wanted):
            texts = [columns.texts(block.batch.column(name)) for name in self.fields.values()]
            lines = [
                Line(row, dict(zip(self.fields, (text[i] for text in texts), strict=True)))
                for i, row in enumerate(block.rows.tolist())
            ]
            if self.shaped:
                self._shapes(block.batch.column(self.source.geometry), lines)  # type: ignore[arg-type]
            elif self.crs is not None:
                self._points(lines)
            yield [line for line in lines if any(line.said.values()) or line.faults]
        yield []

    def _blocks(self, wanted: list[str]) -> Iterator[Block]:
        blocks = self.source.blocks(wanted, BLOCK_ROWS)
        while True:
            with readable(self.path):
                block = next(blocks, None)
            if block is None:
                return
            yield block

    def _points(self, lines: list[Line]) -> None:
        """Positions in a reference system of the user's; what is no number is told where the entry is read."""
        assert self.crs is not None
        numbers = [(line, number_of(line.said.get("lon")), number_of(line.said.get("lat"))) for line in lines]
        whole = [(line, x, y) for line, x, y in numbers if x is not None and y is not None]
        if not whole or (self.crs.in_degrees and self.crs.shift is None):
            return
        moved = to_storage(np.array([(x, y) for _, x, y in whole], dtype=np.float64), self.crs)
        for (line, _, _), (lon, lat) in zip(whole, moved.tolist(), strict=True):
            line.said["lon"], line.said["lat"] = f"{lon:.9f}", f"{lat:.9f}"

    def _shapes(self, column: Any, lines: list[Line]) -> None:
        crs = self.crs
        assert crs is not None
        shapes, faults = columns.shapes(column, np.array([line.row for line in lines], dtype=np.int64))
        for fault in faults:
            next(line for line in lines if line.row == fault.row).faults.append(fault)
        shapes = shapely.transform(shapes, lambda xy: to_storage(xy, crs))
        for line, shape in zip(lines, shapes, strict=True):
            if shape is None:
                continue
            if shape.geom_type == "Point":
                point = shape
            elif self.kind != ElementKind.PLACE:
                line.faults.append(Fault("geometry_not_point", line.row, "geometry", shape.geom_type))
                continue
            elif not shape.is_valid:
                line.faults.append(Fault("entry.shape_invalid", line.row, "geometry"))
                continue
            else:
                point = shape.representative_point()
                line.shape = shapely.to_wkb(shapely.set_srid(shape, STORAGE), hex=True, include_srid=True)
            line.said["lon"], line.said["lat"] = f"{point.x:.9f}", f"{point.y:.9f}"


def known_fields(kind: str) -> tuple[Names, tuple[str, ...]]:
    """The fields of a kind with the names that they go by, and those that a file has to have."""
    if kind == RELATION:
        return RELATION_HEADERS, ("kind", "source", "target")
    # A type, a basis, a last day may be given for the whole file; a name cannot.
    return HEADERS[ElementKind(kind)], ("name",)


def number_of(text: str | None) -> float | None:
    """A finite number; None where there is none."""
    try:
        found = float(text or "")
    except ValueError:
        return None
    return found if np.isfinite(found) else None


Recall = Callable[[Sequence[str], SourceOptions], SourceOptions]
"""Completes what the user says of the columns by what they said of such a header before."""


@contextmanager
def lines_of(path: Path, kind: str, options: SourceOptions, recall: Recall | None = None) -> Iterator[Lines]:
    """A file of elements; without something to recall its columns are what the user says and nothing else.

    Raises
    ------
    SourceError
        It cannot be read, or has no column of names.
    CrsError
        Nobody says what its coordinates are.
    """
    with ExitStack() as stack:
        with readable(path):
            source = stack.enter_context(opened(path, options))
        told = options if recall is None else recall(source.columns, options)
        yield Lines(path, source, kind, told, exact=recall is None)


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """What a workbook whose parts are not what they say makes the reader raise, as what it is."""
    try:
        yield
    except (SourceError, LayerError):
        raise
    except BROKEN as error:
        raise SourceError(
            "not_of_kind", file=path.name, kind=path.suffix.lower().removeprefix(".")
        ) from error
