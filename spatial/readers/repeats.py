"""Coordinates that too many cases share: the place where a system puts what it cannot locate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spatial.readers.source import Note

LEAST_COUNT = 50
LEAST_SHARE = 0.02
"""A crossroads may well have dozens of cases; one case in fifty on a single coordinate is no place."""

KEPT = 100_000
"""Coordinates counted at most, so that memory stays flat."""


class Repeats:
    """Counts coordinates block by block."""

    def __init__(self) -> None:
        self.counts: dict[complex, int] = {}
        self.points = 0

    def add(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> None:
        """Count a block's points; NaN for none."""
        there = ~np.isnan(lon)
        places, counts = np.unique(lon[there] + 1j * lat[there], return_counts=True)
        self.points += int(there.sum())
        several = counts > 1
        if self.counts:
            several |= np.isin(places, np.fromiter(self.counts, complex, len(self.counts)))
        for place, count in zip(places[several].tolist(), counts[several].tolist(), strict=True):
            self.counts[place] = self.counts.get(place, 0) + count
        if len(self.counts) > KEPT:
            most = sorted(self.counts.items(), key=lambda item: -item[1])[: KEPT // 10]
            self.counts = dict(most)

    def notes(self) -> list[Note]:
        """What is to be told, the most crowded coordinate first."""
        least = max(LEAST_COUNT, LEAST_SHARE * self.points)
        crowded = sorted(
            (item for item in self.counts.items() if item[1] >= least), key=lambda item: -item[1]
        )
        return [
            Note(
                "default_point",
                {
                    "count": n,
                    "percent": round(100 * n / self.points, 1),
                    "lon": place.real,
                    "lat": place.imag,
                },
            )
            for place, n in crowded[:5]
        ]
