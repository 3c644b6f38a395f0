"""What the one who asks has to decide now, by the same table that offers the moves of a case."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.cases.rules.deciding import Asker
from app.cases.rules.folding import from_stand
from app.cases.rules.moves import TABLE
from app.cases.store import listing
from app.db import Actor
from app.screens import store
from app.screens.rules.decisions import WORDS, Matter, Open, decided_by, matters

MOST = 50
"""Matters that are shown; more are counted."""

ASKED = sorted({
    edge.answers.value for moves in WORDS.values() for move in moves if (edge := TABLE[move]).answers is not None
})  # fmt: skip
"""Questions that these matters answer."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What is to be decided: how many of each kind, and the first of them as a list shows cases.

    Parameters
    ----------
    whole
        Whether all that may wait was looked through.
    """

    counts: dict[str, int]
    items: list[dict[str, Any]]
    whole: bool


def decisions(connection: Connection, district_id: int, actor: Actor, now: datetime) -> Decisions:
    """What an actor could decide now, the pressing kinds first and in them what is due first."""
    held = frozenset(actor.roles)
    loops = decided_by(held)
    rows = store.undecided(connection, district_id, loops, ASKED) if loops else []
    units = frozenset(unit for role, unit in store.posts(connection) if role in held) if rows else frozenset()
    found = []
    for row in rows:
        case = Open(from_stand(row._mapping, row.stand), bool(row.unruled), bool(row.stuck))
        asker = Asker(actor.account_id, held, units, within=bool(row.within))
        found += [(matter, row.id, moves) for matter, moves in matters(case, asker, now)]
    rank = {matter: n for n, matter in enumerate(Matter)}
    found.sort(key=lambda one: rank[one[0]])
    counted = Counter(matter for matter, _, _ in found)
    shown = found[:MOST]
    listed = {one["id"]: one for one in listing.some(connection, district_id, [case for _, case, _ in shown])}
    items = [
        {**listed[case], "matter": matter.value, "moves": [move.value for move in moves]}
        for matter, case, moves in shown
        if case in listed
    ]
    counts = {matter.value: counted[matter] for matter in Matter}
    return Decisions(counts, items, len(rows) < store.MOST_UNDECIDED)
