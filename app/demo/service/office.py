"""Local time of the simulated district: whole seconds since Monday 1970-01-05 00:00 of its own clock."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.int64]

DAY = 86_400
NOON = time(12)
FIRST_MONDAY = date(1970, 1, 5)


def day_number(day: date) -> int:
    """Days since the first Monday; its remainder by 7 is the weekday, Monday 0."""
    return (day - FIRST_MONDAY).days


def dates(local: Seconds) -> tuple[list[date], NDArray[np.int64]]:
    """The days that occur, and which of them each time is on."""
    days, index = np.unique(local // DAY, return_inverse=True)
    return [date.fromordinal(FIRST_MONDAY.toordinal() + int(day)) for day in days], index


def to_utc(local: Seconds, timezone: str) -> NDArray[np.datetime64]:
    """Instants of local times, by the offset that the zone has at noon of each day."""
    days, index = dates(local)
    zone = ZoneInfo(timezone)
    noons = (datetime.combine(day, NOON, zone) for day in days)
    offsets = np.array([int(noon.utcoffset().total_seconds()) for noon in noons], dtype=np.int64)  # type: ignore[union-attr]
    utc = np.datetime64(FIRST_MONDAY, "us") + (local - offsets[index]) * np.timedelta64(1_000_000, "us")
    return utc.astype("datetime64[us]")
