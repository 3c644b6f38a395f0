"""受理立案派遣 by the platform: what an officer reports with a photo and a condition needs no desk but for a sample."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row

from app.accounts.rules import Role
from app.cases.rules.conditions import Condition
from app.cases.service import moving
from app.cases.service.routing import Place, suggest
from app.cases.store import named, routing
from app.cases.store.reported import NewCase

REPORTERS = frozenset({Role.GRID_OFFICER, Role.SUPERVISOR})
"""Whose word is enough: it is their work to know a condition when they see one."""


def dispatch_at_once(
    connection: Connection,
    case: NewCase,
    made: Row[Any],
    condition: Condition | None,
    roles: Collection[str],
    files: Sequence[int],
) -> dict[str, Any] | None:
    """Accept, register and dispatch a case that was reported in this transaction, where everything speaks for it.

    Returns what the client is told of the last step; None where a desk has to look first: nobody named a condition, no
    officer reports, no picture shows it, the district wants it so, or there is no unit to give it to.
    """
    if condition is None or not REPORTERS & set(roles) or not named.pictures(connection, files):
        return None
    if not routing.policy(connection, case.district_id).automatic:
        return None
    today = routing.case(connection, made.id)
    assert today is not None  # it was reported a moment ago by the one who acts
    place = Place(
        case.district_id, case.category_id, made.area_no, case.loop, today.today, condition.id, made.id
    )
    unit = suggest(connection, place).unit
    if unit is None:
        return None
    return moving.make_for_report(connection, made.id, {"condition": condition.number, "unit": unit.id})


def first_answer(rows: Sequence[Row[Any]]) -> Row[Any]:
    """The row that a report was answered with: the last that the platform wrote with it."""
    last = rows[0]
    for row in rows[1:]:
        if not row.facts.get("automatic"):
            break
        last = row
    return last
