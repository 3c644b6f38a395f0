"""The lines of a duty roster: which unit, who, from when until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row

from app.interop.service.staff.board import DAY
from app.interop.service.staff.people import LONGEST_CODE
from app.interop.service.staff.rows import Reading
from app.staffing.store import bulk
from app.writing import plain, read_clock, read_clock_end, read_day, read_yes_no

LONGEST = timedelta(hours=36)
"""The longest shift that the store takes."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a line asks for: a unit, somebody, from when until when in UTC; `leads` is None where nothing is said."""

    row: int
    unit_id: int
    unit: str
    staff_id: int
    on_day: date
    starts_at: datetime
    ends_at: datetime
    leads: bool | None


class Units:
    """Units by their code, else by a name that only one of them has."""

    def __init__(self, rows: Iterable[Row[Any]]) -> None:
        self.codes: dict[str, Row[Any]] = {}
        self.names: dict[str, list[Row[Any]]] = {}
        for row in rows:
            self.codes[row.code.casefold()] = row
            for name in {row.name, row.full_name, row.name_en} - {None}:
                self.names.setdefault(plain(name).casefold(), []).append(row)

    def find(self, line: Reading) -> Row[Any] | None:
        """The unit that a line names; None where there is none or more than one, which is a fault."""
        said = line.values.get("unit")
        if said is None:
            line.wrong("value_missing", "unit")
            return None
        word = plain(said).casefold()
        named = self.names.get(word, [])
        found = self.codes.get(word) or (named[0] if len(named) == 1 else None)
        if found is None and named:
            line.wrong("unit_ambiguous", "unit", codes=", ".join(row.code for row in named[:10]))
        elif found is None:
            line.wrong("unit_unknown", "unit")
        return found


def turns_of(
    connection: Connection, district: Row[Any], lines: Iterable[Reading], zone: ZoneInfo
) -> dict[int, Turn]:
    """What the lines ask for, by row; without those of which too little is right."""
    codes = {line.row: line.text("code", LONGEST_CODE, needed=True) for line in lines}
    people = bulk.people(connection, district.id, {code for code in codes.values() if code is not None})
    units = Units(bulk.units(connection, district.id))
    found = {}
    for line in lines:
        unit, code = units.find(line), codes[line.row]
        person = None if code is None else people.get(code)
        if code is not None and (person is None or not person.within):
            line.wrong("person_unknown", "code")
            person = None
        leads = line.value("leads", read_yes_no, "yes_no_invalid")
        span = _span(line, zone)
        if unit is not None and person is not None and span is not None:
            found[line.row] = Turn(line.row, unit.id, unit.name, person.id, *span, leads)
    return found


def _span(line: Reading, zone: ZoneInfo) -> tuple[date, datetime, datetime] | None:
    """The day of a line, and beginning and end in UTC; None where they are wrong."""
    day = line.value("date", read_day, "day_invalid", needed=True)
    start = line.value("start", read_clock, "clock_invalid", needed=True)
    end = line.value("end", read_clock_end, "clock_invalid", needed=True)
    known = len(line.faults)
    until = line.value("end_date", read_day, "day_invalid")
    if day is None or start is None or end is None or len(line.faults) > known:
        return None
    if until is None:
        until = day if end > start else day + DAY
    elif plain(line.values["end"] or "").startswith("24"):
        until += DAY
    starts_at = datetime.combine(day, start, zone).astimezone(UTC)
    ends_at = datetime.combine(until, end, zone).astimezone(UTC)
    if ends_at <= starts_at:
        line.wrong("shift_reversed", "end")
        return None
    if ends_at - starts_at > LONGEST:
        hours = round((ends_at - starts_at) / timedelta(hours=1), 1)
        line.wrong("shift_too_long", "end", hours=hours, most=LONGEST // timedelta(hours=1))
        return None
    return day, starts_at, ends_at
