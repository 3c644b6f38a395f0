"""Values of a report, and what each of them is."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

Value = str | int | Fraction | date | datetime | None
"""Shares and hours are fractions: what is compared with another report may not depend on rounding."""


class Kind(StrEnum):
    """What a value is, and so how it is written."""

    TEXT = "text"
    CODE = "code"
    COUNT = "count"
    SHARE = "share"
    HOURS = "hours"
    POINTS = "points"
    DAY = "day"
    INSTANT = "instant"

    @property
    def numeric(self) -> bool:
        """Whether it is written to the right, so that digits stand below digits."""
        return self in {Kind.COUNT, Kind.SHARE, Kind.HOURS, Kind.POINTS}
