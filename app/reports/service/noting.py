"""Steps of a report in the access log."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from app.accounts.service.managing import Hand
from app.ledger import store as ledger
from app.ledger.store import Entry


def log(connection: Connection, what: str, subject: int | str, by: Hand, **facts: Any) -> None:
    """Write a step into the access log."""
    kind = "report" if isinstance(subject, int) else "report_definition"
    entry = Entry(f"report.{what}", "done", by.account_id, by.name, kind, str(subject), by.address, facts)
    ledger.add(connection, entry)
