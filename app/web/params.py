"""What a request asks for, read with care: a wrong value is named, never guessed at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from flask import request

from app.errors import InvalidError

T = TypeVar("T")

EARLIEST, LATEST = date(1950, 1, 1), date(2100, 12, 31)
"""Days that are taken: beyond them is a slip of the hand, and the calendar's end is not far."""


def parameter(name: str, read: Callable[[str], T], default: T) -> T:
    """A parameter of the query string, read by a function that raises ValueError for what it cannot read.

    Raises
    ------
    InvalidError
        `parameter_invalid`, naming the parameter and its value.
    """
    raw = request.args.get(name)
    if raw is None or raw == "":
        return default
    try:
        return read(printable(raw))
    except ValueError as error:
        raise InvalidError("parameter_invalid", field=name, value=visible(raw[:80])) from error


def printable(raw: str) -> str:
    """A text as it was given, if it holds nothing but what can be written: line breaks and tabs are the only controls.

    Raises
    ------
    ValueError
        It holds another control character.
    """
    if any((ord(letter) < 32 and letter not in "\r\n\t") or 127 <= ord(letter) < 160 for letter in raw):
        raise ValueError(raw)
    return raw


def visible(raw: str) -> str:
    """A text in which what cannot be written is a question mark."""
    return "".join(letter if letter.isprintable() else "?" for letter in raw)


def day(raw: str) -> date:
    """A reader of days (2026-11-23) within sensible years."""
    found = date.fromisoformat(raw)
    if not EARLIEST <= found <= LATEST:
        raise ValueError(raw)
    return found


def number(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers between two bounds."""

    def read(raw: str) -> int:
        value = int(raw)
        if not least <= value <= most:
            raise ValueError(raw)
        return value

    return read


row_id = number(1, 2**31 - 1)
"""A reader of ids of rows."""


def numbers(raw: str) -> tuple[int, ...]:
    """A reader of whole numbers between commas, at most 200, in ascending order."""
    values = tuple(sorted({int(part) for part in raw.split(",")}))
    if len(values) > 200 or any(not 0 <= value < 2**31 for value in values):
        raise ValueError(raw)
    return values


def box(raw: str) -> tuple[float, float, float, float]:
    """A reader of west,south,east,north in degrees."""
    west, south, east, north = (float(part) for part in raw.split(","))
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError(raw)
    return west, south, east, north


def day_begin(zone: str) -> Callable[[str], datetime]:
    """A reader of days (2026-11-23): the instant at which such a day begins in a time zone."""

    def read(raw: str) -> datetime:
        return datetime.combine(datetime.strptime(raw, "%Y-%m-%d"), time(), ZoneInfo(zone)).astimezone(UTC)

    return read


def day_end(zone: str) -> Callable[[str], datetime]:
    """A reader of days: the instant at which such a day is over in a time zone."""

    def read(raw: str) -> datetime:
        following = datetime.strptime(raw, "%Y-%m-%d") + timedelta(days=1)
        return datetime.combine(following, time(), ZoneInfo(zone)).astimezone(UTC)

    return read


def this_minute() -> datetime:
    """Now, cut to the minute, so that an answer that depends on it can be kept for as long."""
    return datetime.now(UTC).replace(second=0, microsecond=0)
