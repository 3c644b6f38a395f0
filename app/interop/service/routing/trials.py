"""Rules and numbers of people that are only tried out: read like those that are taken in, and written nowhere."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from app.cases.store.routing_data import RuleKey
from app.grid.service import the_district
from app.interop.rules import Names
from app.interop.service.report import FaultLog
from app.interop.service.routing.fields import ROUTE_FIELDS, ROUTE_REQUIRED, Words
from app.interop.service.routing.routes import read_routes
from app.interop.service.staff.rows import Reading, read_sheet
from app.interop.service.staff.writing import judge
from spatial.readers import SourceOptions

STAFF_FIELDS: Names = {
    "unit": ("unit", "单位", "unit_code"),
    "now": ("people_now", "now", "现有人数", "现有"),
    "then": ("people", "people_then", "then", "人数", "调整后人数"),
}
MOST_PEOPLE = 100_000


def read_trial(connection: Connection, path: Path) -> list[tuple[RuleKey, str]]:
    """The rules of a file, by what they are about; days under `from` and `until` are read and left aside.

    Raises
    ------
    LayerError, spatial.errors.SourceError
        As `import_routes`.
    """
    sheet = read_sheet(path, ROUTE_FIELDS, ROUTE_REQUIRED, SourceOptions())
    routes, lines = read_routes(connection, sheet)
    with FaultLog(None, "zh_CN") as log:
        judge((*sheet.faults, *(fault for line in lines for fault in line.faults)), log, skip_bad=False)
    return [(route.key, route.says[0]) for route in routes]


def read_staff(connection: Connection, path: Path) -> dict[str, tuple[int | None, int]]:
    """Of units by their codes, how many people handle cases now (None where the file does not say), and would.

    Raises
    ------
    LayerError
        Rows are faulty, or there are none or too many.
    spatial.errors.SourceError
        The file cannot be read.
    """
    sheet = read_sheet(path, STAFF_FIELDS, ("unit", "then"), SourceOptions())
    words = Words(connection, the_district(connection))
    lines = [Reading(sheet, row, values) for row, values in sheet.lines]
    found: dict[str, tuple[int | None, int]] = {}
    rows: dict[str, int] = {}
    for line in lines:
        unit = words.unit(line)
        now, then = (
            line.value(name, _people, "people_invalid", needed=name == "then") for name in ("now", "then")
        )
        if unit is None or then is None:
            continue
        if unit not in words.unit_ids:
            line.wrong("routing_unit_unknown", "unit")
        if rows.setdefault(unit, line.row) != line.row:
            line.wrong("row_twice", "unit", first_row=rows[unit])
        found[unit] = (now, then)
    with FaultLog(None, "zh_CN") as log:
        judge((*sheet.faults, *(fault for line in lines for fault in line.faults)), log, skip_bad=False)
    return found


def _people(raw: str) -> int:
    value = int(raw)
    if not 1 <= value <= MOST_PEOPLE:
        raise ValueError(raw)
    return value
