"""What the verbs share: what they are given, sums of the weights, and how a value is judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spatial.errors import DataError
from spatial.given import Numbers, numbers, one_of, whole
from spatial.hotspots.chance import ALIKE, ALTERNATIVES, Reached, Seed, p_normal, shuffled
from spatial.neighbours import Neighbours
from spatial.neighbours.graph import text_order

Words = NDArray[np.str_]

FEWEST_LOCAL = 3
"""A cell, a neighbour, and one that is not."""
ROUNDING = 1e-12
"""What is smaller, beside what it came from, is rounding and no difference."""


@dataclass(frozen=True, slots=True)
class Overall:
    """What a statistic of all cells came to.

    Parameters
    ----------
    value
        The statistic.
    expected, variance
        What it would be on average, and how it would vary, if the values lay anywhere.
    z
        How many standard deviations `value` lies above `expected`; NaN where the variance is 0.
    p
        By the normal distribution, from `z`.
    p_permuted
        By permutation; NaN without permutations, or where the variance is 0.
    permutations
        How many.
    """

    value: float
    expected: float
    variance: float
    z: float
    p: float
    p_permuted: float
    permutations: int


class Sums(NamedTuple):
    """How many cells, and the sums of their weights that Cliff and Ord (1981) call S0, S1 and S2."""

    n: int
    s0: float
    s1: float
    s2: float


def given_values(
    values: ArrayLike, neighbours: Neighbours, *, fewest: int, least: float | None = None
) -> Numbers:
    """One number for each cell, and not the same for all.

    Raises
    ------
    DataError
        `too_few_cells`, `values_constant`, and as `spatial.given.numbers`.
    """
    found = numbers("values", values, count=len(neighbours), least=least)
    if len(found) < fewest:
        raise DataError("too_few_cells", count=len(found), wanted=fewest)
    if np.ptp(found) <= ROUNDING * np.abs(found).max():
        raise DataError("values_constant", name="values", value=float(found[0]))
    return found


def given_local(values: ArrayLike, neighbours: Neighbours, alternative: str) -> Numbers:
    """As `given_values`, of a verb that asks cell by cell."""
    one_of("alternative", alternative, ALTERNATIVES)
    return given_values(values, neighbours, fewest=FEWEST_LOCAL)


def without_self(z: Numbers, neighbours: Neighbours) -> tuple[Numbers, Numbers]:
    """Mean and variance of each cell's weighted sum if the other cells' values lay anywhere; z has the mean 0.

    A sample without replacement: of weights that sum to W and their squares to S from n - 1 values with the variance
    s^2, the sum has the variance s^2 ((n - 1) S - W^2) / (n - 2).
    """
    others = len(z) - 1
    total, squares = (
        np.bincount(neighbours.rows, neighbours.weight**power, minlength=len(z)) for power in (1, 2)
    )
    mean = -z / others
    spread = ((z**2).sum() - z**2) / others - mean**2
    spread[spread <= ROUNDING * (z**2).sum()] = 0
    freedom = others * squares - total**2
    freedom[freedom <= ROUNDING * total**2] = 0
    return total * mean, spread * freedom / (others - 1)


def sums_of(neighbours: Neighbours) -> Sums:
    """The sums of the weights.

    Raises
    ------
    DataError
        `no_neighbours`.
    """
    if not len(neighbours.cell):
        raise DataError("no_neighbours", count=len(neighbours))
    weights = neighbours.matrix
    both_ways = (weights + weights.T).data
    return Sums(
        len(neighbours),
        float(neighbours.weight.sum()),
        float((both_ways**2).sum() / 2),
        float((margins(neighbours) ** 2).sum()),
    )


def margins(neighbours: Neighbours) -> Numbers:
    """For each cell, the weights it gives and the weights it gets."""
    n, weight = len(neighbours), neighbours.weight
    gives, gets = (np.bincount(end, weight, minlength=n) for end in (neighbours.rows, neighbours.cell))
    both: Numbers = np.asarray(gives + gets, dtype=np.float64)
    return both


def products(block: Numbers, neighbours: Neighbours) -> Numbers:
    """The sum of w(ij) x(i) x(j), for each column of values."""
    found: Numbers = np.einsum("ij,ij->j", block, neighbours.matrix @ block)
    return found


def kurtosis(z: Numbers) -> float:
    """The fourth moment over the squared second, of values whose mean is 0."""
    return float(len(z) * (z**4).sum() / (z**2).sum() ** 2)


@dataclass(frozen=True, slots=True)
class Chance:
    """What a statistic would be by chance, and how it is to be held against that."""

    expected: float
    variance: float
    alternative: str
    permutations: int
    seed: Seed

    def judge(
        self, values: Numbers, neighbours: Neighbours, statistic: Callable[[Numbers], Numbers]
    ) -> Overall:
        """Hold the statistic of the values against chance; `statistic` works on columns of values."""
        permutations = whole("permutations", self.permutations, least=0)
        observed = float(statistic(values[:, None])[0])
        if self.variance <= ROUNDING * max(self.expected**2, ROUNDING):
            return Overall(observed, self.expected, 0.0, np.nan, np.nan, np.nan, permutations)
        z = (observed - self.expected) / np.sqrt(self.variance)
        p = float(p_normal(np.array(z), self.alternative))
        p_permuted = np.nan
        if permutations:
            near = ALIKE * np.sqrt(self.variance)
            high = low = 0
            order = text_order(neighbours.ids)
            for block in shuffled(values, order, permutations, self.seed):
                came = statistic(block)
                high += int(np.count_nonzero(came >= observed - near))
                low += int(np.count_nonzero(came <= observed + near))
            reached = Reached(np.array(high), np.array(low), permutations)
            p_permuted = float(reached.p(self.alternative))
        return Overall(observed, self.expected, self.variance, float(z), p, p_permuted, permutations)
