"""Invented numbers of simulated people: the check character is right, and the range belongs to nobody."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from spatial.codes import citizen_check

NOWHERE = "530199"
"""A district code that GB/T 2260 has never given: counties ruled by the province are numbered from 81 upwards, and
Kunming's have not come beyond the first."""

SEGMENT = "154"
"""A segment of mobile numbers that no operator has been given; the ones around it are all in use."""

FIRST_DAY = date(1900, 1, 1).toordinal()
MOST = 999
"""Numbers of one birthday in one district."""

STEP, START, RANGE = 7_919_777, 53_017_003, 10**8
"""Telephone numbers do not follow one another: a step that has no divisor in common with the range."""


class Identities:
    """Hands out identity numbers 公民身份号码, each once: of every birthday the next one that is free."""

    def __init__(self) -> None:
        self._taken = np.zeros(60_000, dtype=np.int16)

    def of(self, born: NDArray[np.int64]) -> list[str]:
        """Numbers of people by their birthdays, as ordinals of days.

        Raises
        ------
        ValueError
            More people are born on a day than there are numbers for.
        """
        return [self._next(day) for day in born.tolist()]

    def _next(self, day: int) -> str:
        self._taken[day - FIRST_DAY] += 1
        number = int(self._taken[day - FIRST_DAY])
        if number > MOST:
            raise ValueError(date.fromordinal(day))
        body = f"{NOWHERE}{date.fromordinal(day):%Y%m%d}{number:03d}"
        return body + citizen_check(body)


def phones(first: int, count: int) -> list[str]:
    """Telephone numbers from the nth on, no two of them alike."""
    numbers = (np.arange(first, first + count, dtype=np.int64) * STEP + START) % RANGE
    return [f"{SEGMENT}{number:08d}" for number in numbers.tolist()]
