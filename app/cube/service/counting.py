"""What is counted of the cases that somebody means: figures, tabs, steps, marks, cells, categories, days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.cases.rules.states import CaseState
from app.cases.store.queue import Turn
from app.cube.rules import OPEN, STATES, STEP, Mark, Tab
from app.cube.service.columns import Columns, Mask, Positions, Values
from app.cube.service.selecting import CODE_MARK, CODE_STATE, CODED, Chosen, located, under

_OPEN = np.array(OPEN)
_STEP = np.array(STEP)
_NUMBER = {state: n for n, state in enumerate(STATES)}
NOT_TAKEN = [
    _NUMBER[state]
    for state in (
        CaseState.REPORTED,
        CaseState.CONFIRMING,
        CaseState.DECLINED,
        CaseState.VOID,
        CaseState.MERGED,
    )
]
"""States of a case that was not registered 立案."""

MOST_DAYS = 1200


@dataclass(frozen=True, slots=True)
class Histogram:
    """Cases by the day of their report.

    Parameters
    ----------
    first
        Number of the first day; of `Days`.
    reported, overdue
        How many of each day, and how many of those are overdue now.
    """

    first: int
    reported: list[int]
    overdue: list[int]


def figures(columns: Columns, values: Values, chosen: Chosen, today: int) -> dict[str, int]:
    """The row of figures, each over states of its own: what the filter says of states is left aside."""
    table, state = chosen.table, values["state"]
    new = _of(chosen.base, np.flatnonzero(columns["day"] == today))
    nowhere = _of(chosen.base, np.flatnonzero(values["cell"] == 0))
    nowhere = nowhere[_OPEN[state[nowhere]]]
    placed = int(located(columns)[nowhere].sum())
    return {
        "today": len(new),
        "registered_today": int((~np.isin(state[new], NOT_TAKEN)).sum()),
        "open": int(table[_OPEN[CODE_STATE]].sum()),
        "overdue": int(table[CODE_MARK == Mark.OVERDUE].sum()),
        "near": int(table[CODE_MARK == Mark.NEAR].sum()),
        "suspended": int(table[CODE_MARK == Mark.PAUSED].sum()),
        "to_verify": int(table[CODED[Tab.TO_VERIFY]].sum()),
        "unlocated": len(nowhere) - placed,
        "outside": placed,
    }


def _of(base: Mask | None, at: Positions) -> Positions:
    return at if base is None else at[base[at]]


def tabs(
    columns: Columns, values: Values, chosen: Chosen, turn: Turn, followed: Iterable[int]
) -> dict[str, int]:
    """How many cases each tab has, in the group of states."""
    ids, found = list(followed), {}
    for tab in Tab:
        of = under(tab, columns, values, turn, ids)
        if of.dtype == bool:
            found[tab.value] = int(chosen.table[chosen.group & of].sum())
        else:
            at = _of(chosen.base, of)
            found[tab.value] = int(chosen.group[values["code"][at]].sum())
    return found


def steps(values: Values, chosen: Chosen) -> list[int]:
    """How many cases of the tab are at steps 1 to 5; those past the loop's end are at none."""
    if chosen.tab.dtype == bool:
        table = np.where(chosen.group & chosen.tab, chosen.table, 0)
    else:
        code = values["code"][_of(chosen.base, chosen.tab)]
        table = np.bincount(code[chosen.group[code]], minlength=len(chosen.group))
    return [int(table[_STEP[CODE_STATE] == step].sum()) for step in range(1, 6)]


def by_mark(values: Values, chosen: Chosen) -> dict[str, int]:
    """How many of the cases shown have each mark of time."""
    found = np.bincount(values["mark"][chosen.at], minlength=len(Mark))
    return {mark.name.lower(): int(found[mark]) for mark in Mark}


def by_number(column: Any, at: Positions) -> dict[int, int]:
    """How many of some cases have each number of a column, 0 left out."""
    found = np.bincount(column[at])
    return {int(n): int(found[n]) for n in np.flatnonzero(found) if n}


def by_day(columns: Columns, values: Values, undated: Positions, today: int) -> Histogram:
    """Cases by day up to today, at most the last `MOST_DAYS`.

    Parameters
    ----------
    undated
        The cases that are meant, the days of the filter left aside: they are marked on what this draws.
    """
    day = columns["day"][undated]
    if not len(day):
        return Histogram(today, [0], [0])
    first = max(int(day.min()), today - MOST_DAYS + 1)
    length = max(1, today - first + 1)
    inside = (day >= first) & (day <= today)
    late = inside & (values["mark"][undated] == Mark.OVERDUE)
    return Histogram(
        first,
        np.bincount(day[inside] - first, minlength=length).tolist(),
        np.bincount(day[late] - first, minlength=length).tolist(),
    )
