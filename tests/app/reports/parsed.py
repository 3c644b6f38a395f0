"""What a page of a report says, read back: numbers to the last digit, as exact as they were written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any

from app.reports.rules.values import Kind, Value

Rows = list[list[Value]]

READ: dict[Kind, Callable[[str], Value]] = {
    Kind.COUNT: int,
    Kind.SHARE: Fraction,
    Kind.HOURS: Fraction,
    Kind.POINTS: Fraction,
    Kind.DAY: date.fromisoformat,
    Kind.INSTANT: datetime.fromisoformat,
}


def numbers_of_page(html: str, section: str | None = None) -> dict[str, Rows]:
    """The rows of every table by its code, without the columns that a page hides and without the total.

    Parameters
    ----------
    section
        Of this section alone: in another one there may be a table of the same code.
    """
    return {code: table.rows for code, table in _tables(html, section).items()}


def totals_of_page(html: str, section: str | None = None) -> dict[str, list[Value]]:
    """The last line of every table that has one."""
    return {code: table.totals[0] for code, table in _tables(html, section).items() if table.totals}


def columns_of_page(html: str, section: str | None = None) -> dict[str, list[str]]:
    """The codes of the columns of every table."""
    return {code: table.columns for code, table in _tables(html, section).items()}


class _Table:
    def __init__(self) -> None:
        self.columns: list[str] = []
        self.kinds: list[Kind] = []
        self.rows: Rows = []
        self.totals: Rows = []


class _Reader(HTMLParser):
    def __init__(self, section: str | None) -> None:
        super().__init__()
        self.found: dict[str, _Table] = {}
        self._wanted, self._section = section, ""
        self._table: _Table | None = None
        self._into: Rows = []
        self._row: list[Value] = []
        self._cell: dict[str, str | None] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "section":
            self._section = given.get("data-section") or ""
        elif tag == "table" and "data-table" in given and self._wanted in {None, self._section}:
            code = given["data-table"] or ""
            assert code not in self.found, f"{code} stands twice: ask for one section"
            self._table = self.found[code] = _Table()
        elif self._table is not None:
            self._within(tag, given, self._table)

    def _within(self, tag: str, given: dict[str, str | None], table: _Table) -> None:
        if tag in {"tbody", "tfoot"}:
            self._into = table.rows if tag == "tbody" else table.totals
        elif tag == "th" and given.get("scope") == "col":
            table.columns.append(given["data-column"] or "")
            table.kinds.append(Kind(given["data-kind"]))
        elif tag == "tr":
            self._row = []
        elif tag in {"td", "th"}:
            self._cell, self._text = given, ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if self._table is None:
            return
        if tag in {"td", "th"} and self._cell is not None:
            self._row.append(self._value(self._cell, self._table.kinds[len(self._row)]))
            self._cell = None
        elif tag == "tr" and self._row:
            self._into.append(self._row)
            self._row = []
        elif tag == "table":
            self._table = None

    def _value(self, cell: dict[str, str | None], kind: Kind) -> Value:
        exact = cell.get("data-value")
        if exact is None:
            return self._text
        return READ[kind](exact) if exact else None


def _tables(html: str, section: str | None) -> dict[str, Any]:
    reader = _Reader(section)
    reader.feed(html)
    return reader.found
