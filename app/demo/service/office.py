"""When offices work, and what a time limit makes of it: Monday to Friday, 08:00–12:00 and 14:00–18:00.

Local times are whole seconds since Monday 1970-01-05 00:00 of the district's own clock. There are no holidays here:
the calendar is simple because what it dates is invented.
"""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.int64]

HOUR, DAY, WEEK = 3_600, 86_400, 604_800
MORNING, AFTERNOON, SHIFT = 8 * HOUR, 14 * HOUR, 4 * HOUR
WORKING_DAY = 2 * SHIFT
WORKING_WEEK = 5 * WORKING_DAY
NOON = time(12)
FIRST_MONDAY = date(1970, 1, 5)
SPAN = {"urgent_hours": HOUR, "working_hours": HOUR, "working_days": WORKING_DAY, "calendar_days": DAY}
"""Seconds of one unit of a limit."""

WORKING = frozenset({"working_hours", "working_days"})
"""Units whose clock stands while the office is closed."""


def day_number(day: date) -> int:
    """Days since the first Monday; its remainder by 7 is the weekday, Monday 0."""
    return (day - FIRST_MONDAY).days


def dates(local: Seconds) -> tuple[list[date], NDArray[np.int64]]:
    """The days that occur, and which of them each time is on."""
    days, index = np.unique(local // DAY, return_inverse=True)
    return [date.fromordinal(FIRST_MONDAY.toordinal() + int(day)) for day in days], index


def worked(local: Seconds) -> Seconds:
    """Working seconds that have passed since the first Monday."""
    weekday = local % WEEK // DAY
    second = np.where(weekday < 5, local % DAY, 0)
    today = np.clip(second - MORNING, 0, SHIFT) + np.clip(second - AFTERNOON, 0, SHIFT)
    return local // WEEK * WORKING_WEEK + np.minimum(weekday, 5) * WORKING_DAY + today


def at_worked(passed: Seconds) -> Seconds:
    """The first local time by which so many working seconds have passed: the inverse of `worked`."""
    weeks, rest = np.divmod(passed - 1, WORKING_WEEK)
    days, rest = np.divmod(rest, WORKING_DAY)
    second = np.where(rest < SHIFT, MORNING + rest, AFTERNOON + rest - SHIFT)
    return weeks * WEEK + days * DAY + second + 1


def after(local: Seconds, amount: Seconds, working: NDArray[np.bool_]) -> Seconds:
    """The local time when an amount of seconds, working ones where so marked, has passed."""
    return np.where(working, at_worked(worked(local) + np.maximum(amount, 1)), local + amount)


def to_utc(local: Seconds, timezone: str) -> NDArray[np.datetime64]:
    """Instants of local times, by the offset that the zone has at noon of each day."""
    days, index = dates(local)
    zone = ZoneInfo(timezone)
    noons = (datetime.combine(day, NOON, zone) for day in days)
    offsets = np.array([int(noon.utcoffset().total_seconds()) for noon in noons], dtype=np.int64)  # type: ignore[union-attr]
    utc = np.datetime64(FIRST_MONDAY, "us") + (local - offsets[index]) * np.timedelta64(1_000_000, "us")
    return utc.astype("datetime64[us]")
