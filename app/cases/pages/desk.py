"""The desk of a department 部门坐席: what waits to be signed for, what each crew has, what is pressing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from flask import Response
from sqlalchemy import Connection

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.cases.pages.blueprint import blueprint
from app.cases.rules.loops import Loop, Seat, roles_of
from app.cases.rules.states import CaseState
from app.cases.service.clock_faces import row_face
from app.cases.service.turns import turn_of
from app.cases.store import choices, heading, queue
from app.cases.store.queue import QueueFilter, Turn
from app.errors import NotFoundError
from app.grid.api import here
from app.web import acting
from app.web.doors import needs
from app.web.pages import page
from app.web.params import parameter, row_id

MOST = 200
"""Cases of one state on the desk; with more, the queue goes on."""

AT_UNIT = (CaseState.DISPATCHED, CaseState.HANDLING, CaseState.SUSPENDED)
CREWS = frozenset().union(*(roles_of(Seat.CREW, loop) for loop in Loop))


@blueprint.get("/desk")
@needs(Permission.MOVE_CASES)
def desk() -> Response:
    """The desk of one of one's units."""
    place, now = here(), datetime.now(UTC)
    with acting.reading() as connection:
        turn = turn_of(connection, acting.actor())
        units = heading.units_by_id(connection, turn.units)
        unit_id = _chosen(turn, parameter("unit", row_id, None), set(units))
        rows = [] if unit_id is None else _cases(connection, place.district_id, unit_id, turn, now)
        crew = (
            [] if unit_id is None else choices.people_in(connection, unit_id, [str(role) for role in CREWS])
        )
    by_state = {state.value: [row for row in rows if row["state"] == state] for state in AT_UNIT}
    working = by_state[CaseState.HANDLING.value]
    return page(
        "case-desk.html",
        me=me(),
        units=[units[one] for one in turn.units if one in units],
        unit=units.get(unit_id or 0),
        to_sign=by_state[CaseState.DISPATCHED.value],
        crews=_by_crew(working, crew),
        working=len(working),
        suspended=by_state[CaseState.SUSPENDED.value],
        returned=[row for row in rows if "return" in (row["pending"] or {})],
        inside=[row for row in rows if "inside" in (row["pending"] or {})],
        asked=[row for row in rows if {"extension", "suspension", "supervision"} & set(row["pending"] or {})],
        pressing=[row for row in rows if row["face"].mark in {"overdue", "near"}],
        crew=crew,
        serves=unit_id in turn.serving,
        most=MOST,
        full=any(len(found) >= MOST for found in by_state.values()),
        batch=str(uuid4()),
    )


def _chosen(turn: Turn, wanted: int | None, known: set[int]) -> int | None:
    """The unit that is asked for, if it is one of theirs; else the first whose cases they are given.

    Raises
    ------
    NotFoundError
        `unit_missing_id`.
    """
    if wanted is not None and wanted not in known & set(turn.units):
        raise NotFoundError("unit_missing_id", id=wanted)
    own = [one for one in (*turn.serving, *turn.units) if one in known]
    return wanted or next(iter(own), None)


def _cases(
    connection: Connection, district_id: int, unit_id: int, turn: Turn, now: datetime
) -> list[dict[str, Any]]:
    """The cases that a unit leads, what is pressing first."""
    found: list[dict[str, Any]] = []
    for state in AT_UNIT:
        wanted = QueueFilter(now, turn, state=state.value, unit=unit_id)
        found += queue.rows(connection, district_id, wanted, after=None, limit=MOST)
    for row in found:
        row["face"] = row_face(row["state"], row["due_at"], row["near_at"], now)
    return found


def _by_crew(rows: list[dict[str, Any]], crew: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is being handled, by who has it; first what nobody has been given yet."""
    groups = [{"person": None, "rows": [row for row in rows if row["handler_id"] is None]}]
    known = {one["id"] for one in crew}
    groups += [
        {"person": one, "rows": [row for row in rows if row["handler_id"] == one["id"]]} for one in crew
    ]
    strange = [row for row in rows if row["handler_id"] is not None and row["handler_id"] not in known]
    groups += [{"person": {"id": 0, "name": row["handler"], "role": None}, "rows": [row]} for row in strange]
    return groups
