"""Instants and what the clocks on the wall show, where clocks are put forward and back.

Within this module a wall time is a naive datetime, and an instant one in UTC: adding to an aware datetime of another
zone would add on the wall and not in time.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.errors import InvalidError

SECOND = timedelta(seconds=1)


def instant(at: datetime) -> datetime:
    """The instant in UTC.

    Raises
    ------
    InvalidError
        `instant_without_zone`: the time could be anywhere.
    """
    if at.tzinfo is None:
        raise InvalidError("instant_without_zone", at=at.isoformat())
    return at.astimezone(UTC)


def to_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at which the wall shows this time or, where the hands jump over it, a later one."""
    early, late = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return early if early <= late else _jump(late, early, zone)


def to_wall(at: datetime, zone: ZoneInfo) -> datetime:
    """What the wall shows; all through the second of two like hours their end, so that it never goes back."""
    local = at.astimezone(zone)
    if local.fold:
        back = local.replace(fold=0).utcoffset(), local.utcoffset()
        length = (back[0] or timedelta()) - (back[1] or timedelta())
        first = _jump(at - length, at, zone)
        return (first - SECOND).astimezone(zone).replace(tzinfo=None) + SECOND
    return local.replace(tzinfo=None)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second after one instant, and not after the other, with another offset; they lie hours apart."""
    old = before.astimezone(zone).utcoffset()
    low, high = 0, -(-(after - before) // SECOND)
    while high - low > 1:
        middle = (low + high) // 2
        same = (before + middle * SECOND).astimezone(zone).utcoffset() == old
        low, high = (middle, high) if same else (low, middle)
    # A jump falls on a whole second of UTC, whatever fraction the given instant has.
    return (before + high * SECOND).replace(microsecond=0)
