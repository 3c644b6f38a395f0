"""Steps of a proposal in the access log."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from app.accounts.service.managing import Hand
from app.ledger import store as ledger
from app.ledger.store import Entry


def log(connection: Connection, what: str, proposal_id: int, by: Hand, **facts: Any) -> None:
    """Write a step into the access log."""
    ledger.add(
        connection,
        Entry(
            f"grid_proposal.{what}", "done", by.account_id, by.name, "grid_proposal", str(proposal_id), by.address,
            facts,
        ),
    )  # fmt: skip
