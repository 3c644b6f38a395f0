"""What is counted of the cases that somebody means: figures, tabs, steps, marks, cells, categories, days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.cases.rules.states import CaseState
from app.cases.store.queue import Turn
from app.cube.rules import OPEN, STATES, STEP, Mark, Tab
from app.cube.service.columns import Columns, Mask
from app.cube.service.selecting import Chosen, Values, located, under

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
    base, mark, state = chosen.base, values["mark"], values["state"]
    by_mark = np.bincount(mark[base], minlength=len(Mark))
    is_open = base & _OPEN[state]
    new = base & (columns["day"] == today)
    placed = located(columns)
    return {
        "today": int(new.sum()),
        "registered_today": int((new & ~np.isin(state, NOT_TAKEN)).sum()),
        "open": int(is_open.sum()),
        "overdue": int(by_mark[Mark.OVERDUE]),
        "near": int(by_mark[Mark.NEAR]),
        "suspended": int(by_mark[Mark.PAUSED]),
        "to_verify": int((base & (state == _NUMBER[CaseState.HANDLED])).sum()),
        "unlocated": int((is_open & ~placed).sum()),
        "outside": int((is_open & placed & (columns["cell"] == 0)).sum()),
    }


def tabs(
    columns: Columns, values: Values, chosen: Chosen, turn: Turn, followed: Iterable[int]
) -> dict[str, int]:
    """How many cases each tab has."""
    ids = list(followed)
    return {
        tab.value: int(chosen.grouped.sum())
        if tab is Tab.ALL
        else int((chosen.grouped & under(tab, columns, values, turn, ids)).sum())
        for tab in Tab
    }


def steps(values: Values, chosen: Chosen) -> list[int]:
    """How many cases of the tab are at steps 1 to 5; those past the loop's end are at none."""
    return [int(n) for n in np.bincount(_STEP[values["state"][chosen.tabbed]], minlength=6)[1:6]]


def by_mark(values: Values, chosen: Chosen) -> dict[str, int]:
    """How many of the cases shown have each mark of time."""
    found = np.bincount(values["mark"][chosen.shown], minlength=len(Mark))
    return {mark.name.lower(): int(found[mark]) for mark in Mark}


def by_number(column: Any, shown: Mask) -> dict[int, int]:
    """How many of the cases shown have each number of a column, 0 left out."""
    found = np.bincount(column[shown])
    return {int(n): int(found[n]) for n in np.flatnonzero(found) if n}


def by_day(columns: Columns, values: Values, undated: Mask, today: int) -> Histogram:
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
