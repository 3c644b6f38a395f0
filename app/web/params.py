"""What a request asks for, read with care: a wrong value is named, never guessed at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from flask import request

from app.errors import InvalidError
from app.web.shapes import DAY, ID, INSTANT, MOST_ID, TEXT, Schema, words

T = TypeVar("T")
W = TypeVar("W", bound=StrEnum)

UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
WHOLE = re.compile(r"-?[0-9]{1,20}")
MOST_NUMBERS = 200

EARLIEST, LATEST = date(1950, 1, 1), date(2100, 12, 31)
"""Days that are taken: beyond them is a slip of the hand, and the calendar's end is not far."""


@dataclass(frozen=True, slots=True)
class Reader(Generic[T]):
    """A function that reads a raw value, with the JSON schema of what it can; for all else it raises ValueError."""

    read: Callable[[str], T]
    schema: Schema

    def __call__(self, raw: str) -> T:
        """The value that was written."""
        return self.read(raw)


def parameter(name: str, read: Callable[[str], T], default: T, given: Mapping[str, str] | None = None) -> T:
    """A parameter of the query string, read by a function that raises ValueError for what it cannot read.

    Parameters
    ----------
    given
        The parameters of another query string than that of the request.

    Raises
    ------
    InvalidError
        `parameter_invalid`, naming the parameter and its value.
    """
    raw = (request.args if given is None else given).get(name)
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
        It holds another control character, or half of a surrogate pair.
    """
    if UNWRITABLE.search(raw):
        raise ValueError(raw)
    return raw


def visible(raw: str) -> str:
    """A text in which what cannot be written is a question mark."""
    return "".join(letter if letter.isprintable() else "?" for letter in raw)


def _day(raw: str) -> date:
    found = date.fromisoformat(raw)
    if not EARLIEST <= found <= LATEST:
        raise ValueError(raw)
    return found


day = Reader(_day, DAY)
"""A reader of days (2026-11-23) within sensible years."""


def whole(raw: str) -> int:
    """A whole number in plain digits.

    Raises
    ------
    ValueError
        It is none.
    """
    if not WHOLE.fullmatch(raw):
        raise ValueError(raw)
    return int(raw)


def number(least: int, most: int) -> Reader[int]:
    """A reader of whole numbers between two bounds."""

    def read(raw: str) -> int:
        value = whole(raw)
        if not least <= value <= most:
            raise ValueError(raw)
        return value

    return Reader(read, {"type": "integer", "minimum": least, "maximum": most})


def one_of(known: Iterable[str]) -> Reader[str]:
    """A reader of one of some words."""
    among = tuple(known)

    def read(raw: str) -> str:
        if raw not in among:
            raise ValueError(raw)
        return raw

    return Reader(read, words(among))


def written(most: int, least: int = 0) -> Reader[str]:
    """A reader of texts of so many characters, without the blanks around them."""

    def read(raw: str) -> str:
        found = raw.strip()
        if not least <= len(found) <= most:
            raise ValueError(raw)
        return found

    schema: dict[str, Any] = {**TEXT, "maxLength": most}
    return Reader(read, {**schema, "minLength": least} if least else schema)


row_id = number(1, MOST_ID)
"""A reader of ids of rows."""


def _numbers(raw: str) -> tuple[int, ...]:
    values = [whole(part) for part in raw.split(",")]
    if len(values) > MOST_NUMBERS or any(not 0 <= value <= MOST_ID for value in values):
        raise ValueError(raw)
    return tuple(sorted(set(values)))


numbers = Reader(
    _numbers, {"type": "array", "items": {**ID, "minimum": 0}, "minItems": 1, "maxItems": MOST_NUMBERS}
)
"""A reader of whole numbers between commas, at most 200, in ascending order."""


def several(known: type[W]) -> Reader[frozenset[W]]:
    """A reader of words of an enumeration between commas, as many at most as there are."""

    def read(raw: str) -> frozenset[W]:
        parts = raw.split(",")
        if len(parts) > len(known):
            raise ValueError(raw)
        return frozenset(known(part) for part in parts)

    return Reader(read, {"type": "array", "items": words(known), "minItems": 1, "maxItems": len(known)})


def _box(raw: str) -> tuple[float, float, float, float]:
    west, south, east, north = (float(part) for part in raw.split(","))
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError(raw)
    return west, south, east, north


box = Reader(
    _box,
    {
        "type": "array",
        "items": {"type": "number", "minimum": -180, "maximum": 180},
        "minItems": 4,
        "maxItems": 4,
    },
)
"""A reader of west,south,east,north in degrees."""


def day_begin(zone: str) -> Reader[datetime]:
    """A reader of days (2026-11-23): the instant at which such a day begins in a time zone."""
    return Reader(lambda raw: _midnight(_day(raw), zone), DAY)


def day_end(zone: str) -> Reader[datetime]:
    """A reader of days: the instant at which such a day is over in a time zone."""
    return Reader(lambda raw: _midnight(_day(raw) + timedelta(days=1), zone), DAY)


def _midnight(on: date, zone: str) -> datetime:
    return datetime.combine(on, time(), ZoneInfo(zone)).astimezone(UTC)


RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)


def _instant(raw: str) -> datetime:
    found = datetime.fromisoformat(raw)
    if not RFC_3339.fullmatch(raw) or not EARLIEST <= found.date() <= LATEST:
        raise ValueError(raw)
    return found.astimezone(UTC)


instant = Reader(_instant, {**INSTANT, "pattern": f"^{RFC_3339.pattern}$"})
"""A reader of instants with their zone (2026-11-23T14:32:00+08:00), within sensible years."""


def this_minute() -> datetime:
    """Now, cut to the minute, so that an answer that depends on it can be kept for as long."""
    return datetime.now(UTC).replace(second=0, microsecond=0)
