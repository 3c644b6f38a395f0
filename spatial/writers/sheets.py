"""Cells of a workbook that hold what they are given, and never become a formula."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from spatial.errors import SourceError

LONGEST_TEXT = 32_767
MOST_ROWS = 1_048_575


def plain_cells(sheet: Any, values: Iterable[Any]) -> list[Any]:
    """A row for a write-only sheet.

    Raises
    ------
    SourceError
        `text_too_long`: Excel would cut it off.
    """
    cells: list[Any] = []
    for value in values:
        if value is None or value != value:  # noqa: PLR0124 - NaN
            cells.append(None)
        elif isinstance(value, str):
            if len(value) > LONGEST_TEXT:
                raise SourceError("text_too_long", row="?", field=value[:20], bytes=len(value))
            cells.append(_text(sheet, value))
        elif isinstance(value, float) and float(f"{value:.15g}") != value:
            cells.append(_text(sheet, repr(value)))  # Excel keeps fifteen digits of a number
        else:
            cells.append(value)
    return cells


def _text(sheet: Any, value: str) -> WriteOnlyCell:
    # A workbook cannot hold control characters at all; one of them must not cost the reader all other rows.
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\ufffd", value))
    cell.data_type = "s"
    return cell
