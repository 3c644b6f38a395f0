"""What comes by itself when its time has come: alarms of clocks, and the platform's own moves.

A timer is named by case, kind, stage and instant, and each comes once. Nothing is kept of those that lie ahead: they
are read from the log anew, so that a case that has moved on, or whose time was extended, has others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from app.cases.rules.changing import CaseNow
from app.cases.rules.clocks import SEVERE_TIMES, reached_at
from app.cases.rules.deciding import REOPENING
from app.cases.rules.localtime import to_instant
from app.cases.rules.loops import above
from app.cases.rules.moves import Asked, Move
from app.cases.rules.states import CaseState
from app.cases.rules.timing import Stage, StageClock, TimedMove, current

LATE_TIMES = Fraction(3, 2)
"""超期升级: as many times the limit has been used when the one above the head of the desk hears of it."""

RULED_AFTER = 2
"""裁定: returns after which somebody has to rule."""

NAMESPACE = UUID("6f1d3f0c-3a52-5d0e-9a55-53c1e4d0a015")
"""Of the ids that the platform's own moves carry, so that each is made once."""


class TimerKind(StrEnum):
    """What comes by itself."""

    NEAR_DUE = "near_due"
    DUE = "due"
    LATE = "late"
    SEVERE = "severe"
    RETURNED_TWICE = "returned_twice"
    RESUME = "resume"
    ESCALATE = "escalate"
    ARCHIVE = "archive"


class Told(StrEnum):
    """Up to whom an alarm concerns, each with those before: lateness goes up to people and does not move the case."""

    HOLDER = "holder"
    """Whoever has it: the unit, the desk."""

    HEAD = "head"
    """值班长."""

    DEPUTY = "deputy"
    """分管领导."""

    LEADER = "leader"
    """主要领导."""


TOLD: Mapping[TimerKind, Told] = {
    TimerKind.NEAR_DUE: Told.HOLDER,
    TimerKind.DUE: Told.HEAD,
    TimerKind.LATE: Told.DEPUTY,
    TimerKind.SEVERE: Told.LEADER,
    TimerKind.RETURNED_TWICE: Told.HEAD,
}
"""Timers that note that an instant has come."""

MOVES: Mapping[TimerKind, Move] = {
    TimerKind.RESUME: Move.RESUME,
    TimerKind.ESCALATE: Move.ESCALATE,
    TimerKind.ARCHIVE: Move.ARCHIVE,
}
"""Timers that move the case."""

LEFT_LYING = frozenset({CaseState.REPORTED, CaseState.REGISTERED})
"""States of which a case goes up by itself 自动上报 when its desk lets it lie."""


@dataclass(frozen=True, slots=True)
class Timer:
    """Something that comes at an instant, unless the case moves on before."""

    kind: TimerKind
    stage: Stage
    at: datetime

    def client_id(self, case_id: int) -> UUID:
        """The id of the move that it makes: the same whenever it is made again."""
        return uuid5(NAMESPACE, f"{case_id}/{self.kind}/{self.stage}/{self.at.isoformat()}")


def timers(
    case: CaseNow, rows: Sequence[TimedMove], clocks: Sequence[StageClock], zone: ZoneInfo, now: datetime
) -> list[Timer]:
    """All timers of a case as it stands, those whose time has come among them, in the order of their instants.

    Parameters
    ----------
    rows, clocks
        Its log, and the clocks that this gives.
    zone
        Of the district: a day begins at its midnight.
    """
    found = [*_of_clocks(clocks, now), *_returned_twice(case, rows), *_moves(case, rows, clocks, zone, now)]
    return sorted(found, key=lambda timer: (timer.at, timer.kind in MOVES, timer.kind))


def _of_clocks(clocks: Sequence[StageClock], now: datetime) -> Iterator[Timer]:
    """The instants of every clock that runs."""
    for clock in clocks:
        if clock.ended:
            continue
        reading = clock.read(now)
        if not reading.running:
            continue
        late_at = reached_at(clock.events, clock.calendar, now, LATE_TIMES)
        for kind, at in (
            (TimerKind.NEAR_DUE, reading.near_at),
            (TimerKind.DUE, reading.due_at),
            (TimerKind.LATE, late_at),
            (TimerKind.SEVERE, reading.severe_at),
        ):
            if at is not None:
                yield Timer(kind, clock.stage, at)


def _returned_twice(case: CaseNow, rows: Sequence[TimedMove]) -> Iterator[Timer]:
    """Somebody has to rule, from the second return on and until they have."""
    returned = [row.at for row in rows if row.move in {Move.UPHOLD_RETURN, Move.REFUSE_RETURN}]
    ruled = any(row.move == Move.ADJUDICATE for row in rows)
    open_to_ruling = {CaseState.REGISTERED, CaseState.DISPATCHED, CaseState.HANDLING}
    if case.returns >= RULED_AFTER and returned and not ruled and case.state in open_to_ruling:
        yield Timer(TimerKind.RETURNED_TWICE, Stage.DISPATCH, returned[-1])


def _moves(
    case: CaseNow, rows: Sequence[TimedMove], clocks: Sequence[StageClock], zone: ZoneInfo, now: datetime
) -> Iterator[Timer]:
    if case.state is CaseState.SUSPENDED:
        asked = [row.given["review_on"] for row in rows if row.move == Move.REQUEST_SUSPENSION]
        if asked:
            on = datetime.combine(date.fromisoformat(asked[-1]), time())
            yield Timer(TimerKind.RESUME, Stage.HANDLING, to_instant(on, zone))
    elif case.state in LEFT_LYING and above(case.loop) is not None:
        clock = current(clocks, case.state)
        if clock is not None and clock.read(now).running:
            # Returned twice, it goes up as soon as its desk's time is over: the head there had that long to rule.
            waits = case.state is CaseState.REGISTERED and case.returns >= RULED_AFTER
            at = reached_at(clock.events, clock.calendar, now, Fraction(1 if waits else SEVERE_TIMES))
            if at is not None:
                yield Timer(TimerKind.ESCALATE, clock.stage, at)
    elif case.state is CaseState.CLOSED and case.closed_at is not None and Asked.APPEAL not in case.pending:
        yield Timer(TimerKind.ARCHIVE, Stage.CHECK, case.closed_at + REOPENING + timedelta(seconds=1))
