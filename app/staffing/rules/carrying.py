"""Who looks after which cell once cells were drawn anew: the 1+1+1+N, carried over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.grid.rules import Days, days_left
from app.staffing.rules.organisation import AssignmentKind

LONGEST_PLACE = 80


@dataclass(frozen=True, slots=True)
class Held:
    """An assignment to a cell, of which some days are still to come.

    Parameters
    ----------
    absent_id
        For whom somebody stands in; None where the cell has nobody.
    place_no
        The new cell in which the place lies that somebody looks after; None where nobody knows it.
    """

    id: int
    staff_id: int
    code: str
    name: str
    cell_no: int
    kind: AssignmentKind
    duty: str
    from_on: date
    until_on: date | None
    leave_id: int | None = None
    absent_id: int | None = None
    place: str | None = None
    group_no: int | None = None
    place_no: int | None = None

    @property
    def days(self) -> Days:
        """On which days it holds."""
        return self.from_on, self.until_on


class Why(StrEnum):
    """Why an assignment ends with its cell."""

    OTHER_OFFICER = "other_officer"
    OFFICER_GONE = "officer_gone"
    COVERED = "covered"
    ALREADY = "already"


@dataclass(frozen=True, slots=True)
class Carried:
    """What becomes of assignments: those that are given, with their new cells, and those that end, with the reason."""

    given: tuple[Held, ...]
    ended: tuple[tuple[Held, Why], ...]


def leading(order: Sequence[int], wishes: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """Into which new cell the full-time officers of each cell go: at most one cell's into each.

    All first wishes count before any second one, and of equal ones that of the cell which stands first. Who finds no
    cell free is not there.

    Parameters
    ----------
    order
        Cells that have full-time officers.
    wishes
        New cells that took ground of each, the one with the most of its homes first.
    """
    found: dict[int, int] = {}
    taken: set[int] = set()
    for rank in range(max((len(wishes[old]) for old in order), default=0)):
        for old in order:
            if old not in found and rank < len(wishes[old]) and wishes[old][rank] not in taken:
                found[old] = wishes[old][rank]
                taken.add(found[old])
    return found


def carry(
    held: Sequence[Held],
    into: Mapping[int, Sequence[int]],
    lead: Mapping[int, int],
    kept: Iterable[int],
    today: date,
) -> Carried:
    """Carry assignments over to new cells.

    A full-time officer has one cell: of a cell that was split the leading part, and of cells that were merged the
    officers of one go on. Professional ones have all parts. Part-time ones follow the place that they look after, and
    have all parts where nobody knows it. Who stands in stays with the officer for whom they do.

    Parameters
    ----------
    into
        What has come of each cell that is gone.
    lead
        The new cell that its full-time officers have, and whoever stands in for them.
    kept
        Cells whose full-time officers go on.
    today
        What was before stays as it was.
    """
    stays = set(kept)
    officers = [one for one in held if one.kind is AssignmentKind.FULL_TIME]
    going_on = [one for one in officers if one.cell_no in stays]
    given = [_at(one, lead[one.cell_no], today) for one in going_on]
    ended = [(one, Why.OTHER_OFFICER) for one in officers if one.cell_no not in stays]
    standing: list[Held] = []
    for one in (one for one in held if one.kind is AssignmentKind.STAND_IN):
        before, why = len(standing), _stands_in_vain(one, going_on, lead)
        if why is None:
            _add(standing, _at(one, lead[one.cell_no], today))
        if len(standing) == before:
            ended.append((one, why or Why.ALREADY))
    others: list[Held] = []
    for one in (one for one in held if one.kind in {AssignmentKind.PROFESSIONAL, AssignmentKind.PART_TIME}):
        parts = into[one.cell_no] if one.place_no is None else (one.place_no,)
        before = len(others)
        for no in parts:
            _add(others, _at(one, no, today))
        if len(others) == before:
            ended.append((one, Why.ALREADY))
    return Carried((*given, *standing, *others), tuple(ended))


def _at(one: Held, cell_no: int, today: date) -> Held:
    return replace(one, cell_no=cell_no, from_on=max(one.from_on, today))


def _stands_in_vain(one: Held, officers: Sequence[Held], lead: Mapping[int, int]) -> Why | None:
    """Why somebody has nobody left to stand in for, or no vacant cell to cover."""
    if one.absent_id is not None:
        there = any(o.staff_id == one.absent_id and o.cell_no == one.cell_no for o in officers)
        return None if there else Why.OFFICER_GONE
    busy = [o.days for o in officers if o.cell_no != one.cell_no and lead[o.cell_no] == lead[one.cell_no]]
    return None if list(days_left(one.days, busy)) == [one.days] else Why.COVERED


def _add(others: list[Held], one: Held) -> None:
    """Add an assignment for the days on which that person does not have the same duty in the cell already."""
    same = [o for o in others if (o.staff_id, o.cell_no, o.duty) == (one.staff_id, one.cell_no, one.duty)]
    left = list(days_left(one.days, [o.days for o in same]))
    if left != [one.days]:
        # What both look after is theirs in the one cell; on which day which of it, was never more than a note.
        for o in same:
            others[others.index(o)] = replace(
                o, place=_both(o.place, one.place), group_no=o.group_no or one.group_no
            )
    others += [replace(one, from_on=first, until_on=last) for first, last in left]


def _both(one: str | None, other: str | None) -> str | None:
    if one is None or other is None or other in one.split("、"):
        return one or other
    together = f"{one}、{other}"
    return together if len(together) <= LONGEST_PLACE else one
