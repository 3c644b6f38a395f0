"""Due times 到期时间 and working time by a calendar: exact, explained line by line, bounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from app.cases.rules.calendars import ONE_DAY, Calendar, Day, Span, Why
from app.cases.rules.limits import DAY, HOUR, TICK, Limit, LimitUnit, share, stretch
from app.cases.rules.localtime import instant, to_instant, to_wall
from app.errors import InvalidError

QUIET_DAYS = 3_300
"""Closed days in a row after which a calendar counts as never open; a 29 February comes back within eight years."""

FARTHEST_DAYS = 36_525
"""A hundred years: no due time lies farther away."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the explanation of a due time.

    Parameters
    ----------
    on
        The calendar's day.
    begin_at, end_at
        The stretch of it that was used, in UTC; None where the day gave nothing.
    used
        How much of the limit went there, in the limit's unit.
    why, name, name_en
        Why the day counts or does not, and what it is called.
    known
        False on a day that an announcement may still change.
    """

    on: date
    begin_at: datetime | None
    end_at: datetime | None
    used: Fraction
    why: Why
    name: str = ""
    name_en: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit is used up: the instant in UTC, whether it is 暂定, and how it came about."""

    at: datetime
    provisional: bool
    steps: tuple[Step, ...]


def due(calendar: Calendar, start: datetime, limit: Limit) -> Due:
    """When a limit that starts at an instant is used up.

    Raises
    ------
    InvalidError
        `instant_without_zone`; `calendar_never_open`; `limit_too_far`: over a hundred years away.
    """
    return advance(calendar, start, limit.amount, limit.unit)


def due_at(calendar: Calendar, start: datetime, limit: Limit) -> datetime:
    """The instant that `due` gives, without its explanation: some five times as fast, for whoever dates many.

    Raises
    ------
    InvalidError
        As `due`.
    """
    start, unit = instant(start), limit.unit
    if not unit.by_hours:
        return _later(calendar, start, limit.amount, unit)
    rest, whole = Fraction(0), timedelta()
    for day in _ahead(calendar, start):
        if not day.spans or day.spans[-1].end_at <= start:
            continue
        if _whole(day, unit) != whole:
            # What is left of the limit, in ticks as long as this day makes them.
            left = limit.amount if not whole else rest / (whole // TICK)
            whole = _whole(day, unit)
            rest = left * (whole // TICK)
        for span in day.spans:
            begin = max(span.begin_at, start)
            ticks = (span.end_at - begin) // TICK
            if ticks >= rest:
                return begin + -(-rest.numerator // rest.denominator) * TICK
            if ticks > 0:
                rest -= ticks
    raise InvalidError("limit_too_far", calendar=calendar.code)


def advance(calendar: Calendar, start: datetime, amount: Fraction, unit: LimitUnit) -> Due:
    """The same for any positive amount, such as the rest of a limit.

    Notes
    -----
    What is used up at closing time is due at closing time. Days are walked one by one: ten years take 0.1 s, or
    0.03 s once the calendar has their hours.

    Raises
    ------
    InvalidError
        As `due`.
    """
    start = instant(start)
    if not unit.by_hours:
        at = _later(calendar, start, amount, unit)
        step = Step(calendar.local_date(start), start, at, amount, Why.CONTINUOUS)
        return Due(at, provisional=False, steps=(step,))
    steps: list[Step] = []
    rest, provisional = amount, False
    for day in _ahead(calendar, start):
        ahead = [Span(max(span.begin_at, start), span.end_at) for span in day.spans if span.end_at > start]
        if not ahead:
            steps += _nothing(calendar, day, start)
            continue
        provisional = provisional or not day.known
        for span in ahead:
            used, at = _use(span, rest, _whole(day, unit))
            steps.append(_step(day, span.begin_at, at, used))
            rest -= used
            if not rest:
                return Due(at, provisional, tuple(steps))
    raise InvalidError("limit_too_far", calendar=calendar.code)


def retreat(calendar: Calendar, end: datetime, amount: Fraction, unit: LimitUnit) -> datetime:
    """The instant from which so much working time is left until an end; the latest such instant.

    Raises
    ------
    InvalidError
        `instant_without_zone`; `calendar_never_open`; `limit_too_far`.
    """
    end = instant(end)
    if not unit.by_hours:
        return _later(calendar, end, -amount, unit)
    rest = amount
    for day in _days(calendar, calendar.local_date(end), -1):
        for span in reversed(day.spans):
            if span.begin_at >= end:
                continue
            last, whole = min(span.end_at, end), _whole(day, unit)
            whole_span = share(last - span.begin_at, whole)
            if rest <= whole_span:
                return last - stretch(rest, whole)
            rest -= whole_span
    raise InvalidError("limit_too_far", calendar=calendar.code)


def worked(calendar: Calendar, begin: datetime, end: datetime, unit: LimitUnit) -> Fraction:
    """How much of a unit lies between two instants: hours, or days of the calendar.

    Raises
    ------
    InvalidError
        `instant_without_zone`; `interval_backwards`.
    """
    begin, end = instant(begin), instant(end)
    if end < begin:
        raise InvalidError("interval_backwards", begin=begin.isoformat(), end=end.isoformat())
    if unit is LimitUnit.URGENT_HOURS:
        return share(end - begin, HOUR)
    if unit is LimitUnit.CALENDAR_DAYS:
        return share(to_wall(end, calendar.tz) - to_wall(begin, calendar.tz), DAY)
    total = Fraction(0)
    # Yesterday's night shift may still be running.
    on, last = calendar.local_date(begin) - ONE_DAY, calendar.local_date(end)
    while on <= last:
        day = calendar.day(on)
        for span in day.spans:
            length = min(span.end_at, end) - max(span.begin_at, begin)
            if length > timedelta():
                total += share(length, _whole(day, unit))
        on += ONE_DAY
    return total


def remaining(calendar: Calendar, now: datetime, due_at: datetime, unit: LimitUnit) -> Fraction:
    """How much of a unit is left until a due time; negative once it is past.

    Raises
    ------
    InvalidError
        `instant_without_zone`.
    """
    if instant(now) <= instant(due_at):
        return worked(calendar, now, due_at, unit)
    return -worked(calendar, due_at, now, unit)


def _later(calendar: Calendar, start: datetime, amount: Fraction, unit: LimitUnit) -> datetime:
    if unit is LimitUnit.URGENT_HOURS:
        return start + stretch(amount, HOUR)
    return to_instant(to_wall(start, calendar.tz) + stretch(amount, DAY), calendar.tz)


def _whole(day: Day, unit: LimitUnit) -> timedelta:
    """How long one of the unit takes on that day."""
    return day.length if unit is LimitUnit.WORKING_DAYS else HOUR


def _use(span: Span, rest: Fraction, whole: timedelta) -> tuple[Fraction, datetime]:
    """How much of the rest a span takes, and until when."""
    fits = share(span.length, whole)
    if rest >= fits:
        return fits, span.end_at
    return rest, span.begin_at + stretch(rest, whole)


def _step(day: Day, begin_at: datetime | None, end_at: datetime | None, used: Fraction) -> Step:
    return Step(day.on, begin_at, end_at, used, day.why, day.name, day.name_en, day.known)


def _nothing(calendar: Calendar, day: Day, start: datetime) -> list[Step]:
    """The line of a day that gave nothing; none for the day before the start, which was asked for its night shift."""
    if day.on < calendar.local_date(start):
        return []
    if day.spans:
        return [Step(day.on, None, None, Fraction(0), Why.OVER, day.name, day.name_en, day.known)]
    return [_step(day, None, None, Fraction(0))]


def _ahead(calendar: Calendar, start: datetime) -> Iterator[Day]:
    return _days(calendar, calendar.local_date(start) - ONE_DAY, 1)


def _days(calendar: Calendar, first: date, way: int) -> Iterator[Day]:
    quiet = 0
    for number in range(FARTHEST_DAYS):
        day = calendar.day(first + way * number * ONE_DAY)
        quiet = 0 if day.spans else quiet + 1
        if quiet > QUIET_DAYS:
            raise InvalidError("calendar_never_open", calendar=calendar.code)
        yield day
