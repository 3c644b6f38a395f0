"""A case is moved: held, decided by the table, written down. The log and the row change together or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.cases.rules.deciding import BY_NAME, Outcome, available, decide, permit
from app.cases.rules.fields import FIELDS, FieldProblem, Kind, read, refuse
from app.cases.rules.folding import to_stand
from app.cases.rules.moves import Edge, Move
from app.cases.rules.states import OPEN_STATES, CaseState
from app.cases.rules.timing import TimedMove
from app.cases.service import facts, routing, splitting
from app.cases.service.commitments import digest
from app.cases.service.situation import Situation, answer, first_answer, situation, times
from app.cases.store import conditions, log
from app.db import Actor
from app.errors import ConflictError

ACCEPT_REGISTER_DISPATCH = "accept_register_dispatch"
"""受理立案派遣: one key for who holds all three posts, one row of the log for each step."""

CHAINS: Mapping[str, Sequence[Move]] = {
    ACCEPT_REGISTER_DISPATCH: (Move.ACCEPT, Move.REGISTER, Move.DISPATCH),
}

LINKS: Mapping[str, tuple[str, str]] = {
    Move.MERGE: ("merged_into", "into"),
    Move.LINK_ROOT: ("repeats", "root"),
}
"""Moves that tie a case to another one: how, and by which field."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for.

    Parameters
    ----------
    move
        A move of the table, or one of `CHAINS`.
    given
        Raw values by field.
    version
        The version of the case that they saw.
    client_id
        Made by the client, so that a request that is sent twice is carried out once.
    """

    case_id: int
    move: str
    given: Mapping[str, Any]
    version: int
    client_id: UUID


def make(connection: Connection, actor: Actor | None, request: Request) -> dict[str, Any]:
    """Make a move, for the one who acts, or for the platform itself; returns what the client is told.

    Raises
    ------
    NotFoundError
        `case_missing`.
    ConflictError
        `case_changed`, with what has happened since; `move_refused`, with the reason; `client_id_used`.
    InvalidError
        `fields_invalid`, with every fault.
    """
    found = situation(connection, request.case_id, actor)
    earlier = first_answer(found.log, request.client_id)
    if earlier is not None:
        if earlier.account_id != found.asker.account:
            raise ConflictError("client_id_used")
        return answer(found.row, earlier)
    if request.version != found.case.version:
        raise _changed(found, request.version)
    chain = CHAINS.get(request.move, (request.move,))
    told: dict[str, Any] = {}
    for number, (move, raw) in enumerate(zip(chain, _shares(chain, request.given), strict=True), start=1):
        found, told = _step(connection, found, move, raw, request.client_id if number == len(chain) else None)
    return told


def make_for_report(connection: Connection, case_id: int, given: Mapping[str, Any]) -> dict[str, Any]:
    """受理立案派遣 by the platform, right after a report that allows it: a row of the log for each step, by nobody."""
    found = situation(connection, case_id, None)
    chain = CHAINS[ACCEPT_REGISTER_DISPATCH]
    told: dict[str, Any] = {}
    for move, raw in zip(chain, _shares(chain, given), strict=True):
        allowed = replace(found, case=replace(found.case, automatic=True))
        found, told = _step(connection, allowed, move, raw, None)
    return told


def _shares(chain: Sequence[str], given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What each step of a chain gets: a field goes to the last one that knows it, one that nobody knows to the end."""
    shares: list[dict[str, Any]] = [{} for _ in chain]
    for name, value in given.items():
        knowing = [number for number, move in enumerate(chain) if name in _known(move)]
        shares[knowing[-1] if knowing else -1][name] = value
    return shares


def _known(move: str) -> frozenset[str]:
    edge = BY_NAME.get(move)
    return frozenset() if edge is None else edge.needs | edge.may


def _changed(found: Situation, version: int) -> ConflictError:
    since = [
        {"version": row.version, "move": row.move, "state": row.target, "at": row.at.isoformat()}
        for row in found.log
        if row.version > version
    ]
    return ConflictError(
        "case_changed",
        id=found.row.id,
        seen=version,
        version=found.case.version,
        state=found.case.state.value,
        since=since[-20:],
    )


def moves_for(connection: Connection, found: Situation) -> list[Edge]:
    """The moves that the one who acts could make now: the buttons that they see."""
    allowed = conditions.may_self_handle(connection, found.row.district_id, found.row.category_id)
    case = replace(found.case, self_handling=allowed)
    return list(available(case, found.asker, found.now))


def _step(
    connection: Connection, found: Situation, move: str, raw: Mapping[str, Any], client: UUID | None
) -> tuple[Situation, dict[str, Any]]:
    outcome, given, more = _decide(connection, found, move, raw)
    if move == Move.SPLIT:
        more["split_id"] = splitting.split(connection, found, given)
    row = _row(found, Move(move), outcome, given, more, client)
    log.record(connection, row)
    if move in LINKS:
        kind, name = LINKS[move]
        log.link(connection, row.case_id, kind, given[name], row.version)
    routing.keep_ruling(connection, found, move)
    after = _after(found, row, outcome)
    return after, answer(found.row, _as_logged(row))


def _decide(
    connection: Connection, found: Situation, move: str, raw: Mapping[str, Any]
) -> tuple[Outcome, dict[str, Any], dict[str, Any]]:
    """The outcome, what was given, and the facts. First whether it may be done, then all that is wrong."""
    given, faults = read(raw, found.local)
    more: dict[str, Any] = {}
    edge = BY_NAME.get(move)
    if edge is not None:
        more, unfit = facts.find(connection, found, move, given)
        wrong = {fault.field for fault in (*faults, *unfit)}
        faults += unfit
        faults += [FieldProblem(name, "unknown_field") for name in sorted(set(given) - _known(move))]
        faults += [FieldProblem(name, "missing") for name in sorted(edge.needs - set(given) - wrong)]
    case = replace(found.case, self_handling=bool(more.pop("self_handle", False)))
    permit(case, found.asker, move, given, found.now)
    refuse(faults)
    return decide(case, found.asker, move, given, found.now, more), given, more


def _row(
    found: Situation,
    move: Move,
    outcome: Outcome,
    given: Mapping[str, Any],
    more: dict[str, Any],
    client: UUID | None,
) -> log.NewRow:
    """The row that the log gets: texts lie apart, by their salted hash."""
    remarks = [
        log.Remark(name, given[name], os.urandom(16)) for name in sorted(given) if FIELDS[name] is Kind.TEXT
    ]
    files = [(file, name) for name in sorted(given) if FIELDS[name] is Kind.FILES for file in given[name]]
    kept = {**given, **{remark.field: {"sha256": digest(remark)} for remark in remarks}}
    after, category = outcome.after, more.pop("category_id", found.row.category_id)
    added = TimedMove(after.version, move, found.now, after.loop, after.state, {**given, **more}, after.unit)
    due, near = times(found.table, [*found.timed, added], after.state, found.now)
    return log.NewRow(
        case_id=found.row.id,
        version=after.version,
        move=move.value,
        source=found.case.state.value,
        target=after.state.value,
        loop=after.loop.value,
        unit=after.unit,
        area_no=found.row.area_no,
        account=found.asker.account,
        post=found.post_for(outcome.seats),
        seats=sorted(seat.value for seat in outcome.seats),
        given=kept,
        facts={**more, "due_at": None if due is None else due.isoformat()},
        at=found.now,
        client=client,
        stand=to_stand(after),
        handler=after.crew,
        co_units=sorted(after.co_units) or None,
        condition=more.get("condition_id", _condition_id(found)),
        category=category,
        due_at=due,
        near_at=near,
        closed_at=_closed_at(found, after.state),
        remarks=remarks,
        files=files,
    )


ENDS = frozenset(CaseState) - OPEN_STATES


def _closed_at(found: Situation, state: CaseState) -> datetime | None:
    """When it came to its end, whatever that is; an archived case ended when it was closed."""
    if state not in ENDS:
        return None
    return found.row.closed_at if found.case.state in ENDS else found.now


def _condition_id(found: Situation) -> int | None:
    """Under what the case is registered, also by an earlier step of a chain, of which its row knows nothing yet."""
    of_chain = [
        move.given["condition_id"] for move in found.timed[len(found.log) :] if "condition_id" in move.given
    ]
    return of_chain[-1] if of_chain else found.row.condition_id


def _after(found: Situation, row: log.NewRow, outcome: Outcome) -> Situation:
    """The situation after a step, for the next one of a chain."""
    given = {**row.given, **row.facts}
    added = TimedMove(row.version, row.move, row.at, outcome.after.loop, outcome.after.state, given, row.unit)
    return replace(found, timed=[*found.timed, added], case=outcome.after)


def _as_logged(row: log.NewRow) -> dict[str, Any]:
    return {
        "version": row.version,
        "move": row.move,
        "target": row.target,
        "loop": row.loop,
        "unit_id": row.unit,
        "facts": row.facts,
        "at": row.at,
    }
