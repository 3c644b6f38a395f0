"""The duty roster 值班表: who is planned at which unit, read, checked and written as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row

from app.grid.service import the_district
from app.interop.rules import SHIFT_FIELDS, SHIFT_REQUIRED, Calendar
from app.interop.service.report import FaultLog, ImportReport
from app.interop.service.staff.board import DAY, last_day
from app.interop.service.staff.rows import Reading, read_sheet
from app.interop.service.staff.turns import Turn, turns_of
from app.interop.service.staff.writing import judge, whole, written
from app.staffing.store import bulk
from spatial.readers import SourceOptions


@dataclass(slots=True)
class Plan:
    """What is to be written: the lines kept, the new shifts among them, who leads by the shift's id."""

    kept: list[Turn] = field(default_factory=list)
    new: list[Turn] = field(default_factory=list)
    leads: dict[int, Turn] = field(default_factory=dict)


def import_shifts(
    connection: Connection,
    path: Path,
    *,
    skip_bad: bool = False,
    dry_run: bool = False,
    log: FaultLog,
    source: SourceOptions | None = None,
) -> ImportReport:
    """Put the shifts of a file on the duty roster; those that are there stay, but for who leads.

    Columns: 单位 unit (code or name), 工号 code, 日期 date, 起 start, 止 end, 带班 leads, 止日期 end_date. Times are
    local to the district. An end that is not after the beginning is on the next day, unless `end_date` names it.

    Parameters
    ----------
    skip_bad, dry_run, log, source
        As those of `import_staff`.

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

    Notes
    -----
    In an hour that the clocks repeat a time is taken as the first of the two; one that they skip is as much later as
    they are put forward.
    """
    district = the_district(connection)
    sheet = read_sheet(path, SHIFT_FIELDS, SHIFT_REQUIRED, source or SourceOptions())
    lines = [Reading(sheet, row, values) for row, values in sheet.lines]
    zone = ZoneInfo(district.timezone)
    turns = turns_of(connection, district, lines, zone)
    plan = _check(connection, lines, turns, zone, skip_bad=skip_bad)
    bad = judge((*sheet.faults, *(fault for line in lines for fault in line.faults)), log, skip_bad=skip_bad)
    report = ImportReport(len(lines) + len(sheet.faults), skipped=len(bad), dry_run=dry_run)
    report.notes += [(note.code, dict(note.facts)) for note in sheet.notes]
    with written(connection, dry_run=dry_run):
        _write(connection, plan, simulated=district.simulated)
    report.added, report.changed = len(plan.new), len(plan.leads)
    report.unchanged = len(plan.kept) - report.added - report.changed
    report.faults, report.fault_count = log.first, log.count
    return report


def _check(
    connection: Connection,
    lines: Iterable[Reading],
    turns: Mapping[int, Turn],
    zone: ZoneInfo,
    *,
    skip_bad: bool,
) -> Plan:
    plan, staff = Plan(), {turn.staff_id for turn in turns.values()}
    rota, leaves = _rota(connection, turns, staff), _leaves(connection, staff)
    rows: dict[Any, int] = {}
    for line in lines:
        turn = turns.get(line.row)
        if turn is None:
            continue
        first = rows.setdefault((turn.staff_id, turn.unit_id, turn.starts_at, turn.ends_at), turn.row)
        if first != turn.row:
            line.wrong("row_twice", "code", first_row=first)
            continue
        away = leaves.get(turn.staff_id, Calendar()).meets(turn.on_day, turn.on_day + DAY)
        if away is not None:
            line.wrong("person_on_leave", "code", since=away.from_on, last=last_day(away.until_on))
        theirs = rota.setdefault(turn.staff_id, Calendar())
        there = _place(line, turn, theirs, zone, skip_bad=skip_bad)
        if line.faults:
            continue
        plan.kept.append(turn)
        if there is None:
            plan.new.append(turn)
        elif turn.leads not in {None, there.leads}:
            plan.leads[there.id] = turn
    return plan


def _rota(
    connection: Connection, turns: Mapping[int, Turn], staff: set[int]
) -> dict[int, Calendar[Turn | Row[Any]]]:
    """The shifts of these people that are on the roster already, for as long as the file is about."""
    if not turns:
        return {}
    since, until = (
        min(turn.starts_at for turn in turns.values()),
        max(turn.ends_at for turn in turns.values()),
    )
    found: dict[int, Calendar[Turn | Row[Any]]] = {}
    for one in bulk.shifts(connection, staff, since, until):
        found.setdefault(one.staff_id, Calendar()).add(one.starts_at, one.ends_at, one)
    return found


def _leaves(connection: Connection, staff: set[int]) -> dict[int, Calendar[Row[Any]]]:
    found: dict[int, Calendar[Row[Any]]] = {}
    for one in bulk.leaves(connection, staff):
        found.setdefault(one.staff_id, Calendar()).add(one.from_on, one.until_on, one)
    return found


def _place(
    line: Reading, turn: Turn, rota: Calendar[Turn | Row[Any]], zone: ZoneInfo, *, skip_bad: bool
) -> Row[Any] | None:
    """Find a line its place; the shift that it asks for where that is there already."""
    met = rota.meets(turn.starts_at, turn.ends_at)
    if isinstance(met, Turn):
        line.wrong("shift_overlaps_row", "code", first_row=met.row, unit=met.unit)
    elif met is not None:
        if (met.unit_id, met.starts_at, met.ends_at) == (turn.unit_id, turn.starts_at, turn.ends_at):
            return met
        since, until = (f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (met.starts_at, met.ends_at))
        line.wrong("shift_overlaps", "code", unit=met.unit, since=since, until=until)
    if not (skip_bad and line.faults):  # a row that is left out is in nobody's way
        rota.add(turn.starts_at, turn.ends_at, turn)
    return None


def _write(connection: Connection, plan: Plan, *, simulated: bool) -> None:
    rows = {(turn.staff_id, turn.starts_at): turn for turn in plan.new}
    done = bulk.add_shifts(
        connection,
        [(turn.unit_id, turn.staff_id, turn.starts_at, turn.ends_at, bool(turn.leads)) for turn in plan.new],
        simulated=simulated,
    )
    whole({turn.row for key, turn in rows.items() if key not in done})
    leads = {number: bool(turn.leads) for number, turn in plan.leads.items()}
    if bulk.change_leads(connection, leads) != len(leads):
        whole({turn.row for turn in plan.leads.values()})
