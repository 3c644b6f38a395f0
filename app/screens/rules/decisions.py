"""需要你决定: what waits for somebody's word, and the moves by which they give it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.cases.rules.changing import CaseNow
from app.cases.rules.deciding import Asker, MoveError, permit
from app.cases.rules.loops import Loop, Seat, roles_of
from app.cases.rules.moves import Move


class Matter(StrEnum):
    """What is to be decided, the pressing first."""

    RETURN = "return"
    EXTENSION = "extension"
    SUSPENSION = "suspension"
    RULING = "ruling"
    UP = "up"
    FORCE_CLOSE = "force_close"


WORDS: Mapping[Matter, Sequence[Move]] = {
    Matter.RETURN: (Move.UPHOLD_RETURN, Move.REFUSE_RETURN),
    Matter.EXTENSION: (Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION),
    Matter.SUSPENSION: (Move.GRANT_SUSPENSION, Move.REFUSE_SUSPENSION),
    Matter.RULING: (Move.ADJUDICATE,),
    Matter.UP: (Move.RECEIVE_FROM_ABOVE,),
    Matter.FORCE_CLOSE: (Move.FORCE_CLOSE,),
}
"""The moves that decide a matter; whether somebody may make them, the table of moves says."""

DECIDING = frozenset({Seat.HEAD, Seat.DISPATCHER})
"""Seats that decide."""


@dataclass(frozen=True, slots=True)
class Open:
    """A case of which something may have to be decided.

    Parameters
    ----------
    unruled
        裁定: it was returned as often as makes somebody rule, and nobody has.
    stuck
        强制结案: twice its time is used up, and it is still at the unit. Any open case can be closed by force; this is
        one of which it has to be thought.
    """

    case: CaseNow
    unruled: bool
    stuck: bool


def decided_by(roles: frozenset[str]) -> list[str]:
    """The loops in which somebody with these roles decides anything."""
    return [loop.value for loop in Loop if any(roles_of(seat, loop) & roles for seat in DECIDING)]


def matters(found: Open, asker: Asker, at: datetime) -> list[tuple[Matter, list[Move]]]:
    """What of a case somebody could decide now, each with exactly the moves that they may make."""
    left_out = {Matter.RULING: not found.unruled, Matter.FORCE_CLOSE: not found.stuck}
    offered = [
        (matter, [move for move in moves if _may(found.case, asker, move, at)])
        for matter, moves in WORDS.items()
        if not left_out.get(matter, False)
    ]
    return [(matter, moves) for matter, moves in offered if moves]


def _may(case: CaseNow, asker: Asker, move: Move, at: datetime) -> bool:
    try:
        permit(case, asker, move.value, {}, at)
    except MoveError:
        return False
    return True
