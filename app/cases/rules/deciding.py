"""Whether a move may be made, or why it is refused. Pure: who, what and when are handed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from app.cases.rules.changing import HOLDING, CaseNow, apply
from app.cases.rules.loops import OF_A_UNIT, ORDER, Loop, Seat, above, below, roles_of
from app.cases.rules.moves import TABLE, Asked, Edge, Guard, Move
from app.errors import ConflictError

NOTHING: Mapping[str, Any] = MappingProxyType({})

EXTENSIONS = 2
"""延期: how often the limit may be extended."""

REOPENING = timedelta(days=15)
"""How long after closing a case can be opened again or appealed against."""

UNMERGING = timedelta(hours=24)
UNDOING = timedelta(minutes=2)


class Reason(StrEnum):
    """Why a move is refused."""

    UNKNOWN_MOVE = "unknown_move"
    WRONG_STATE = "wrong_state"
    WRONG_SEAT = "wrong_seat"
    WRONG_UNIT = "wrong_unit"
    FIELDS_MISSING = "fields_missing"
    FIELDS_UNKNOWN = "fields_unknown"
    NOT_ASKED = "not_asked"
    ALREADY_ASKED = "already_asked"
    OWN_HANDLING = "own_handling"
    OWN_REQUEST = "own_request"
    NOT_ADMITTED = "not_admitted"
    LOWEST_LOOP = "lowest_loop"
    HIGHEST_LOOP = "highest_loop"
    TOO_LATE = "too_late"
    TOO_EARLY = "too_early"
    TOO_OFTEN = "too_often"
    NOT_RETURNED_TWICE = "not_returned_twice"
    NOT_SELF_HANDLED = "not_self_handled"
    NOT_OWN_REPORT = "not_own_report"
    NOTHING_TO_UNDO = "nothing_to_undo"
    NOT_AUTOMATIC = "not_automatic"
    CHECKED_INSIDE = "checked_inside"
    NOT_CHECKED_INSIDE = "not_checked_inside"


class MoveError(ConflictError):
    """不能办理: the table or a guard speaks against a move; `reason` says which."""

    def __init__(self, reason: Reason, **facts: Any) -> None:
        super().__init__(f"move_{reason.value}", reason=reason.value, **facts)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Asker:
    """Who moves: account, roles, and every unit in which they hold a post; the platform's own jobs have no account.

    Parameters
    ----------
    within
        Whether the case lies in their territory; outside it they act for their unit, or as the one who reported it.
    """

    account: int | None
    roles: frozenset[str] = frozenset()
    units: frozenset[int] = frozenset()
    platform: bool = False
    within: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a move comes to: the case afterwards, and the seats by which it was allowed."""

    after: CaseNow
    seats: frozenset[Seat]


def seats_of(case: CaseNow, asker: Asker) -> frozenset[Seat]:
    """The seats that somebody takes at a case: by their roles in its loop, and as of the unit that has it."""
    if asker.platform:
        return frozenset({Seat.PLATFORM})
    held = _held(case.loop, asker.roles)
    if case.unit not in asker.units:
        held -= OF_A_UNIT
    if not case.co_units & asker.units:
        held -= {Seat.HELPER}
    if not asker.within:
        held &= ANYWHERE if case.reporter == asker.account else ANYWHERE - {Seat.REPORTER}
    return held


@lru_cache(maxsize=1024)
def _held(loop: Loop, roles: frozenset[str]) -> frozenset[Seat]:
    """The seats of some roles in a loop, whatever the case."""
    return frozenset(seat for seat in Seat if roles_of(seat, loop) & roles)


ANYWHERE = OF_A_UNIT | {Seat.HELPER, Seat.REPORTER}
"""Seats that do not ask where the case lies."""


def decide(
    case: CaseNow,
    asker: Asker,
    move: str,
    given: Mapping[str, Any],
    at: datetime,
    facts: Mapping[str, Any] = NOTHING,
) -> Outcome:
    """What a move does.

    Parameters
    ----------
    facts
        What the platform adds to what was given; the table asks for none of it.

    Raises
    ------
    MoveError
        The table or a guard speaks against it.
    """
    edge, seats = permit(case, asker, move, given, at)
    _check_fields(edge, given)
    return Outcome(apply(case, edge.move, asker.account, {**given, **facts}, at), seats)


def permit(
    case: CaseNow, asker: Asker, move: str, given: Mapping[str, Any], at: datetime
) -> tuple[Edge, frozenset[Seat]]:
    """Whether somebody may make a move at all, whatever is still wrong with its fields; the seats that allow it.

    Raises
    ------
    MoveError
        The table or a guard speaks against it.
    """
    edge = _edge_of(move)
    if case.state not in edge.sources:
        raise MoveError(Reason.WRONG_STATE, state=case.state.value, move=move)
    seats = seats_of(case, asker) & edge.seats
    if not seats:
        unit = edge.seats <= OF_A_UNIT | {Seat.HELPER} and any(
            roles_of(s, case.loop) & asker.roles for s in edge.seats
        )
        raise MoveError(Reason.WRONG_UNIT if unit else Reason.WRONG_SEAT, move=move)
    _check_pending(edge, case)
    for guard in edge.guards:
        GUARDS[guard](case, asker, given, at)
    return edge, seats


def available(case: CaseNow, asker: Asker, at: datetime) -> Sequence[Edge]:
    """The moves that somebody could make now, in the order of the table: the buttons that they see."""
    found = []
    for edge in TABLE.values():
        try:
            permit(case, asker, edge.move, dict.fromkeys(_GRANTED, True), at)
        except MoveError:
            continue
        found.append(edge)
    return found


_GRANTED = frozenset({"admission"})


BY_NAME: Mapping[str, Edge] = {edge.move.value: edge for edge in TABLE.values()}


def _edge_of(move: str) -> Edge:
    found = BY_NAME.get(move)
    if found is None:
        raise MoveError(Reason.UNKNOWN_MOVE, move=move[:40])
    return found


def _check_pending(edge: Edge, case: CaseNow) -> None:
    if edge.answers is not None and edge.answers not in case.pending:
        raise MoveError(Reason.NOT_ASKED, move=edge.move.value)
    if edge.asks is not None and edge.asks in case.pending:
        raise MoveError(Reason.ALREADY_ASKED, move=edge.move.value)


def _check_fields(edge: Edge, given: Mapping[str, Any]) -> None:
    filled = {name for name, value in given.items() if value is not None and value not in ("", [], ())}
    missing = sorted(edge.needs - filled)
    if missing:
        raise MoveError(Reason.FIELDS_MISSING, fields=", ".join(missing), move=edge.move.value)
    strange = sorted(set(given) - edge.needs - edge.may)
    if strange:
        raise MoveError(Reason.FIELDS_UNKNOWN, fields=", ".join(strange)[:200], move=edge.move.value)


Check = Callable[[CaseNow, Asker, Mapping[str, Any], datetime], None]


def _refuse(reason: Reason, wrong: Callable[[CaseNow, Asker, Mapping[str, Any], datetime], bool]) -> Check:
    def check(case: CaseNow, asker: Asker, given: Mapping[str, Any], at: datetime) -> None:
        if wrong(case, asker, given, at):
            raise MoveError(reason)

    return check


def _unadmitted(case: CaseNow, asker: Asker, given: Mapping[str, Any], at: datetime) -> bool:
    """Down to a community only what belongs there, or what came in with an admission number 准入."""
    to = below(case.loop)
    lowest = case.lowest_loop or Loop.DISTRICT
    return to is not None and ORDER.index(to) < ORDER.index(lowest) and not given.get("admission")


def _outside(case: CaseNow, at: datetime) -> bool:
    return case.closed_at is None or at - case.closed_at > REOPENING


def _to_be_checked(case: CaseNow, asker: Asker) -> bool:
    """Whether somebody of the unit has to look first: what a crew has, and what is not said by the unit's own desk."""
    return case.inner_check and (case.crew is not None or Seat.UNIT not in seats_of(case, asker))


GUARDS: Mapping[Guard, Check] = {
    Guard.NOT_PENDING: _refuse(Reason.ALREADY_ASKED, lambda c, a, g, t: bool(HOLDING & set(c.pending))),
    Guard.ADMITTED: _refuse(Reason.NOT_ADMITTED, _unadmitted),
    Guard.NOT_LOWEST: _refuse(Reason.LOWEST_LOOP, lambda c, a, g, t: below(c.loop) is None),
    Guard.NOT_HIGHEST: _refuse(Reason.HIGHEST_LOOP, lambda c, a, g, t: above(c.loop) is None),
    Guard.NOT_THE_HANDLER: _refuse(Reason.OWN_HANDLING, lambda c, a, g, t: a.account in c.handled_by),
    Guard.NOT_THE_ASKER: _refuse(Reason.OWN_REQUEST, lambda c, a, g, t: a.account in c.pending.values()),
    Guard.IN_TIME_TO_RETURN: _refuse(Reason.TOO_LATE, lambda c, a, g, t: not c.may_return),
    Guard.EXTENSIBLE: _refuse(Reason.TOO_OFTEN, lambda c, a, g, t: c.extensions >= EXTENSIONS),
    Guard.IN_TIME_TO_EXTEND: _refuse(Reason.TOO_LATE, lambda c, a, g, t: not c.extensible),
    Guard.ONCE_RETURNED: _refuse(Reason.TOO_OFTEN, lambda c, a, g, t: c.returned_here),
    Guard.TWICE_RETURNED: _refuse(Reason.NOT_RETURNED_TWICE, lambda c, a, g, t: c.returns < 2),
    Guard.IN_THE_WINDOW: _refuse(Reason.TOO_LATE, lambda c, a, g, t: _outside(c, t)),
    Guard.PAST_THE_WINDOW: _refuse(
        Reason.TOO_EARLY, lambda c, a, g, t: not _outside(c, t) or Asked.APPEAL in c.pending
    ),
    Guard.ONCE_APPEALED: _refuse(Reason.TOO_OFTEN, lambda c, a, g, t: c.appealed),
    Guard.SELF_HANDLING_ALLOWED: _refuse(Reason.NOT_SELF_HANDLED, lambda c, a, g, t: not c.self_handling),
    Guard.OWN_REPORT: _refuse(Reason.NOT_OWN_REPORT, lambda c, a, g, t: c.reporter != a.account),
    Guard.UNMERGE_WINDOW: _refuse(
        Reason.TOO_LATE, lambda c, a, g, t: c.merged_at is None or t - c.merged_at > UNMERGING
    ),
    Guard.AUTOMATIC: _refuse(Reason.NOT_AUTOMATIC, lambda c, a, g, t: a.platform and not c.automatic),
    Guard.CHECKS_INSIDE: _refuse(Reason.NOT_CHECKED_INSIDE, lambda c, a, g, t: not c.inner_check),
    Guard.NOT_CHECKED_INSIDE: _refuse(Reason.CHECKED_INSIDE, lambda c, a, g, t: _to_be_checked(c, a)),
    Guard.UNDOABLE: _refuse(Reason.NOTHING_TO_UNDO, lambda c, a, g, t: not _undoable(c, a, t)),
}


UNDONE = frozenset({Move.UNDO, Move.REPORT, Move.COMMENT, Move.ATTACH, Move.REPLY_SOURCE, Move.CALL_BACK})
"""Moves that leave nothing to be taken back, or that told somebody something."""


def _undoable(case: CaseNow, asker: Asker, at: datetime) -> bool:
    """One's own last move, within two minutes, after which nobody has acted."""
    mine = asker.account is not None and case.last_by == asker.account and case.before is not None
    fresh = case.last_at is not None and timedelta() <= at - case.last_at <= UNDOING
    return mine and fresh and case.last_move is not None and case.last_move not in UNDONE
