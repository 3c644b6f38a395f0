"""Each cell's surroundings: where high values lie together, and where low ones do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from spatial.given import Numbers, whole
from spatial.hotspots.chance import Seed, p_normal, sums_reached
from spatial.hotspots.control import significant
from spatial.hotspots.judged import ROUNDING, Words, given_local, without_self
from spatial.neighbours import Neighbours


@dataclass(frozen=True, slots=True)
class GetisOrd:
    """Gi or Gi*; arrays in the cells' order, NaN for an island.

    Parameters
    ----------
    z
        The statistic: already a z-score. NaN where all other values are alike or all other cells are neighbours, for
        then nothing could come out otherwise.
    p
        By the normal distribution.
    p_permuted
        By permutation; NaN without permutations, and where `z` is.
    permutations
        How many.
    """

    z: Numbers
    p: Numbers
    p_permuted: Numbers
    permutations: int

    def classes(self, level: float = 0.05, control: str = "fdr") -> Words:
        """ "hot" or "cold" where the cell is significant, "" elsewhere; by permutation where there was one.

        Raises
        ------
        DataError
            As `spatial.hotspots.significant`.
        """
        found = significant(self.p_permuted if self.permutations else self.p, level, control)
        return np.where(found, np.where(self.z > 0, "hot", "cold"), "")


def gi(
    values: ArrayLike,
    neighbours: Neighbours,
    *,
    alternative: str = "two_sided",
    permutations: int = 0,
    seed: Seed = None,
) -> GetisOrd:
    """Getis and Ord's Gi of each cell: above 0 where its neighbours are high, below 0 where they are low.

    Parameters
    ----------
    values, neighbours, permutations, seed
        As for `local_moran`; the weights of a cell may be multiplied by anything.
    alternative
        "two_sided", "greater" (hot) or "less" (cold).

    Raises
    ------
    DataError
        As `local_moran`.

    Notes
    -----
    Ord and Getis (1995), Geographical Analysis 27, 286-306: the sum over the neighbours, less what the
    mean of the other cells would give, over its standard deviation if the other values lay anywhere.
    """
    x = given_local(values, neighbours, alternative)
    z = x - x.mean()
    mean, variance = without_self(z, neighbours)
    score = (neighbours.matrix @ z - mean) / np.sqrt(np.where(variance > 0, variance, np.nan))
    return _judged(score, z, neighbours, alternative, permutations, seed)


def gi_star(
    values: ArrayLike,
    neighbours: Neighbours,
    *,
    alternative: str = "two_sided",
    permutations: int = 0,
    seed: Seed = None,
) -> GetisOrd:
    """Getis and Ord's Gi*: as `gi`, with the cell among its neighbours.

    The cell's own weight is the largest of its neighbours' weights: it counts as one more of the nearest.

    Parameters
    ----------
    values, neighbours, alternative, permutations, seed
        As for `gi`.

    Raises
    ------
    DataError
        As `local_moran`.

    Notes
    -----
    Ord and Getis (1995), as for `gi`. A permutation leaves the cell its own value, so `p_permuted` is that of Gi.
    """
    x = given_local(values, neighbours, alternative)
    z = x - x.mean()
    n, own = len(x), own_weights(neighbours)
    total, squares = (
        np.bincount(neighbours.rows, neighbours.weight**power, minlength=n) + own**power for power in (1, 2)
    )
    spread = (n * squares - total**2) / (n - 1) * (z**2).mean()
    spread[(spread <= ROUNDING * total**2 * (z**2).mean()) | (neighbours.counts == 0)] = np.nan
    score = (neighbours.matrix @ z + own * z) / np.sqrt(spread)
    return _judged(score, z, neighbours, alternative, permutations, seed)


def own_weights(neighbours: Neighbours) -> Numbers:
    """The weight of each cell among its own neighbours, for Gi*: the largest of theirs, 0 for an island."""
    own = np.zeros(len(neighbours))
    np.maximum.at(own, neighbours.rows, neighbours.weight)
    return own


def _judged(
    score: Numbers, z: Numbers, neighbours: Neighbours, alternative: str, permutations: int, seed: Seed
) -> GetisOrd:
    drawn = whole("permutations", permutations, least=0)
    by_chance = np.full(len(z), np.nan)
    if drawn:
        by_chance = sums_reached(z, neighbours, drawn, seed).p(alternative)
        by_chance[np.isnan(score)] = np.nan
    return GetisOrd(score, p_normal(score, alternative), by_chance, drawn)
