"""The first row of the log of a case that is reported here."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row

from app.cases.rules.folding import LoggedMove, first, to_stand
from app.cases.rules.moves import Move
from app.cases.rules.timing import TimedMove
from app.cases.service.commitments import digest
from app.cases.service.situation import times
from app.cases.service.timetable import timetable_of
from app.cases.store import log
from app.cases.store.reported import NewCase


def write(
    connection: Connection,
    case: NewCase,
    made: Row[Any],
    *,
    post: int | None,
    seats: Sequence[str] = ("reporter",),
    given: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
    files: Sequence[tuple[int, str]] = (),
) -> log.NewRow:
    """Write it: what was reported, by whom, and by when a desk has to take it."""
    remarks = [log.Remark("description", case.description, os.urandom(16))] if case.description else []
    said = {**(given or {}), **{remark.field: {"sha256": digest(remark)} for remark in remarks}}
    known = {**(facts or {}), "loop": case.loop, "category": case.category_id, "source": case.source}
    stand = first(LoggedMove(Move.REPORT, case.reporter, {**said, **known}, made.reported_at))
    timed = TimedMove(1, Move.REPORT, made.reported_at, stand.loop, stand.state, known)
    due, near = times(timetable_of(connection, case.district_id), [timed], stand.state, made.reported_at)
    row = log.NewRow(
        case_id=made.id,
        version=1,
        move=Move.REPORT.value,
        source=None,
        target=stand.state.value,
        loop=stand.loop.value,
        unit=None,
        area_no=made.area_no,
        account=case.reporter,
        post=post,
        seats=seats,
        given=said,
        facts={**known, "due_at": None if due is None else due.isoformat()},
        at=made.reported_at,
        client=None,
        stand=to_stand(stand),
        handler=None,
        co_units=None,
        condition=None,
        category=case.category_id,
        due_at=due,
        near_at=near,
        closed_at=None,
        remarks=remarks,
        files=files,
    )
    log.record(connection, row)
    return row
