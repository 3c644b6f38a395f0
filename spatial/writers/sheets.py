"""Cells of a workbook that hold what they are given, and never become a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from openpyxl.cell import WriteOnlyCell

from spatial.errors import SourceError

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Letters that no part of an office file can hold."""

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
            cells.append(_text(sheet, value))
        elif isinstance(value, float) and float(f"{value:.15g}") != value:
            cells.append(_text(sheet, repr(value)))  # Excel keeps fifteen digits of a number
        else:
            cells.append(value)
    return cells


def put_text(cell: Any, value: str) -> None:
    """Write text into a cell of a sheet, as text whatever it begins with.

    Raises
    ------
    SourceError
        `text_too_long`: Excel would cut it off.
    """
    if len(value) > LONGEST_TEXT:
        raise SourceError("text_too_long", row="?", field=value[:20], bytes=len(value))
    # A workbook cannot hold control characters at all; one of them must not cost the reader all other rows.
    cell.value = clean(value)
    cell.data_type = "s"


def clean(text: str) -> str:
    """A text with a sign in place of each letter that an office file cannot hold."""
    return NOT_IN_XML.sub("\ufffd", text)


def _text(sheet: Any, value: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet)
    put_text(cell, value)
    return cell
