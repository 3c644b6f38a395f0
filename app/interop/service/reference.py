"""A table of reference data from a file: what of it would be new, changed or ended, and all faults at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from app.accounts.service.managing import Hand
from app.cases.rules.reference import FROM, TO, ReferenceTable
from app.cases.rules.reference_plan import Fate, Plan, Step
from app.cases.service import reference_editing as editing
from app.cases.store import reference as store
from app.grid.service import the_district
from app.interop.rules import Names
from app.interop.service.report import FaultLog, ImportReport
from app.interop.service.staff.rows import read_sheet
from app.interop.service.staff.writing import judge, written
from app.web.i18n import LOCALES, translate
from spatial.errors import Fault
from spatial.readers import SourceOptions


@dataclass(frozen=True, slots=True)
class ReferenceReport:
    """How an import ended, and what became of each row that is not as it was."""

    table: ReferenceTable
    report: ImportReport
    steps: tuple[Step, ...]
    ended: int


def import_reference(
    connection: Connection,
    name: str,
    path: Path,
    *,
    dry_run: bool = False,
    log: FaultLog,
    source: SourceOptions | None = None,
    file_name: str | None = None,
    by: Hand,
) -> ReferenceReport:
    """Take in rows of a table of reference data; rows that the file does not name stay as they are.

    Parameters
    ----------
    dry_run
        Try all of it, keep nothing.

    Raises
    ------
    LayerError
        Rows are faulty, or there are none or too many; nothing was written.
    spatial.errors.SourceError
        The file cannot be read.
    NotFoundError
        `district_missing`, `reference_table_missing`.
    ConflictError, InvalidError
        As `reference_editing.carry_out`; `roster_conflict`: the database refused the one who acts.
    """
    table, district = editing.table_of(name), the_district(connection)
    sheet = read_sheet(path, known_names(table), _required(table), source or SourceOptions())
    rows = [
        (number, {name: values.get(name) or "" for name in sheet.columns}) for number, values in sheet.lines
    ]
    plan = editing.plan(connection, district.id, table, rows)
    faults = [
        Fault(
            f"reference_{wrong.reason}",
            number,
            sheet.columns.get(wrong.field, wrong.field),
            wrong.value or None,
        )
        for number, wrong in plan.faults
    ]
    judge((*sheet.faults, *faults), log, skip_bad=False)
    with written(connection, dry_run=dry_run):
        editing.carry_out(connection, district.id, table, plan)
        editing.log_import(connection, table, file_name or path.name, plan, by=by)
    return _told(table, plan, len(rows), dry_run=dry_run)


def export_reference(connection: Connection, name: str, *, by: Hand) -> bytes:
    """A whole table as CSV, with the columns that an import reads.

    Raises
    ------
    NotFoundError
        `district_missing`, `reference_table_missing`.
    """
    table, district = editing.table_of(name), the_district(connection)
    rows = store.held(connection, district.id, table)
    editing.log_export(connection, table, len(rows), by=by)
    return editing.exported(table, rows)


def known_names(table: ReferenceTable) -> Names:
    """What the columns may be called: as in our files, or as the forms call them."""
    return {
        name: tuple(
            dict.fromkeys((name, *(translate(locale, f"reference.column_{name}") for locale in LOCALES)))
        )
        for name in (*table.by_name, FROM, TO)
    }


def _required(table: ReferenceTable) -> tuple[str, ...]:
    return tuple(name for name in table.key if table.by_name[name].needed)


def _told(table: ReferenceTable, plan: Plan, rows: int, *, dry_run: bool) -> ReferenceReport:
    report = ImportReport(rows, dry_run=dry_run)
    report.added, report.changed = plan.count(Fate.ADDED), plan.count(Fate.CHANGED)
    report.unchanged = plan.count(Fate.UNCHANGED)
    ended = plan.count(Fate.ENDED)
    if ended:
        report.note("reference_ended", count=ended)
    steps = tuple(step for step in plan.steps if step.fate is not Fate.UNCHANGED)
    return ReferenceReport(table, report, steps, ended)
