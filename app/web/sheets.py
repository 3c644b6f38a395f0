"""Tables for spreadsheets: CSV in UTF-8 that Excel reads, in which no text is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How what a spreadsheet would reckon with begins (OWASP: CSV injection)."""


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return value


def sheet(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """A table; instants are written as they are given, to the minute."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
