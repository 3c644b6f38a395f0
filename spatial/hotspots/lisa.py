"""Each cell and its neighbours: where like values lie together, and what stands out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from spatial.given import Numbers, whole
from spatial.hotspots.chance import Reached, Seed, p_normal, sums_reached
from spatial.hotspots.control import significant
from spatial.hotspots.judged import ROUNDING, Words, given_local, without_self
from spatial.neighbours import Neighbours


@dataclass(frozen=True, slots=True)
class LocalMoran:
    """Local Moran's I; arrays in the cells' order, NaN for an island.

    Parameters
    ----------
    value
        I of each cell.
    quadrant
        "HH" (high among high), "LL" (low among low), "LH" (low among high), "HL" (high among low); "" where the cell
        or its surroundings are exactly the mean, and for an island.
    expected, variance, z
        If the cell kept its value and the others lay anywhere. NaN where that leaves I no choice.
    p
        By the normal distribution, from `z`.
    p_permuted
        By permutation; NaN without permutations, and where `p` is.
    permutations
        How many.
    """

    value: Numbers
    quadrant: Words
    expected: Numbers
    variance: Numbers
    z: Numbers
    p: Numbers
    p_permuted: Numbers
    permutations: int

    def classes(self, level: float = 0.05, control: str = "fdr") -> Words:
        """The quadrant where the cell is significant, "" elsewhere; by permutation where there was one.

        Raises
        ------
        DataError
            As `spatial.hotspots.significant`.
        """
        found = significant(self.p_permuted if self.permutations else self.p, level, control)
        return np.where(found, self.quadrant, "")


def local_moran(
    values: ArrayLike,
    neighbours: Neighbours,
    *,
    alternative: str = "two_sided",
    permutations: int = 999,
    seed: Seed = None,
) -> LocalMoran:
    """Local Moran's I (局部莫兰指数): above 0 where a cell is like its neighbours, below 0 where it stands out.

    Parameters
    ----------
    values
        One for each cell, in the order of `neighbours.ids`.
    neighbours
        Usually with "row" weights.
    alternative
        "two_sided", "greater" (likeness) or "less" (standing out). Programs that report a folded pseudo p-value report
        the half of the two-sided one.
    permutations
        0 for none.
    seed
        For permutations that come out the same again, in whatever order the rows are.

    Raises
    ------
    DataError
        `too_few_cells` (under 3), `values_constant`, `not_one_of`, `not_within`, and as
        `spatial.given.numbers`.

    Notes
    -----
    I(i) = z(i) / m2 * sum w(ij) z(j), z from the mean and m2 = sum z^2 / n: Anselin (1995), Geographical Analysis 27,
    93-115; the values sum to S0 times Moran's I. Others divide by n - 1, which changes no p-value. Moments given the
    cell's own value: Sokal, Oden and Thomson (1998), Geographical Analysis 30, 331-354. Cost: see
    `spatial.hotspots.chance.sums_reached`.
    """
    x = given_local(values, neighbours, alternative)
    drawn = whole("permutations", permutations, least=0)
    z = x - x.mean()
    scale = z / (z**2).mean()
    around = neighbours.matrix @ z
    mean, variance = without_self(z, neighbours)
    near = ROUNDING * np.abs(x).max()
    answered = variance > 0
    # A cell that is exactly the mean has I = 0 whatever lies around it.
    answered &= np.abs(z) > near
    island = neighbours.counts == 0
    value, expected = (np.where(island, np.nan, scale * sums) for sums in (around, mean))
    variance = np.where(answered, scale**2 * variance, np.nan)
    score = (value - expected) / np.sqrt(variance)
    by_chance = np.full(len(x), np.nan)
    if drawn:
        sums = sums_reached(z, neighbours, drawn, seed)
        low = z < 0
        reached = Reached(
            np.where(low, sums.at_most, sums.at_least), np.where(low, sums.at_least, sums.at_most), drawn
        )
        by_chance = np.where(answered, reached.p(alternative), np.nan)
    own, theirs = (np.where(np.abs(one) <= near, "", np.where(one > 0, "H", "L")) for one in (z, around))
    quadrant = np.where((own == "") | (theirs == "") | island, "", np.char.add(own, theirs))
    return LocalMoran(
        value, quadrant, expected, variance, score, p_normal(score, alternative), by_chance, drawn
    )
