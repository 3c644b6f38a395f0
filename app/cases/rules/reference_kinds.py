"""What may be written into a field of reference data, and how it is written down."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.cases.rules.opening import WEEKDAYS, Season, parse_hours
from app.errors import InvalidError


class Kind(StrEnum):
    """What a column holds."""

    CODE = "code"
    NUMBER = "number"
    LETTER = "letter"
    TEXT = "text"
    YES_NO = "yes_no"
    CHOICE = "choice"
    DAY = "day"
    CLOCK = "clock"
    MONTH_DAY = "month_day"
    WEEKDAYS = "weekdays"
    HOURS = "hours"
    AMOUNT = "amount"
    """A decimal of at most four places."""

    FRACTION = "fraction"
    """An amount that is kept as it is written: a third of an hour is 1/3."""

    METRES = "metres"
    """How far something reaches, in metres; no further than 200."""

    PHONE = "phone"
    ZONE = "zone"


CODE = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}", re.ASCII)
LETTER = re.compile(r"[A-Z]", re.ASCII)
DAY = re.compile(r"(\d{4})([-/.年])(\d{1,2})[-/.月](\d{1,2})日?(?: 00:00(?::00(?:\.0+)?)?)?", re.ASCII)
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::00(?:\.0+)?)?", re.ASCII)
MONTH_DAY = re.compile(r"(\d{1,2})-(\d{1,2})", re.ASCII)
WEEKDAY = re.compile(r"([1-7])(?:-([1-7]))?", re.ASCII)
AMOUNT = re.compile(r"\d{1,4}(?:\.\d{1,4})?", re.ASCII)
FRACTION = re.compile(r"\d{1,5}(?:\.\d{1,4}|/[1-9]\d{0,3})?", re.ASCII)
METRES = re.compile(r"\d{1,3}(?:\.\d{1,2})?", re.ASCII)
MOST_METRES = 200
PHONE = re.compile(r"[0-9+\- ]{5,20}", re.ASCII)
YES = frozenset({"yes", "是", "1", "true", "y"})
NO = frozenset({"no", "否", "0", "false", "n"})
FIRST_YEAR, LAST_YEAR = 1950, 2100
"""A year outside these is a slip of the pen."""


def normal(raw: str) -> str:
    """What was written, in ordinary letters and digits and without blanks around it.

    Raises
    ------
    ValueError
        It holds a control character.
    """
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in raw):
        raise ValueError(raw)
    return raw.strip()


def read(kind: Kind, raw: str) -> str:
    """A text as it is written down: equal values are equal texts.

    Raises
    ------
    ValueError
        It is none of its kind.
    """
    text = normal(raw)
    plain = text if kind is Kind.TEXT else unicodedata.normalize("NFKC", text).strip()
    try:
        return READERS[kind](plain)
    except (InvalidError, ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(raw) from error


def weekdays(text: str) -> frozenset[int]:
    """The days that `1-5` or `6 7` names, Monday 1."""
    found: set[int] = set()
    for part in text.split():
        first, _, last = part.partition("-")
        found |= set(range(int(first), int(last or first) + 1))
    return frozenset(found)


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def reader(text: str) -> str:
        if pattern.fullmatch(text) is None:
            raise ValueError(text)
        return text

    return reader


def _yes_no(text: str) -> str:
    word = text.casefold()
    if word not in YES | NO:
        raise ValueError(text)
    return "yes" if word in YES else "no"


def _day(text: str) -> str:
    found = DAY.fullmatch(text)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise ValueError(text)
    return date(int(found[1]), int(found[3]), int(found[4])).isoformat()


def _clock(text: str) -> str:
    found = CLOCK.fullmatch(text)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError(text)
    return f"{int(found[1]):02}:{found[2]}"


def _month_day(text: str) -> str:
    found = MONTH_DAY.fullmatch(text)
    if found is None:
        raise ValueError(text)
    written = f"{int(found[1]):02}-{int(found[2]):02}"
    Season.parse(written, written)
    return written


def _weekdays(text: str) -> str:
    """Runs of days, each as short as it can be: `1 2 3 6` is `1-3 6`."""
    parts = text.replace(",", " ").split()
    if not parts or any(WEEKDAY.fullmatch(part) is None for part in parts):
        raise ValueError(text)
    days = weekdays(" ".join(parts))
    if not days or any(part[0] > part[-1] for part in parts):
        raise ValueError(text)
    runs: list[list[int]] = []
    for day in range(1, WEEKDAYS + 1):
        if day in days and runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        elif day in days:
            runs.append([day])
    return " ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _hours(text: str) -> str:
    """Spans in their order; 8:00 may be written for 08:00."""
    padded = re.sub(r"(?<!\d)(\d):", r"0\1:", text.replace(",", " "))
    parse_hours(padded)
    return " ".join(sorted(padded.split()))


def _amount(text: str) -> str:
    if AMOUNT.fullmatch(text) is None or not Decimal(text):
        raise ValueError(text)
    return f"{Decimal(text).normalize():f}"


def _metres(text: str) -> str:
    if METRES.fullmatch(text) is None or Decimal(text) > MOST_METRES:
        raise ValueError(text)
    return f"{Decimal(text).normalize():f}"


def _fraction(text: str) -> str:
    if FRACTION.fullmatch(text) is None or not Fraction(text):
        raise ValueError(text)
    return text if "/" in text else f"{Decimal(text).normalize():f}"


def _phone(text: str) -> str:
    if PHONE.fullmatch(text) is None or sum(map(str.isdecimal, text)) < 5:
        raise ValueError(text)
    return text


def _zone(text: str) -> str:
    return ZoneInfo(text).key


READERS: Mapping[Kind, Callable[[str], str]] = {
    Kind.CODE: _matching(CODE),
    Kind.NUMBER: _matching(NUMBER),
    Kind.LETTER: _matching(LETTER),
    Kind.TEXT: str,
    Kind.CHOICE: str,
    Kind.YES_NO: _yes_no,
    Kind.DAY: _day,
    Kind.CLOCK: _clock,
    Kind.MONTH_DAY: _month_day,
    Kind.WEEKDAYS: _weekdays,
    Kind.HOURS: _hours,
    Kind.AMOUNT: _amount,
    Kind.FRACTION: _fraction,
    Kind.METRES: _metres,
    Kind.PHONE: _phone,
    Kind.ZONE: _zone,
}
