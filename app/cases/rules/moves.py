"""Every move of a case: from which states, to which, by whose seat, with what. One table; nothing else decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.cases.rules.loops import Seat
from app.cases.rules.states import CaseState as S


class Move(StrEnum):
    """What can be done with a case."""

    REPORT = "report"
    ACCEPT = "accept"
    REQUEST_CONFIRMATION = "request_confirmation"
    CONFIRM_TRUE = "confirm_true"
    CONFIRM_FALSE = "confirm_false"
    REGISTER = "register"
    DECLINE = "decline"
    VOID = "void"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SPLIT = "split"
    RECLASSIFY = "reclassify"
    DISPATCH = "dispatch"
    PHONE_ORDER = "phone_order"
    ADJUDICATE = "adjudicate"
    REMIND = "remind"
    SUPERVISE = "supervise"
    REPLY_SUPERVISION = "reply_supervision"
    FORCE_CLOSE = "force_close"
    ACKNOWLEDGE = "acknowledge"
    ASSIGN_INSIDE = "assign_inside"
    RETURN_INSIDE = "return_inside"
    CO_HANDLE = "co_handle"
    CO_FEEDBACK = "co_feedback"
    CONTROL = "control"
    SUBMIT_INSIDE = "submit_inside"
    PASS_INSIDE = "pass_inside"
    FAIL_INSIDE = "fail_inside"
    GIVE_FEEDBACK = "give_feedback"
    SEND_BACK = "send_back"
    UPHOLD_RETURN = "uphold_return"
    REFUSE_RETURN = "refuse_return"
    REQUEST_EXTENSION = "request_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    REQUEST_SUSPENSION = "request_suspension"
    GRANT_SUSPENSION = "grant_suspension"
    REFUSE_SUSPENSION = "refuse_suspension"
    RESUME = "resume"
    VERIFY_PASS = "verify_pass"
    VERIFY_FAIL = "verify_fail"
    REASSIGN_CHECK = "reassign_check"
    CLOSE = "close"
    REOPEN = "reopen"
    ARCHIVE = "archive"
    APPEAL = "appeal"
    UPHOLD_APPEAL = "uphold_appeal"
    REJECT_APPEAL = "reject_appeal"
    REPLY_SOURCE = "reply_source"
    CALL_BACK = "call_back"
    ESCALATE = "escalate"
    DELEGATE = "delegate"
    REQUEST_UP = "request_up"
    RECEIVE_FROM_ABOVE = "receive_from_above"
    SELF_HANDLE = "self_handle"
    COMMENT = "comment"
    ATTACH = "attach"
    LINK_ROOT = "link_root"
    UNDO = "undo"
    REDATE = "redate"


class Asked(StrEnum):
    """A question that one side has put and the other has to answer."""

    RETURN = "return"
    EXTENSION = "extension"
    SUSPENSION = "suspension"
    SUPERVISION = "supervision"
    APPEAL = "appeal"
    UP = "up"
    INSIDE = "inside"


class Guard(StrEnum):
    """A condition of a move beyond state, seat and fields; `deciding.GUARDS` says when each refuses."""

    NOT_PENDING = "not_pending"
    ADMITTED = "admitted"
    NOT_LOWEST = "not_lowest"
    NOT_HIGHEST = "not_highest"
    NOT_THE_HANDLER = "not_the_handler"
    NOT_THE_ASKER = "not_the_asker"
    IN_TIME_TO_RETURN = "in_time_to_return"
    EXTENSIBLE = "extensible"
    IN_TIME_TO_EXTEND = "in_time_to_extend"
    ONCE_RETURNED = "once_returned"
    TWICE_RETURNED = "twice_returned"
    IN_THE_WINDOW = "in_the_window"
    PAST_THE_WINDOW = "past_the_window"
    ONCE_APPEALED = "once_appealed"
    SELF_HANDLING_ALLOWED = "self_handling_allowed"
    OWN_REPORT = "own_report"
    UNMERGE_WINDOW = "unmerge_window"
    UNDOABLE = "undoable"
    AUTOMATIC = "automatic"
    CHECKS_INSIDE = "checks_inside"
    NOT_CHECKED_INSIDE = "not_checked_inside"


@dataclass(frozen=True, slots=True)
class Edge:
    """One line of the table.

    Parameters
    ----------
    target
        The state afterwards; None where it stays as it is.
    seats
        Whoever takes one of these seats in the case's loop.
    needs, may
        Fields that have to be given, and that can be; no others are taken.
    asks, answers
        The question that the move puts, or that it answers (and which has to be pending).
    """

    move: Move
    sources: frozenset[S]
    target: S | None
    seats: frozenset[Seat]
    needs: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    guards: tuple[Guard, ...] = ()
    asks: Asked | None = None
    answers: Asked | None = None


def _edge(
    move: Move,
    sources: tuple[S, ...],
    target: S | None,
    seats: tuple[Seat, ...],
    needs: str = "",
    may: str = "",
    *guards: Guard,
    asks: Asked | None = None,
    answers: Asked | None = None,
) -> Edge:
    return Edge(
        move,
        frozenset(sources),
        target,
        frozenset(seats),
        frozenset(needs.split()),
        frozenset(may.split()),
        guards,
        asks,
        answers,
    )


M, G, A = Move, Guard, Asked
FILING = (S.REPORTED, S.CONFIRMING)
AT_UNIT = (S.DISPATCHED, S.HANDLING)
WORKING = (S.REGISTERED, S.DISPATCHED, S.HANDLING, S.SUSPENDED, S.HANDLED)
OPEN = (*FILING, *WORKING)
LIVE = (*OPEN, S.CLOSED)
EVERYBODY = (Seat.REPORTER, Seat.PATROL, Seat.ACCEPTOR, Seat.DISPATCHER, Seat.HEAD, Seat.UNIT, Seat.CREW,
             Seat.HELPER, Seat.CHECKER, Seat.OVERSEER)  # fmt: skip
DESK = (Seat.ACCEPTOR, Seat.DISPATCHER, Seat.HEAD)

EDGES: tuple[Edge, ...] = (
    # 1 采集上报, 2 指挥派遣
    _edge(M.ACCEPT, (S.REPORTED,), None, (Seat.ACCEPTOR, Seat.PLATFORM), "", "", G.AUTOMATIC),
    _edge(M.REQUEST_CONFIRMATION, (S.REPORTED,), S.CONFIRMING, (Seat.ACCEPTOR,), "confirmer"),
    _edge(M.CONFIRM_TRUE, (S.CONFIRMING,), S.REPORTED, (Seat.PATROL,), "evidence", "opinion place"),
    _edge(M.CONFIRM_FALSE, (S.CONFIRMING,), S.REPORTED, (Seat.PATROL,), "reason", "evidence place"),
    _edge(M.REGISTER, (S.REPORTED,), S.REGISTERED, (Seat.ACCEPTOR, Seat.PLATFORM), "condition", "opinion",
          G.AUTOMATIC),
    _edge(M.DECLINE, FILING, S.DECLINED, (Seat.ACCEPTOR,), "reason", "opinion"),
    _edge(M.VOID, (*FILING, S.REGISTERED), S.VOID, (Seat.HEAD,), "reason"),
    _edge(M.MERGE, (*FILING, S.REGISTERED), S.MERGED, (Seat.ACCEPTOR,), "into"),
    _edge(M.UNMERGE, (S.MERGED,), S.REPORTED, (Seat.ACCEPTOR,), "", "opinion", G.UNMERGE_WINDOW),
    _edge(M.SPLIT, WORKING, None, (Seat.ACCEPTOR, Seat.DISPATCHER), "reason"),
    _edge(M.RECLASSIFY, (S.REGISTERED, *AT_UNIT), None, (Seat.ACCEPTOR, Seat.DISPATCHER), "condition reason"),
    _edge(M.DISPATCH, (S.REGISTERED,), S.DISPATCHED, (Seat.DISPATCHER, Seat.PLATFORM), "unit", "why opinion co_units",
          G.AUTOMATIC),
    _edge(M.PHONE_ORDER, (S.REPORTED, S.REGISTERED), S.DISPATCHED, DESK, "unit condition ordered_at", "opinion"),
    _edge(M.ADJUDICATE, (S.REGISTERED, *AT_UNIT), S.DISPATCHED, (Seat.HEAD,), "unit reason", "", G.TWICE_RETURNED),
    # 3 处理反馈
    _edge(M.ACKNOWLEDGE, (S.DISPATCHED,), S.HANDLING, (Seat.UNIT,), "", "crew"),
    _edge(M.ASSIGN_INSIDE, (S.HANDLING,), None, (Seat.UNIT,), "crew", "opinion"),
    _edge(M.RETURN_INSIDE, (S.HANDLING,), None, (Seat.CREW,), "reason"),
    _edge(M.CO_HANDLE, (S.DISPATCHED, S.HANDLING), None, (Seat.DISPATCHER, Seat.HEAD), "co_units", "opinion"),
    _edge(M.CO_FEEDBACK, (S.DISPATCHED, S.HANDLING), None, (Seat.HELPER,), "opinion", "evidence"),
    _edge(M.CONTROL, (S.HANDLING,), None, (Seat.UNIT, Seat.CREW), "evidence", "opinion place"),
    # 内部核验: a unit that keeps it lets a second person of its own look before the desk hears that it is done.
    _edge(M.SUBMIT_INSIDE, (S.HANDLING,), None, (Seat.UNIT, Seat.CREW), "evidence", "opinion place", G.CHECKS_INSIDE,
          G.NOT_PENDING, asks=A.INSIDE),
    _edge(M.PASS_INSIDE, (S.HANDLING,), S.HANDLED, (Seat.UNIT,), "", "opinion evidence", G.NOT_PENDING,
          G.NOT_THE_ASKER, answers=A.INSIDE),
    _edge(M.FAIL_INSIDE, (S.HANDLING,), None, (Seat.UNIT,), "reason", "evidence", G.NOT_THE_ASKER, answers=A.INSIDE),
    _edge(M.GIVE_FEEDBACK, (S.HANDLING,), S.HANDLED, (Seat.UNIT, Seat.CREW), "evidence", "opinion place",
          G.NOT_PENDING, G.NOT_CHECKED_INSIDE),
    _edge(M.SEND_BACK, AT_UNIT, None, (Seat.UNIT,), "reason", "evidence", G.NOT_PENDING, G.ONCE_RETURNED,
          G.IN_TIME_TO_RETURN, asks=A.RETURN),
    _edge(M.UPHOLD_RETURN, AT_UNIT, S.REGISTERED, (Seat.DISPATCHER,), "opinion", "", G.NOT_THE_ASKER, answers=A.RETURN),
    _edge(M.REFUSE_RETURN, AT_UNIT, None, (Seat.DISPATCHER,), "opinion", "", G.NOT_THE_ASKER, answers=A.RETURN),
    _edge(M.REQUEST_EXTENSION, (S.HANDLING,), None, (Seat.UNIT,), "reason amount", "evidence", G.NOT_PENDING,
          G.EXTENSIBLE, G.IN_TIME_TO_EXTEND, asks=A.EXTENSION),
    _edge(M.GRANT_EXTENSION, (S.HANDLING,), None, (Seat.HEAD,), "", "opinion", G.NOT_THE_ASKER, answers=A.EXTENSION),
    _edge(M.REFUSE_EXTENSION, (S.HANDLING,), None, (Seat.HEAD,), "opinion", "", G.NOT_THE_ASKER, answers=A.EXTENSION),
    _edge(M.REQUEST_SUSPENSION, (S.HANDLING,), None, (Seat.UNIT,), "reason interim evidence review_on", "",
          G.NOT_PENDING, asks=A.SUSPENSION),
    _edge(M.GRANT_SUSPENSION, (S.HANDLING,), S.SUSPENDED, (Seat.HEAD,), "", "opinion", G.NOT_THE_ASKER,
          answers=A.SUSPENSION),
    _edge(M.REFUSE_SUSPENSION, (S.HANDLING,), None, (Seat.HEAD,), "opinion", "", G.NOT_THE_ASKER,
          answers=A.SUSPENSION),
    _edge(M.RESUME, (S.SUSPENDED,), S.HANDLING, (Seat.HEAD, Seat.UNIT, Seat.PLATFORM), "reason"),
    # 4 任务核查
    _edge(M.VERIFY_PASS, (S.HANDLED,), None, (Seat.CHECKER,), "evidence", "opinion place", G.NOT_THE_HANDLER),
    _edge(M.VERIFY_FAIL, (S.HANDLED,), S.HANDLING, (Seat.CHECKER,), "reason evidence", "place", G.NOT_THE_HANDLER),
    _edge(M.REASSIGN_CHECK, (S.HANDLED,), None, (Seat.ACCEPTOR, Seat.HEAD), "checker"),
    # 5 结案归档
    _edge(M.CLOSE, (S.HANDLED,), S.CLOSED, (Seat.ACCEPTOR, Seat.HEAD), "closing_condition", "opinion",
          G.NOT_THE_HANDLER),
    _edge(M.FORCE_CLOSE, WORKING, S.CLOSED, (Seat.HEAD,), "reason", "evidence", G.NOT_THE_HANDLER),
    _edge(M.REOPEN, (S.CLOSED,), S.REGISTERED, (Seat.ACCEPTOR, Seat.HEAD, Seat.OVERSEER), "reason", "",
          G.IN_THE_WINDOW),
    _edge(M.ARCHIVE, (S.CLOSED,), S.ARCHIVED, (Seat.PLATFORM,), "", "", G.PAST_THE_WINDOW),
    _edge(M.APPEAL, (S.CLOSED,), None, (Seat.UNIT,), "reason", "evidence", G.IN_THE_WINDOW, G.ONCE_APPEALED,
          asks=A.APPEAL),
    _edge(M.UPHOLD_APPEAL, (S.CLOSED,), None, (Seat.HEAD,), "opinion", "", G.NOT_THE_ASKER, answers=A.APPEAL),
    _edge(M.REJECT_APPEAL, (S.CLOSED,), None, (Seat.HEAD,), "opinion", "", G.NOT_THE_ASKER, answers=A.APPEAL),
    _edge(M.REPLY_SOURCE, LIVE, None, DESK, "opinion", "final"),
    _edge(M.CALL_BACK, (S.HANDLED, S.CLOSED), None, DESK, "solved satisfied", "opinion"),
    # Between loops
    _edge(M.ESCALATE, (*FILING, S.REGISTERED), None, (*DESK, Seat.PLATFORM), "reason", "", G.NOT_HIGHEST),
    _edge(M.DELEGATE, (S.REPORTED, S.REGISTERED), None, (Seat.DISPATCHER, Seat.HEAD), "reason", "admission",
          G.NOT_LOWEST, G.ADMITTED),
    _edge(M.REQUEST_UP, WORKING, None, (Seat.HEAD,), "reason", "", G.NOT_PENDING, asks=A.UP),
    _edge(M.RECEIVE_FROM_ABOVE, WORKING, None, (Seat.HEAD,), "opinion", "", answers=A.UP),
    # Pressure, talk, the way back
    _edge(M.REMIND, WORKING, None, DESK, "", "opinion called_at called promised"),
    _edge(M.SUPERVISE, WORKING, None, (Seat.OVERSEER,), "reason", "reply_by", asks=A.SUPERVISION),
    _edge(M.REPLY_SUPERVISION, WORKING, None, (Seat.UNIT, Seat.DISPATCHER), "opinion", "evidence",
          answers=A.SUPERVISION),
    _edge(M.SELF_HANDLE, (S.REPORTED,), S.HANDLED, (Seat.PATROL,), "condition before after", "opinion place",
          G.OWN_REPORT, G.SELF_HANDLING_ALLOWED),
    _edge(M.COMMENT, (*LIVE, S.DECLINED, S.VOID, S.MERGED), None, EVERYBODY, "opinion"),
    _edge(M.ATTACH, LIVE, None, EVERYBODY, "evidence", "opinion"),
    _edge(M.LINK_ROOT, LIVE, None, (*DESK, Seat.OVERSEER, Seat.PLATFORM), "root"),
    # 重定时限: the calendar came, or was changed, and the clocks read by it say another time.
    _edge(M.REDATE, WORKING, None, (Seat.PLATFORM,)),
    _edge(M.UNDO, (*LIVE, S.DECLINED, S.VOID, S.MERGED), None, EVERYBODY, "", "", G.UNDOABLE),
)  # fmt: skip
"""The table. A line is read: from one of the sources, whoever takes one of the seats, with these fields, gets there."""

TABLE: Mapping[Move, Edge] = {edge.move: edge for edge in EDGES}
