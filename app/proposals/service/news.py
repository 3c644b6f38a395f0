"""Who hears of a step of a proposal: whoever drew and proposed it, and those who decide on it."""

from __future__ import annotations

from sqlalchemy import Connection

from app.proposals.store import telling

DECIDERS = frozenset({"propose"})
"""Steps of which those hear who can approve; of all others those whose proposal it is."""

KINDS = ("propose", "approve", "send_back", "withdraw", "rebase", "in_force", "impossible")


def tell(connection: Connection, proposal_id: int, what: str, by: int | None) -> None:
    """Tell whom it concerns of a step, but not who took it."""
    telling.tell(connection, proposal_id, f"grid_{what}", deciders=what in DECIDERS, by=by)
