"""Timers 计时: what comes of a case by itself when its time has come.

Every live case has one job that waits to look at it at its next instant. It is put when the log is read, after the
commit; when it runs, the case is held, its clocks are read anew, and what has come by then is done: once, whatever was
missed, restarted or read twice. A sweep finds cases whose job was lost.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row

from app.cases.rules.timers import MOVES, TOLD, Timer, TimerKind, timers
from app.cases.service import moving, notices
from app.cases.service.situation import Situation, of, situation
from app.cases.store import alarms
from app.cases.store.alarms import KEY, Raised
from app.errors import AppError, NotFoundError
from app.jobs import marks, queue
from app.jobs.queue import Job
from app.notify.store import Cursor, begin, read
from app.web.i18n import translate

logger = logging.getLogger(__name__)

LOOK = "cases.look"
SWEEP = "cases.sweep"
MARK = "cases.timers"

QUIET = timedelta(days=1)
"""How long a case is left alone of which nothing is to come."""

PAGE = 500
"""Rows of the log that are read at once."""

BEHIND = -10
"""Priority of cases that are only looked at to be sure."""

TELLS = {
    TimerKind.NEAR_DUE: "near_due",
    TimerKind.DUE: "overdue",
    TimerKind.LATE: "late",
    TimerKind.SEVERE: "severe",
}
"""Alarms that go into inboxes, and the kind of the notice."""


def look(connection: Connection, case_id: int) -> None:
    """Do what has come of a case by now, and have it looked at again at its next instant."""
    try:
        found = situation(connection, case_id, None)
    except NotFoundError:
        return
    known = alarms.raised(connection, [case_id]).get(case_id, set())
    ahead = _ahead(found)
    for timer in _come(ahead, found, known):
        if timer.kind in MOVES:
            # The row that it writes is read in its turn, and says what comes next.
            _move(connection, found, timer)
            return
        _alarm(connection, found, timer)
    queue.put(connection, [_job(case_id, _next(ahead, found))])


def follow(connection: Connection) -> bool:
    """Read the log on and put a job for every case that has moved; whether there is more to read."""
    mark = marks.take(connection, MARK)
    cursor = None if mark is None else Cursor.of(mark)
    if cursor is None:
        marks.keep(connection, MARK, begin(connection).text)
        sweep(connection)
        return False
    page = read(connection, cursor, PAGE)
    if page.anew:
        logger.warning("the log was restored: every live case is looked at")
        sweep(connection)
    if page.rows:
        queue.put(connection, _jobs(connection, sorted({row.case_id for row in page.rows})))
    if page.rows or page.anew or cursor.upto is not None:
        marks.keep(connection, MARK, page.cursor.text)
    return page.more


def sweep(connection: Connection) -> None:
    """Have every live case looked at for which no job waits: a lost one, or one that came from elsewhere."""
    after = 0
    while ids := alarms.unwatched(connection, after=after, limit=10 * PAGE):
        queue.put(connection, [Job(LOOK, f"{KEY}{case}", {"case_id": case}, priority=BEHIND) for case in ids])
        after = ids[-1]


def _jobs(connection: Connection, ids: Sequence[int]) -> Iterator[Job]:
    logs, known = alarms.logs(connection, ids), alarms.raised(connection, ids)
    for row in alarms.live(connection, ids):
        try:
            at = _first(of(connection, row, logs[row.id], None), known.get(row.id, set()))
        except (AppError, ValueError, LookupError):
            # Its own job will say what is wrong with it; the others go on.
            at = row.now
        yield _job(row.id, at)


def _first(found: Situation, known: Iterable[Raised]) -> datetime:
    """When a case is to be looked at: at once where something has come already."""
    ahead = _ahead(found)
    return found.now if any(_come(ahead, found, known)) else _next(ahead, found)


def _ahead(found: Situation) -> list[Timer]:
    return timers(found.case, found.timed, found.clocks, ZoneInfo(found.row.timezone), found.now)


def _come(ahead: Sequence[Timer], found: Situation, known: Iterable[Raised]) -> Iterator[Timer]:
    """Timers whose instant has come and that have not been done; alarms before moves, since these change the case."""
    done, made = set(known), {row.client_id for row in found.log}
    come = [timer for timer in ahead if timer.at <= found.now]
    for timer in sorted(come, key=lambda timer: timer.kind in MOVES):
        if timer.kind in MOVES:
            if timer.client_id(found.row.id) not in made:
                yield timer
        elif Raised(timer.kind, timer.stage, timer.at) not in done:
            yield timer


def _next(ahead: Sequence[Timer], found: Situation) -> datetime:
    return min((timer.at for timer in ahead if timer.at > found.now), default=found.now + QUIET)


def _job(case_id: int, at: datetime) -> Job:
    return Job(LOOK, f"{KEY}{case_id}", {"case_id": case_id}, at)


def _move(connection: Connection, found: Situation, timer: Timer) -> None:
    move = MOVES[timer.kind]
    given = {} if timer.kind is TimerKind.ARCHIVE else {"reason": translate("zh_CN", f"timer.{timer.kind}")}
    request = moving.Request(
        found.row.id, move.value, given, found.case.version, timer.client_id(found.row.id)
    )
    moving.make(connection, None, request)


def _alarm(connection: Connection, found: Situation, timer: Timer) -> None:
    row: Row[Any] = found.row
    values = {
        "case": row.id,
        "version": found.case.version,
        "kind": timer.kind.value,
        "stage": timer.stage.value,
        "at": timer.at,
        "told": TOLD[timer.kind].value,
        "loop": found.case.loop.value,
        "unit": found.case.unit,
        "area_no": row.area_no,
    }
    if alarms.raise_alarm(connection, values) and timer.kind in TELLS:
        last = _LastRow(row.id, found.case.version)
        notices.notices_of_time(connection, TELLS[timer.kind], [last], timer.at)


class _LastRow(NamedTuple):
    """The last row of a case's log."""

    case_id: int
    version: int
