"""Who looks after which cell, in the database and in the lines so far: what does not fit is found by reading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from app.interop.rules import Calendar
from app.interop.service.staff.rows import Reading
from app.staffing.rules import KIND_OF, AssignmentKind, Duty

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a line asks for: somebody, a cell, a duty, the first day and the one after the last.

    Parameters
    ----------
    dated
        Whether the line itself names the first day.
    """

    row: int
    code: str
    cell: str
    cell_no: int
    duty: Duty
    from_on: date
    until_on: date | None
    place: str | None
    dated: bool

    @property
    def kind(self) -> AssignmentKind:
        """How the cell is looked after."""
        return KIND_OF[self.duty]

    @property
    def end(self) -> date:
        """The day after the last; the end of days where there is none."""
        return self.until_on or date.max

    @property
    def key(self) -> tuple[str, int, Duty]:
        """Of which no two may overlap."""
        return self.code, self.cell_no, self.duty

    def is_as(self, other: Row[Any]) -> bool:
        """Whether an assignment is the one that the line asks for."""
        if other.kind != self.kind.value or other.until_on != self.until_on:
            return False
        if self.dated:
            return bool(other.from_on == self.from_on)
        return bool(other.from_on <= self.from_on < (other.until_on or date.max))


def last_day(until_on: date | None) -> str:
    """The last day of a span as people write it; a dash where there is none."""
    return "–" if until_on is None else str(until_on - DAY)


Item = Wanted | Row[Any]


class Board:
    """Everybody's days. Lines are placed in the order of the file; one that does not fit gets its faults."""

    def __init__(self, present: Iterable[Row[Any]]) -> None:
        self.present: dict[tuple[str, int, Duty], list[Row[Any]]] = {}
        self.rows: dict[Any, int] = {}
        self.once: dict[tuple[str, int, Duty], Calendar[Item]] = {}
        self.cells: dict[int, Calendar[Item]] = {}
        self.officers: dict[str, Calendar[Item]] = {}
        for one in present:
            key = (one.code, one.cell_no, Duty(one.duty))
            self.present.setdefault(key, []).append(one)
            span = (one.from_on, one.until_on or date.max, one)
            self.once.setdefault(key, Calendar()).add(*span)
            if one.kind == AssignmentKind.FULL_TIME.value:
                self.cells.setdefault(one.cell_no, Calendar()).add(*span)
                self.officers.setdefault(one.code, Calendar()).add(*span)

    def place(self, line: Reading, wanted: Wanted, *, skip_bad: bool) -> Row[Any] | None:
        """Find a line its place; the assignment that it asks for where that is there already."""
        first = self.rows.setdefault((wanted.key, wanted.from_on, wanted.until_on), wanted.row)
        if first != wanted.row:
            line.wrong("row_twice", "code", first_row=first)
            return None
        there = next((one for one in self.present.get(wanted.key, ()) if wanted.is_as(one)), None)
        if there is not None:
            return there
        calendars, known = [self.once.setdefault(wanted.key, Calendar())], len(line.faults)
        overlaps = self._overlaps(line, wanted)
        if wanted.kind is AssignmentKind.FULL_TIME:
            calendars.append(self.cells.setdefault(wanted.cell_no, Calendar()))
            calendars.append(self.officers.setdefault(wanted.code, Calendar()))
            if not overlaps:
                self._second_officer(line, wanted)
                self._second_cell(line, wanted)
        # A row that cannot stay as it is, or is left out, is in nobody's way.
        if len(line.faults) == known and not (skip_bad and line.faults):
            for calendar in calendars:
                calendar.add(wanted.from_on, wanted.end, wanted)
        return None

    def _overlaps(self, line: Reading, wanted: Wanted) -> bool:
        met = self.once[wanted.key].meets(wanted.from_on, wanted.end)
        if isinstance(met, Wanted):
            line.wrong("assignment_overlaps_row", "cell", first_row=met.row)
        elif met is not None:
            line.wrong("assignment_overlaps", "cell", since=met.from_on, last=last_day(met.until_on))
        return met is not None

    def _second_officer(self, line: Reading, wanted: Wanted) -> None:
        met = self.cells[wanted.cell_no].meets(wanted.from_on, wanted.end)
        if isinstance(met, Wanted):
            line.wrong("cell_two_officers", "cell", first_row=met.row, code=met.code)
        elif met is not None:
            days = {"since": met.from_on, "last": last_day(met.until_on)}
            line.wrong("cell_has_officer", "cell", code=met.code, name=met.name, **days)

    def _second_cell(self, line: Reading, wanted: Wanted) -> None:
        met = self.officers[wanted.code].meets(wanted.from_on, wanted.end)
        if isinstance(met, Wanted):
            line.wrong("officer_two_cells", "code", first_row=met.row, cell=met.cell)
        elif met is not None:
            days = {"since": met.from_on, "last": last_day(met.until_on)}
            line.wrong("officer_has_cell", "code", cell=met.cell, **days)
