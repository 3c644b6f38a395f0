"""消息: whom a move concerns, so that they hear of it. Pure: of a row of the log, who is told, and of what kind."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.accounts.rules import Role
from app.cases.rules.loops import Loop, Seat, roles_of
from app.cases.rules.moves import EDGES, Asked, Move


class Whom(StrEnum):
    """Somebody, by what they are to the case."""

    CONFIRMER = "confirmer"
    CHECKER = "checker"
    NAMED_CREW = "crew"
    CREW_NOW = "crew_now"
    UNIT = "unit"
    HELPERS = "co_units"
    ACCEPTORS = "acceptors"
    DISPATCHERS = "dispatchers"
    HEADS = "heads"
    UNIT_LEADERS = "unit_leaders"
    LEADERS = "leaders"
    ASKER = "asker"
    REPORTERS = "reporters"


W, M = Whom, Move

MOVES: Mapping[Move, Mapping[str, tuple[Whom, ...]]] = {
    M.REQUEST_CONFIRMATION: {"to_confirm": (W.CONFIRMER,)},
    M.CONFIRM_TRUE: {"confirmed": (W.ACCEPTORS,)},
    M.CONFIRM_FALSE: {"not_confirmed": (W.ACCEPTORS,)},
    M.DECLINE: {"declined": (W.REPORTERS,)},
    M.VOID: {"declined": (W.REPORTERS,)},
    M.MERGE: {"merged": (W.REPORTERS,)},
    M.DISPATCH: {"to_handle": (W.UNIT,), "to_help": (W.HELPERS,), "dispatched": (W.REPORTERS,)},
    M.PHONE_ORDER: {"to_handle": (W.UNIT,), "dispatched": (W.REPORTERS,)},
    M.ADJUDICATE: {"ruled": (W.UNIT,)},
    M.CO_HANDLE: {"to_help": (W.HELPERS,)},
    M.RECLASSIFY: {"reclassified": (W.UNIT, W.CREW_NOW)},
    M.ACKNOWLEDGE: {"to_do": (W.NAMED_CREW,)},
    M.ASSIGN_INSIDE: {"to_do": (W.NAMED_CREW,)},
    M.RETURN_INSIDE: {"crew_returned": (W.UNIT,)},
    M.CO_FEEDBACK: {"helped": (W.UNIT,)},
    M.SUBMIT_INSIDE: {"to_check_inside": (W.UNIT,)},
    M.PASS_INSIDE: {"to_check": (W.CHECKER, W.ACCEPTORS)},
    M.FAIL_INSIDE: {"rework": (W.CREW_NOW,)},
    M.GIVE_FEEDBACK: {"to_check": (W.CHECKER, W.ACCEPTORS)},
    M.SELF_HANDLE: {"to_check": (W.ACCEPTORS,)},
    M.SEND_BACK: {"returned": (W.DISPATCHERS,)},
    M.REQUEST_EXTENSION: {"extension_asked": (W.HEADS,)},
    M.REQUEST_SUSPENSION: {"suspension_asked": (W.HEADS,)},
    M.REQUEST_UP: {"up_asked": (W.HEADS,)},
    M.APPEAL: {"appealed": (W.HEADS,)},
    M.SUPERVISE: {"supervised": (W.UNIT, W.HEADS)},
    M.REMIND: {"reminded": (W.UNIT, W.CREW_NOW)},
    M.RESUME: {"resumed": (W.UNIT, W.CREW_NOW)},
    M.REASSIGN_CHECK: {"to_verify": (W.CHECKER,)},
    M.VERIFY_PASS: {"to_close": (W.ACCEPTORS,)},
    M.VERIFY_FAIL: {"rework": (W.UNIT, W.CREW_NOW)},
    M.CLOSE: {"closed": (W.REPORTERS,)},
    M.FORCE_CLOSE: {"closed": (W.REPORTERS, W.UNIT)},
    M.REOPEN: {"reopened": (W.DISPATCHERS, W.REPORTERS)},
    M.ESCALATE: {"moved_here": (W.ACCEPTORS,)},
    M.DELEGATE: {"moved_here": (W.ACCEPTORS,)},
}
"""What whom is told after a move; one that answers a question tells the asker besides. Other moves tell nobody."""

TIMES: Mapping[str, tuple[Whom, ...]] = {
    "near_due": (W.UNIT, W.CREW_NOW),
    "overdue": (W.UNIT, W.CREW_NOW, W.HEADS),
    "late": (W.HEADS, W.UNIT_LEADERS),
    "severe": (W.HEADS, W.UNIT_LEADERS, W.LEADERS),
}
"""What whom is told when a clock runs out, which is no move."""

VOICES: Mapping[str, tuple[Whom, ...]] = {"not_solved": (W.ACCEPTORS, W.HEADS)}
"""What whom is told when somebody who reported says it of an end: no move either, but a reason to reopen."""

BESIDE: Mapping[str, tuple[Whom, ...]] = {**TIMES, **VOICES}
"""What is told of a case without a move, and so also to whoever made its last one."""

GRID = frozenset({"grid_propose", "grid_approve", "grid_send_back", "grid_withdraw", "grid_rebase", "grid_in_force",
                  "grid_impossible"})  # fmt: skip
"""What is told of a proposal for the grid instead of a case."""

REPORT = frozenset({"report_done", "report_failed", "report_circulated", "report_signed", "report_objected",
                    "report_issued", "report_outdated"})  # fmt: skip
"""What is told of a report."""

KINDS = frozenset(
    {kind for told in MOVES.values() for kind in told} | set(BESIDE) | {"answered", "undone"} | GRID | REPORT
)
"""Every kind of notice; the messages `notice.…` say each."""

NOW = frozenset({"to_confirm", "to_handle", "to_do", "to_help", "to_check",
                 "to_check_inside", "to_verify", "to_close", "rework",
                 "returned", "extension_asked", "suspension_asked", "supervised", "reminded", "overdue",
                 "near_due", "late", "severe", "not_solved", "report_circulated"})  # fmt: skip
"""Kinds that ask for something to be done."""

_ASKING: Mapping[Asked, Move] = {edge.asks: edge.move for edge in EDGES if edge.asks is not None}
ASKED_BY: Mapping[str, str] = {
    edge.move.value: _ASKING[edge.answers].value for edge in EDGES if edge.answers is not None
}
"""Of each move that answers, the move that asked."""


def told_of(move: str) -> list[tuple[str, Whom]]:
    """What is told after a move, and whom; nothing of a move that nobody knows, such as an import."""
    if move not in set(Move):
        return []
    found = [(kind, whom) for kind, some in MOVES.get(Move(move), {}).items() for whom in some]
    return found + ([("answered", Whom.ASKER)] if move in ASKED_BY else [])


def roles_told(whom: Whom, loop: Loop) -> frozenset[Role]:
    """By which roles of a unit or a place somebody is found; none where they are named one by one."""
    if whom in {Whom.UNIT_LEADERS, Whom.LEADERS}:
        return frozenset({Role.LEADER})
    seats = {
        Whom.UNIT: Seat.UNIT,
        Whom.HELPERS: Seat.UNIT,
        Whom.ACCEPTORS: Seat.ACCEPTOR,
        Whom.DISPATCHERS: Seat.DISPATCHER,
        Whom.HEADS: Seat.HEAD,
    }
    return roles_of(seats[whom], loop) if whom in seats else frozenset()
