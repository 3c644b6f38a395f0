"""The twelve months of an area's card, from cases by the day of their report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

MONTHS = 12


def first_of(month: date, back: int) -> date:
    """The first day of the month that lies so many months before a day's."""
    whole = month.year * 12 + month.month - 1 - back
    return date(whole // 12, whole % 12 + 1, 1)


def by_month(
    first: date, reported: Sequence[int], today: date, months: int = MONTHS
) -> list[tuple[date, int]]:
    """Cases by month, the months up to that of a day, the earliest first; the last one is as far as it has come.

    Parameters
    ----------
    first, reported
        The day of the first number, and of each day from it how many were reported.
    """
    found = {first_of(today, back): 0 for back in range(months - 1, -1, -1)}
    start = first.toordinal()
    for n, cases in enumerate(reported):
        month = date.fromordinal(start + n).replace(day=1)
        if month in found:
            found[month] += cases
    return list(found.items())
