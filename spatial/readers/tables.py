"""Tables without shapes of their own: CSV, workbooks, Parquet. Read in blocks, so that memory does not grow."""

from __future__ import annotations

import csv
import io
import json
import mmap
import warnings
import zipfile
from collections.abc import Generator, Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.csv as pacsv
from numpy.typing import NDArray
from pyarrow import parquet

from spatial.errors import SourceError
from spatial.readers import encodings
from spatial.readers.archives import check_sizes
from spatial.readers.source import Block, Note

BLOCK_BYTES = 4 << 20
HEAD_BYTES = 1 << 18
DELIMITERS = ",\t;|"


def named(columns: list[str]) -> tuple[str, ...]:
    """A table's header, usable.

    Raises
    ------
    SourceError
        `column_twice`.
    """
    names = [name.strip() or f"({i})" for i, name in enumerate(columns, 1)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SourceError("column_twice", columns=", ".join(twice))
    return tuple(names)


class Csv:
    """A CSV file; every column is text."""

    kind = "csv"
    geometry: str | None = None
    declared: str | None = None
    rows: int | None = None

    def __init__(self, path: Path, encoding: str | None) -> None:
        with path.open("rb") as file:
            if b"\0" in file.read(HEAD_BYTES) and encoding is None and not _has_mark(path):
                raise SourceError("not_of_kind", file=path.name, kind="csv")
        self.path, self.size = path, path.stat().st_size
        self.encoding: str | None = encodings.of_file(path, encoding)
        self.notes: list[Note] = []
        if self.encoding not in {"utf-8", "utf-8-sig"} and encoding is None:
            self.notes.append(Note("encoding_detected", {"encoding": self.encoding}))
        self.bad_rows: dict[int, str] = {}
        self._head()
        self._file: pa.NativeFile | None = None

    def _head(self) -> None:
        with self.path.open(encoding=self.encoding, newline="") as file:
            text = file.read(HEAD_BYTES)
        first = next((line for line in text.splitlines() if line.strip()), "")
        self.delimiter = max(DELIMITERS, key=first.count)
        reader = csv.reader(io.StringIO(text), delimiter=self.delimiter)
        header = next((row for row in reader if any(cell.strip() for cell in row)), None)
        if header is None:
            raise SourceError("file_empty", file=self.path.name)
        self._skipped = reader.line_num
        self.columns = named(header)
        with self.path.open("rb") as binary, mmap.mmap(binary.fileno(), 0, access=mmap.ACCESS_READ) as whole:
            self._quoted = whole.find(b'"') >= 0

    def blocks(self, wanted: list[str], rows: int) -> Iterator[Block]:
        """Blocks of at most `rows` records.

        Raises
        ------
        SourceError
            `csv_broken`.
        """
        text = pa.string()
        self._file = pa.OSFile(str(self.path))
        try:
            reader = pacsv.open_csv(
                self._file,
                pacsv.ReadOptions(
                    use_threads=False,
                    block_size=BLOCK_BYTES,
                    skip_rows=self._skipped,
                    column_names=list(self.columns),
                    encoding="utf8" if self.encoding in {"utf-8", "utf-8-sig"} else self.encoding,
                ),
                pacsv.ParseOptions(
                    delimiter=self.delimiter,
                    newlines_in_values=self._quoted,
                    invalid_row_handler=self._bad_row,
                ),
                pacsv.ConvertOptions(
                    include_columns=wanted,
                    column_types=dict.fromkeys(wanted, text),
                    strings_can_be_null=True,
                    null_values=[""],
                ),
            )
            number = 1
            for batch in reader:
                numbers, number = self._numbers(number, len(batch))
                for begin in range(0, len(batch), rows):
                    yield Block(numbers[begin : begin + rows], batch.slice(begin, rows))
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error):
                return
            raise SourceError("csv_broken", file=self.path.name, reason=str(error)[:200]) from error

    def _bad_row(self, row: Any) -> str:
        number = (row.number or 0) - self._skipped
        self.bad_rows[number] = f"{row.actual_columns} ≠ {row.expected_columns}"
        return "skip"

    def _numbers(self, first: int, count: int) -> tuple[NDArray[np.int64], int]:
        """Record numbers of the next records, stepping over those that were no records."""
        numbers = np.arange(first, first + count)
        for bad in sorted(self.bad_rows):
            numbers[numbers >= bad] += 1 if bad >= first else 0
        return numbers, int(numbers[-1]) + 1 if count else first

    def position(self) -> tuple[int, int]:
        """Bytes read, of how many."""
        return (0, self.size) if self._file is None else (min(self._file.tell(), self.size), self.size)


def _has_mark(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(4)
    return any(head.startswith(mark) for mark, _ in encodings.BOMS)


class Workbook:
    """A sheet of an Excel workbook; every cell becomes text as Excel would say it unformatted."""

    kind = "xlsx"
    geometry: str | None = None
    declared: str | None = None
    encoding: str | None = None

    def __init__(self, path: Path, sheet: str | None) -> None:
        try:
            check_sizes(path)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about styles that we do not read
                self._book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        except (zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
            if isinstance(error, SourceError):
                raise
            raise SourceError("not_of_kind", file=path.name, kind="xlsx") from error
        self._lines: Any = iter(())
        try:
            self._begin(path, sheet)
        except SourceError:
            self.close()
            raise
        self.rows: int | None = max((self._sheet.max_row or 1) - 1, 0)
        self.notes: list[Note] = []
        self.bad_rows: dict[int, str] = {}
        self._done = 0

    def close(self) -> None:
        """Let the file go: a sheet that was not read to its end keeps it open."""
        if isinstance(self._lines, Generator):
            self._lines.close()
        self._book.close()

    def _begin(self, path: Path, sheet: str | None) -> None:
        """Choose the sheet and read its header."""
        names = self._book.sheetnames
        if sheet is not None and sheet not in names:
            raise SourceError("layer_missing", layer=sheet, layers=", ".join(names))
        if sheet is None and len(names) > 1:
            filled = [name for name in names if self._book[name].max_row or 0]
            if len(filled) > 1:
                raise SourceError("layer_ambiguous", layers=", ".join(names))
            names = filled or names
        self.sheet = sheet or names[0]
        self._sheet = self._book[self.sheet]
        self._lines = self._sheet.iter_rows(values_only=True)
        header = next((row for row in self._lines if any(cell is not None for cell in row)), None)
        if header is None:
            raise SourceError("file_empty", file=path.name)
        self.columns = named(["" if cell is None else str(cell) for cell in header])

    def blocks(self, wanted: list[str], rows: int) -> Iterator[Block]:
        """Blocks of at most `rows` records; rows without any value do not count as records."""
        places = [self.columns.index(name) for name in wanted]
        while lines := list(islice(self._lines, rows)):
            begin = self._done
            self._done += len(lines)
            kept = [i for i, line in enumerate(lines) if any(cell is not None for cell in line)]
            texts = [[_text(lines[i][p] if p < len(lines[i]) else None) for i in kept] for p in places]
            numbers = np.array(kept, dtype=np.int64) + begin + 1
            yield Block(numbers, pa.record_batch([pa.array(t, pa.string()) for t in texts], names=wanted))

    def position(self) -> tuple[int, int]:
        """Rows read, of how many."""
        return self._done, self.rows or 0


def _text(cell: Any) -> str | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, datetime):
        # Excel keeps fractions of days: what it shows as a whole second may be a microsecond off.
        return cell.isoformat(sep=" ", timespec="microseconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    return str(cell)


class Parquet:
    """A Parquet file, with shapes if it is a GeoParquet file."""

    kind = "parquet"
    encoding: str | None = None

    def __init__(self, path: Path) -> None:
        try:
            self._file = parquet.ParquetFile(path)
        except (pa.ArrowInvalid, OSError) as error:
            raise SourceError("not_of_kind", file=path.name, kind="parquet") from error
        schema = self._file.schema_arrow
        about = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
        self.geometry: str | None = about.get("primary_column")
        self.declared: str | None = None
        if self.geometry is not None:
            column = about["columns"][self.geometry]
            if column.get("encoding", "WKB") != "WKB":
                raise SourceError("geometry_encoding_unknown", value=str(column["encoding"]))
            crs = column.get("crs", "OGC:CRS84")
            self.declared = json.dumps(crs) if isinstance(crs, dict) else crs
        self.columns = tuple(name for name in schema.names if name != self.geometry)
        self.rows: int | None = self._file.metadata.num_rows
        self.notes: list[Note] = []
        self.bad_rows: dict[int, str] = {}
        self._done = 0

    def blocks(self, wanted: list[str], rows: int) -> Iterator[Block]:
        """Blocks of at most `rows` records."""
        columns = [*wanted, *([self.geometry] if self.geometry else [])]
        for batch in self._file.iter_batches(rows, columns=columns, use_threads=False):
            numbers = np.arange(self._done + 1, self._done + 1 + len(batch))
            self._done += len(batch)
            yield Block(numbers, batch)

    def position(self) -> tuple[int, int]:
        """Rows read, of how many."""
        return self._done, self.rows or 0
