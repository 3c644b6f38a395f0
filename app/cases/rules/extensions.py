"""Limits beside the plain one: extensions 延期, two steps 先控 and repair, another limit in a season 时令."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.cases.rules.calendars import Calendar
from app.cases.rules.clock_events import ClockEvent, EventKind
from app.cases.rules.clocks import ClockReading, fold
from app.cases.rules.limits import Limit
from app.cases.rules.localtime import instant
from app.cases.rules.opening import Season

MOST_EXTENSIONS = 2
"""So many may be granted; refused ones do not count."""

ASKED_SHARE = Fraction(1, 4)
"""An extension is asked for while at least so much of the first limit is left."""


class ExtensionRefusal(StrEnum):
    """Why an extension may not be asked for, or not be granted."""

    NOT_RUNNING = "not_running"
    """The clock is paused or stopped."""

    TOO_MANY = "too_many"
    TOO_LATE = "too_late"
    TOO_LONG = "too_long"
    """More than the first limit."""

    OTHER_UNIT = "other_unit"


def may_ask(
    events: Iterable[ClockEvent], calendar: Calendar, at: datetime, asked: Limit
) -> ExtensionRefusal | None:
    """What stands against asking for an extension at an instant; None where it may be asked.

    Raises
    ------
    InvalidError, ConflictError
        As `clocks.fold`.
    """
    return against_asking(fold(events, calendar, at), asked)


def against_asking(reading: ClockReading, asked: Limit) -> ExtensionRefusal | None:
    """What stands against asking for an extension at the instant of a reading; None where it may be asked."""
    if not reading.running:
        return ExtensionRefusal.NOT_RUNNING
    if asked.unit is not reading.limit.unit:
        return ExtensionRefusal.OTHER_UNIT
    if asked.amount > reading.limit.amount:
        return ExtensionRefusal.TOO_LONG
    if reading.extensions >= MOST_EXTENSIONS:
        return ExtensionRefusal.TOO_MANY
    if reading.left < ASKED_SHARE * reading.limit.amount:
        return ExtensionRefusal.TOO_LATE
    return None


def may_grant(
    events: Sequence[ClockEvent], calendar: Calendar, asked_at: datetime, asked: Limit, at: datetime
) -> ExtensionRefusal | None:
    """What stands against granting at `at` what was asked at `asked_at`; None where it may be granted.

    It was asked in time or not as things were when it was asked: who lets the due time pass before an answer has not
    made it too late. How many were granted, and whether the clock runs, is as things are now.

    Raises
    ------
    InvalidError, ConflictError
        As `clocks.fold`.
    """
    refusal = may_ask(events, calendar, asked_at, asked)
    if refusal is not None:
        return refusal
    known = [event.kind for event in events if event.at <= instant(at)]
    if EventKind.STOP in known:
        return ExtensionRefusal.NOT_RUNNING
    return ExtensionRefusal.TOO_MANY if known.count(EventKind.EXTEND) >= MOST_EXTENSIONS else None


class TwoSteps(NamedTuple):
    """The events of two clocks with one start."""

    control: tuple[ClockEvent, ...]
    """先控: the danger is made safe."""

    repair: tuple[ClockEvent, ...]
    """The lasting repair."""


def start_both(at: datetime, control: Limit, repair: Limit, whose: str = "") -> TwoSteps:
    """The two clocks of a condition whose danger is made safe first; each is stopped by its own feedback.

    Raises
    ------
    InvalidError
        `instant_without_zone`.
    """
    return TwoSteps((ClockEvent.start(at, control, whose),), (ClockEvent.start(at, repair, whose),))


def limit_in_season(
    start: datetime, zone: ZoneInfo, usual: Limit, seasonal: Iterable[tuple[Season, Limit]]
) -> Limit:
    """The limit of a condition by the local date of the start: that of the first season that is on, else the usual.

    Raises
    ------
    InvalidError
        `instant_without_zone`.
    """
    day = instant(start).astimezone(zone).date()
    return next((limit for season, limit in seasonal if season.holds(day)), usual)
