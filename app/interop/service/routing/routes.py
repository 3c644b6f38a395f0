"""派遣规则: which unit gets the cases of a kind in an area. Read, checked and written as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from app.cases.rules.grounds import Scope
from app.cases.store import routing_data
from app.cases.store.routing_data import RuleKey
from app.grid import store as grid
from app.grid.service import the_district
from app.interop.service.report import FaultLog, ImportReport
from app.interop.service.routing.fields import (
    LONGEST_NOTE,
    ROUTE_FIELDS,
    ROUTE_REQUIRED,
    Span,
    Words,
    met,
    read_span,
)
from app.interop.service.routing.plan import Plan
from app.interop.service.staff.rows import Reading, Sheet, read_sheet
from app.interop.service.staff.writing import judge, written
from spatial.readers import SourceOptions


@dataclass(frozen=True, slots=True)
class Route:
    """A line: what it is about, unit and note, when it holds."""

    row: int
    key: RuleKey
    says: tuple[str, str | None]
    span: Span


def import_routes(
    connection: Connection,
    path: Path,
    *,
    skip_bad: bool = False,
    dry_run: bool = False,
    log: FaultLog,
    source: SourceOptions | None = None,
    origin: str = "import",
) -> ImportReport:
    """Take in routing rules; what held for the same kind and area ends where a new rule begins.

    Columns: 种类 kind (code or name of a category, a major class or a business line), 区域 area (code or name),
    单位 unit (code or name, also 街道办, 社区工作站 and the like, of which each area has its own), 备注 note, 起 from,
    至 until. Without a day under `from` a rule holds from today.

    Raises
    ------
    LayerError
        Rows are faulty, or there are none or too many; nothing was written.
    spatial.errors.SourceError
        The file cannot be read.
    ConflictError
        `roster_conflict`: another session was quicker; nothing was written.
    NotFoundError
        `district_missing`.
    """
    district = the_district(connection)
    today = grid.today(connection, district.id)
    sheet = read_sheet(path, ROUTE_FIELDS, ROUTE_REQUIRED, source or SourceOptions())
    routes, lines = read_routes(connection, sheet)
    bad = judge((*sheet.faults, *(fault for line in lines for fault in line.faults)), log, skip_bad=skip_bad)
    good = [(route.key, route.says, route.span) for route in routes if route.row not in bad]
    plan = Plan(routing_data.rules(connection, district.id), today).of(good)
    report = ImportReport(len(lines) + len(sheet.faults), skipped=len(bad), dry_run=dry_run)
    report.notes += [(note.code, dict(note.facts)) for note in sheet.notes]
    with written(connection, dry_run=dry_run):
        routing_data.end(connection, "routing_rules", plan.ends)
        routing_data.add_rules(connection, district.id, plan.new, source=origin)
    report.added, report.changed, report.unchanged = plan.added, plan.changed, plan.unchanged
    report.faults, report.fault_count = log.first, log.count
    return report


def read_routes(connection: Connection, sheet: Sheet) -> tuple[list[Route], list[Reading]]:
    """The rules of a table, and its lines with all that is wrong with them."""
    district = the_district(connection)
    today = grid.today(connection, district.id)
    words = Words(connection, district)
    lines = [Reading(sheet, row, values) for row, values in sheet.lines]
    found: dict[RuleKey, list[tuple[int, Span]]] = {}
    routes = []
    for line in lines:
        kind = words.kind(line, needed=True)
        area = words.areas.find(line, "area", "area_unknown", "area_ambiguous")
        unit, note = words.unit(line), line.text("note", LONGEST_NOTE)
        span = read_span(line)
        if area is None or unit is None or kind.scope is Scope.ANYTHING:
            continue
        key = (kind.category_id, kind.major, kind.line, area)
        first = met(found.get(key, ()), span, today)
        if first is not None:
            line.wrong("row_twice", "kind", first_row=first)
        found.setdefault(key, []).append((line.row, span))
        routes.append(Route(line.row, key, (unit, note), span))
    return routes, lines
