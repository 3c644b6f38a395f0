"""A table of a report, with the last line that its rows add up to."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from app.reports.rules.values import Kind, Value


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    of
        Codes of the columns whose quotient it is: a format that calculates writes the formula.
    per
        By what that quotient is divided again: 3,600 turns seconds of each into hours.
    total
        Whether the rows' counts add up to something; a quotient has a total where both of its columns have.
    hidden
        Whether it is there for the formulas only.
    """

    code: str
    title: str
    kind: Kind = Kind.TEXT
    of: tuple[str, str] | None = None
    per: int = 1
    total: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Parameters
    ----------
    late
        Row and column of the cells that are marked as late or bad, by mark and colour.
    printed
        How many rows are written where people read page by page; all of them stand in a workbook. None for all.
    """

    code: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""
    late: frozenset[tuple[int, str]] = frozenset()
    printed: int | None = None

    def __post_init__(self) -> None:
        known = [column.code for column in self.columns]
        if len(set(known)) < len(known) or any(len(row) != len(known) for row in self.rows):
            raise ValueError(self.code)

    def place(self, code: str) -> int:
        """Where a column stands."""
        return next(at for at, column in enumerate(self.columns) if column.code == code)

    @property
    def totals(self) -> tuple[Value, ...] | None:
        """The last line: counts added up, quotients of what was added up; None where nothing adds up."""
        if not any(column.total for column in self.columns):
            return None
        return tuple(self._total(column) for column in self.columns)

    def _total(self, column: Column) -> Value:
        if column.of is not None:
            above, below = (self.columns[self.place(code)] for code in column.of)
            if not (above.total and below.total):
                return None
            return quotient(self._sum(above), self._sum(below), column.per)
        return self._sum(column) if column.total else None

    def _sum(self, column: Column) -> int:
        at = self.place(column.code)
        return sum(value for row in self.rows if isinstance(value := row[at], int))


def quotient(above: int, below: int, per: int = 1) -> Fraction | None:
    """A share or a mean; None where there is nothing to take one of."""
    return Fraction(above, below * per) if below else None
