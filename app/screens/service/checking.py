"""抽查 of today: the cases that the one who asks looks at, drawn from all that they could verify."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.cases.rules.loops import Loop, Seat, roles_of
from app.cases.store import listing
from app.db import Actor
from app.grid import store as grid
from app.screens import store
from app.screens.rules.drawing import drawn

MOST = 10
"""Cases that are drawn for a day."""


@dataclass(frozen=True, slots=True)
class SpotCheck:
    """The cases that were drawn for a day, in the order in which they were, of how many."""

    on: date
    of: int
    items: list[dict[str, Any]]


def spot_check(connection: Connection, district_id: int, actor: Actor) -> SpotCheck:
    """What an actor is to look at today."""
    held = frozenset(actor.roles)
    loops = [loop.value for loop in Loop if roles_of(Seat.CHECKER, loop) & held]
    today = grid.today(connection, district_id)
    ids = store.to_verify(connection, district_id, loops) if loops else []
    chosen = drawn(ids, today, actor.account_id or 0, MOST)
    return SpotCheck(today, len(ids), listing.some(connection, district_id, chosen))
