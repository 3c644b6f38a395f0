"""A case as the rules see it, and what a move makes of it. Pure; whether it may be made is for `deciding` to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.cases.rules.loops import Loop, above, below
from app.cases.rules.moves import TABLE, Asked, Move
from app.cases.rules.states import CaseState

HOLDING: frozenset[Asked] = frozenset({Asked.RETURN, Asked.EXTENSION, Asked.SUSPENSION})
"""Questions of a unit that have to be answered before it puts another, or says that it is done."""


@dataclass(frozen=True, slots=True)
class CaseNow:
    """A case as the rules see it: what folding its log gives.

    Parameters
    ----------
    version
        How many rows its log has.
    lowest_loop
        The lowest loop of the condition under which it is registered; None before that.
    handled_by
        Accounts of those who have handled it.
    pending
        Questions that wait for an answer, with the account that put each.
    self_handling, may_return, extensible
        What the platform finds out about this moment: whether the category allows 自行处置, whether a return and an
        extension would come in time. They are no part of what is kept.
    automatic
        Nor is this: whether the platform accepts, registers and dispatches by itself, which it may right after a report
        of an officer that names a condition and shows a photo.
    inner_check
        Nor this: whether the unit keeps an 内部核验, so that what its crew did is looked at before it is handed in.
    into, root
        The case that goes on 并案, and the first of those that come again 反复件.
    last_move, last_by, last_at, before
        The last move: what, by whom, when, and the case before it, for `undo`.
    """

    state: CaseState
    loop: Loop
    version: int = 0
    reporter: int | None = None
    unit: int | None = None
    crew: int | None = None
    co_units: frozenset[int] = frozenset()
    confirmer: int | None = None
    checker: int | None = None
    condition: str | None = None
    lowest_loop: Loop | None = None
    self_handling: bool = False
    automatic: bool = False
    inner_check: bool = False
    handled_by: frozenset[int] = frozenset()
    pending: Mapping[Asked, int] = field(default_factory=dict)
    returns: int = 0
    returned_here: bool = False
    extensions: int = 0
    extensible: bool = True
    may_return: bool = True
    appealed: bool = False
    accepted: bool = False
    controlled: bool = False
    verified: bool = False
    into: int | None = None
    root: int | None = None
    merged_at: datetime | None = None
    closed_at: datetime | None = None
    last_move: Move | None = None
    last_by: int | None = None
    last_at: datetime | None = None
    before: CaseNow | None = None


def apply(case: CaseNow, move: Move, account: int | None, given: Mapping[str, Any], at: datetime) -> CaseNow:
    """The case after a move that is legal: what `decide` comes to, and what folding a log repeats."""
    edge = TABLE[move]
    # What was found out for this moment is not kept: a log folds to the same case whenever it is read.
    if case.self_handling or case.automatic or case.inner_check or not (case.may_return and case.extensible):
        case = replace(
            case, self_handling=False, automatic=False, inner_check=False, may_return=True, extensible=True
        )
    if move is Move.UNDO and case.before is not None:
        # A compensating row: everything is as before the move, but for the log, which has two rows more.
        back = replace(case.before, version=case.version + 1, before=None)
        return replace(back, last_move=move, last_by=account, last_at=at)
    pending = dict(case.pending)
    if edge.asks is not None:
        pending[edge.asks] = account or 0
    if edge.answers is not None:
        pending.pop(edge.answers, None)
    moved = replace(
        case,
        state=edge.target or case.state,
        version=case.version + 1,
        pending=pending,
        last_move=move,
        last_by=account,
        last_at=at,
        before=replace(case, before=None),
    )
    change = CHANGES.get(move)
    return moved if change is None else change(moved, account, given, at)


OF_THE_UNIT: frozenset[Asked] = HOLDING | {Asked.INSIDE}
"""Questions of a unit, which are over when it no longer has the case."""

Change = Callable[[CaseNow, int | None, Mapping[str, Any], datetime], CaseNow]


def _given(case: CaseNow, unit: Any, co_units: Any = ()) -> CaseNow:
    """A case given to a unit: what the unit before it asked or did is over."""
    return replace(
        case,
        unit=unit,
        crew=None,
        co_units=frozenset(co_units or ()),
        pending={asked: by for asked, by in case.pending.items() if asked not in OF_THE_UNIT},
        returned_here=False,
        controlled=False,
        verified=False,
    )


def _registered(case: CaseNow, given: Mapping[str, Any]) -> CaseNow:
    """立案: the condition decides how far down the case may go."""
    lowest = given.get("lowest_loop")
    return replace(
        case, condition=given["condition"], lowest_loop=case.lowest_loop if lowest is None else Loop(lowest)
    )


def _crewed(case: CaseNow, crew: Any) -> CaseNow:
    """Given to somebody else inside the unit: what the one before handed in for a look is over."""
    pending = dict(case.pending)
    pending.pop(Asked.INSIDE, None)
    return replace(case, crew=crew, pending=pending)


def _handled(case: CaseNow, account: int | None) -> CaseNow:
    done = case.handled_by if account is None else case.handled_by | {account}
    return replace(case, handled_by=done)


CHANGES: Mapping[Move, Change] = {
    Move.ACCEPT: lambda c, a, g, t: replace(c, accepted=True),
    Move.REQUEST_CONFIRMATION: lambda c, a, g, t: replace(c, confirmer=g["confirmer"]),
    Move.REGISTER: lambda c, a, g, t: _registered(c, g),
    Move.RECLASSIFY: lambda c, a, g, t: _registered(c, g),
    Move.MERGE: lambda c, a, g, t: replace(c, merged_at=t, into=g["into"]),
    Move.UNMERGE: lambda c, a, g, t: replace(c, merged_at=None, into=None),
    Move.DISPATCH: lambda c, a, g, t: _given(c, g["unit"], g.get("co_units")),
    Move.PHONE_ORDER: lambda c, a, g, t: _registered(_given(c, g["unit"]), g),
    Move.ADJUDICATE: lambda c, a, g, t: replace(_given(c, g["unit"]), returned_here=True),
    Move.ACKNOWLEDGE: lambda c, a, g, t: replace(c, crew=g.get("crew")),
    Move.ASSIGN_INSIDE: lambda c, a, g, t: _crewed(c, g["crew"]),
    Move.RETURN_INSIDE: lambda c, a, g, t: _crewed(c, None),
    Move.CO_HANDLE: lambda c, a, g, t: replace(c, co_units=c.co_units | frozenset(g["co_units"])),
    Move.CONTROL: lambda c, a, g, t: _handled(replace(c, controlled=True), a),
    Move.SUBMIT_INSIDE: lambda c, a, g, t: _handled(c, a),
    Move.PASS_INSIDE: lambda c, a, g, t: _handled(c, a),
    Move.GIVE_FEEDBACK: lambda c, a, g, t: _handled(c, a),
    Move.SELF_HANDLE: lambda c, a, g, t: _handled(_registered(c, g), a),
    Move.SEND_BACK: lambda c, a, g, t: replace(c, returned_here=True),
    Move.UPHOLD_RETURN: lambda c, a, g, t: replace(_given(c, None), returns=c.returns + 1),
    Move.REFUSE_RETURN: lambda c, a, g, t: replace(c, returns=c.returns + 1),
    Move.GRANT_EXTENSION: lambda c, a, g, t: replace(c, extensions=c.extensions + 1),
    Move.VERIFY_PASS: lambda c, a, g, t: replace(c, verified=True),
    Move.VERIFY_FAIL: lambda c, a, g, t: replace(c, verified=False),
    Move.REASSIGN_CHECK: lambda c, a, g, t: replace(c, checker=g["checker"]),
    Move.CLOSE: lambda c, a, g, t: replace(c, closed_at=t, pending={}),
    Move.FORCE_CLOSE: lambda c, a, g, t: replace(c, closed_at=t, pending={}),
    Move.REOPEN: lambda c, a, g, t: replace(_given(c, None), closed_at=None),
    Move.APPEAL: lambda c, a, g, t: replace(c, appealed=True),
    Move.LINK_ROOT: lambda c, a, g, t: replace(c, root=g["root"]),
    Move.ESCALATE: lambda c, a, g, t: replace(c, loop=above(c.loop) or c.loop),
    Move.DELEGATE: lambda c, a, g, t: replace(c, loop=below(c.loop) or c.loop),
}
"""What a move changes beside state, version and questions."""
