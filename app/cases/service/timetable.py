"""What clocks are read by: calendars, the limits of desks' stages, whose calendar is whose.

It is kept in the process under the version of the reference data: whoever holds a case knows that version already, so a
move asks for no more, and a change counts in every process from the next move on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from app.cases.rules.calendars import Calendar
from app.cases.rules.limits import Limit
from app.cases.rules.localtime import to_instant
from app.cases.rules.loops import Loop
from app.cases.rules.opening import Season
from app.cases.rules.reference import ALWAYS
from app.cases.rules.timing import Stage, Timetable
from app.cases.service.reference_data import reference
from app.cases.store import reference as tables
from app.cases.store.almanac import calendars, from_rows

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """The reference data of a version, as far as clocks need them."""

    version: int
    table: Timetable
    seasons: tuple[tuple[str, Season, date, date], ...]


KEPT: dict[tuple[Engine, int], Known] = {}
"""The last version of each district of each database."""


@cache
def timetable() -> Timetable:
    """The timetable of the files, with which a district begins.

    Raises
    ------
    InvalidError, UnavailableError
        As `calendars` and `reference`; `limit_unusable`.
    """
    return Timetable(
        calendars=calendars(),
        limits={
            (Stage(row["stage"]), row["urgent"] == "yes"): Limit.parse(row["amount"], row["unit"])
            for row in reference("stage_limits")
        },
        desks={Loop(row["code"]): row["calendar"] for row in reference("loops")},
    )


def timetable_of(connection: Connection, district_id: int, version: int | None = None) -> Timetable:
    """The timetable of a district, as it is edited.

    Parameters
    ----------
    version
        That of the reference data, where it was read already.

    Raises
    ------
    InvalidError, UnavailableError
        As `timetable`.
    """
    return _known(connection, district_id, version).table


def season_is_on(connection: Connection, district_id: int, code: str | None, day: date) -> bool:
    """Whether a season 时令 is on, on a local day."""
    return code is not None and any(
        name == code and since <= day < until and season.holds(day)
        for name, season, since, until in _known(connection, district_id, None).seasons
    )


def calendars_of(rows: Mapping[str, Sequence[Row]]) -> dict[str, Calendar]:
    """Calendars by code, of the rows of the database's tables; one without hours is not there yet.

    Raises
    ------
    InvalidError
        `calendar_row_unusable`, `country_unknown`.
    """
    hours = [(row["id"], _text(row)) for row in rows["calendar_hours"] if _held(row)]
    open_ones = {row["calendar"] for _, row in hours}
    found = [(row["id"], _text(row)) for row in rows["calendars"] if _held(row) and row["code"] in open_ones]
    return from_rows(found, hours, [(row["id"], _text(row)) for row in rows["calendar_days"]])


def _known(connection: Connection, district_id: int, version: int | None) -> Known:
    key = (connection.engine, district_id)
    kept = KEPT.get(key)
    if kept is not None and kept.version == (version or tables.version(connection)):
        return kept
    rows = tables.of_clocks(connection, district_id)
    seasons = tuple(
        (row["code"], Season.parse(row["begin"], row["end"]), *_validity(row)) for row in rows["seasons"]
    )
    # Rows and version are of one snapshot, so they belong together whoever changes what meanwhile.
    made = KEPT[key] = Known(rows["version"], _timetable(rows), seasons)
    return made


def _timetable(rows: Mapping[str, Any]) -> Timetable:
    """What the database lacks is as the files say: without a calendar or a desk no case could be filed."""
    known = {**timetable().calendars, **calendars_of(rows)}
    dated = [row for name in ("stage_limits", "loops") for row in rows[name]]
    days = sorted({day for row in dated for day in _validity(row) if date.min < day < date.max})
    zone = ZoneInfo(rows["timezone"])
    tables_in_time = [_on(day, rows, known) for day in (date.min, *days)]
    later = tuple(
        (to_instant(datetime.combine(day, time()), zone), table)
        for day, table in zip(days, tables_in_time[1:], strict=True)
    )
    first = tables_in_time[0]
    return Timetable(first.calendars, first.limits, first.desks, later)


def _on(day: date, rows: Mapping[str, Any], known: Mapping[str, Calendar]) -> Timetable:
    limits = {
        (Stage(row["stage"]), row["urgent"]): Limit.parse(str(row["amount"]), row["unit"])
        for row in _in_force(rows["stage_limits"], day)
    }
    desks = {
        Loop(row["code"]): row["calendar"]
        for row in _in_force(rows["loops"], day)
        if row["calendar"] in known
    }
    files = timetable()
    return Timetable(known, limits if rows["stage_limits"] else files.limits, {**files.desks, **desks})


def _in_force(rows: Iterable[Row], day: date) -> list[Row]:
    spans = [(row, *_validity(row)) for row in rows]
    return [row for row, since, until in spans if since <= day < until]


def _validity(row: Row) -> tuple[date, date]:
    since, until = row["valid_from_on"], row["valid_to_on"]
    return (
        date.min if since <= ALWAYS else date.fromisoformat(since),
        date.fromisoformat(until) if until else date.max,
    )


def _held(row: Row) -> bool:
    return row["valid_from_on"] != row["valid_to_on"]


def _text(row: Row) -> dict[str, str]:
    """A row as files write it."""
    found = {name: "" if value is None else str(value) for name, value in row.items()}
    return {**found, "valid_from_on": "" if row["valid_from_on"] <= ALWAYS else row["valid_from_on"]}
