"""Notices of proposals."""

from __future__ import annotations

from sqlalchemy import Connection, text

TELL = text("SELECT tell_of_proposal(:id, :kind, :deciders, :by)")


def tell(connection: Connection, proposal_id: int, kind: str, *, deciders: bool, by: int | None) -> int:
    """Write notices of a proposal; how many."""
    values = {"id": proposal_id, "kind": kind, "deciders": deciders, "by": by}
    return int(connection.execute(TELL, values).scalar_one())
