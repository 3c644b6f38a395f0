"""The roster of an area's card, and what is registered of it.

Of a cell the roster has the four parts of the 1+1+1+N, of wider areas it says how many cells are complete.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.accounts.rules import Permission
from app.console.card.rules import Untold
from app.registry.store import reading as registry
from app.staffing.rules import Duty, Part
from app.staffing.store import cells, rosters

Record = dict[str, Any]

PART_OF: Mapping[str, Part] = {
    "inspector": Part.INSPECTOR,
    "supervisor": Part.SUPERVISOR,
    Duty.GRID_OFFICER.value: Part.OFFICER,
}
"""Which part of the 1+1+1+N somebody is, by role or duty; part-time people are N by their kind."""

MOST_NAMED = 8
"""People of one part whose names a card tells; how many more there are is counted."""

TOLD = ("code", "name", "simulated", "role", "duty", "kind", "place", "away", "has_phone")


def registered(
    connection: Connection,
    district_id: int,
    numbers: Sequence[tuple[int, int]],
    may: Callable[[Permission], bool],
    past: bool,
) -> Mapping[str, Mapping[str, int]] | Untold:
    """What lies in an area today by kind and type, or why that is not told.

    Parameters
    ----------
    numbers
        The area's, first and last.
    past
        Whether another day than today is asked for.
    """
    if not may(Permission.READ_REGISTRY) or not numbers:
        return Untold.NOT_YOURS
    return Untold.PAST if past else registry.counted_in(connection, district_id, numbers[0][0])


def roster(connection: Connection, district_id: int, area: Mapping[str, Any], on_day: date) -> Record:
    """Who looks after a cell, part by part, with what it lacks; of a wider area the sums.

    Parameters
    ----------
    area
        At least its id and level.
    """
    if area["level"] == "cell":
        people = rosters.people_of(connection, area["id"], on_day)
        found = cells.cells(connection, district_id, on_day, area=area["id"], limit=1)
        missing = found[0]["missing"] if found else []
        return {"on": on_day, "parts": parts(people, missing), "sums": None}
    sums = next((s for s in cells.summary(connection, district_id, on_day) if s["id"] == area["id"]), None)
    return {"on": on_day, "parts": None, "sums": sums}


def parts(people: Sequence[Mapping[str, Any]], missing: Sequence[str]) -> list[Record]:
    """The four parts in the order in which they are named, each with its people and whether it is a gap."""
    of: dict[Part, list[Mapping[str, Any]]] = {part: [] for part in Part}
    for one in people:
        part = Part.PART_TIME if one["kind"] == "part_time" else PART_OF.get(one["duty"] or one["role"] or "")
        if part is not None and one["code"] not in {other["code"] for other in of[part]}:
            of[part].append(one)
    return [
        {
            "part": part.value,
            "missing": part.value in missing,
            "people": [{name: one[name] for name in TOLD} for one in of[part][:MOST_NAMED]],
            "more": max(0, len(of[part]) - MOST_NAMED),
        }
        for part in Part
    ]
