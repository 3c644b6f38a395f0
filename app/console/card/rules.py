"""What an area's card tells: its twelve months, from cases by the day of their report, and its five elements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.registry.rules.kinds import RESIDENT, ElementKind, PlaceType

MONTHS = 12


def first_of(month: date, back: int) -> date:
    """The first day of the month that lies so many months before a day's."""
    whole = month.year * 12 + month.month - 1 - back
    return date(whole // 12, whole % 12 + 1, 1)


def by_month(
    first: date, reported: Sequence[int], today: date, months: int = MONTHS
) -> list[tuple[date, int]]:
    """Cases by month, the months up to that of a day, the earliest first; the last one is as far as it has come.

    Parameters
    ----------
    first, reported
        The day of the first number, and of each day from it how many were reported.
    """
    found = {first_of(today, back): 0 for back in range(months - 1, -1, -1)}
    start = first.toordinal()
    for n, cases in enumerate(reported):
        month = date.fromordinal(start + n).replace(day=1)
        if month in found:
            found[month] += cases
    return list(found.items())


class Untold(StrEnum):
    """Why an element has no count: none is registered, it is not for the one who asks, or only today is counted."""

    UNKEPT = "unkept"
    NOT_YOURS = "not_yours"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Counted:
    """An element with its count, or why there is none; `of` says how many of what there are, by words of the card."""

    element: str
    count: int | None = None
    of: Mapping[str, int] = field(default_factory=dict)
    untold: Untold | None = None


REGISTERED = (PlaceType.COMPOUND, PlaceType.COURTYARD, PlaceType.BUILDING, PlaceType.DWELLING)
"""Types of places that are told one by one; the map draws some of them too, and the register knows better."""

Types = Mapping[str, int]


def people(registered: Mapping[str, Types] | Untold, reads: bool) -> Counted:
    """人 with their households, for those who serve people."""
    if isinstance(registered, Untold) or not reads:
        return Counted("person", untold=registered if isinstance(registered, Untold) else Untold.NOT_YOURS)
    if ElementKind.PERSON not in registered:
        return Counted("person", untold=Untold.UNKEPT)
    of = registered[ElementKind.PERSON]
    return Counted("person", of.get(RESIDENT, 0), {"household": of.get("household", 0)})


def known_better(registered: Mapping[str, Types] | Untold) -> tuple[PlaceType, ...]:
    """Types of places that the register has, so that nobody need count them on the map."""
    return () if isinstance(registered, Untold) or ElementKind.PLACE not in registered else REGISTERED


def places(registered: Mapping[str, Types] | Untold, drawn: Types) -> Counted:
    """地: what is registered, and of the map what no register has. A flat is part of its building, told beside it."""
    kept = None if isinstance(registered, Untold) else registered.get(ElementKind.PLACE)
    if kept is None:
        return Counted("place", sum(drawn.values()), drawn)
    of = {kind.value: kept[kind] for kind in REGISTERED if kind in kept}
    others = sum(n for kind, n in kept.items() if kind not in REGISTERED)
    of |= {"other": others} if others else {}
    of |= drawn
    return Counted("place", sum(of.values()) - of.get(PlaceType.DWELLING, 0), of)


def objects(registered: Mapping[str, Types] | Untold) -> Counted:
    """物."""
    if isinstance(registered, Untold):
        return Counted("object", untold=registered)
    of = registered.get(ElementKind.OBJECT)
    return Counted("object", untold=Untold.UNKEPT) if of is None else Counted("object", sum(of.values()))


def organisations(registered: Mapping[str, Types] | Untold, units: int) -> Counted:
    """组织: those that are registered, and units that are tied to the area."""
    of = {} if isinstance(registered, Untold) else registered.get(ElementKind.ORGANISATION, {})
    there = sum(of.values())
    told = {"registered": there, "unit": units} if there else {}
    return Counted("organisation", there + units, told)
