"""Tables of a page: every number stands in it twice, as it is read and as exact as it was counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from app.reports.rules.blocks import Trend
from app.reports.rules.document import Report
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Value
from app.reports.service.wording import shown
from app.web.i18n import translate

Record = dict[str, Any]


def exact(value: Value) -> str | None:
    """A value as a program reads it: 1234 - 2/3 - 2026-09-30; None for a text, which says itself."""
    if isinstance(value, str):
        return None
    if value is None:
        return ""
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return value.isoformat() if isinstance(value, date) else str(value)


def tabled(one: Table, report: Report) -> Record:
    """A table for the template: what is hidden is left out, and of many rows what is beyond those printed."""
    zone = report.provenance.timezone
    kept = [(at, column) for at, column in enumerate(one.columns) if not column.hidden]
    printed = one.rows if one.printed is None else one.rows[: one.printed]

    def line(row: Sequence[Value], number: int | None) -> list[Record]:
        return [_cell(row[at], column, (number, column.code) in one.late, zone) for at, column in kept]

    totals = [] if one.totals is None else line(one.totals, None)
    if totals:
        # A text adds up to nothing, which is no number that is missing.
        totals = [cell if cell["numeric"] else {**cell, "shown": "", "exact": None} for cell in totals]
        totals[0] = {
            "shown": translate(report.locale, "report.total"),
            "exact": None,
            "late": False,
            "numeric": False,
        }
    return {
        "code": one.code,
        "title": one.title,
        "head": next((at for at, (_, column) in enumerate(kept) if not column.kind.numeric), 0),
        "columns": [
            {"title": column.title, "numeric": column.kind.numeric, "kind": column.kind, "code": column.code}
            for _, column in kept
        ],
        "rows": [line(row, number) for number, row in enumerate(printed)],
        "totals": totals,
        "count": len(one.rows),
        "more": len(one.rows) - len(printed),
    }


def _cell(value: Value, column: Column, late: bool, zone: str) -> Record:
    return {
        "shown": shown(value, column.kind, zone),
        "exact": exact(value),
        "late": late,
        "numeric": column.kind.numeric,
    }


def trend_table(one: Trend) -> Table:
    """The numbers of a trend, a row for each label."""
    columns = (Column("label", ""), *(Column(series.code, series.title, one.kind) for series in one.series))
    rows = zip(one.labels, *(series.values for series in one.series), strict=True)
    return Table(one.code, one.title, columns, tuple(rows))
