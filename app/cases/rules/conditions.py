"""立案条件: under what a problem becomes a case, and what comes with it: limits, lowest loop, risk, who checks how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.cases.rules.limits import Limit
from app.cases.rules.loops import Loop

OWNER = "owner"
"""权属单位: the default unit of a condition about things whose owner is found by where they stand."""


class Risk(StrEnum):
    """风险等级: how dangerous a thing is; a flag, never mixed with the marks of time."""

    LOW = "low"
    MODERATE = "moderate"
    SERIOUS = "serious"
    SEVERE = "severe"


class Verification(StrEnum):
    """核查 by going there, by photo, by calling back."""

    ON_THE_SPOT = "on_the_spot"
    BY_PHOTO = "by_photo"
    BY_CALL = "by_call"


@dataclass(frozen=True, slots=True)
class Condition:
    """A filing condition as it is on a day.

    Parameters
    ----------
    limit
        For the repair; in a season, the season's.
    control
        先控: by when the danger is made safe; None where there is one step.
    default_unit
        Code of a unit, or `OWNER`.
    """

    id: int
    number: str
    category_id: int
    limit: Limit
    control: Limit | None
    default_unit: str
    lowest_loop: Loop
    risk: Risk
    verification: Verification
    self_handle: bool

    @property
    def facts(self) -> dict[str, Any]:
        """What the log keeps of it: a case stays under the condition as it was when it was registered."""
        return {
            "condition_id": self.id,
            "lowest_loop": self.lowest_loop.value,
            "limit": written(self.limit),
            "control": None if self.control is None else written(self.control),
            "risk": self.risk.value,
            "verification": self.verification.value,
        }


def written(limit: Limit) -> list[str]:
    """A limit as JSON holds it: the exact amount, the unit."""
    return [str(limit.amount), limit.unit.value]


def limit_of(facts: Mapping[str, Any], name: str) -> Limit | None:
    """A limit that `written` wrote; None where there is none."""
    found = facts.get(name)
    return None if found is None else Limit.parse(*found)
