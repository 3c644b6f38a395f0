"""The user's own workbook with every faulty cell marked in place, and a sheet that lists all faults.

Of any other file a workbook of its faulty rows. It is written where the user asked for it and nowhere else: it says
what their own file says, sealed numbers too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from app.interop.service.elements.lines import Lines
from app.interop.service.report import sentence
from app.web.i18n import translate
from spatial.errors import Fault
from spatial.readers import columns as read_columns
from spatial.readers.opening import opened
from spatial.readers.tables import named

RED = PatternFill("solid", start_color="FFF4B6B6", end_color="FFF4B6B6")
AUTHOR = "盘龙一张图"
BLOCK_ROWS = 5_000


def mark(path: Path, into: Path, faults: Sequence[Fault], lines: Lines, locale: str) -> None:
    """Write the workbook of a file's faults."""
    if path.suffix.lower() == ".xlsx":
        book = openpyxl.load_workbook(path)
        sheet = book[lines.sheet]
        header, names = _header(sheet)
        _mark(sheet, faults, names, {fault.row: header + (fault.row or 0) for fault in faults}, locale)
    else:
        book = openpyxl.Workbook()
        sheet = book.active
        assert isinstance(sheet, Worksheet)
        at = _copy(path, sheet, {fault.row for fault in faults}, lines)
        names = {name: i for i, name in enumerate(lines.source.columns, 2)}
        _mark(sheet, faults, names, at, locale)
    _list(book, faults, locale)
    part = into.with_name(into.name + ".part")
    book.save(part)
    part.replace(into)


def _header(sheet: Worksheet) -> tuple[int, dict[str, int]]:
    """The row of the header, and the column of each name."""
    for number, row in enumerate(sheet.iter_rows(), 1):
        if any(cell.value is not None for cell in row):
            names = named(["" if cell.value is None else str(cell.value) for cell in row])
            return number, {name: i for i, name in enumerate(names, 1)}
    return 0, {}


def _copy(path: Path, sheet: Worksheet, rows: set[int | None], lines: Lines) -> dict[int | None, int]:
    """The faulty rows of a file, each behind its number; where each of them stands."""
    put(sheet, 1, 1, "#")
    for i, name in enumerate(lines.source.columns, 2):
        put(sheet, 1, i, name)
    at: dict[int | None, int] = {}
    with opened(path, lines.options) as source:
        for block in source.blocks(list(source.columns), BLOCK_ROWS):
            numbers = block.rows.tolist()
            wanted = [i for i, number in enumerate(numbers) if number in rows]
            if not wanted:
                continue
            texts = [read_columns.texts(block.batch.column(name)) for name in source.columns]
            for i in wanted:
                at[numbers[i]] = len(at) + 2
                sheet.cell(at[numbers[i]], 1, numbers[i])
                for column, values in enumerate(texts, 2):
                    put(sheet, at[numbers[i]], column, values[i])
    return at


def put(sheet: Worksheet, row: int, column: int, value: str | None) -> None:
    """A text that stays one: nothing that a stranger wrote becomes a formula."""
    cell = sheet.cell(row, column)
    if value is not None:
        cell.value = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("�", value)
        cell.data_type = "s"


def _mark(
    sheet: Worksheet, faults: Iterable[Fault], names: dict[str, int], at: dict[int | None, int], locale: str
) -> None:
    told: dict[tuple[int, int], list[str]] = {}
    for fault in faults:
        if fault.row in at:
            place = (at[fault.row], names.get(fault.field or "", 1))
            told.setdefault(place, []).append(sentence(locale, fault))
    for (row, column), said in told.items():
        cell: Any = sheet.cell(row, column)
        if isinstance(cell, MergedCell):
            cell = _owner(sheet, cell)
        cell.fill = RED
        cell.comment = Comment("\n".join(said), AUTHOR, width=360, height=40 + 30 * len(said))


def _owner(sheet: Worksheet, cell: MergedCell) -> Cell | MergedCell:
    """The cell that a merged one is part of."""
    span = next(one for one in sheet.merged_cells.ranges if cell.coordinate in one)
    return sheet.cell(span.min_row, span.min_col)


def _list(book: openpyxl.Workbook, faults: Iterable[Fault], locale: str) -> None:
    title = translate(locale, "import.fault_sheet")
    sheet = book.create_sheet(title)
    for column, word in enumerate(("row", "column", "what"), 1):
        put(sheet, 1, column, translate(locale, f"import.fault_{word}"))
    for number, fault in enumerate(faults, 2):
        if fault.row is not None:
            sheet.cell(number, 1, fault.row)
        put(sheet, number, 2, fault.field)
        put(sheet, number, 3, sentence(locale, fault))
    sheet.column_dimensions["B"].width, sheet.column_dimensions["C"].width = 20, 90
    sheet.freeze_panes = "A2"
