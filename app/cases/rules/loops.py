"""The three loops 自循环, 微循环, 小循环, and whose seat a role takes in each of them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.accounts.rules import Role


class Loop(StrEnum):
    """The level that deals with a case, from the lowest up; what each is called is data."""

    COMMUNITY = "community"
    SUBDISTRICT = "subdistrict"
    DISTRICT = "district"


ORDER = tuple(Loop)


def above(loop: Loop) -> Loop | None:
    """The loop above one; None above the district's."""
    at = ORDER.index(loop) + 1
    return ORDER[at] if at < len(ORDER) else None


def below(loop: Loop) -> Loop | None:
    """The loop below one; None below the community's."""
    at = ORDER.index(loop)
    return ORDER[at - 1] if at else None


class Seat(StrEnum):
    """What somebody is to a case when they make a move."""

    REPORTER = "reporter"
    PATROL = "patrol"
    ACCEPTOR = "acceptor"
    DISPATCHER = "dispatcher"
    HEAD = "head"
    UNIT = "unit"
    CREW = "crew"
    HELPER = "helper"
    CHECKER = "checker"
    OVERSEER = "overseer"
    PLATFORM = "platform"


_EVERYWHERE: Mapping[Seat, frozenset[Role]] = {
    Seat.REPORTER: frozenset({Role.REPORTER, Role.GROUP_LEADER, Role.VOLUNTEER_LEAD, Role.GRID_OFFICER, Role.SUPERVISOR,
                              Role.INSPECTOR, Role.COMMUNITY_DESK, Role.SUBCENTRE_OPERATOR, Role.SUBCENTRE_HEAD,
                              Role.ACCEPTOR, Role.DUTY_OFFICER, Role.LEADER}),
    Seat.PATROL: frozenset({Role.GRID_OFFICER, Role.SUPERVISOR, Role.INSPECTOR}),
    Seat.OVERSEER: frozenset({Role.SUPERVISION_OFFICER, Role.LEADER, Role.DUTY_OFFICER}),
    Seat.PLATFORM: frozenset(),
}  # fmt: skip
"""Seats that are the same in every loop."""

_BY_LOOP: Mapping[Seat, Mapping[Loop, frozenset[Role]]] = {
    Seat.ACCEPTOR: {
        Loop.COMMUNITY: frozenset({Role.COMMUNITY_DESK}),
        Loop.SUBDISTRICT: frozenset({Role.SUBCENTRE_OPERATOR, Role.SUBCENTRE_HEAD}),
        Loop.DISTRICT: frozenset({Role.ACCEPTOR, Role.DUTY_OFFICER}),
    },
    Seat.DISPATCHER: {
        Loop.COMMUNITY: frozenset({Role.COMMUNITY_DESK}),
        Loop.SUBDISTRICT: frozenset({Role.SUBCENTRE_OPERATOR, Role.SUBCENTRE_HEAD}),
        Loop.DISTRICT: frozenset({Role.DISPATCHER, Role.DUTY_OFFICER}),
    },
    Seat.HEAD: {
        Loop.COMMUNITY: frozenset({Role.SUBCENTRE_HEAD}),
        Loop.SUBDISTRICT: frozenset({Role.SUBCENTRE_HEAD}),
        Loop.DISTRICT: frozenset({Role.DUTY_OFFICER}),
    },
    Seat.UNIT: {
        Loop.COMMUNITY: frozenset({Role.COMMUNITY_DESK, Role.UNIT_DISPATCHER}),
        Loop.SUBDISTRICT: frozenset({Role.SUBCENTRE_OPERATOR, Role.SUBCENTRE_HEAD, Role.UNIT_DISPATCHER}),
        Loop.DISTRICT: frozenset({Role.UNIT_DISPATCHER}),
    },
    Seat.CREW: {
        Loop.COMMUNITY: frozenset({Role.GRID_OFFICER, Role.HANDLER}),
        Loop.SUBDISTRICT: frozenset({Role.GRID_OFFICER, Role.SUPERVISOR, Role.HANDLER}),
        Loop.DISTRICT: frozenset({Role.HANDLER}),
    },
    Seat.CHECKER: {
        Loop.COMMUNITY: frozenset({Role.GRID_OFFICER, Role.GROUP_LEADER, Role.SUPERVISOR}),
        Loop.SUBDISTRICT: frozenset({Role.GRID_OFFICER, Role.SUPERVISOR}),
        Loop.DISTRICT: frozenset({Role.GRID_OFFICER, Role.SUPERVISOR, Role.INSPECTOR}),
    },
}
"""Seats that the loop gives: whose desk registers, dispatches, verifies and closes."""

OF_A_UNIT = frozenset({Seat.UNIT, Seat.CREW})
"""主办: seats that only those take to whose unit the case was given."""


def roles_of(seat: Seat, loop: Loop) -> frozenset[Role]:
    """The roles that take a seat in a loop; those who help 协办 do in their unit what those do who lead."""
    if seat is Seat.HELPER:
        return _BY_LOOP[Seat.UNIT][loop] | _BY_LOOP[Seat.CREW][loop]
    return _EVERYWHERE[seat] if seat in _EVERYWHERE else _BY_LOOP[seat][loop]
