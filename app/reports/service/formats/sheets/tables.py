"""A table as a sheet: quotients and sums are formulas, and marks of what is late are sorted with their rows."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.formatting.rule import DataBarRule, Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import get_column_letter as letter

from app.reports.rules.tabular import Column, Table, quotient
from app.reports.rules.values import Kind, Value
from app.reports.service.formats.sheets.leaf import HEAD, Leaf, widest
from app.reports.service.formats.sheets.looks import MARK, late_format
from app.reports.service.palette import colours
from app.reports.service.wording import NONE
from app.web.i18n import translate

FIRST = HEAD + 1
LATE_FORMAT = 300
"""Numbers of formats below it are others'."""


def write_table(leaf: Leaf, table: Table, title: str, *, compared: bool = False) -> None:
    """Write a table: all of its rows, however many are printed elsewhere.

    Parameters
    ----------
    compared
        Whether its rows count one thing, though they have no sum.
    """
    columns, last = table.columns, HEAD + len(table.rows)
    widths = [
        widest([row[at] for row in table.rows], column.kind, column.title)
        for at, column in enumerate(columns)
    ]
    shown = [at for at, column in enumerate(columns) if not column.hidden]
    stretched = next((at for at in shown if columns[at].kind is Kind.TEXT), shown[0] if shown else None)
    room = leaf.widen(
        [0 if column.hidden else wide for column, wide in zip(columns, widths, strict=True)], stretched
    )
    leaf.top(title, table.note, len(columns), room)
    leaf.heads([column.title for column in columns], [column.kind for column in columns])
    for number, row in enumerate(table.rows):
        _row(leaf, table, number, row)
    if table.totals is not None:
        _totals(leaf, table, table.totals)
    if not table.rows:
        leaf.put(last + 1 + (table.totals is not None), 1, leaf.t("no_rows"))
    _hide(leaf, columns)
    markers = _late(leaf, table)
    _bars(leaf, table, compared=compared)
    sheet = leaf.sheet
    sheet.freeze_panes = sheet.cell(FIRST, 2 if len(columns) > 2 else 1)
    sheet.auto_filter.ref = f"A{HEAD}:{letter(len(columns) + markers)}{max(last, HEAD)}"
    leaf.back(len(columns) + markers + 1)
    leaf.print_as(len(columns), HEAD)


def _row(leaf: Leaf, table: Table, number: int, row: Sequence[Value]) -> None:
    at = FIRST + number
    for place, (column, value) in enumerate(zip(table.columns, row, strict=True), 1):
        formula = _quotient(table, column, row, at)
        if formula is None:
            leaf.put(at, place, value, column.kind)
        else:
            leaf.formula(at, place, formula, value, column.kind)


def _totals(leaf: Leaf, table: Table, totals: Sequence[Value]) -> None:
    at, last = FIRST + len(table.rows), HEAD + len(table.rows)
    first = next((place for place, column in enumerate(table.columns, 1) if not column.hidden), 1)
    for place, (column, value) in enumerate(zip(table.columns, totals, strict=True), 1):
        formula = _quotient(table, column, totals, at)
        if formula is not None:
            leaf.formula(at, place, formula, value, column.kind, "total")
        elif value is not None and _adds_up(table, place - 1):
            name = letter(place)
            leaf.formula(at, place, f"=SUM({name}{FIRST}:{name}{last})", value, column.kind, "total")
        elif value is None:
            word = translate(leaf.report.locale, "report.total") if place == first else ""
            leaf.put(at, place, word or (NONE if column.kind.numeric else ""), column.kind, "total")
        else:
            leaf.put(at, place, value, column.kind, "total")


def _quotient(table: Table, column: Column, row: Sequence[Value], at: int) -> str | None:
    """The formula of a quotient; None where its column is none, or says something else than the two that it is of."""
    if column.of is None:
        return None
    above, below = (table.place(code) for code in column.of)
    over, under, value = row[above], row[below], row[table.place(column.code)]
    if not (isinstance(over, int) and isinstance(under, int)) or value != quotient(over, under, column.per):
        return None
    per = f"/{column.per}" if column.per != 1 else ""
    a, b = f"{letter(above + 1)}{at}", f"{letter(below + 1)}{at}"
    return f'=IF({b}=0,"{NONE}",{a}/{b}{per})'


def _adds_up(table: Table, at: int) -> bool:
    """Whether a sum of the cells is the document's: it has rows, and they are whole numbers or nothing."""
    return bool(table.rows) and all(row[at] is None or isinstance(row[at], int | str) for row in table.rows)


def _hide(leaf: Leaf, columns: Sequence[Column]) -> None:
    for at, column in enumerate(columns, 1):
        if column.hidden:
            leaf.sheet.column_dimensions[letter(at)].hidden = True


def _late(leaf: Leaf, table: Table) -> int:
    """Mark what is late: a hidden column says in which rows, and a rule reads it; returns how many columns.

    A rule for the cells as they stand now would stay in its place where somebody sorts the rows.
    """
    late = [column for column in table.columns if any(code == column.code for _, code in table.late)]
    ink = colours()["alarm"].lstrip("#")
    for number, column in enumerate(late):
        at = len(table.columns) + 1 + number
        leaf.write(HEAD, at, f"{MARK} {column.title}", "head")
        for row, code in sorted(table.late):
            if code == column.code:
                leaf.put(FIRST + row, at, MARK)
        leaf.sheet.column_dimensions[letter(at)].hidden = True
        form = NumberFormat(LATE_FORMAT + list(Kind).index(column.kind), late_format(column.kind))
        rule = Rule(
            "expression",
            dxf=DifferentialStyle(font=Font(bold=True, color=ink), numFmt=form),
            formula=[f'${letter(at)}{FIRST}="{MARK}"'],
        )
        leaf.sheet.conditional_formatting.add(_cells(table, column), rule)
    return len(late)


def _bars(leaf: Leaf, table: Table, *, compared: bool) -> None:
    """Draw bars behind shares, from nought to one; where there are none, behind the first counts of one thing."""
    shown = [column for column in table.columns if not column.hidden]
    shares = [column for column in shown if column.kind is Kind.SHARE]
    counts = [one for one in shown if one.kind in {Kind.COUNT, Kind.POINTS} and (one.total or compared)][:1]
    if len(table.rows) < 2:
        return
    colour = colours()["ramp-2"].lstrip("#")
    for column in shares or counts:
        end = ("num", 1) if column.kind is Kind.SHARE else ("max", None)
        leaf.sheet.conditional_formatting.add(
            _cells(table, column), DataBarRule("num", 0, *end, color=colour)
        )


def _cells(table: Table, column: Column) -> str:
    name = letter(table.place(column.code) + 1)
    return f"{name}{FIRST}:{name}{HEAD + len(table.rows)}"
