"""Rosters from outside come in: who looks after which cell, who is on duty when."""

from __future__ import annotations

import unicodedata

from sqlalchemy import Connection

from app.accounts.service.managing import Hand
from app.interop.service.report import ImportReport
from app.interop.service.staff.assignments import import_staff
from app.interop.service.staff.shifts import import_shifts
from app.ledger import store as ledger
from app.ledger.store import Entry

__all__ = ["import_shifts", "import_staff", "log_import"]

LONGEST_NAME = 120


def log_import(connection: Connection, kind: str, file_name: str, report: ImportReport, *, by: Hand) -> None:
    """Write in the access log that a roster was taken in: who works where is who may see what."""
    shown = "".join(letter for letter in file_name if unicodedata.category(letter)[0] != "C")
    facts = {
        "kind": kind,
        "file": shown[-LONGEST_NAME:],
        "rows": report.rows_read,
        "added": report.added,
        "changed": report.changed,
    }
    entry = Entry("roster.import", "done", by.account_id, by.name, "roster", kind, by.address, facts)
    ledger.add(connection, entry)
