"""Classes 分级: into which few groups the numbers of a map are put, by a method that has a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spatial.errors import DataError
from spatial.given import Numbers, numbers, one_of, whole
from spatial.sides import Ints

METHODS = ("quantiles", "equal_intervals", "natural_breaks", "given")
NOTHING = -1
"""The class of a place without a number."""


@dataclass(frozen=True, slots=True)
class Classes:
    """Classes of numbers.

    Parameters
    ----------
    method
        One of `METHODS`.
    breaks
        Shape (k + 1,), ascending: the least number, then the upper end of each class. A number is in the first class
        whose upper end is not below it.
    counts
        How many numbers of those that the classes were made of are in each, shape (k,).
    """

    method: str
    breaks: Numbers
    counts: Ints

    def of(self, values: ArrayLike) -> Ints:
        """The class of each number, from 0 on; `NOTHING` for NaN. What lies beyond all classes is in the nearest.

        Parameters
        ----------
        values
            Shape (n,).
        """
        found = np.asarray(values, dtype=np.float64)
        inside = np.clip(np.searchsorted(self.breaks[1:], found, side="left"), 0, len(self.counts) - 1)
        return np.where(np.isnan(found), NOTHING, inside).astype(np.int64)


def classify(
    values: ArrayLike, method: str = "quantiles", count: int = 5, *, breaks: Sequence[float] | None = None
) -> Classes:
    """Put numbers into classes.

    Parameters
    ----------
    values
        Shape (n,); NaN stands for a place without a number and counts nowhere.
    method
        "quantiles": about as many numbers in each; equal numbers stay together, so that there may be fewer classes.
        "equal_intervals": of one width. "natural_breaks": such that numbers differ least from the mean of their class.
        "given": by `breaks`.
    count
        Classes wanted; never more than there are different numbers.
    breaks
        Upper ends of the classes, ascending, for "given"; the last has to reach the greatest number.

    Raises
    ------
    DataError
        `not_one_of`, `not_within`, `no_numbers`, `breaks_unusable`, `not_one_dimensional`, `not_numbers`, `not_finite`
        (infinite numbers; they have no class).

    Notes
    -----
    Quantiles by the inverse of the distribution, without interpolation, so that each break is one of the numbers.
    Natural breaks are the exact optimum of Fisher (1958), "On grouping for maximum homogeneity", by the dynamic
    programme over sorted numbers that Jenks brought to maps; monotone splits make it O(k n log n).
    """
    one_of("method", method, METHODS)
    found = numbers("values", values, gaps=True)
    known = np.sort(found[~np.isnan(found)])
    if not len(known):
        raise DataError("no_numbers")
    if method == "given":
        ends = _given(known, breaks)
    else:
        wanted = min(whole("count", count, least=1), len(np.unique(known)))
        ends = {"quantiles": _quantiles, "equal_intervals": _equal, "natural_breaks": _natural}[method](
            known, wanted
        )
    counts = np.diff(np.searchsorted(known, ends, side="right"), prepend=0)
    return Classes(method, np.r_[known[0], ends], counts.astype(np.int64))


def _given(known: Numbers, breaks: Sequence[float] | None) -> Numbers:
    ends = numbers("breaks", [] if breaks is None else breaks)
    if not len(ends) or (np.diff(ends) <= 0).any() or ends[-1] < known[-1]:
        raise DataError("breaks_unusable", breaks=tuple(ends.tolist()), most=float(known[-1]))
    return ends


def _quantiles(known: Numbers, count: int) -> Numbers:
    at = np.ceil(np.arange(1, count + 1) * len(known) / count).astype(np.int64) - 1
    return np.unique(known[at])


def _equal(known: Numbers, count: int) -> Numbers:
    ends: Numbers = np.linspace(known[0], known[-1], count + 1)[1:]
    ends[-1] = known[-1]
    return ends


def _natural(known: Numbers, count: int) -> Numbers:
    """Upper ends of the best classes: for each number of classes, how far the first of them reach at the least cost."""
    unique, many = np.unique(known, return_counts=True)
    middle = known.mean()  # numbers far from zero would lose the digits that squares need
    weight = np.r_[0, np.cumsum(many)].astype(np.float64)
    first = np.r_[0.0, np.cumsum(many * (unique - middle))]
    second = np.r_[0.0, np.cumsum(many * (unique - middle) ** 2)]

    def cost(begin: NDArray[np.int64], end: int) -> Numbers:
        """Squares about the mean, of the numbers from each begin up to before an end."""
        total: Numbers = (
            second[end] - second[begin] - (first[end] - first[begin]) ** 2 / (weight[end] - weight[begin])
        )
        return total

    size = len(unique)
    least = np.array([0.0, *(cost(np.array([0]), end)[0] for end in range(1, size + 1))])
    splits = []
    for classes in range(2, count + 1):
        better, split = np.full(size + 1, np.inf), np.zeros(size + 1, dtype=np.int64)
        todo = [(classes, size, classes - 1, size - 1)]
        while todo:
            low, high, from_, to = todo.pop()
            if low > high:
                continue
            end = (low + high) // 2
            begin = np.arange(from_, min(to, end - 1) + 1)
            costs = least[begin] + cost(begin, end)
            best = int(np.argmin(costs))
            better[end], split[end] = costs[best], begin[best]
            todo += [(low, end - 1, from_, int(begin[best])), (end + 1, high, int(begin[best]), to)]
        least = better
        splits.append(split)
    ends, end = [size], size
    for split in reversed(splits):
        end = int(split[end])
        ends.append(end)
    return np.asarray(unique[np.array(ends[::-1]) - 1])
