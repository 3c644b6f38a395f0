"""A case as the rules see it, and what a move makes of it. Pure; whether it may be made is for `deciding` to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.cases.rules.loops import Loop, above, below
from app.cases.rules.moves import TABLE, Asked, Move
from app.cases.rules.states import CaseState

HOLDING: frozenset[Asked] = frozenset({Asked.RETURN, Asked.EXTENSION, Asked.SUSPENSION})
"""Questions of a unit that have to be answered before it puts another, or says that it is done."""


@dataclass(frozen=True)
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
    changed: dict[str, Any] = {
        "version": case.version + 1, "last_move": move, "last_by": account, "last_at": at, **FORGOTTEN,
    }  # fmt: skip
    if move is Move.UNDO and case.before is not None:
        # A compensating row: everything is as before the move, but for the log, which has two rows more.
        return _but(case.before, {**changed, "before": None})
    edge = TABLE[move]
    over = OVER.get(move, frozenset())
    pending = {
        asked: by for asked, by in case.pending.items() if asked is not edge.answers and asked not in over
    }
    if edge.asks is not None:
        pending[edge.asks] = account or 0
    changed |= {
        "state": edge.target or case.state,
        "pending": pending,
        "before": _but(case, {"before": None, **FORGOTTEN}),
    }
    change = CHANGES.get(move)
    if change is not None:
        changed |= change(case, account, given, at)
    return _but(case, changed)


def _but(case: CaseNow, changed: Mapping[str, Any]) -> CaseNow:
    """A case with some things changed, as `dataclasses.replace`, which asks for each of forty fields by its name.

    Every move makes two, and a simulated district or a log that is folded makes hundreds of thousands.
    """
    made = object.__new__(CaseNow)
    made.__dict__.update(case.__dict__)
    made.__dict__.update(changed)
    return made


FORGOTTEN: Mapping[str, Any] = {
    "self_handling": False, "automatic": False, "inner_check": False, "may_return": True, "extensible": True,
}  # fmt: skip
"""What was found out for a moment is not kept: a log folds to the same case whenever it is read."""

OF_THE_UNIT: frozenset[Asked] = HOLDING | {Asked.INSIDE}
"""Questions of a unit, which are over when it no longer has the case."""

OVER: Mapping[Move, frozenset[Asked]] = {
    **dict.fromkeys(
        (Move.DISPATCH, Move.PHONE_ORDER, Move.ADJUDICATE, Move.UPHOLD_RETURN, Move.REOPEN), OF_THE_UNIT
    ),
    # Given to somebody else inside the unit: what the one before handed in for a look is over.
    **dict.fromkeys((Move.ASSIGN_INSIDE, Move.RETURN_INSIDE), frozenset({Asked.INSIDE})),
    **dict.fromkeys((Move.CLOSE, Move.FORCE_CLOSE), frozenset(Asked)),
}
"""Questions that nobody has to answer any more after a move, beside the one that it answers."""

Changed = dict[str, Any]
Change = Callable[[CaseNow, int | None, Mapping[str, Any], datetime], Changed]


def _given(unit: Any, co_units: Any = ()) -> Changed:
    """A case given to a unit: what the unit before it did is over."""
    return {
        "unit": unit, "crew": None, "co_units": frozenset(co_units or ()),
        "returned_here": False, "controlled": False, "verified": False,
    }  # fmt: skip


def _registered(case: CaseNow, given: Mapping[str, Any]) -> Changed:
    """立案: the condition decides how far down the case may go."""
    lowest = given.get("lowest_loop")
    return {
        "condition": given["condition"], "lowest_loop": case.lowest_loop if lowest is None else Loop(lowest)
    }  # fmt: skip


def _handled(case: CaseNow, account: int | None) -> Changed:
    return {} if account is None else {"handled_by": case.handled_by | {account}}


CHANGES: Mapping[Move, Change] = {
    Move.ACCEPT: lambda c, a, g, t: {"accepted": True},
    Move.REQUEST_CONFIRMATION: lambda c, a, g, t: {"confirmer": g["confirmer"]},
    Move.REGISTER: lambda c, a, g, t: _registered(c, g),
    Move.RECLASSIFY: lambda c, a, g, t: _registered(c, g),
    Move.MERGE: lambda c, a, g, t: {"merged_at": t, "into": g["into"]},
    Move.UNMERGE: lambda c, a, g, t: {"merged_at": None, "into": None},
    Move.DISPATCH: lambda c, a, g, t: _given(g["unit"], g.get("co_units")),
    Move.PHONE_ORDER: lambda c, a, g, t: _given(g["unit"]) | _registered(c, g),
    Move.ADJUDICATE: lambda c, a, g, t: _given(g["unit"]) | {"returned_here": True},
    Move.ACKNOWLEDGE: lambda c, a, g, t: {"crew": g.get("crew")},
    Move.ASSIGN_INSIDE: lambda c, a, g, t: {"crew": g["crew"]},
    Move.RETURN_INSIDE: lambda c, a, g, t: {"crew": None},
    Move.CO_HANDLE: lambda c, a, g, t: {"co_units": c.co_units | frozenset(g["co_units"])},
    Move.CONTROL: lambda c, a, g, t: {"controlled": True} | _handled(c, a),
    Move.SUBMIT_INSIDE: lambda c, a, g, t: _handled(c, a),
    Move.PASS_INSIDE: lambda c, a, g, t: _handled(c, a),
    Move.GIVE_FEEDBACK: lambda c, a, g, t: _handled(c, a),
    Move.SELF_HANDLE: lambda c, a, g, t: _registered(c, g) | _handled(c, a),
    Move.SEND_BACK: lambda c, a, g, t: {"returned_here": True},
    Move.UPHOLD_RETURN: lambda c, a, g, t: _given(None) | {"returns": c.returns + 1},
    Move.REFUSE_RETURN: lambda c, a, g, t: {"returns": c.returns + 1},
    Move.GRANT_EXTENSION: lambda c, a, g, t: {"extensions": c.extensions + 1},
    Move.VERIFY_PASS: lambda c, a, g, t: {"verified": True},
    Move.VERIFY_FAIL: lambda c, a, g, t: {"verified": False},
    Move.REASSIGN_CHECK: lambda c, a, g, t: {"checker": g["checker"]},
    Move.CLOSE: lambda c, a, g, t: {"closed_at": t},
    Move.FORCE_CLOSE: lambda c, a, g, t: {"closed_at": t},
    Move.REOPEN: lambda c, a, g, t: _given(None) | {"closed_at": None},
    Move.APPEAL: lambda c, a, g, t: {"appealed": True},
    Move.LINK_ROOT: lambda c, a, g, t: {"root": g["root"]},
    Move.ESCALATE: lambda c, a, g, t: {"loop": above(c.loop) or c.loop},
    Move.DELEGATE: lambda c, a, g, t: {"loop": below(c.loop) or c.loop},
}
"""What a move changes beside state, version and questions."""
