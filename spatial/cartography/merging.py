"""Many points on little paper: merged by squares into circles whose areas say how many there are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from spatial.given import Numbers, places, positive, whole
from spatial.sides import Ints

ROUND = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Merged:
    """Points that were merged.

    Parameters
    ----------
    paper
        The mean place of each group in millimetres on paper, shape (k, 2).
    counts
        How many points are in each, shape (k,).
    corners
        The upper left corner of its square, shape (k, 2).
    square_mm
        Side of the squares.
    """

    paper: Numbers
    counts: Ints
    corners: Numbers
    square_mm: float

    def apart(self, radii_mm: ArrayLike) -> Numbers:
        """Where circles go so that each stays within its square, and none lies upon another; shape (k, 2).

        Parameters
        ----------
        radii_mm
            Shape (k,), none wider than half a square.
        """
        wide = np.minimum(np.asarray(radii_mm, dtype=np.float64), self.square_mm / 2)[:, None]
        apart: Numbers = np.clip(self.paper, self.corners + wide, self.corners + self.square_mm - wide)
        return apart


def crowded(paper: ArrayLike, size_mm: float, *, most: float = 1.5) -> bool:
    """Whether marks of a size hide each other: more than so many share a square of their size in the mean.

    Parameters
    ----------
    paper
        Shape (n, 2), millimetres on paper.

    Raises
    ------
    DataError
        `not_positive`, and what `places` raises.
    """
    at = places("paper", paper)
    squares = np.unique(np.floor(at / positive("size_mm", size_mm)), axis=0)
    return len(at) > most * max(len(squares), 1)


def merge(paper: ArrayLike, square_mm: float) -> Merged:
    """Merge points that lie in one square of paper; the groups in the order of their squares, row by row.

    Parameters
    ----------
    paper
        Shape (n, 2), millimetres on paper.

    Raises
    ------
    DataError
        `not_positive`, and what `places` raises.
    """
    at = places("paper", paper)
    squares = np.floor(at / positive("square_mm", square_mm)).astype(np.int64)
    found, which, counts = np.unique(squares[:, ::-1], axis=0, return_inverse=True, return_counts=True)
    sums = np.zeros((len(counts), 2))
    np.add.at(sums, which.reshape(-1), at)
    corners: Numbers = found[:, ::-1].astype(np.float64) * square_mm
    return Merged(sums / counts[:, None], counts.astype(np.int64), corners, square_mm)


def radii(counts: ArrayLike, most: int, widest_mm: float, *, least_mm: float = 0.0) -> Numbers:
    """Radii of circles whose areas are as their counts.

    Parameters
    ----------
    most
        The count whose circle has the widest radius.
    least_mm
        A smaller circle would not be seen; those are drawn with this radius.

    Raises
    ------
    DataError
        `not_positive`, `not_within`.

    Notes
    -----
    Proportional by area, without Flannery's enlargement (1971), since the counts are written beside the circles.
    """
    found = np.asarray(counts, dtype=np.float64)
    wide: Numbers = positive("widest_mm", widest_mm) * np.sqrt(found / whole("most", most, least=1))
    return np.maximum(wide, least_mm)


def round_counts(most: int, number: int = 3) -> tuple[int, ...]:
    """Round counts for the key of circles, ascending, the last of them no more than the most.

    Raises
    ------
    DataError
        `not_within`.
    """
    power = math.floor(math.log10(whole("most", most, least=1)))
    steps = [
        one * 10**exponent for exponent in range(power + 1) for one in ROUND if one * 10**exponent <= most
    ]
    picked = steps[:: -max(1, len(steps) // whole("number", number, least=1))][:number]
    return tuple(sorted(picked))
