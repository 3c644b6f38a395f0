"""Stage clocks 时钟: what a clock reads is a pure function of its events, a calendar and the hour.

A stored due time is a cache of it; the same log gives the same reading to the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from app.cases.rules.calendars import Calendar, Why
from app.cases.rules.clock_events import ClockEvent, Counting, EventKind, Stretch, in_order, stretches
from app.cases.rules.deadlines import Due, Step, advance, retreat, worked
from app.cases.rules.limits import HOUR, Limit, LimitUnit, share
from app.cases.rules.localtime import instant
from app.errors import ConflictError

NEAR_SHARE = Fraction(1, 4)
"""临期: from when a quarter of the limit is left …"""

NEAR_LEAST = timedelta(minutes=10)
"""… but at least so much before the end …"""

NEAR_MOST_DAYS = Fraction(1)
"""… and at most so many working days before it."""

SEVERE_TIMES = 2
"""严重超期: as many times the limit has been used."""


class Lamp(StrEnum):
    """灯: the mark of a clock."""

    GREEN = "green"
    """绿 正常."""

    YELLOW = "yellow"
    """黄 临期."""

    RED = "red"
    """红 超期."""

    DOUBLE_RED = "double_red"
    """双红 严重超期."""

    GREY = "grey"
    """灰 停表: paused or stopped."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the time since the start: whose it was, and how much of the limit it took.

    Parameters
    ----------
    begin_at, end_at
        In UTC; each segment begins where the one before it ends.
    whose
        The label that the events gave it.
    counting
        Whether it counted.
    used
        How much of the limit went there, in its unit.
    why
        What the event that began it said.
    """

    begin_at: datetime
    end_at: datetime
    whose: str
    counting: Counting
    used: Fraction
    why: str


@dataclass(frozen=True)
class ClockReading:
    """What a clock shows at an instant; what is not looked at is not worked out.

    Parameters
    ----------
    started_at, read_at
        When it began; the instant that it is read for, or when it was stopped.
    limit, total
        What it began with; that and every extension, in its unit.
    extensions
        How many were granted.
    running, paused
        Neither once it is stopped.
    pieces, calendar
        How it ran and stood since `started_at`, and the days that count.
    """

    started_at: datetime
    read_at: datetime
    limit: Limit
    total: Fraction
    extensions: int
    running: bool
    paused: bool
    pieces: tuple[Stretch, ...]
    calendar: Calendar = field(repr=False)

    @cached_property
    def due(self) -> Due | None:
        """When it is due, whether that is 暂定, and line by line how it comes about; None while it is paused before.

        Raises
        ------
        InvalidError
            `calendar_never_open`, `limit_too_far`.
        """
        return _reached(self.pieces, self.calendar, self.total, self.limit.unit)

    @cached_property
    def near_at(self) -> datetime | None:
        """From when it is nearly due, in UTC; None like `due`, and like it may raise."""
        due = self.due
        return None if due is None else _near(self.pieces, self.calendar, self.total, self.limit.unit, due.at)

    @cached_property
    def severe_at(self) -> datetime | None:
        """From when it is severely overdue, in UTC; None like `due`, and like it may raise."""
        return _at(_reached(self.pieces, self.calendar, SEVERE_TIMES * self.total, self.limit.unit))

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The time from `started_at` to `read_at`, piece by piece."""
        return _segments(self.pieces, self.calendar, self.limit.unit, self.read_at)

    @property
    def due_at(self) -> datetime | None:
        """When it is due, in UTC; None while it is paused before that."""
        return _at(self.due)

    @property
    def provisional(self) -> bool:
        """暂定: the due time needs a day whose holidays are not announced."""
        return self.due is not None and self.due.provisional

    @property
    def used(self) -> Fraction:
        """How much was used, in the limit's unit."""
        return sum((segment.used for segment in self.segments), Fraction(0))

    @property
    def left(self) -> Fraction:
        """How much of the total is left; negative when more was used."""
        return self.total - self.used

    @property
    def overdue(self) -> bool:
        """超期: it is later than the due time, or was when it stopped; at the due time itself it is in time."""
        return self.due_at is not None and self.read_at > self.due_at

    @property
    def lamp(self) -> Lamp:
        """Its mark."""
        if not self.running:
            return Lamp.GREY
        if self.severe_at is not None and self.read_at > self.severe_at:
            return Lamp.DOUBLE_RED
        if self.overdue:
            return Lamp.RED
        return Lamp.YELLOW if self.near_at is not None and self.read_at >= self.near_at else Lamp.GREEN


def fold(events: Iterable[ClockEvent], calendar: Calendar, now: datetime) -> ClockReading:
    """What a clock reads now, of the events that have happened by then.

    Raises
    ------
    InvalidError
        `instant_without_zone`.
    ConflictError
        `clock_not_started`; `clock_order`: an event that cannot happen there; `clock_units`: an extension in another
        unit.
    """
    known = in_order(events, now)
    limit, granted = _limits(known)
    total = limit.amount + sum(given.amount for given in granted)
    pieces = stretches(known)
    stop = next((event.at for event in known if event.kind is EventKind.STOP), None)
    end = stop or instant(now)
    stands = pieces[-1].counting is Counting.PAUSED
    return ClockReading(
        started_at=known[0].at,
        read_at=end,
        limit=limit,
        total=total,
        extensions=len(granted),
        running=stop is None and not stands,
        paused=stop is None and stands,
        pieces=tuple(pieces),
        calendar=calendar,
    )


def reached_at(
    events: Iterable[ClockEvent], calendar: Calendar, now: datetime, times: Fraction
) -> datetime | None:
    """When a clock has used so many times its total; None where it stands before that.

    Raises
    ------
    InvalidError, ConflictError
        As `fold`.
    """
    known = in_order(events, now)
    limit, granted = _limits(known)
    total = limit.amount + sum(given.amount for given in granted)
    return _at(_reached(stretches(known), calendar, times * total, limit.unit))


def _limits(events: Sequence[ClockEvent]) -> tuple[Limit, list[Limit]]:
    """The limit of the start, and those of the extensions."""
    given = [event.limit for event in events if event.kind in {EventKind.START, EventKind.EXTEND}]
    limits = [limit for limit in given if limit is not None]
    if len(limits) < len(given):
        raise ConflictError("clock_order", kind="limit", at=events[0].at.isoformat())
    if any(limit.unit is not limits[0].unit for limit in limits):
        raise ConflictError("clock_units", unit=str(limits[0].unit))
    return limits[0], limits[1:]


def _reached(pieces: Sequence[Stretch], calendar: Calendar, amount: Fraction, unit: LimitUnit) -> Due | None:
    """When so much has been used, explained from the start; None where the clock stands before that."""
    rest, steps, provisional = amount, [], False
    for piece in pieces:
        if piece.counting is not Counting.RUNNING:
            steps.append(_stood(piece, calendar))
            continue
        used = None if piece.end_at is None else worked(calendar, piece.begin_at, piece.end_at, unit)
        if used == 0:
            continue
        part = advance(calendar, piece.begin_at, rest if used is None else min(rest, used), unit)
        steps += part.steps
        provisional = provisional or part.provisional
        if used is None or rest <= used:
            return Due(part.at, provisional, tuple(steps))
        rest -= used
    return None


def _stood(piece: Stretch, calendar: Calendar) -> Step:
    why = Why.PAUSED if piece.counting is Counting.PAUSED else Why.CREDITED
    day = calendar.local_date(piece.begin_at)
    return Step(day, piece.begin_at, piece.end_at, Fraction(0), why, piece.why)


def _at(due: Due | None) -> datetime | None:
    return None if due is None else due.at


def _near(
    pieces: Sequence[Stretch], calendar: Calendar, total: Fraction, unit: LimitUnit, due_at: datetime
) -> datetime:
    """From when the clock is nearly due; time that runs only in working hours is measured in them."""
    quarter = _at(_reached(pieces, calendar, total * (1 - NEAR_SHARE), unit))
    hours = LimitUnit.WORKING_HOURS if unit.by_hours else LimitUnit.URGENT_HOURS
    latest = retreat(calendar, due_at, share(NEAR_LEAST, HOUR), hours)
    earliest = retreat(calendar, due_at, NEAR_MOST_DAYS, LimitUnit.WORKING_DAYS)
    wanted = latest if quarter is None else min(quarter, latest)
    return max(pieces[0].begin_at, earliest, wanted)


def _segments(
    pieces: Sequence[Stretch], calendar: Calendar, unit: LimitUnit, end: datetime
) -> tuple[Segment, ...]:
    segments = []
    for piece in pieces:
        last = end if piece.end_at is None else min(piece.end_at, end)
        if last <= piece.begin_at:
            continue
        counts = piece.counting is Counting.RUNNING
        used = worked(calendar, piece.begin_at, last, unit) if counts else Fraction(0)
        segments.append(Segment(piece.begin_at, last, piece.whose, piece.counting, used, piece.why))
    return tuple(segments)
