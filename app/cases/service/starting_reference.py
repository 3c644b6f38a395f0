"""The files of reference data are the source of a district's tables, as long as a table of it has no row."""

from __future__ import annotations

from sqlalchemy import Connection, text

from app.cases.rules.reference import ALWAYS, FROM, TO, ReferenceTable
from app.cases.rules.reference_plan import Fate, Held, Plan, Step, read_row
from app.cases.rules.reference_tables import BY_NAME, PHRASE_KINDS
from app.cases.service.reference_data import reference
from app.cases.store import reference as store
from app.errors import InvalidError, UnavailableError

FILLED = (
    "business_lines", "majors", "seasons", "phrases", "calendars", "calendar_hours", "calendar_days", "stage_limits",
    "loops",
)  # fmt: skip
"""Tables that a district begins with."""

OPTIONAL = "calendar_days"
"""Of which there may be no file."""


def add(connection: Connection, district_id: int) -> None:
    """Fill the tables that a district has no row of, from the files.

    Raises
    ------
    InvalidError
        `reference_row_unusable`, naming the file, the row and the column.
    UnavailableError
        `reference_missing`.
    """
    for name in FILLED:
        table = BY_NAME[name]
        if not store.held(connection, district_id, table):
            steps = [_step(table, number, row) for number, row in enumerate(_rows(name), start=2)]
            store.write(connection, district_id, table, Plan(steps).steps)


def fill_districts(connection: Connection) -> None:
    """Fill the tables of districts that have none, as one has that was made by an earlier version."""
    statement = (
        "SELECT id FROM districts d WHERE NOT EXISTS (SELECT FROM loops WHERE district_id = d.id) ORDER BY id"
    )
    for district_id in connection.execute(text(statement)).scalars().all():
        add(connection, district_id)


def _rows(name: str) -> tuple[dict[str, str], ...]:
    try:
        return tuple(dict(row) for row in reference(name) if name != "phrases" or row["kind"] in PHRASE_KINDS)
    except UnavailableError:
        if name != OPTIONAL:
            raise
        return ()


def _step(table: ReferenceTable, number: int, raw: dict[str, str]) -> Step:
    row, wrong = read_row(table, raw)
    wrong += table.check(row)
    if wrong:
        raise InvalidError("reference_row_unusable", file=table.name, row=number, field=wrong[0].field)
    values = {name: row.get(name, "") for name in table.by_name}
    return Step(Fate.ADDED, number, None, Held(0, values, row.get(FROM) or ALWAYS, row.get(TO, "")))
