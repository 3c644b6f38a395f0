"""Pairs of cases that are close to one another, some at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from spatial.errors import DataError
from spatial.given import Numbers

BLOCK = 1 << 21
"""So many neighbours are listed at once, if no single point has more."""
KEPT = 1 << 24
"""So many pairs are kept; where there are more, they are listed anew each time they are gone through."""
MOST = 4_000_000_000
"""More pairs than this would take hours."""
SLACK = 1e-9
"""The tree is asked for so much more than the distance, as it rounds otherwise than the test that decides."""

Rows = NDArray[np.intp]
Test = Callable[[Rows, Rows], NDArray[np.bool_]]


class Pairs:
    """Pairs of points that pass a test, which only points near each other can.

    Parameters
    ----------
    points
        Shape (n, dimensions).
    distance
        How far near is, in the points' units.
    passes
        Says of pairs of rows which of them count.
    power
        2 for circles, infinity for boxes.

    Raises
    ------
    DataError
        `too_many_pairs`.
    """

    def __init__(self, points: Numbers, distance: float, passes: Test, power: float = 2.0) -> None:
        self._tree = cKDTree(points)
        self._passes = passes
        self._power = power
        self._distance = distance * (1 + SLACK)
        self._near = np.asarray(
            self._tree.query_ball_point(points, self._distance, p=power, return_length=True), dtype=np.intp
        )
        count = (int(self._near.sum()) - len(points)) // 2
        if count > MOST:
            raise DataError("too_many_pairs", count=count, most=MOST)
        self._kept = list(self._list()) if count <= KEPT else None

    def __iter__(self) -> Iterator[tuple[Rows, Rows]]:
        """Each pair once, the smaller row first, in blocks."""
        return self._list() if self._kept is None else iter(self._kept)

    def _list(self) -> Iterator[tuple[Rows, Rows]]:
        order = self._tree.indices  # points side by side share their neighbours
        ends = np.cumsum(self._near[order])
        begin = 0
        while begin < len(order):
            done = ends[begin - 1] if begin else 0
            end = max(int(np.searchsorted(ends, done + BLOCK, side="right")), begin + 1)
            rows = order[begin:end]
            found = cKDTree(self._tree.data[rows]).sparse_distance_matrix(
                self._tree, self._distance, p=self._power, output_type="ndarray"
            )
            first, second = rows[found["i"]], found["j"]
            once = first < second
            first, second = first[once], second[once]
            passed = self._passes(first, second)
            yield first[passed], second[passed]
            begin = end


def within(at: Numbers, distance_m: float) -> Test:
    """The test whether two places are not farther apart than a distance."""

    def test(first: Rows, second: Rows) -> NDArray[np.bool_]:
        apart = at[first] - at[second]
        return np.asarray(apart[:, 0] ** 2 + apart[:, 1] ** 2 <= distance_m**2)

    return test
