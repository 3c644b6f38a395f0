"""Calendars 工作日历: when a desk, an office or a patrol works, day by day and to the instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.cases.rules.localtime import instant, to_instant
from app.cases.rules.opening import DayHours, WeekHours, checked
from app.errors import InvalidError

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class Why(StrEnum):
    """Why a day, or a stretch of it, counts or does not."""

    OPEN = "open"
    """Hours of the calendar."""

    MAKE_UP = "make_up"
    """调休上班: a day off that is worked in exchange for another."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"

    CLOSED = "closed"
    """A day without hours, by its weekday or by its date."""

    OVER = "over"
    """The day's hours were past already."""

    CONTINUOUS = "continuous"
    """The limit runs day and night; no calendar was asked."""

    PAUSED = "paused"
    """The clock stood 停表."""

    CREDITED = "credited"
    """The time was given back."""


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A holiday, or a day that is worked for one, and what it is called."""

    on: date
    name: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class DayOverride:
    """A date that is settled one by one, before any holiday: closed (no hours) or open at other hours.

    Raises
    ------
    InvalidError
        `hours_unreadable`: a span runs into the next.
    """

    on: date
    hours: DayHours = ()
    name: str = ""
    name_en: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "hours", checked(self.hours))


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, as instants in UTC."""

    begin_at: datetime
    end_at: datetime

    @property
    def length(self) -> timedelta:
        return self.end_at - self.begin_at


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a calendar.

    Parameters
    ----------
    on
        The local date.
    spans
        Its hours in order; a night shift's last hours lie on the next date.
    length
        All of them together, as time passes.
    why, name, name_en
        Why it is open or not, and the name of its holiday or of its setting.
    known
        Whether it can still change by an announcement 放假通知.
    """

    on: date
    spans: tuple[Span, ...]
    length: timedelta
    why: Why
    name: str
    name_en: str
    known: bool


@dataclass(frozen=True)
class Calendar:
    """The working time of somebody 工作日历; equal ones are one key of a cache.

    Parameters
    ----------
    code
        Name of the calendar in the data.
    zone
        IANA name of its time zone.
    weeks
        Hours by weekday; of several that hold on a day the first is taken, so the seasonal ones come first.
    holidays
        Days off by announcement.
    make_up_days
        调休: days worked in exchange, at the hours of a normal weekday.
    overrides
        Single days that are settled otherwise; they come before holidays and make-up days.
    known_until
        Last day for which holidays are announced; later ones are computed by weekday and marked 暂定. None where the
        calendar follows no holidays.

    Raises
    ------
    InvalidError
        `timezone_unknown`.
    """

    code: str
    zone: str
    weeks: tuple[WeekHours, ...]
    holidays: tuple[NamedDay, ...] = ()
    make_up_days: tuple[NamedDay, ...] = ()
    overrides: tuple[DayOverride, ...] = ()
    known_until: date | None = None

    def __post_init__(self) -> None:
        _zone(self.zone)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        # Hundreds of holidays: hashed once, and not at every look into a cache.
        days = self.holidays, self.make_up_days, self.overrides
        return hash((self.code, self.zone, self.weeks, days, self.known_until))

    @cached_property
    def tz(self) -> ZoneInfo:
        """The zone's rules."""
        return _zone(self.zone)

    def day(self, on: date) -> Day:
        """That day's hours, and why there are none; computed once."""
        found = self._days.get(on)
        if found is None:
            found = self._days[on] = self._make(on)
        return found

    def local_date(self, at: datetime) -> date:
        """The date on the wall at an instant.

        Raises
        ------
        InvalidError
            `instant_without_zone`.
        """
        return instant(at).astimezone(self.tz).date()

    @cached_property
    def _days(self) -> dict[date, Day]:
        return {}

    @cached_property
    def _settled(self) -> Mapping[date, tuple[Why, NamedDay | DayOverride]]:
        """Dates that are not as their weekday says; what is written last holds."""
        return {
            **{day.on: (Why.HOLIDAY, day) for day in self.holidays},
            **{day.on: (Why.MAKE_UP, day) for day in self.make_up_days},
            **{day.on: (Why.OPEN if day.hours else Why.CLOSED, day) for day in self.overrides},
        }

    def _plan(self, on: date) -> tuple[DayHours, Why, NamedDay | DayOverride]:
        week = next((week for week in self.weeks if week.holds(on)), None)
        why, settled = self._settled.get(on, (Why.OPEN, NamedDay(on)))
        if isinstance(settled, DayOverride):
            return settled.hours, why, settled
        if why is Why.HOLIDAY or week is None:
            return (), why if why is Why.HOLIDAY else Why.CLOSED, settled
        if why is Why.MAKE_UP:
            return week.ordinary, why if week.ordinary else Why.CLOSED, settled
        hours = week.days[on.weekday()]
        closed = Why.WEEKEND if on.weekday() >= SATURDAY else Why.CLOSED
        return hours, Why.OPEN if hours else closed, settled

    def _make(self, on: date) -> Day:
        hours, why, settled = self._plan(on)
        yesterday = self._plan(on - ONE_DAY)[0]
        # A night shift that is still running has the hour; a day's own hours begin when it is over.
        free = self._at(on - ONE_DAY, yesterday[-1].end) if yesterday else datetime.min.replace(tzinfo=UTC)
        spans = [Span(max(self._at(on, span.begin), free), self._at(on, span.end)) for span in hours]
        spans = [span for span in spans if span.begin_at < span.end_at]
        known = self.known_until is None or on <= self.known_until or on in self._settled
        length = sum((span.length for span in spans), timedelta())
        return Day(on, tuple(spans), length, why, settled.name, settled.name_en, known)

    def _at(self, on: date, minutes: int) -> datetime:
        wall = datetime.combine(on, time()) + timedelta(minutes=minutes)
        return to_instant(wall, self.tz)


def spans(calendar: Calendar, day: date) -> tuple[Span, ...]:
    """The hours of a day in order, as instants."""
    return calendar.day(day).spans


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidError("timezone_unknown", value=name) from error
