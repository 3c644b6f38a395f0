"""1+1+1+N: who looks after a cell, part by part, as sheets and signs name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.reports.rules.blocks import Fact, Facts
from app.reports.service.context import Context
from app.reports.service.sections.naming import joined
from app.staffing.rules import Duty, Part

Record = Mapping[str, Any]

PART_OF: Mapping[str, Part] = {
    "inspector": Part.INSPECTOR,
    "supervisor": Part.SUPERVISOR,
    Duty.GRID_OFFICER.value: Part.OFFICER,
}
"""Which part somebody is, by role or duty; part-time people are N by their kind."""

OF_A_PLACE = {Duty.BUILDING_HEAD.value, Duty.COURTYARD_HEAD.value}
"""Duties whose holders look after one building or courtyard of the cell."""

MOST_PART_TIME = 12
"""Part-time people who are named; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who looks after a place.

    Parameters
    ----------
    part
        Of the 1+1+1+N.
    post
        What the post is called.
    phone
        The service telephone of the unit in which the post is; never somebody's own.
    """

    part: str
    post: str
    name: str
    phone: str | None


def holders(
    context: Context, posted: Sequence[Record], place: str | None = None, most: int = MOST_PART_TIME
) -> tuple[tuple[Holder, ...], int]:
    """Who looks after a cell, and how many part-time people there are beside those who are named.

    Parameters
    ----------
    posted
        As `store.people.posted` reads them.
    place
        The name of the building or courtyard that alone is meant: heads of others are left out.
    most
        Part-time people who are named.
    """
    of: dict[Part, dict[str, Holder]] = {part: {} for part in Part}
    for one in posted:
        part = Part.PART_TIME if one["kind"] == "part_time" else PART_OF.get(one["duty"] or one["role"] or "")
        elsewhere = place is not None and one["duty"] in OF_A_PLACE and one["place"] != place
        if part is None or elsewhere:
            continue
        beside = one["place"] if place is None else None
        holder = Holder(part.value, _post(context, one, beside), one["name"], one["phone"])
        of[part].setdefault(one["code"], holder)
    more = max(0, len(of[Part.PART_TIME]) - most)
    return tuple(_named(context, of, most)), more


def _post(context: Context, one: Record, beside: str | None) -> str:
    stands_in = context.word("board.kind_stand_in") if one["kind"] == "stand_in" else None
    return joined(context.word(f"board.duty_{one['duty'] or one['role']}"), beside, stands_in)


def _named(context: Context, of: Mapping[Part, Mapping[str, Holder]], most: int) -> Iterator[Holder]:
    for part in Part:
        if part is Part.PART_TIME:
            yield from list(of[part].values())[:most]
        elif of[part]:
            yield from of[part].values()
        else:
            yield Holder(part.value, context.word(f"board.part_{part.value}"), context.t("sign_vacant"), None)


def roster(context: Context, found: Sequence[Holder], more: int, title: str = "") -> Facts:
    """Those who look after a place by their posts, each with a service telephone where there is one.

    Parameters
    ----------
    more
        How many part-time people there are beside them.
    """
    lines = (
        Fact(f"{one.part}-{place}", one.post, joined(one.name, one.phone)) for place, one in enumerate(found)
    )
    return Facts("people", tuple(lines), title, context.t("sign_more", n=more) if more else "")
