"""Reference data are edited: what is wanted is planned, refused with all its faults, or written whole and logged."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, OperationalError

from app.accounts.service.managing import Hand
from app.cases.rules.reference import FROM, TO, ReferenceTable, Texts
from app.cases.rules.reference_plan import Fate, Held, Plan, Planner, Step, read_row
from app.cases.rules.reference_tables import BY_NAME
from app.cases.rules.timing import OFFICE
from app.cases.service.reference_data import reference
from app.cases.service.timetable import calendars_of
from app.cases.store import reference as store
from app.cases.store import reference_names
from app.errors import ConflictError, InvalidError, NotFoundError
from app.ledger import store as ledger
from app.ledger.store import Entry

CLOCKED = frozenset({"calendars", "calendar_hours", "calendar_days", "loops", "units"})
"""Tables after whose change the calendars are tried."""

TERRITORIAL = frozenset({"territory", "community"})
"""Kinds of units of which each area has its own: a condition names them by what they are."""

DEADLOCK = "40P01"


def table_of(name: str) -> ReferenceTable:
    """A table by its name.

    Raises
    ------
    NotFoundError
        `reference_table_missing`.
    """
    found = BY_NAME.get(name)
    if found is None:
        raise NotFoundError("reference_table_missing", name=name[:40])
    return found


def today(connection: Connection, district_id: int) -> date:
    """The day that it is in a district."""
    found: date = connection.execute(
        text("SELECT district_today(:district)"), {"district": district_id}
    ).scalar_one()
    return found


def choices(
    connection: Connection, district_id: int, table: ReferenceTable, *, english: bool = False
) -> dict[str, list[tuple[str, str]]]:
    """What may be named in each column that refers: keys, and what they are called."""
    day = today(connection, district_id)
    known = {
        name: reference_names.named(connection, district_id, name, day, english=english)
        for name in {column.refers for column in table.columns if column.refers}
    }
    if table.name == "filing_conditions":
        known["units"] += [
            (row["code"], row["name_en" if english else "name"])
            for row in reference("units")
            if row["kind"] in TERRITORIAL
        ]
    return known


def plan(
    connection: Connection, district_id: int, table: ReferenceTable, rows: Iterable[tuple[int, Texts]]
) -> Plan:
    """What would become of rows, each with its number."""
    known: Mapping[str, Collection[str]] = {
        name: {key for key, _ in pairs} for name, pairs in choices(connection, district_id, table).items()
    }
    rows = list(rows)
    held = _concerned(connection, district_id, table, rows)
    planner = Planner(table, held, today(connection, district_id).isoformat(), known)
    for number, row in rows:
        planner.take(number, row)
    return planner.plan


def _concerned(
    connection: Connection, district_id: int, table: ReferenceTable, rows: Sequence[tuple[int, Texts]]
) -> list[Held]:
    """The rows that others meet: of a single one those of its key, where other keys have no say."""
    if len(rows) != 1 or table.clash is not None:
        return store.held(connection, district_id, table)
    found, _ = read_row(table, rows[0][1])
    return store.of_key(connection, district_id, table, Held(0, found, ""))


def carry_out(connection: Connection, district_id: int, table: ReferenceTable, wanted: Plan) -> None:
    """Write all that was planned, or nothing.

    Raises
    ------
    ConflictError
        `reference_conflict`: somebody else has changed the table meanwhile.
    InvalidError
        `calendar_row_unusable`, `calendar_never_opens`: no case could be filed any more.
    """
    try:
        with connection.begin_nested():
            store.write(connection, district_id, table, wanted.steps)
            if table.name in CLOCKED:
                _try_calendars(connection, district_id)
    except IntegrityError as error:
        raise ConflictError("reference_conflict", table=table.name) from error
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != DEADLOCK:
            raise
        raise ConflictError("reference_conflict", table=table.name) from error


def log_change(connection: Connection, table: ReferenceTable, step: Step, *, by: Hand) -> None:
    """Write in the access log what became of a row, by its key and the names of what changed."""
    row = step.new or step.old
    assert row is not None  # a step is about a row
    before = {} if step.old is None else step.old.values
    changed = sorted(name for name, value in row.values.items() if before.get(name, "") != value)
    facts: dict[str, Any] = {"fate": step.fate.value, "from": row.since, "to": row.until or None}
    if step.fate is Fate.CHANGED:
        facts["changed"] = changed
    if step.fate is Fate.ENDED:
        facts |= {column.name: row.values[column.name] for column in table.on_end if row.values[column.name]}
    key = " ".join(part for part in table.key_of(row.values) if part)[:120]
    subject = f"{table.name}: {key}"
    entry = Entry("reference.edit", "done", by.account_id, by.name, "reference", subject, by.address, facts)
    ledger.add(connection, entry)


def log_import(
    connection: Connection, table: ReferenceTable, file_name: str, wanted: Plan, *, by: Hand
) -> None:
    """Write in the access log that a file was taken in, and each row that it added, changed or ended."""
    facts = {"file": file_name[-120:], **{fate.value: wanted.count(fate) for fate in Fate}}
    entry = Entry(
        "reference.import", "done", by.account_id, by.name, "reference", table.name, by.address, facts
    )
    ledger.add(connection, entry)
    for step in wanted.steps:
        if step.fate is not Fate.UNCHANGED:
            log_change(connection, table, step, by=by)


def log_export(connection: Connection, table: ReferenceTable, rows: int, *, by: Hand) -> None:
    """Write in the access log that a table left the platform."""
    entry = Entry(
        "export", "done", by.account_id, by.name, "reference", table.name, by.address, {"rows": rows}
    )
    ledger.add(connection, entry)


def exported(table: ReferenceTable, rows: Iterable[Held]) -> bytes:
    """Rows as CSV, with the columns that an import reads."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(table.headings)
    for row in rows:
        if not table.dated or row.since < row.end:
            dated = {**row.values, FROM: row.since, TO: row.until}
            writer.writerow([dated[name] for name in table.headings])
    return out.getvalue().encode("utf-8-sig")


def _try_calendars(connection: Connection, district_id: int) -> None:
    found = calendars_of(store.of_clocks(connection, district_id))
    used = connection.execute(
        text(
            "SELECT calendar FROM units WHERE district_id = :district AND calendar IS NOT NULL UNION"
            " SELECT calendar FROM loops WHERE district_id = :district"
        ),
        {"district": district_id},
    )
    for code in sorted({OFFICE, *(row.calendar for row in used)}):
        weeks = found[code].weeks if code in found else ()
        # Somebody has to come to work in the end, or a limit in working hours would never be over.
        if not any(week.ordinary for week in weeks if week.valid_to_on is None):
            raise InvalidError("calendar_never_opens", calendar=code)
