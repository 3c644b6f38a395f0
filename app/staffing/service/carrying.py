"""1+1+1+N of cells that were drawn anew: who goes on where, whose assignment ends, and which cells have nobody."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from app.errors import NotFoundError
from app.grid.service.redrawing import Redrawing
from app.staffing.rules import AssignmentKind
from app.staffing.rules.carrying import Carried, Held, carry, leading
from app.staffing.service.refusals import refusals
from app.staffing.store import carrying as store


@dataclass(frozen=True, slots=True)
class StaffCarried:
    """What became of the people of cells: assignments, posts that have got other areas, units.

    Parameters
    ----------
    vacant
        Numbers of new cells without a full-time officer today.
    """

    carried: Carried
    posts: int
    units: int
    vacant: frozenset[int]


def carry_staff(
    connection: Connection,
    drawn: Redrawing,
    *,
    weights: Mapping[tuple[int, int], int],
    first: Sequence[int],
    officer: str | None,
    places: Mapping[str, Collection[int]],
) -> StaffCarried:
    """Carry assignments, posts and units over to new cells; the past stays as it was.

    Parameters
    ----------
    weights
        Homes that came along, by the number of the cell that is gone and that of the new one.
    first
        Numbers of the cells that are gone, the one before the others whose officers go on where two come together.
    officer
        Code of the full-time officer who goes on instead.
    places
        The new cells of places that people look after, by their names.

    Raises
    ------
    NotFoundError
        `officer_not_here`: nobody with this code is full-time in one of the cells today.
    """
    held = store.held(connection, first, drawn.on_day)
    groups = store.cells_of_groups(
        connection,
        [one.group_no for one in held if one.group_no is not None],
        [new.no for new in drawn.made],
        drawn.on_day,
    )
    placed = [replace(one, place_no=_place(one, places, groups, drawn.into)) for one in held]
    wishes = {
        old: [no for _, no in sorted((-weights[old, no], no) for no in news)]
        for old, news in drawn.into.items()
    }
    going = leading(_officers(held, first, officer, drawn), wishes)
    lead = {old: going.get(old, news[0]) for old, news in wishes.items()}
    carried = carry(placed, drawn.into, lead, going, drawn.on_day)
    with refusals(connection):
        store.replace_assignments(connection, held, carried.given, drawn.on_day)
    led = {
        one.cell_no
        for one in carried.given
        if one.kind is AssignmentKind.FULL_TIME and one.from_on <= drawn.on_day
    }
    return StaffCarried(
        carried,
        store.widen_posts(connection, drawn.into),
        store.move_units(connection, {old: news[0] for old, news in wishes.items()}),
        frozenset(new.no for new in drawn.made) - led,
    )


def _place(
    one: Held,
    places: Mapping[str, Collection[int]],
    groups: Mapping[int, int],
    into: Mapping[int, Sequence[int]],
) -> int | None:
    """The one new cell, of what came of theirs, in which the place lies that somebody looks after."""
    if one.kind is not AssignmentKind.PART_TIME:
        return None
    parts = into[one.cell_no]
    named = [no for no in parts if one.place is not None and no in places.get(one.place, ())]
    if len(named) == 1:
        return named[0]
    group = None if one.group_no is None else groups.get(one.group_no)
    return group if group in parts else None


def _officers(held: Sequence[Held], first: Sequence[int], officer: str | None, drawn: Redrawing) -> list[int]:
    """Cells with full-time officers: that of the one asked for, then those that have one today, then those later."""
    full = [one for one in held if one.kind is AssignmentKind.FULL_TIME]
    now = [one for one in full if one.from_on <= drawn.on_day]
    named = [one.cell_no for one in now if one.code == officer]
    if officer is not None and not named:
        raise NotFoundError("officer_not_here", code=officer[:40])
    there = [{one.cell_no for one in some} for some in (now, full)]
    return list(dict.fromkeys([*named, *(no for some in there for no in first if no in some)]))
