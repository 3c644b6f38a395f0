"""Which cases somebody sees, and which of them they mean: a mask over the columns, or none where it is all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.cases.rules.states import CaseState
from app.cases.store.queue import Turn
from app.cube.rules import GROUPS, LOOPS, OPEN, STATES, STEP, Flag, Mark, Tab, Wanted
from app.cube.service.columns import Columns, Mask, instant
from app.db import Actor
from app.notify.rules import ranges

Values = Columns | Mapping[str, NDArray[np.generic]]
"""Columns by name: those of now, or some of them as they were at an earlier instant."""

_NUMBER = {state: n for n, state in enumerate(STATES)}
_STEP = np.array(STEP)
_OPEN = np.array(OPEN)
_LOOP = {loop.value: n for n, loop in enumerate(LOOPS)}
GIVEN = [_NUMBER[CaseState.DISPATCHED], _NUMBER[CaseState.HANDLING]]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The cases of a question, from wide to narrow.

    Parameters
    ----------
    base
        Under every filter but those of state, tab and step.
    grouped, tabbed
        And in the group of states; and under the tab.
    shown
        And of the step: what the map, the list and every other figure are about.
    undated
        The same whatever the day of their report.
    anywhere
        The same as `shown` in cells of every number of them: what the legend counts.
    wall
        What is seen at all; None: everything.
    """

    base: Mask
    grouped: Mask
    tabbed: Mask
    shown: Mask
    undated: Mask
    anywhere: Mask
    wall: Mask | None


def seen(columns: Columns, actor: Actor) -> Mask | None:
    """What an actor sees: the wall of the database again (`cases_seen`), on numbers. None: all there is."""
    if sees_all(columns, actor):
        return None
    area, territory = columns["area"], ranges(actor.territory)
    found = np.zeros(columns.count, bool)
    for low, high in territory:
        found |= (area >= low) & (area < high)
    if actor.units:
        found |= np.isin(columns["unit"], actor.units)
        served = set(actor.units)
        helped = [case for case, units in columns.helpers.items() if served & set(units)]
        found[columns.positions(helped)] = True
    if actor.account_id is not None:
        found |= (columns["handler"] == actor.account_id) | (columns["reporter"] == actor.account_id)
    return found & (area >= 0) if columns.ghosts else found


def sees_all(columns: Columns, actor: Actor) -> bool:
    """Whether there is nothing that an actor does not see."""
    if columns.ghosts:
        return False
    least, most = columns.areas
    return any(low <= least and most < high for low, high in ranges(actor.territory))


def choose(
    columns: Columns, values: Values, wall: Mask | None, wanted: Wanted, turn: Turn, followed: Iterable[int]
) -> Chosen:
    """The cases that somebody means, among those that they see.

    Parameters
    ----------
    values
        The columns at the instant that is asked about.
    turn, followed
        For whom the tabs are: what waits for them, and ids of the cases that they follow 关注.
    """
    ever = _base(columns, values, wall, wanted)
    base = ever & _dated(columns, wanted)
    group = _group(values, wanted.states)
    tab = None if wanted.tab is Tab.ALL else under(wanted.tab, columns, values, turn, followed)
    step = None if wanted.step is None else _STEP[values["state"]] == wanted.step
    grouped = _both(base, group)
    tabbed = _both(grouped, tab)
    undated = _both(_both(_both(ever, group), tab), step)
    shown = _both(tabbed, step)
    if wanted.per_cell is None:
        return Chosen(base, grouped, tabbed, shown, undated, shown, wall)
    fits = _crowded(values["cell"], shown, wanted.per_cell)
    return Chosen(base & fits, grouped & fits, tabbed & fits, shown & fits, undated & fits, shown, wall)


def _crowded(cell: NDArray[np.generic], shown: Mask, bounds: tuple[int, int]) -> Mask:
    """Which cases lie in cells with as many of those that are meant as is asked for."""
    least, most = bounds
    counts = np.bincount(cell[shown], minlength=int(cell.max(initial=0)) + 1)
    fits = (counts >= least) & (counts <= most)
    fits[0] = False
    return np.asarray(fits[cell])


def _both(one: Mask, other: Mask | None) -> Mask:
    return one if other is None else one & other


def _group(values: Values, states: str) -> Mask | None:
    if states not in GROUPS:
        return np.asarray(values["state"] == _NUMBER[CaseState(states)])
    group = GROUPS[states]
    return None if len(group) == len(Mark) else _among(values["mark"], group, len(Mark))


def _dated(columns: Columns, wanted: Wanted) -> Mask:
    """Which cases were reported on the days of a filter."""
    found = np.ones(columns.count, bool)
    if wanted.since is not None:
        found &= columns["reported"] >= instant(wanted.since)
    if wanted.until is not None:
        found &= columns["reported"] < instant(wanted.until)
    return found


def under(tab: Tab, columns: Columns, values: Values, turn: Turn, followed: Iterable[int]) -> Mask:
    """The cases of a tab."""
    mark = values["mark"]
    if tab is Tab.NEAR:
        return mark == Mark.NEAR
    if tab is Tab.OVERDUE:
        return mark == Mark.OVERDUE
    if tab is Tab.TO_VERIFY:
        return values["state"] == _NUMBER[CaseState.HANDLED]
    if tab is Tab.SUPERVISED:
        return (values["flags"] & Flag.SUPERVISED) != 0
    found = np.zeros(columns.count, bool)
    if tab is Tab.FOLLOWED:
        found[columns.positions(followed)] = True
    elif tab is Tab.TODO:
        _todo(values, turn, found)
    else:
        found[:] = True
    return found


def _todo(values: Values, turn: Turn, found: Mask) -> None:
    """轮到谁, as `app.cases.store.queue` asks the database: only what is open waits for anybody."""
    at = np.flatnonzero(_OPEN[values["state"]])
    state, loop, flags = values["state"][at], values["loop"][at], values["flags"][at]
    handler, checker = values["handler"][at], values["checker"][at]
    handled, given = state == _NUMBER[CaseState.HANDLED], np.isin(state, GIVEN)
    verified = (flags & Flag.VERIFIED) != 0
    waits = np.zeros(len(at), bool)
    for pair in turn.waiting:
        which, where = pair.split("/")
        waits |= (state == _NUMBER[CaseState(which)]) & (loop == _LOOP[where])
    checked = np.where(verified, _within(loop, turn.closing), _within(loop, turn.checking))
    waits |= handled & checked & ((checker == 0) | verified | (checker == turn.me))
    waits |= ((flags & Flag.RETURN_ASKED) != 0) & _within(loop, turn.dispatching)
    waits |= ((flags & Flag.HEAD_ASKED) != 0) & _within(loop, turn.heading)
    taken = (state == _NUMBER[CaseState.HANDLING]) & (handler != 0)
    waits |= given & ~taken & np.isin(values["unit"][at], turn.serving)
    waits |= given & (handler == turn.me) & (turn.me != 0)
    waits |= (state == _NUMBER[CaseState.CONFIRMING]) & (values["confirmer"][at] == turn.me) & (turn.me != 0)
    found[at[waits]] = True


def _within(loop: NDArray[np.generic], loops: Iterable[str]) -> Mask:
    return np.isin(loop, [_LOOP[one] for one in loops])


def _base(columns: Columns, values: Values, wall: Mask | None, wanted: Wanted) -> Mask:
    """Under every filter but those of state and day."""
    found = np.ones(columns.count, bool) if wall is None else wall.copy()
    if wanted.areas is not None:
        area = values["area"]
        found &= np.logical_or.reduce(
            [(area >= first) & (area <= last) for first, last in wanted.areas] or [np.zeros(len(area), bool)]
        )
    for name, only in (("category", wanted.categories), ("unit", wanted.units)):
        if only is not None:
            column = values[name]
            found &= _among(column, only, int(column.max(initial=0)) + 1)
    if wanted.ids is not None:
        some = np.zeros(columns.count, bool)
        some[columns.positions(wanted.ids)] = True
        found &= some
    if wanted.where == "unlocated":
        found &= ~located(columns)
    elif wanted.where == "outside":
        found &= located(columns) & (columns["cell"] == 0)
    return found


def located(columns: Columns) -> Mask:
    """Which cases have a place."""
    return columns["key"] < np.uint64(1 << 62)


def _among(column: NDArray[np.generic], some: Iterable[int], most: int) -> Mask:
    """Whether each number is one of some; by a table of all that there are, which is quicker than to sort."""
    table = np.zeros(most, bool)
    table[[one for one in some if 0 <= one < most]] = True
    return table[column]
