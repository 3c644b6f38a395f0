"""What an administrator's file did to the dispatch's data, in the access log: the file, and each row."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from app.accounts.service.managing import Hand
from app.interop.service.routing.plan import Plan
from app.ledger import store as ledger
from app.ledger.store import Entry


def log_rows(connection: Connection, table: str, file_name: str, plan: Plan, *, by: Hand) -> None:
    """Write that a file was taken in, and what became of every row that is not as it was."""
    counts: dict[str, Any] = {
        "added": plan.added,
        "changed": plan.changed,
        "ended": 0,
        "unchanged": plan.unchanged,
    }
    facts = {"file": file_name[-120:], **counts}
    ledger.add(
        connection,
        Entry("reference.import", "done", by.account_id, by.name, "reference", table, by.address, facts),
    )
    for key, fate, since, until in plan.steps:
        told = {"fate": fate.value, "from": str(since), "to": None if until is None else str(until)}
        subject = f"{table}: {key}"
        ledger.add(
            connection,
            Entry("reference.edit", "done", by.account_id, by.name, "reference", subject, by.address, told),
        )
