"""Periods of reports: 2026Q3, 2026-09, 2026-W39, 2026-09-30, and how they are called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from app.errors import InvalidError
from app.reports.rules.kinds import Grain

WRITTEN = {
    Grain.YEAR: re.compile(r"(?P<year>\d{4})", re.ASCII),
    Grain.QUARTER: re.compile(r"(?P<year>\d{4})-?Q(?P<no>[1-4])", re.IGNORECASE | re.ASCII),
    Grain.MONTH: re.compile(r"(?P<year>\d{4})-(?P<no>\d{2})", re.ASCII),
    Grain.WEEK: re.compile(r"(?P<year>\d{4})-?W(?P<no>\d{2})", re.IGNORECASE | re.ASCII),
}
FIRST_YEAR, LAST_YEAR = 2000, 2199


@dataclass(frozen=True, slots=True)
class Period:
    """Some days, from the first to the last."""

    grain: Grain
    since_on: date
    until_on: date

    @property
    def before(self) -> Period:
        """The one that ended when this one began."""
        return period_of(self.since_on - timedelta(days=1), self.grain)

    @property
    def after(self) -> Period:
        """The one that begins when this one ends."""
        return period_of(self.until_on + timedelta(days=1), self.grain)

    @property
    def written(self) -> str:
        """As `read` reads it."""
        first = self.since_on
        match self.grain:
            case Grain.YEAR:
                return f"{first:%Y}"
            case Grain.QUARTER:
                return f"{first:%Y}Q{self.no}"
            case Grain.MONTH:
                return f"{first:%Y-%m}"
            case Grain.WEEK:
                year, week, _ = first.isocalendar()
                return f"{year:04}-W{week:02}"
        return first.isoformat()

    @property
    def no(self) -> int:
        """Its number within the year."""
        match self.grain:
            case Grain.QUARTER:
                return (self.since_on.month + 2) // 3
            case Grain.MONTH:
                return self.since_on.month
            case Grain.WEEK:
                return self.since_on.isocalendar().week
            case Grain.DAY:
                return self.since_on.timetuple().tm_yday
        return 1

    @property
    def year(self) -> int:
        """The year that it is counted in: of a week the one that has its Thursday."""
        return self.since_on.isocalendar().year if self.grain is Grain.WEEK else self.since_on.year


def period_of(day: date, grain: Grain) -> Period:
    """The period of a grain that a day lies in; weeks begin on Monday (ISO 8601)."""
    match grain:
        case Grain.DAY:
            return Period(grain, day, day)
        case Grain.WEEK:
            first = day - timedelta(days=day.weekday())
            return Period(grain, first, first + timedelta(days=6))
        case Grain.MONTH:
            return Period(grain, day.replace(day=1), _before_month(day.year, day.month + 1))
        case Grain.QUARTER:
            last = (day.month + 2) // 3 * 3
            return Period(grain, date(day.year, last - 2, 1), _before_month(day.year, last + 1))
    return Period(grain, date(day.year, 1, 1), date(day.year, 12, 31))


def read(written: str, grain: Grain) -> Period:
    """The period that is written down, of the grain that a report has.

    Raises
    ------
    InvalidError
        `report_period_unreadable`: no period, or one of another grain.
    """
    day = _day(written.strip(), grain)
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidError("report_period_unreadable", value=written[:40], grain=grain.value)
    return period_of(day, grain)


def _day(written: str, grain: Grain) -> date | None:
    try:
        if grain is Grain.DAY:
            return date.fromisoformat(written) if len(written) == 10 else None
        found = WRITTEN[grain].fullmatch(written)
        if found is None:
            return None
        year, no = int(found["year"]), int(found.groupdict().get("no") or 1)
        if grain is Grain.WEEK:
            return date.fromisocalendar(year, no, 4)
        return date(year, no * 3 if grain is Grain.QUARTER else no, 1)
    except ValueError:
        return None


def _before_month(year: int, month: int) -> date:
    """The last day before a month; the thirteenth is the first of the next year."""
    first = date(year + 1, 1, 1) if month > 12 else date(year, month, 1)
    return first - timedelta(days=1)
