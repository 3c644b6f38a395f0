"""Indicators 指标: what is counted, by what, and the shares that two counts make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class By(StrEnum):
    """What cases are counted by."""

    STATE = "state"
    STEP = "step"
    MARK = "mark"
    LOOP = "loop"
    AREA = "area"
    UNIT = "unit"
    CATEGORY = "category"
    SOURCE = "source"
    DAY = "day"


class Of(StrEnum):
    """Whose moves of a period are counted."""

    DISTRICT = "district"
    AREA = "area"
    UNIT = "unit"


COUNTED = (
    "reported", "by_patrol", "registered", "declined", "dispatched", "handled", "handled_in_time", "late_open",
    "closed", "reworked", "reopened", "returned", "returns_refused", "extensions", "suspensions", "asked_satisfied",
    "satisfied",
)  # fmt: skip
"""What `sql/period.sql` counts, a column each."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A share of two counts, each of which opens into a list of exactly so many.

    Parameters
    ----------
    numerator, denominator
        Sums of columns of `COUNTED`.
    """

    code: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]

    def value(self, counts: Mapping[str, int]) -> Fraction | None:
        """The share; None where there is nothing to take one of."""
        below = sum(counts[name] for name in self.denominator)
        return Fraction(sum(counts[name] for name in self.numerator), below) if below else None


INDICATORS: tuple[Indicator, ...] = (
    # 按期处置率: what is overdue and still open counts below the line, or lateness would vanish by not being ended.
    Indicator("on_time_handling_rate", ("handled_in_time",), ("handled", "late_open")),
    Indicator("closure_rate", ("closed",), ("registered",)),
    Indicator("rework_rate", ("reworked",), ("handled",)),
    # Beside the rate of what is done in time, the ways around it.
    Indicator("suspension_rate", ("suspensions",), ("dispatched",)),
    Indicator("extension_rate", ("extensions",), ("dispatched",)),
    Indicator("refused_return_rate", ("returns_refused",), ("dispatched",)),
    Indicator("reopening_rate", ("reopened",), ("closed",)),
    Indicator("own_patrol_rate", ("by_patrol",), ("reported",)),
    Indicator("satisfaction_rate", ("satisfied",), ("asked_satisfied",)),
)
"""按期处置率, 结案率, 返工率, 挂账率, 延期率, 退回驳回率, 重开率, 巡查发现率, 满意率."""
