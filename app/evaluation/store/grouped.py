"""A period counted as a whole, by place, unit, day and category at once: the log is gone through only once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from app.evaluation.rules import COUNTED, SECONDS
from app.evaluation.store.period import GROUPED, Question, values_of

Counts = dict[str, int]

BY_PLACE, BY_UNIT, BY_DAY, BY_CATEGORY = 0b0111, 0b1011, 0b1101, 0b1110
"""What `grouping()` says of a row: a bit for each column that is not told apart."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """The counts of a period: all names of `COUNTED`, and `SECONDS`.

    Parameters
    ----------
    places
        By the number of the place that a case lay in then, a cell for most; nought where it lay nowhere.
    units, categories
        By id; None where there is none, or none that the one who asks may see.
    days
        By the day of the district on which it was done; of what stood undone, on which it came to stand.
    """

    whole: Counts
    places: dict[int, Counts] = field(default_factory=dict)
    units: dict[int | None, Counts] = field(default_factory=dict)
    days: dict[date, Counts] = field(default_factory=dict)
    categories: dict[int | None, Counts] = field(default_factory=dict)

    def within(self, first: int, last: int) -> Counts:
        """The counts of the places whose numbers lie between two, as those of an area and all below it do."""
        found = none()
        for no, counts in self.places.items():
            if first <= no <= last:
                add(found, counts)
        return found


def none() -> Counts:
    """Counts of nothing."""
    return {**dict.fromkeys(COUNTED, 0), SECONDS: 0}


def add(to: Counts, counts: Mapping[str, int]) -> None:
    """Add counts to others."""
    for name, count in counts.items():
        to[name] += count


def grouped(connection: Connection, question: Question, zone: str, *, unit_id: int | None = None) -> Grouped:
    """The counts of a period, for the one who asks.

    Parameters
    ----------
    question
        Its `of` and level do not matter.
    zone
        The district's time zone: a day is its day.
    unit_id
        Only the moves of a unit; None for all.
    """
    values = {**values_of(connection, question), "zone": zone, "unit": unit_id}
    found = Grouped(none())
    by: dict[int, tuple[str, dict[Any, Counts]]] = {
        BY_PLACE: ("area_no", found.places),
        BY_UNIT: ("unit_id", found.units),
        BY_DAY: ("day", found.days),
        BY_CATEGORY: ("category_id", found.categories),
    }
    for row in connection.execute(text(GROUPED), values):
        counts = found.whole
        if row.apart in by:
            column, groups = by[row.apart]
            counts = groups.setdefault(getattr(row, column), none())
        counts[row.name] = row.cases
        if row.name == "handled":
            counts[SECONDS] = int(row.seconds or 0)
    return found
