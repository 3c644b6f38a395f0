"""Chance: what a statistic would be if the values lay anywhere, by shuffling them.

A permutation test asks how many of m shuffles reach what is observed; the observed arrangement counts as one of them,
so that no p-value is 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from spatial.given import Numbers
from spatial.neighbours import Neighbours
from spatial.neighbours.graph import Ints, text_order

Seed = int | np.random.Generator | None

AT_ONCE = 1 << 20
"""So many numbers of one kind are held at once."""
ALIKE = 1e-9
"""Sums that differ by less than this share of the values' spread are the same sum, added in another order."""

ALTERNATIVES = ("two_sided", "greater", "less")


@dataclass(frozen=True, slots=True)
class Reached:
    """How often a shuffle gave at least, and at most, what is observed: one number for each statistic."""

    at_least: Ints
    at_most: Ints
    permutations: int

    def p(self, alternative: str) -> Numbers:
        """The p-values; two-sided is twice the smaller of the one-sided ones, never above 1."""
        high, low = ((count + 1) / (self.permutations + 1) for count in (self.at_least, self.at_most))
        if alternative == "two_sided":
            both: Numbers = np.minimum(2 * np.minimum(high, low), 1)
            return both
        return high if alternative == "greater" else low


def p_normal(z: Numbers, alternative: str) -> Numbers:
    """P-values of z-scores under the normal distribution."""
    if alternative == "two_sided":
        return np.asarray(2 * special.ndtr(-np.abs(z)))
    return np.asarray(special.ndtr(-z if alternative == "greater" else z))


def shuffled(values: Numbers, order: Ints, permutations: int, seed: Seed) -> Iterator[Numbers]:
    """All values in random places, blocks of shape (n, some permutations).

    Parameters
    ----------
    order
        Row numbers in an order that does not depend on that of the rows, so that the shuffles do not, either.
    """
    rng = np.random.default_rng(seed)
    block = max(AT_ONCE // max(len(values), 1), 1)
    for begin in range(0, permutations, block):
        some = min(block, permutations - begin)
        drawn = rng.permuted(np.broadcast_to(values[order], (some, len(values))), axis=1)
        placed = np.empty((len(values), some))
        placed[order] = drawn.T
        yield placed


def sums_reached(values: Numbers, neighbours: Neighbours, permutations: int, seed: Seed) -> Reached:
    """For each cell, how often its neighbours' weighted sum was reached with other cells' values around it.

    The cell keeps its own value; its neighbours get those of any others (Anselin 1995, Geographical Analysis 27,
    93-115, "conditional permutation").

    Notes
    -----
    One random order of all cells serves every cell: a cell's neighbours get the values that come first in it. A cell
    that is among these first itself is passed over, and the next one moves up; the order of the others is as random
    without it. So all sums but those few are one product of matrices, and the few are mended. Cost: m x (cells x most
    neighbours) multiplications; memory: a few blocks of `AT_ONCE` numbers.
    """
    rng = np.random.default_rng(seed)
    n, most = len(values), int(neighbours.counts.max(initial=0))
    at_least, at_most = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    if most == 0:
        return Reached(at_least, at_most, permutations)
    order = text_order(neighbours.ids)
    observed = neighbours.matrix @ values
    near = ALIKE * (np.abs(values).max() * np.bincount(neighbours.rows, neighbours.weight, minlength=n))
    drawn = order[_first_of(n, most + 1, permutations, rng)]
    cells = max(min(AT_ONCE // most, n), 1)
    block = max(AT_ONCE // max(cells, most), 1)
    for first in range(0, n, cells):
        some = slice(first, min(first + cells, n))
        weight = _table(neighbours, some, most)
        low, high = (observed - near)[some], (observed + near)[some]
        for begin in range(0, permutations, block):
            sums = _sums(values, drawn[begin : begin + block], weight, first)
            at_least[some] += np.count_nonzero(sums >= low, axis=0)
            at_most[some] += np.count_nonzero(sums <= high, axis=0)
    return Reached(at_least, at_most, permutations)


def _sums(values: Numbers, drawn: Ints, weight: Numbers, first: int) -> Numbers:
    """Shape (permutations, cells from `first` on): weighted sums of the first values drawn, without the cell's own."""
    came = values[drawn]
    sums: Numbers = came[:, :-1] @ weight.T
    step = np.diff(came, axis=1)
    for place in range(weight.shape[1]):
        cell = drawn[:, place] - first
        here = np.flatnonzero((cell >= 0) & (cell < len(weight)))
        # From the cell's own place on, everyone moves up.
        moved = np.einsum("ij,ij->i", weight[cell[here], place:], step[here, place:])
        sums[here, cell[here]] += moved
    return sums


def _table(neighbours: Neighbours, some: slice, most: int) -> Numbers:
    """The weights of some cells, a row for each, the largest first, 0 where there are fewer neighbours."""
    start = neighbours.start[some.start : some.stop + 1]
    part = slice(start[0], start[-1])
    row, weight = neighbours.rows[part] - some.start, neighbours.weight[part]
    place = np.arange(start[0], start[-1]) - neighbours.start[neighbours.rows[part]]
    table = np.zeros((some.stop - some.start, most))
    table[row, place] = weight
    if neighbours.transform != "binary":
        table = -np.sort(-table, axis=1)  # the order of the rows decides nothing
    return table


def _first_of(n: int, wanted: int, permutations: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Shape (permutations, wanted): the beginnings of random orders of n, by exchanging places one after the other."""
    chosen = np.empty((permutations, wanted), dtype=np.int64)
    block = max(AT_ONCE // n, 1)
    for begin in range(0, permutations, block):
        some = min(block, permutations - begin)
        deck = np.tile(np.arange(n, dtype=np.int32), (some, 1))
        rows = np.arange(some)
        partner = rng.integers(np.arange(wanted), n, size=(some, wanted))
        for place in range(wanted):
            other = partner[:, place]
            taken = deck[rows, other]
            deck[rows, other] = deck[:, place]
            chosen[begin : begin + some, place] = taken
    return chosen
