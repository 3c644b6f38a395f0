"""What was done with a person's record, in the access log: who, when and what for, never what it says."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from app.accounts.service.managing import Hand
from app.ledger import store as ledger
from app.ledger.store import Entry


def note(connection: Connection, action: str, person_id: int | None, by: Hand, **facts: Any) -> None:
    """Write that it was done."""
    number = None if person_id is None else str(person_id)
    ledger.add(connection, Entry(action, "done", by.account_id, by.name, "person", number, by.address, facts))
