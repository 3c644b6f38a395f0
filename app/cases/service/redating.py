"""重定时限: due times are computed anew when the calendars have changed, and those that differ are written down.

Beyond the announced years a due time is reckoned by weekdays 暂定; when the announcement comes, or a day is settled
otherwise, the clocks read by that calendar say another time. A due time that has passed is not touched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid5

from sqlalchemy import Connection, Row

from app.cases.rules.moves import TABLE, Move
from app.cases.rules.states import CaseState
from app.cases.rules.timers import NAMESPACE
from app.cases.service import moving
from app.cases.service.situation import situation, timed, times
from app.cases.service.timetable import timetable_of
from app.cases.store import alarms
from app.errors import AppError, NotFoundError
from app.jobs import marks, queue
from app.jobs.queue import Job

REDATE = "cases.redate"
LOOK_THROUGH = "cases.redate_all"
MARK = "cases.calendars"
PAGE = 500
STATES = sorted(state.value for state in TABLE[Move.REDATE].sources)


def look_through(connection: Connection) -> None:
    """Where the calendars are not those of the last time, have every case redated whose due time they move."""
    fingerprint = _fingerprint(connection)
    before = marks.take(connection, MARK)
    if before == fingerprint:
        return
    if before is not None:
        queue.put(connection, _jobs(connection))
    marks.keep(connection, MARK, fingerprint)


def redate(connection: Connection, case_id: int) -> None:
    """Write down by when a case is due now, if its calendar has changed since its last move."""
    try:
        found = situation(connection, case_id, None)
    except NotFoundError:
        return
    if found.row.state not in STATES or not _moved(connection, found.row, found.log):
        return
    once = uuid5(NAMESPACE, f"{case_id}/redate/{found.case.version}")
    moving.make(connection, None, moving.Request(case_id, Move.REDATE.value, {}, found.case.version, once))


def _jobs(connection: Connection) -> Iterator[Job]:
    after = 0
    while rows := alarms.undue(connection, STATES, after=after, limit=PAGE):
        logs = alarms.logs(connection, [row.id for row in rows])
        for row in rows:
            if _may_have_moved(connection, row, logs.get(row.id, [])):
                yield Job(REDATE, f"redate:{row.id}", {"case_id": row.id})
        after = rows[-1].id


def _may_have_moved(connection: Connection, row: Row[Any], log: Sequence[Row[Any]]) -> bool:
    """The same as `_moved`; of a log that cannot be read its own job will say so, and the others go on."""
    try:
        return _moved(connection, row, log)
    except (AppError, ValueError, LookupError):
        return True


def _moved(connection: Connection, row: Row[Any], log: Sequence[Row[Any]]) -> bool:
    """Whether a case that is not yet due is due at another time than its row says."""
    if row.due_at is None or row.due_at <= row.now:
        return False
    now = max(row.now, log[-1].at)
    table = timetable_of(connection, row.district_id, row.reference_version)
    return times(table, [timed(each) for each in log], CaseState(row.state), now).due_at != row.due_at


def _fingerprint(connection: Connection) -> str:
    known = [
        sorted(timetable_of(connection, district).calendars.items())
        for district in alarms.districts(connection)
    ]
    return hashlib.sha256(repr(known).encode()).hexdigest()
