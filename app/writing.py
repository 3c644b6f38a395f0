"""How people write things down: days, times of day, telephone numbers, yes and no. All readers raise ValueError."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time

_YES_NO = {"是": True, "1": True, "yes": True, "y": True, "true": True, "√": True}
_YES_NO |= {"否": False, "0": False, "no": False, "n": False, "false": False, "×": False}
_DAY = re.compile(
    r"(\d{4})([-/.年])(\d{1,2})([-/.月])(\d{1,2})(日?)(?:[ T]00:00(?::00(?:\.0+)?)?)?", re.ASCII
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::00(?:\.0+)?)?", re.ASCII)
_PHONE = re.compile(r"[0-9+\- ]{5,20}")
EARLIEST_YEAR, LATEST_YEAR = 1950, 2100
"""A year outside these is a slip of the pen."""


def plain(raw: str) -> str:
    """What was written in ordinary letters and digits: an input method gives full-width ones."""
    return unicodedata.normalize("NFKC", raw).strip()


def read_text(raw: str) -> str:
    """One line of text.

    Raises
    ------
    ValueError
        It holds a control character, which no name and no code has.
    """
    if any(unicodedata.category(letter) == "Cc" for letter in raw):
        raise ValueError(raw)
    return raw


def read_day(raw: str, earliest: int = EARLIEST_YEAR) -> date:
    """A day as 2026-11-25, 2026/11/25, 2026.11.25 or 2026年11月25日, or as a workbook keeps it, with midnight.

    Parameters
    ----------
    earliest
        Year before which it is a slip of the pen.

    Raises
    ------
    ValueError
        It is none.
    """
    match = _DAY.fullmatch(plain(raw))
    if match is None or (match[2], match[4], match[6]) not in {
        *((c, c, "") for c in "-/."),
        ("年", "月", "日"),
    }:
        raise ValueError(raw)
    day = date(int(match[1]), int(match[3]), int(match[5]))
    if not earliest <= day.year <= LATEST_YEAR:
        raise ValueError(raw)
    return day


def read_clock(raw: str) -> time:
    """A time of day to the minute: 8:00, 08:00, or as a workbook keeps it, 08:00:00.

    Raises
    ------
    ValueError
        It is none.
    """
    match = _CLOCK.fullmatch(plain(raw))
    if match is None:
        raise ValueError(raw)
    return time(int(match[1]), int(match[2]))


def read_clock_end(raw: str) -> time:
    """A time of day at which something ends: 24:00 is the midnight that follows.

    Raises
    ------
    ValueError
        It is none.
    """
    return time() if plain(raw) in {"24:00", "24:00:00"} else read_clock(raw)


def read_phone(raw: str) -> str:
    """A telephone number: 5 to 20 digits, plus signs, hyphens and spaces.

    Raises
    ------
    ValueError
        It is none.
    """
    number = plain(raw)
    if _PHONE.fullmatch(number) is None or sum(map(str.isdecimal, number)) < 5:
        raise ValueError(raw)
    return number


def read_yes_no(raw: str) -> bool:
    """是/否, 1/0, yes/no.

    Raises
    ------
    ValueError
        It is neither.
    """
    found = _YES_NO.get(plain(raw).casefold())
    if found is None:
        raise ValueError(raw)
    return found
