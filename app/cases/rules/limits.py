"""Limits 时限: an amount in one of four units, kept exactly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Self

from app.errors import InvalidError

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
MOST = 4_000
"""Larger limits are mistakes of typing: 4,000 working days are fifteen years. Twice such a limit with two extensions
still lies within the hundred years to which due times are computed."""

WRITTEN = re.compile(r"\d{1,5}(?:\.\d{1,4}|/[1-9]\d{0,3})?")


class LimitUnit(StrEnum):
    """What the amount of a limit counts 时限单位."""

    URGENT_HOURS = "urgent_hours"
    """急时: hours that run day and night."""

    WORKING_HOURS = "working_hours"
    """工时: hours in which the calendar is open."""

    WORKING_DAYS = "working_days"
    """工日: days of the calendar, each of whatever hours that day has; half of its hours are half a day."""

    CALENDAR_DAYS = "calendar_days"
    """自然日: the same local clock time so many days later, however long those days are."""

    @property
    def by_hours(self) -> bool:
        """Whether it runs only while the calendar is open."""
        return self in {LimitUnit.WORKING_HOURS, LimitUnit.WORKING_DAYS}


@dataclass(frozen=True, slots=True)
class Limit:
    """How much time is given 时限.

    Parameters
    ----------
    amount
        How many of the unit; halves and the like are exact. A whole number may be given as such, a float may not.
    unit
        What it counts.

    Raises
    ------
    InvalidError
        `limit_unusable`: not positive, over 4,000, a float, or not whole where calendar days are counted.
    """

    amount: Fraction
    unit: LimitUnit

    def __post_init__(self) -> None:
        exact = Fraction(0) if isinstance(self.amount, float) else Fraction(self.amount)
        whole = exact.denominator == 1 or self.unit is not LimitUnit.CALENDAR_DAYS
        if not 0 < exact <= MOST or not whole:
            raise InvalidError("limit_unusable", amount=str(self.amount), unit=str(self.unit))
        object.__setattr__(self, "amount", exact)

    @classmethod
    def parse(cls, amount: str, unit: str) -> Self:
        """The limit that two fields of a table write: `4`, `0.5` or `1/2`, and the name of a unit.

        Raises
        ------
        InvalidError
            `limit_unusable`.
        """
        if not WRITTEN.fullmatch(amount.strip()) or unit not in set(LimitUnit):
            raise InvalidError("limit_unusable", amount=amount, unit=unit)
        return cls(Fraction(amount.strip()), LimitUnit(unit))


def share(part: timedelta, whole: timedelta) -> Fraction:
    """How many times `whole` a stretch of time is, exactly."""
    return Fraction(part // TICK, whole // TICK)


def stretch(amount: Fraction, whole: timedelta) -> timedelta:
    """So many times `whole`, rounded up to the microsecond: nobody is given less than was said."""
    exact = amount * (whole // TICK)
    return -(-exact.numerator // exact.denominator) * TICK
