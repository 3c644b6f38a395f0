"""A user's table of people or of shifts, as lines of texts; what cannot be used of a line becomes a fault."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from app.interop.rules import Names
from app.writing import read_text
from spatial.errors import Fault, LayerError, SourceError
from spatial.layers import resolve
from spatial.readers import Note, SourceOptions, columns
from spatial.readers.opening import opened

MOST_ROWS = 50_000
"""A district has some thousand people at work: a longer list is another table."""

BLOCK_ROWS = 10_000
EXPLANATIONS = frozenset({"说明", "Notes"})
"""Sheets of our blank forms that explain the others."""

BROKEN = (
    SyntaxError,
    LookupError,
    TypeError,
    ValueError,
    EOFError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What a workbook whose parts are not what they say makes the reader raise."""

T = TypeVar("T")


@dataclass(slots=True)
class Sheet:
    """A table as it was read.

    Parameters
    ----------
    columns
        Field and the user's column that holds it.
    lines
        Record number, and the text of each field, None where there is nothing.
    faults
        Records that could not even be read as such.
    """

    columns: Mapping[str, str]
    lines: list[tuple[int, dict[str, str | None]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def read_sheet(path: Path, known: Names, required: Sequence[str], options: SourceOptions) -> Sheet:
    """All lines of a file that hold anything.

    Raises
    ------
    SourceError
        It cannot be read, or lacks a column.
    LayerError
        `rows_none`, `rows_too_many`.
    """
    try:
        sheet = _read(path, known, required, options)
    except SourceError as error:
        filled = [name for name in str(error.facts.get("layers", "")).split(", ") if name not in EXPLANATIONS]
        if error.code != "layer_ambiguous" or len(filled) != 1:
            raise
        sheet = _read(path, known, required, replace(options, layer=filled[0]))
    if not sheet.lines and not sheet.faults:
        raise LayerError([Fault("rows_none")])
    return sheet


def _read(path: Path, known: Names, required: Sequence[str], options: SourceOptions) -> Sheet:
    try:
        with opened(path, options) as source:
            sheet = Sheet(resolve(source.columns, known, required, options.fields))
            wanted = list(dict.fromkeys(sheet.columns.values()))
            for block in source.blocks(wanted, BLOCK_ROWS):
                texts = [columns.texts(block.batch.column(name)) for name in sheet.columns.values()]
                for i, row in enumerate(block.rows.tolist()):
                    values = dict(zip(sheet.columns, (text[i] for text in texts), strict=True))
                    if any(values.values()):
                        sheet.lines.append((row, values))
                if len(sheet.lines) + len(source.bad_rows) > MOST_ROWS:
                    raise LayerError([Fault("rows_too_many", facts={"most": MOST_ROWS})])
            sheet.faults += [
                Fault("row_broken", row, None, source.bad_rows[row]) for row in sorted(source.bad_rows)
            ]
            sheet.notes += source.notes
    except (SourceError, LayerError):
        raise
    except BROKEN as error:
        kind = path.suffix.lower().removeprefix(".")
        raise SourceError("not_of_kind", file=path.name, kind=kind) from error
    return sheet


class Reading:
    """One line while it is read: values as they are asked for, and all that is wrong with it."""

    def __init__(self, sheet: Sheet, row: int, values: Mapping[str, str | None]) -> None:
        self.sheet, self.row, self.values = sheet, row, values
        self.faults: list[Fault] = []

    def wrong(self, code: str, name: str | None = None, /, **facts: object) -> None:
        """Take note of a fault, of a field or of the line."""
        value = None if name is None else self.values.get(name)
        column = None if name is None else self.sheet.columns.get(name, name)
        self.faults.append(Fault(code, self.row, column, value, facts))

    def text(self, name: str, most: int, *, needed: bool = False) -> str | None:
        """A text of at most so many characters; None where there is none or it is wrong."""
        found = self.value(name, read_text, "text_unreadable", needed=needed)
        if found is not None and len(found) > most:
            self.wrong("text_too_long", name, length=len(found), most=most)
            return None
        return found

    def value(self, name: str, read: Callable[[str], T], code: str, *, needed: bool = False) -> T | None:
        """A value, by a reader that raises ValueError; None where there is none or it is wrong."""
        raw = self.values.get(name)
        if raw is None:
            if needed:
                self.wrong("value_missing", name)
            return None
        try:
            return read(raw)
        except ValueError:
            self.wrong(code, name)
            return None
