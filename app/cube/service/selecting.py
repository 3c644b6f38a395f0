"""Which cases somebody sees, and which of them they mean: a mask over the columns, or none where it is all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.cases.rules.states import CaseState
from app.cases.store.queue import Turn
from app.cube.rules import GROUPS, LOOPS, OPEN, STATES, STEP, Flag, Mark, Tab, Wanted
from app.cube.service.columns import Columns, Mask, Positions, Values, instant
from app.cube.service.filling import filled
from app.cube.service.places import enclosed
from app.db import Actor
from app.notify.rules import ranges

_NUMBER = {state: n for n, state in enumerate(STATES)}
_STEP = np.array(STEP)
_OPEN = np.array(OPEN)
_LOOP = {loop.value: n for n, loop in enumerate(LOOPS)}
EVERY = np.ones(len(STATES) * len(Mark), bool)
CODE_STATE, CODE_MARK = np.divmod(np.arange(len(EVERY)), len(Mark))
"""A code is a state and a mark of time in one number."""

Codes = NDArray[np.bool_]
"""By code, whether it is meant."""

CODED = {
    Tab.ALL: EVERY,
    Tab.NEAR: CODE_MARK == Mark.NEAR,
    Tab.OVERDUE: CODE_MARK == Mark.OVERDUE,
    Tab.TO_VERIFY: _NUMBER[CaseState.HANDLED] == CODE_STATE,
}
GIVEN = [_NUMBER[CaseState.DISPATCHED], _NUMBER[CaseState.HANDLING]]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The cases of a question, from wide to narrow.

    Parameters
    ----------
    base
        Under every filter but those of state, tab and step; None: all there are.
    table
        How many of the base there are of each code.
    group
        By code, whether the group of states takes it.
    tab
        What the tab takes: by code, or positions.
    shown
        Under everything: what the map, the list and every other figure are about.
    at
        Where these stand.
    undated
        Where those stand that are shown whatever the day of their report.
    anywhere, wide
        Where those stand that are shown, and the base, in cells of every class: what the legend counts.
    wall
        What is seen at all; None: everything.
    """

    base: Mask | None
    table: NDArray[np.int64]
    group: Codes
    tab: Codes | Positions
    shown: Mask
    at: Positions
    undated: Positions
    anywhere: Positions
    wide: Mask | None
    wall: Mask | None


def seen(columns: Columns, actor: Actor) -> Mask | None:
    """What an actor sees: the wall of the database again (`cases_seen`), on numbers. None: all there is."""
    if sees_all(columns, actor) and not columns.ghosts:
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
    """Whether there is no case that an actor does not see."""
    least, most = columns.areas
    return any(low <= least and most < high for low, high in ranges(actor.territory))


def choose(
    columns: Columns,
    values: Values,
    wall: Mask | None,
    wanted: Wanted,
    turn: Turn,
    followed: Iterable[int],
    today: int,
) -> Chosen:
    """The cases that somebody means, among those that they see.

    Parameters
    ----------
    values
        The columns at the instant that is asked about.
    turn, followed
        For whom the tabs are: what waits for them, and ids of the cases that they follow 关注.
    today
        The number of the day that is asked about.
    """
    code = values["code"]
    ever = _ever(columns, values, wall, wanted)
    group, tab = _group(wanted.states), under(wanted.tab, columns, values, turn, followed)
    step = EVERY if wanted.step is None else _STEP[CODE_STATE] == wanted.step
    narrow = _narrow(code, group & step, tab)
    dated = _dated(columns, wanted)
    base = _both(ever, dated)
    shown = narrow if base is None else base & narrow
    undated = shown if dated is None else narrow if ever is None else ever & narrow
    anywhere, wide = np.flatnonzero(shown), base
    at = anywhere
    fits = None
    if wanted.per_cell is not None:
        fits = _crowded(values["cell"], at, wanted.per_cell)
    if wanted.within is not None:
        of = filled(wanted.within.fill, columns, values, wide, anywhere, today)
        fits = _both(fits, of.within(wanted.within)[values["cell"]])
    if fits is not None:
        base, shown, undated = _both(base, fits), shown & fits, undated & fits
        at = np.flatnonzero(shown)
    table = np.bincount(code if base is None else code[base], minlength=len(EVERY))
    earlier = at if dated is None else np.flatnonzero(undated)
    return Chosen(base, table, group, tab, shown, at, earlier, anywhere, wide, wall)


def _crowded(cell: NDArray[np.generic], at: Positions, bounds: tuple[int, int]) -> Mask:
    """Which cases lie in cells with as many of those that are meant as is asked for."""
    least, most = bounds
    counts = np.bincount(cell[at], minlength=int(cell.max(initial=0)) + 1)
    fits = (counts >= least) & (counts <= most)
    fits[0] = False
    return np.asarray(fits[cell])


def _both(one: Mask | None, other: Mask | None) -> Mask | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _narrow(code: NDArray[np.generic], codes: Codes, tab: Codes | Positions) -> Mask:
    """Which cases are of some codes and under a tab."""
    if tab.dtype == bool:
        return np.take(codes & tab, code)
    found = np.zeros(len(code), bool)
    found[tab] = codes[code[tab]]
    return found


def _group(states: str) -> Codes:
    if states not in GROUPS:
        return np.asarray(_NUMBER[CaseState(states)] == CODE_STATE)
    return np.isin(CODE_MARK, GROUPS[states])


def _dated(columns: Columns, wanted: Wanted) -> Mask | None:
    """Which cases were reported on the days of a filter; None: all."""
    since = None if wanted.since is None else columns["reported"] >= instant(wanted.since)
    until = None if wanted.until is None else columns["reported"] < instant(wanted.until)
    return _both(since, until)


def under(
    tab: Tab, columns: Columns, values: Values, turn: Turn, followed: Iterable[int]
) -> Codes | Positions:
    """What a tab takes: by code, where that says it, or where the cases stand."""
    if tab in CODED:
        return CODED[tab]
    if tab is Tab.FOLLOWED:
        return columns.positions(followed)
    at = np.flatnonzero(np.take(_OPEN[CODE_STATE], values["code"]))
    if tab is Tab.SUPERVISED:
        return at[(values["flags"][at] & Flag.SUPERVISED) != 0]
    return at[_todo(values, turn, at)]


def _todo(values: Values, turn: Turn, at: Positions) -> Mask:
    """轮到谁, as `app.cases.store.queue` asks the database: which of the open cases wait for somebody."""
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
    return waits


def _within(loop: NDArray[np.generic], loops: Iterable[str]) -> Mask:
    return np.isin(loop, [_LOOP[one] for one in loops])


def _ever(columns: Columns, values: Values, wall: Mask | None, wanted: Wanted) -> Mask | None:
    """Under every filter but those of state and day; None: all."""
    found = wall
    if wanted.areas is not None:
        area = values["area"]
        inside = [(area >= first) & (area <= last) for first, last in wanted.areas]
        found = _both(found, np.logical_or.reduce(inside or [np.zeros(len(area), bool)]))
    for name, only in (("category", wanted.categories), ("unit", wanted.units)):
        if only is not None:
            column = values[name]
            found = _both(found, _among(column, only, int(column.max(initial=0)) + 1))
    if wanted.ids is not None:
        some = np.zeros(columns.count, bool)
        some[columns.positions(wanted.ids)] = True
        found = _both(found, some)
    if wanted.ring is not None:
        inside = enclosed(wanted.ring, columns["column"], columns["row"])
        found = _both(found, inside & located(columns))
    if wanted.where == "unlocated":
        found = _both(found, ~located(columns))
    elif wanted.where == "outside":
        found = _both(found, located(columns) & (columns["cell"] == 0))
    return found


def located(columns: Columns) -> Mask:
    """Which cases have a place."""
    return columns["key"] < np.uint64(1 << 62)


def _among(column: NDArray[np.generic], some: Iterable[int], most: int) -> Mask:
    """Whether each number is one of some; by a table of all that there are, which is quicker than to sort."""
    table = np.zeros(most, bool)
    table[[one for one in some if 0 <= one < most]] = True
    return np.take(table, column)
