"""What is done out of doors, on a telephone: which tasks there are, and which moves are offered as big keys."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum

from app.cases.rules.loops import Loop, Seat, roles_of
from app.cases.rules.moves import Move
from app.cases.rules.states import CaseState


class Task(StrEnum):
    """What somebody has to do with a case, by the state that it is in."""

    CONFIRM = "confirm"
    SIGN = "sign"
    HANDLE = "handle"
    VERIFY = "verify"


TASKS: Mapping[CaseState, Task] = {
    CaseState.CONFIRMING: Task.CONFIRM,
    CaseState.DISPATCHED: Task.SIGN,
    CaseState.HANDLING: Task.HANDLE,
    CaseState.HANDLED: Task.VERIFY,
}

KEYS: Sequence[Move] = (
    Move.CONFIRM_TRUE, Move.CONFIRM_FALSE, Move.SELF_HANDLE, Move.ACKNOWLEDGE, Move.SUBMIT_INSIDE,
    Move.GIVE_FEEDBACK, Move.CONTROL, Move.CO_FEEDBACK, Move.VERIFY_PASS, Move.VERIFY_FAIL, Move.RETURN_INSIDE,
    Move.ATTACH, Move.COMMENT, Move.UNDO,
)  # fmt: skip
"""Moves of the telephone, the pressing ones first; all others are made at a desk."""

ALARMING = frozenset({Move.CONFIRM_FALSE, Move.VERIFY_FAIL, Move.RETURN_INSIDE})
"""Keys that say no."""

TOLD = frozenset({
    Move.REPORT, Move.ACCEPT, Move.REQUEST_CONFIRMATION, Move.CONFIRM_TRUE, Move.CONFIRM_FALSE, Move.REGISTER,
    Move.DECLINE, Move.VOID, Move.MERGE, Move.UNMERGE, Move.SPLIT, Move.DISPATCH, Move.PHONE_ORDER, Move.ADJUDICATE,
    Move.ACKNOWLEDGE, Move.CONTROL, Move.GIVE_FEEDBACK, Move.PASS_INSIDE, Move.UPHOLD_RETURN, Move.GRANT_EXTENSION,
    Move.GRANT_SUSPENSION, Move.RESUME, Move.VERIFY_PASS, Move.VERIFY_FAIL, Move.CLOSE, Move.FORCE_CLOSE, Move.REOPEN,
    Move.ARCHIVE, Move.ESCALATE, Move.DELEGATE, Move.SELF_HANDLE,
})  # fmt: skip
"""Steps that are told to whoever reported, as on their receipt."""


def loops_of(seat: Seat, roles: frozenset[str]) -> list[str]:
    """The loops in which somebody with these roles takes a seat."""
    return [loop.value for loop in Loop if roles_of(seat, loop) & roles]


def seats_in_units(posts: Sequence[tuple[str, int]], seat: Seat) -> list[tuple[str, int]]:
    """Loop and unit of every place in which posts, each a role and a unit, give a seat."""
    return [(loop.value, unit) for loop in Loop for role, unit in posts if role in roles_of(seat, loop)]


EARTH_M = 6_371_008.8


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """How far apart two positions are, each longitude and latitude, along the sphere."""
    (lon, lat), (to_lon, to_lat) = (tuple(map(math.radians, pair)) for pair in (one, other))
    chord = (
        math.sin((to_lat - lat) / 2) ** 2
        + math.cos(lat) * math.cos(to_lat) * math.sin((to_lon - lon) / 2) ** 2
    )
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(chord)))
