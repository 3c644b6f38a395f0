"""The roster of cells: who looks after which one, read, checked and written as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row

from app.grid import store as grid
from app.grid.service import the_district
from app.interop.rules import STAFF_FIELDS, STAFF_REQUIRED, read_cell, read_duty
from app.interop.service.report import FaultLog, ImportReport
from app.interop.service.staff.board import DAY, Board, Wanted
from app.interop.service.staff.people import LONGEST_CODE, LONGEST_NAME, Crowd, gather
from app.interop.service.staff.rows import Reading, Sheet, read_sheet
from app.interop.service.staff.writing import judge, whole, written
from app.staffing.store import bulk
from app.writing import read_day, read_phone
from spatial.readers import SourceOptions

LONGEST_PLACE = 80


@dataclass(slots=True)
class Line:
    """What could be read of a line; `wanted` is None where too little is right to hold it against the others."""

    reading: Reading
    code: str | None
    name: str | None
    phone: str | None
    wanted: Wanted | None = None


@dataclass(slots=True)
class Plan:
    """What is to be written: the lines kept, the new assignments among them, other places by the assignment's id."""

    kept: list[Wanted] = field(default_factory=list)
    new: list[Wanted] = field(default_factory=list)
    places: dict[int, Wanted] = field(default_factory=dict)


def import_staff(
    connection: Connection,
    path: Path,
    *,
    skip_bad: bool = False,
    dry_run: bool = False,
    entered_by: int | None = None,
    log: FaultLog,
    source: SourceOptions | None = None,
) -> ImportReport:
    """Put the people of a file at work in their cells: who is known by the code is updated, who is not is entered.

    Columns: 工号 code, 姓名 name, 电话 phone, 网格编码 cell, 职责 duty, 楼栋或庭院 place, 起 from, 至 until. The day
    under `until` is the last one, as people write it; the store keeps the day after it. Without a day under `from`
    an assignment begins today, and one that is in force today with the same end is the same one.

    Parameters
    ----------
    skip_bad
        Whether rows with faults are left out, instead of refusing the file.
    dry_run
        Whether it is only said what would happen.
    entered_by
        The account that acts, by which new people are in its sight; None for the platform itself.
    log
        Takes all faults.
    source
        Sheet, encoding, and columns that are not known by their name.

    Returns
    -------
    Rows added; rows changed, whose assignment was there but not the name, the number or the place; rows unchanged.

    Raises
    ------
    LayerError
        Rows are faulty, or there are none or too many; nothing was written.
    spatial.errors.SourceError
        The file cannot be read.
    ConflictError
        `roster_outrun`, `roster_conflict`: another session was quicker; nothing was written.
    NotFoundError
        `district_missing`.
    """
    district = the_district(connection)
    sheet = read_sheet(path, STAFF_FIELDS, STAFF_REQUIRED, source or SourceOptions())
    lines = _lines(connection, district, sheet)
    people = [(line.code, line.name) for line in lines if line.code is not None and line.name is not None]
    crowd = gather(connection, district.id, people, entered_by)
    plan = _check(connection, lines, crowd, skip_bad=skip_bad)
    faults = [*sheet.faults, *(fault for line in lines for fault in line.reading.faults)]
    bad = judge(faults, log, skip_bad=skip_bad)
    report = ImportReport(len(lines) + len(sheet.faults), skipped=len(bad), dry_run=dry_run)
    report.notes += [(note.code, dict(note.facts)) for note in sheet.notes]
    with written(connection, dry_run=dry_run):
        _write_people(connection, district, plan, crowd, entered_by)
        _write_assignments(connection, district, plan)
    _count(report, plan, crowd)
    report.faults, report.fault_count = log.first, log.count
    return report


def _lines(connection: Connection, district: Row[Any], sheet: Sheet) -> list[Line]:
    numbers = bulk.cell_numbers(connection, district.id)
    today = grid.today(connection, district.id)
    return [_line(Reading(sheet, row, values), numbers, today) for row, values in sheet.lines]


def _line(reading: Reading, numbers: Mapping[str, int], today: date) -> Line:
    line = Line(
        reading,
        reading.text("code", LONGEST_CODE, needed=True),
        reading.text("name", LONGEST_NAME, needed=True),
        reading.value("phone", read_phone, "phone_invalid"),
    )
    cell = reading.value("cell", read_cell, "cell_code_invalid", needed=True)
    if cell is not None and cell not in numbers:
        reading.wrong("cell_unknown", "cell")
    duty = reading.value("duty", read_duty, "duty_unknown", needed=True)
    place = reading.text("place", LONGEST_PLACE)
    days = _days(reading, today)
    if line.code is None or cell not in numbers or duty is None or days is None:
        return line
    dated = reading.values.get("from") is not None
    line.wanted = Wanted(
        reading.row, line.code, str(cell), numbers[str(cell)], duty, *days, place, dated=dated
    )
    return line


def _days(reading: Reading, today: date) -> tuple[date, date | None] | None:
    """First day and the day after the last; None where they are wrong."""
    known = len(reading.faults)
    from_on = reading.value("from", read_day, "day_invalid") or today
    last = reading.value("until", read_day, "day_invalid")
    if len(reading.faults) > known:
        return None
    if last is not None and last < from_on:
        reading.wrong("until_before_from", "until", begin=from_on)
        return None
    return from_on, None if last is None else last + DAY


def _check(connection: Connection, lines: Iterable[Line], crowd: Crowd, *, skip_bad: bool) -> Plan:
    staff = [person.id for person in crowd.known.values()]
    cells = {line.wanted.cell_no for line in lines if line.wanted is not None}
    board, plan = Board(bulk.assignments(connection, staff, cells)), Plan()
    for line in lines:
        if line.code is not None and line.name is not None:
            crowd.hear(line.reading, line.code, line.name, line.phone)
        if line.wanted is None:
            continue
        there = board.place(line.reading, line.wanted, skip_bad=skip_bad)
        if line.reading.faults:
            continue
        plan.kept.append(line.wanted)
        if there is None:
            plan.new.append(line.wanted)
        elif line.wanted.place not in {None, there.place}:
            plan.places[there.id] = line.wanted
    return plan


def _write_people(
    connection: Connection, district: Row[Any], plan: Plan, crowd: Crowd, entered_by: int | None
) -> None:
    codes = [one.code for one in plan.kept]
    bulk.add_people(
        connection,
        district.id,
        crowd.new(codes),
        entered_by=entered_by,
        simulated=district.simulated,
    )
    changed = crowd.changed(codes)
    done = bulk.change_people(connection, {crowd.known[code].id: said for code, said in changed.items()})
    if done != len(changed):
        whole({one.row for one in plan.kept if one.code in changed})


def _write_assignments(connection: Connection, district: Row[Any], plan: Plan) -> None:
    people = bulk.ids(connection, district.id, {one.code for one in plan.kept})
    whole({one.row for one in plan.kept if one.code not in people})
    rows = {(people[one.code], one.cell_no, one.duty.value, one.from_on): one for one in plan.new}
    done = bulk.add_assignments(
        connection,
        [
            (*key[:2], one.kind.value, one.duty.value, one.from_on, one.until_on, one.place)
            for key, one in rows.items()
        ],
    )
    whole({one.row for key, one in rows.items() if key not in done})
    places = {number: one.place or "" for number, one in plan.places.items()}
    if bulk.change_places(connection, places) != len(places):
        whole({one.row for one in plan.places.values()})


def _count(report: ImportReport, plan: Plan, crowd: Crowd) -> None:
    """Every row that was kept counts once: as added, else as changed, else as unchanged."""
    new, codes = {one.row for one in plan.new}, [one.code for one in plan.kept]
    entered, changed = len(crowd.new(codes)), crowd.changed(codes)
    firsts: dict[str, int] = {}
    for one in plan.kept:
        firsts.setdefault(one.code, one.row)
    touched = {firsts[code] for code in changed} | {one.row for one in plan.places.values()}
    report.added, report.changed = len(new), len(touched - new)
    report.unchanged = len(plan.kept) - report.added - report.changed
    if entered:
        report.note("people_entered", count=entered)
    if changed:
        report.note("people_changed", count=len(changed))
