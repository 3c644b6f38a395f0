"""What words lead to, group by group, as far as the one who asks may see and may read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.accounts.rules import Permission
from app.cases.store import listing, reading
from app.console.finding import store
from app.grid.store import reading as grid
from app.registry.rules.kinds import ElementKind
from app.registry.service import looking
from app.registry.store import reading as registry

Record = dict[str, Any]
May = Callable[[Permission], bool]

SHORTEST = 2
"""Letters of at least one word by which cases are searched, and people: less would be half of them."""


REGISTERED = {
    "sites": ElementKind.PLACE,
    "organisations": ElementKind.ORGANISATION,
    "objects": ElementKind.OBJECT,
}
"""Groups of what is registered. Residents are none of them: whoever looks for one says what for."""


def _long(words: str) -> bool:
    return any(len(word) >= SHORTEST for word in words.split())


def find(
    connection: Connection,
    district_id: int,
    words: str,
    limit: int,
    may: May,
    now: datetime,
) -> dict[str, list[Record]]:
    """Areas, places, cases, units, people at work, and what is registered; a group that one may not read is empty.

    Parameters
    ----------
    limit
        How many of each group at most.
    """
    long, staff = _long(words), may(Permission.READ_STAFF)
    registered = may(Permission.READ_REGISTRY)
    return {
        "areas": grid.areas_named(connection, district_id, words, limit),
        "places": grid.places_named(connection, district_id, words, limit),
        "cases": _cases(connection, district_id, words, limit, now)
        if long and may(Permission.READ_CASES)
        else [],
        "units": store.units(connection, district_id, words, limit) if staff else [],
        "staff": store.people(connection, district_id, words, limit) if long and staff else [],
        **(
            _elements(connection, district_id, words, limit)
            if registered
            else {group: [] for group in REGISTERED}
        ),
    }


def _elements(connection: Connection, district_id: int, words: str, limit: int) -> dict[str, list[Record]]:
    """Elements by words of name and address, or by a whole code, the best of each kind first."""
    kinds = [kind.value for kind in REGISTERED.values()]
    found = registry.found_of_each(connection, district_id, words=words, kinds=kinds, limit=limit)
    ids = [one for of_kind in found.values() for one in of_kind]
    told = {row["id"]: row for row in looking.told(connection, ids)}
    return {group: [told[one] for one in found[kind] if one in told] for group, kind in REGISTERED.items()}


def _cases(connection: Connection, district_id: int, words: str, limit: int, now: datetime) -> list[Record]:
    """Cases of every state, the newest first, as lists show them."""
    found = reading.newest_said(connection, district_id, " ".join(words.split()), now, limit)
    return listing.some(connection, district_id, found)
