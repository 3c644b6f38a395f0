"""What a form of a move asks for: its fields in their order, with choices, phrases and bounds. Made from the table."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app.cases.rules.deciding import BY_NAME, seats_of
from app.cases.rules.loops import Seat
from app.cases.rules.moves import Edge, Move
from app.cases.rules.timing import Stage
from app.cases.service.asking import Asked, Asking
from app.cases.service.moving import ACCEPT_REGISTER_DISPATCH, CHAINS
from app.cases.service.situation import Situation

ORDER = (
    "condition", "unit", "co_units", "crew", "confirmer", "checker", "into", "root", "amount", "ordered_at",
    "called_at", "called", "promised", "closing_condition", "solved", "satisfied", "reason", "interim", "review_on",
    "reply_by", "why", "admission", "before", "after", "evidence", "opinion", "place", "final",
)  # fmt: skip
"""Fields as people think of them: what and who, why, proof, the rest."""

FORWARD: Sequence[str] = (
    ACCEPT_REGISTER_DISPATCH, Move.CONFIRM_TRUE, Move.CONFIRM_FALSE, Move.SELF_HANDLE, Move.ACCEPT, Move.REGISTER,
    Move.REQUEST_CONFIRMATION, Move.DECLINE, Move.DISPATCH, Move.UPHOLD_RETURN, Move.REFUSE_RETURN,
    Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION, Move.GRANT_SUSPENSION, Move.REFUSE_SUSPENSION,
    Move.RECEIVE_FROM_ABOVE, Move.REPLY_SUPERVISION, Move.ACKNOWLEDGE, Move.CONTROL, Move.PASS_INSIDE,
    Move.FAIL_INSIDE, Move.SUBMIT_INSIDE, Move.GIVE_FEEDBACK,
    Move.CO_FEEDBACK, Move.ASSIGN_INSIDE, Move.RETURN_INSIDE, Move.SEND_BACK, Move.REQUEST_EXTENSION,
    Move.REQUEST_SUSPENSION, Move.RESUME, Move.VERIFY_PASS, Move.VERIFY_FAIL, Move.REASSIGN_CHECK, Move.CLOSE,
    Move.CALL_BACK, Move.UPHOLD_APPEAL, Move.REJECT_APPEAL, Move.REOPEN, Move.APPEAL, Move.REMIND,
)  # fmt: skip
"""Moves that are offered at once, the pressing ones first; the others wait behind 更多."""

TALK = frozenset({Move.COMMENT, Move.ATTACH})


@dataclass(frozen=True, slots=True)
class Offer:
    """A move that somebody could make now, with the fields of its form and an id for the request that makes it."""

    move: str
    target: str | None
    fields: Sequence[Asked]
    client_id: str

    @property
    def place(self) -> str:
        """Where it is offered: `first`, `more`, `talk`, or `undo`."""
        if self.move == Move.UNDO:
            return "undo"
        return "talk" if self.move in TALK else "first" if self.move in FORWARD else "more"


def fields_of(move: str) -> tuple[frozenset[str], frozenset[str]]:
    """The fields that a move, or a chain of them, needs and may have; none for a move that nobody knows."""
    edges = [BY_NAME[step] for step in CHAINS.get(move, (move,)) if step in BY_NAME]
    needs = frozenset[str]().union(*(edge.needs for edge in edges))
    return needs, frozenset[str]().union(*(edge.may for edge in edges)) - needs


def offers(connection: Connection, found: Situation, edges: Iterable[Edge]) -> list[Offer]:
    """The forms of the moves that somebody could make now, in the order in which they are offered."""
    names = [edge.move.value for edge in edges]
    if {Move.ACCEPT, Move.REGISTER} <= set(names) and Seat.DISPATCHER in seats_of(found.case, found.asker):
        names.append(ACCEPT_REGISTER_DISPATCH)
    rank = {name: number for number, name in enumerate(FORWARD)}
    if not any(clock.stage is Stage.CONTROL and not clock.ended for clock in found.clocks):
        rank[Move.CONTROL] = rank[Move.RETURN_INSIDE]  # there is no danger to be made safe before all else
    asking = Asking(connection, found)
    return [_offer(asking, name) for name in sorted(names, key=lambda one: rank.get(one, len(rank)))]


def _offer(asking: Asking, move: str) -> Offer:
    needs, may = fields_of(move)
    names = sorted(needs | may, key=ORDER.index)
    edge = BY_NAME[CHAINS.get(move, (move,))[-1]]
    return Offer(
        move,
        None if edge.target is None else edge.target.value,
        [asking.field(move, name, name in needs) for name in names],
        str(uuid.uuid4()),
    )
