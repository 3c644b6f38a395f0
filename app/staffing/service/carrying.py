"""1+1+1+N of cells that were split or merged: who goes on where, and whose assignment ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from app.errors import NotFoundError
from app.grid.service.redrawing import Redrawing
from app.staffing.rules import AssignmentKind
from app.staffing.rules.carrying import Carried, Held, carry
from app.staffing.service.refusals import refusals
from app.staffing.store import carrying as store


@dataclass(frozen=True, slots=True)
class StaffCarried:
    """What became of the people of cells: assignments, posts that have got other areas, units."""

    carried: Carried
    posts: int
    units: int


def carry_staff(
    connection: Connection,
    drawn: Redrawing,
    *,
    lead: Mapping[int, int],
    first: Sequence[int],
    officer: str | None,
    places: Mapping[str, int],
) -> StaffCarried:
    """Carry assignments, posts and units over to new cells; the past stays as it was.

    Parameters
    ----------
    lead
        The part that the full-time officer of a cell has, by the number of the cell that is gone.
    first
        Numbers of the cells that are gone: the first one with a full-time officer is the one whose officers go on.
    officer
        Code of the full-time officer who goes on instead.
    places
        The new cell of places that people look after, by their names.

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
    placed = [replace(one, place_no=_place(one, places, groups)) for one in held]
    carried = carry(placed, drawn.into, lead, [_kept(held, first, officer, drawn)], drawn.on_day)
    with refusals(connection):
        store.replace_assignments(connection, held, carried.given, drawn.on_day)
    return StaffCarried(
        carried, store.widen_posts(connection, drawn.into), store.move_units(connection, lead)
    )


def _place(one: Held, places: Mapping[str, int], groups: Mapping[int, int]) -> int | None:
    if one.kind is not AssignmentKind.PART_TIME:
        return None
    if one.place is not None and one.place in places:
        return places[one.place]
    return None if one.group_no is None else groups.get(one.group_no)


def _kept(held: Sequence[Held], first: Sequence[int], officer: str | None, drawn: Redrawing) -> int:
    """The cell whose officers go on: that of the one asked for, else the first with one today, else with one later."""
    full = [one for one in held if one.kind is AssignmentKind.FULL_TIME]
    now = [one for one in full if one.from_on <= drawn.on_day]
    if officer is not None:
        named = [one.cell_no for one in now if one.code == officer]
        if not named:
            raise NotFoundError("officer_not_here", code=officer[:40])
        return named[0]
    for there in (now, full):
        with_one = {one.cell_no for one in there}
        if found := [no for no in first if no in with_one]:
            return found[0]
    return first[0]
