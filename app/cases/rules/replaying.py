"""What would have been late: cases of a period under other rules or with other people. Pure; in seconds, no clock.

What is assumed, and said in the output: a case that stays with its unit takes as long as it took; one that moves, or is
still open, takes the median of what its new unit took for its category, for want of five of those the unit's own, then
the category's; and a unit's times grow with its cases a head.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LEAST = 5
"""Cases without which a median says nothing."""


class Basis(StrEnum):
    """From what the time that a case would take is taken."""

    OWN = "own"
    UNIT_CATEGORY = "unit_category"
    UNIT = "unit"
    CATEGORY = "category"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Median:
    """The median of observed handling times, and of how many."""

    seconds: float
    count: int


@dataclass(frozen=True, slots=True)
class Observed:
    """Median handling times by unit and category, by unit, by category."""

    unit_category: Mapping[tuple[int, int], Median] = field(default_factory=dict)
    unit: Mapping[int, Median] = field(default_factory=dict)
    category: Mapping[int, Median] = field(default_factory=dict)

    def of(self, unit: int, category: int) -> tuple[float, Basis] | None:
        """How long a unit takes for a category, and from what that is known."""
        for found, basis in (
            (self.unit_category.get((unit, category)), Basis.UNIT_CATEGORY),
            (self.unit.get(unit), Basis.UNIT),
            (self.category.get(category), Basis.CATEGORY),
        ):
            if found is not None and found.count >= LEAST:
                return found.seconds, basis
        return None


@dataclass(slots=True)
class Load:
    """Cases of a unit as it was and as it would be, and the people who handle them."""

    was: int = 0
    would: int = 0
    people_was: int = 1
    people_would: int = 1

    @property
    def factor(self) -> float:
        """By how much its times grow: cases a head, would over was; 1 where nothing has been observed of it."""
        if not self.was:
            return 1.0
        return (self.would / max(1, self.people_would)) / (self.was / max(1, self.people_was))


@dataclass(frozen=True, slots=True)
class Past:
    """A case as it was: who had it, how long it took or has been open so far, how long it had, in seconds.

    Parameters
    ----------
    took
        None while it is open; then `so_far` counts.
    had
        From its dispatch until it was due; None where nothing says so.
    """

    unit: int | None
    category: int
    took: float | None
    so_far: float
    had: float | None

    @property
    def late(self) -> bool:
        """Whether it was late, or is by now."""
        return self.had is not None and (self.so_far if self.took is None else self.took) > self.had


@dataclass(frozen=True, slots=True)
class Foreseen:
    """How long a case would take, from what that is known, and whether it would be late."""

    seconds: float | None
    basis: Basis
    late: bool


def foresee(past: Past, would: int | None, observed: Observed, load: Load) -> Foreseen:
    """What would become of a case with a unit under a load; with nobody it would never be handled."""
    if would is None:
        return Foreseen(None, Basis.UNKNOWN, past.had is not None)
    stays = would == past.unit
    if stays and past.took is not None:
        seconds, basis = past.took * load.factor, Basis.OWN
    else:
        found = observed.of(would, past.category)
        if found is None:
            return Foreseen(None, Basis.UNKNOWN, past.late)
        seconds, basis = found[0] * load.factor, found[1]
        if stays:
            seconds = max(seconds, past.so_far)
    return Foreseen(seconds, basis, past.had is not None and seconds > past.had)
