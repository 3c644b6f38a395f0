"""派遣规则 and desks of cells that were split or merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from app.cases.store import carrying as store
from app.cases.store.carrying import RuleHeld
from app.grid.rules import Days, days_left
from app.grid.service.redrawing import Redrawing


def carry_rules(
    connection: Connection, drawn: Redrawing, first: Sequence[int]
) -> tuple[int, tuple[RuleHeld, ...]]:
    """Let rules of cells that are gone hold in what has come of them; how many, and those that give way.

    Parameters
    ----------
    first
        Numbers of the cells that are gone, the one before the others whose rule goes on where two differ.
    """
    held = store.rules_of(connection, first, drawn.on_day)
    held.sort(key=lambda rule: first.index(rule.area_no))
    given: list[tuple[int, RuleHeld, list[Days]]] = []
    yielding = []
    for rule in (replace(one, from_on=max(one.from_on, drawn.on_day)) for one in held):
        for no in drawn.into[rule.area_no]:
            same = [(other, days) for at, other, days in given if at == no and other.matter == rule.matter]
            left = list(days_left(rule.days, [day for _, days in same for day in days]))
            given.append((no, rule, left))
            if left != [rule.days] and any(other.unit_code != rule.unit_code for other, _ in same):
                yielding.append(rule)
    store.end_rules(connection, [rule.id for rule in held], drawn.on_day)
    store.repeat_rules(connection, {(rule.id, no): left for no, rule, left in given})
    return len(held), tuple(yielding)
