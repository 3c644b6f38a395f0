"""`/m`: what somebody has to do today, and what became of what they reported."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Response

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.cases.rules.loops import Seat
from app.cases.rules.states import CaseState
from app.cases.service.clock_faces import row_face
from app.field import store
from app.field.pages.blueprint import blueprint, words
from app.field.rules import TASKS, Task, loops_of, seats_in_units
from app.grid.api import here
from app.web import acting
from app.web.doors import needs
from app.web.pages import page
from app.web.params import number, one_of, parameter
from app.web.shapes import MOST_CASE_ID

MOST_TASKS, MOST_MINE = 100, 20
GROUPS = ("overdue", "near", "normal", "paused", "closed")
"""In this order; the groups of a list are named as the marks are drawn."""


@blueprint.get("/m")
@needs(Permission.REPORT_CASES)
def home() -> Response:
    """Today's tasks by lamp; the browser sorts each lamp by distance, so that nobody's way is sent to the server."""
    place = here()
    wanted = parameter("task", one_of(Task), None)
    before = parameter("before", number(1, MOST_CASE_ID), None)
    roles = frozenset(acting.actor().roles)
    moves = me().may(Permission.MOVE_CASES)
    with acting.reading() as connection:
        posts = store.posts(connection)
        found = (
            store.tasks(
                connection,
                place.district_id,
                signs=seats_in_units(posts, Seat.UNIT),
                works=seats_in_units(posts, Seat.UNIT) + seats_in_units(posts, Seat.CREW),
                checks=loops_of(Seat.CHECKER, roles),
                limit=MOST_TASKS + 1,
            )
            if moves
            else []
        )
        mine = store.mine(connection, place.district_id, before, MOST_MINE + 1)
    tasks = [{**row, "task": TASKS[CaseState(row["state"])]} for row in found[:MOST_TASKS]]
    return page(
        "m-home.html",
        me=me(),
        district=place.record,
        moves=moves,
        counts={task.value: sum(row["task"] == task for row in tasks) for task in Task},
        wanted=wanted,
        groups=_by_lamp([row for row in tasks if wanted in {None, row["task"].value}]),
        some=len(tasks),
        more=len(found) > MOST_TASKS,
        mine=_faced(mine[:MOST_MINE]),
        following=mine[MOST_MINE - 1]["id"] if len(mine) > MOST_MINE else None,
        before=before,
        words=words(),
    )


def _faced(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    now = datetime.now(UTC)
    return [{**row, "face": row_face(row["state"], row["due_at"], row["near_at"], now)} for row in rows]


def _by_lamp(rows: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    faced = _faced(rows)
    groups = ((mark, [row for row in faced if row["face"].mark == mark]) for mark in GROUPS)
    return [(mark, some) for mark, some in groups if some]
