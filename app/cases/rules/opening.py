"""Opening hours of a calendar: spans of a day, weeks of them, seasons that change them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Self

from app.errors import InvalidError

MIDNIGHT = 24 * 60
WEEKDAYS = 7
WRITTEN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)|([01]\d|2[0-3]):([0-5]\d)-24:00")


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """One span of a day, in minutes after its midnight; a night shift 夜班 ends after 1440 and is of the day it began.

    Raises
    ------
    InvalidError
        `hours_unreadable`: it does not begin within the day, or lasts longer than 24 hours, or not at all.
    """

    begin: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.begin < MIDNIGHT or not self.begin < self.end <= self.begin + MIDNIGHT:
            raise InvalidError("hours_unreadable", value=f"{self.begin}-{self.end}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The span that `08:00-12:00` writes; `22:00-06:00` ends on the next day, `00:00-24:00` is the whole day.

        Raises
        ------
        InvalidError
            `hours_unreadable`.
        """
        found = WRITTEN.fullmatch(text)
        if found is None:
            raise InvalidError("hours_unreadable", value=text)
        numbers = [int(number) for number in found.groups() if number is not None]
        begin = numbers[0] * 60 + numbers[1]
        end = numbers[2] * 60 + numbers[3] if len(numbers) == 4 else MIDNIGHT
        return cls(begin, end if end > begin else end + MIDNIGHT)


DayHours = tuple[Hours, ...]
"""The spans of a day in their order, none into the next; an empty tuple is a closed day."""


def checked(hours: DayHours) -> DayHours:
    """The same spans in order.

    Raises
    ------
    InvalidError
        `hours_unreadable`: one runs into the next.
    """
    ordered = tuple(sorted(hours))
    if any(later.begin < earlier.end for earlier, later in pairwise(ordered)):
        raise InvalidError("hours_unreadable", value=" ".join(f"{h.begin}-{h.end}" for h in hours))
    return ordered


def parse_hours(text: str) -> DayHours:
    """The spans that `08:00-12:00 14:00-18:00` writes; none for an empty text.

    Raises
    ------
    InvalidError
        `hours_unreadable`.
    """
    return checked(tuple(Hours.parse(part) for part in text.split()))


@dataclass(frozen=True, slots=True)
class Season:
    """时令: from a month and day to a month and day, both included; it may wrap over New Year.

    A season that begins on 29 February begins on 1 March in other years; one that ends on 28 February leaves the 29th
    out.
    """

    begin: tuple[int, int]
    end: tuple[int, int]

    @classmethod
    def parse(cls, begin: str, end: str) -> Self:
        """The season between two texts like `12-01`.

        Raises
        ------
        InvalidError
            `season_unreadable`.
        """
        try:
            # A leap year, so that 29 February may be a season's day.
            first, last = (date.fromisoformat(f"2024-{text}") for text in (begin, end))
        except ValueError as error:
            raise InvalidError("season_unreadable", value=f"{begin} {end}") from error
        return cls((first.month, first.day), (last.month, last.day))

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        at = (day.month, day.day)
        if self.begin <= self.end:
            return self.begin <= at <= self.end
        return at >= self.begin or at <= self.end


@dataclass(frozen=True, slots=True)
class WeekHours:
    """The hours of a week's days, from Monday, in a season and from one day to another.

    Parameters
    ----------
    days
        Seven days' hours, Monday first.
    season
        When in the year they hold; None for all of it.
    valid_from_on, valid_to_on
        First and last day on which they hold, so that new hours leave the past as it was; None for no bound.

    Raises
    ------
    InvalidError
        `hours_unreadable`: not seven days, or a span runs into the next.
    """

    days: tuple[DayHours, ...]
    season: Season | None = None
    valid_from_on: date | None = None
    valid_to_on: date | None = None

    def __post_init__(self) -> None:
        if len(self.days) != WEEKDAYS:
            raise InvalidError("hours_unreadable", value=f"{len(self.days)} / {WEEKDAYS}")
        object.__setattr__(self, "days", tuple(checked(hours) for hours in self.days))

    def holds(self, day: date) -> bool:
        """Whether these are the hours of that day."""
        begun = self.valid_from_on is None or self.valid_from_on <= day
        ended = self.valid_to_on is not None and day > self.valid_to_on
        return begun and not ended and (self.season is None or self.season.holds(day))

    @property
    def ordinary(self) -> DayHours:
        """The hours of a normal weekday: those of the first day from Monday on that has any."""
        return next((hours for hours in self.days if hours), ())
