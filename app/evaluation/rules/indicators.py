"""Indicators 指标: formulas over named counts. Owed in a period is what was done in it and what stood undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from app.evaluation.rules.counting import SECONDS


class Sense(StrEnum):
    """Which way is better."""

    MORE = "more"
    LESS = "less"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A quotient of two counts, each of which opens into a list of exactly so many.

    Parameters
    ----------
    numerator, denominator
        Sums of names of `COUNTED`, or `SECONDS`.
    sense
        Which way is better; None where neither is.
    per
        What the quotient is divided by: 3600 turns seconds of each into hours.
    """

    code: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    sense: Sense | None = Sense.MORE
    per: int = 1

    def above(self, counts: Mapping[str, int]) -> int:
        """What stands above the line."""
        return sum(counts[name] for name in self.numerator)

    def below(self, counts: Mapping[str, int]) -> int:
        """What stands below the line."""
        return sum(counts[name] for name in self.denominator)

    def value(self, counts: Mapping[str, int]) -> Fraction | None:
        """The quotient; None where there is nothing to take one of."""
        below = self.below(counts)
        return Fraction(self.above(counts), below * self.per) if below else None

    @property
    def is_share(self) -> bool:
        """Whether it is a part of a whole, and so can earn points."""
        return SECONDS not in self.numerator


LESS = Sense.LESS
TO_HANDLE = ("handled", "late_open")
"""应处置: what is overdue and still open counts below the line, or lateness would vanish by not being ended."""

TO_END = ("closed", "unclosed")
"""应结案: what was ended, and what a unit has said is done and nobody has ended."""

INDICATORS: tuple[Indicator, ...] = (
    Indicator("handling_rate", ("handled",), TO_HANDLE),
    Indicator("on_time_handling_rate", ("handled_in_time",), TO_HANDLE),
    Indicator("overdue_open_rate", ("late_open",), TO_HANDLE, LESS),
    Indicator("closure_rate", ("closed",), TO_END),
    Indicator("on_time_closure_rate", ("closed_in_time",), TO_END),
    Indicator("late_closure_rate", ("closed_late",), TO_END, LESS),
    Indicator("rework_rate", ("reworked",), ("handled",), LESS),
    Indicator("verification_pass_rate", ("passed",), ("checked",)),
    # Beside the rate of what is done in time, the ways around it.
    Indicator("extension_rate", ("handled_extended", "late_open_extended"), TO_HANDLE, LESS),
    Indicator("suspension_rate", ("suspended_open",), (*TO_HANDLE, "suspended_open"), LESS),
    Indicator("return_rate", ("returned",), ("dispatched",), LESS),
    Indicator("refused_return_rate", ("returns_refused",), ("returned",), LESS),
    Indicator("repeat_rate", ("repeated",), ("handled",), LESS),
    Indicator("reopening_rate", ("reopened",), ("closed",), LESS),
    # The desks.
    Indicator("valid_report_rate", ("well_founded",), ("reported",)),
    Indicator("own_patrol_rate", ("by_patrol",), ("reported",)),
    Indicator("filing_rate", ("registered",), ("registered", "declined"), None),
    Indicator("on_time_filing_rate", ("registered_in_time",), ("registered", "unfiled_late")),
    Indicator("accurate_filing_rate", ("registered_rightly",), ("registered",)),
    Indicator("on_time_confirmation_rate", ("confirmed_in_time",), ("confirmed", "unconfirmed_late")),
    Indicator("on_time_dispatch_rate", ("dispatched_in_time",), ("dispatched", "undispatched_late")),
    Indicator("accurate_dispatch_rate", ("dispatched_rightly",), ("dispatched",)),
    Indicator("on_time_check_rate", ("checked_in_time",), ("checked", "unchecked_late")),
    Indicator("satisfaction_rate", ("satisfied",), ("asked_satisfied",)),
    Indicator("mean_handling_hours", (SECONDS,), ("handled",), LESS, per=3600),
)
"""处置率, 按期处置率, 超期待处置率, 结案率, 按期结案率, 超期结案率, 返工率, 核查通过率, 延期率, 挂账率,
退回率, 退回驳回率, 反复率, 重开率, 有效上报率, 巡查发现率, 立案率, 按时立案率, 准确立案率,
按期核实率, 按期派遣率, 准确派遣率, 按期核查率, 满意率, 平均处置用时."""

BY_CODE: Mapping[str, Indicator] = {one.code: one for one in INDICATORS}
