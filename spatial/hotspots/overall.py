"""All cells at once: do like values lie together?"""

from __future__ import annotations

from numpy.typing import ArrayLike

from spatial.errors import DataError
from spatial.given import Numbers, one_of
from spatial.hotspots.chance import ALTERNATIVES, Seed
from spatial.hotspots.judged import (
    ROUNDING,
    Chance,
    Overall,
    given_values,
    kurtosis,
    margins,
    products,
    sums_of,
)
from spatial.neighbours import Neighbours

ASSUMPTIONS = ("randomisation", "normality")
FEWEST = 4
"""Under randomisation the variance divides by (n - 1)(n - 2)(n - 3)."""


def moran(
    values: ArrayLike,
    neighbours: Neighbours,
    *,
    assumption: str = "randomisation",
    alternative: str = "two_sided",
    permutations: int = 999,
    seed: Seed = None,
) -> Overall:
    """Moran's I (莫兰指数): above its expectation where neighbours are alike, below it where they differ.

    Parameters
    ----------
    values
        One for each cell, in the order of `neighbours.ids`.
    neighbours
        Usually with "row" weights. Islands take part with their values only.
    assumption
        Of `variance`: "randomisation" (these values in any order) or "normality" (values of one normal distribution).
    alternative
        "two_sided", "greater" or "less".
    permutations
        0 for none.
    seed
        For permutations that come out the same again, in whatever order the rows are.

    Raises
    ------
    DataError
        `too_few_cells` (under 4), `values_constant`, `no_neighbours` (islands only), `not_one_of`,
        `not_within`, and as `spatial.given.numbers`.

    Notes
    -----
    I = n / S0 * sum w(ij) z(i) z(j) / sum z(i)^2, with z from the mean; moments by Cliff and Ord (1981), Spatial
    Processes, Pion. The permutation p-value counts every shuffle of all values.
    """
    x = _checked(values, neighbours, assumption, alternative)
    z = x - x.mean()
    n, s0, s1, s2 = sums_of(neighbours)
    scale = n / s0 / (z @ z)
    expected = -1 / (n - 1)
    if assumption == "normality":
        square = (n**2 * s1 - n * s2 + 3 * s0**2) / ((n**2 - 1) * s0**2)
    else:
        b2 = kurtosis(z)
        square = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
        square -= b2 * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
        square /= (n - 1) * (n - 2) * (n - 3) * s0**2

    def statistic(block: Numbers) -> Numbers:
        found: Numbers = scale * products(block, neighbours)
        return found

    chance = Chance(expected, square - expected**2, alternative, permutations, seed)
    return chance.judge(z, neighbours, statistic)


def geary(
    values: ArrayLike,
    neighbours: Neighbours,
    *,
    assumption: str = "randomisation",
    alternative: str = "two_sided",
    permutations: int = 999,
    seed: Seed = None,
) -> Overall:
    """Geary's C: below 1 where neighbours are alike, above it where they differ.

    Parameters
    ----------
    values, neighbours, assumption, alternative, permutations, seed
        As for `moran`; "less" asks for likeness here, and `z` is below 0 for it.

    Raises
    ------
    DataError
        As `moran`.

    Notes
    -----
    C = (n - 1) / (2 S0) * sum w(ij) (x(i) - x(j))^2 / sum z(i)^2; Geary (1954), The Incorporated Statistician 5,
    115-145, with the moments of Cliff and Ord (1981).
    """
    x = _checked(values, neighbours, assumption, alternative)
    z = x - x.mean()
    n, s0, s1, s2 = sums_of(neighbours)
    if assumption == "normality":
        variance = ((2 * s1 + s2) * (n - 1) - 4 * s0**2) / (2 * (n + 1) * s0**2)
    else:
        b2 = kurtosis(z)
        variance = (n - 1) * s1 * (n**2 - 3 * n + 3 - (n - 1) * b2)
        variance -= (n - 1) * s2 * (n**2 + 3 * n - 6 - (n**2 - n + 2) * b2) / 4
        variance += s0**2 * (n**2 - 3 - (n - 1) ** 2 * b2)
        variance /= n * (n - 2) * (n - 3) * s0**2
    scale = (n - 1) / (2 * s0) / (z @ z)
    both = margins(neighbours)

    def statistic(block: Numbers) -> Numbers:
        found: Numbers = scale * (both @ block**2 - 2 * products(block, neighbours))
        return found

    return Chance(1.0, variance, alternative, permutations, seed).judge(z, neighbours, statistic)


def general_g(
    values: ArrayLike,
    neighbours: Neighbours,
    *,
    alternative: str = "two_sided",
    permutations: int = 999,
    seed: Seed = None,
) -> Overall:
    """The general G: above its expectation where high values lie together, below it where low ones do.

    Parameters
    ----------
    values
        One for each cell, at least 0: G asks for amounts with a natural zero.
    neighbours
        Usually with "binary" weights.
    alternative, permutations, seed
        As for `moran`.

    Raises
    ------
    DataError
        As `moran`; `too_small` of a value below 0.

    Notes
    -----
    G = sum w(ij) x(i) x(j) / sum x(i) x(j), over i other than j; Getis and Ord (1992), Geographical Analysis 24,
    189-206, with their moments under randomisation.
    """
    x = _checked(values, neighbours, ASSUMPTIONS[0], alternative, least=0.0)
    n, s0, s1, s2 = sums_of(neighbours)
    m1, m2, m3, m4 = (float((x**power).sum()) for power in (1, 2, 3, 4))
    all_pairs = m1**2 - m2
    if all_pairs <= ROUNDING * m2:  # a single cell has a value: no pair has any
        raise DataError("one_value", name="values")
    b0 = (n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2
    b1 = -((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    b2 = -(2 * n * s1 - (n + 3) * s2 + 6 * s0**2)
    b3 = 4 * (n - 1) * s1 - 2 * (n + 1) * s2 + 8 * s0**2
    b4 = s1 - s2 + s0**2
    square = b0 * m2**2 + b1 * m4 + b2 * m1**2 * m2 + b3 * m1 * m3 + b4 * m1**4
    square /= all_pairs**2 * n * (n - 1) * (n - 2) * (n - 3)
    expected = s0 / (n * (n - 1))

    def statistic(block: Numbers) -> Numbers:
        return products(block, neighbours) / all_pairs

    chance = Chance(expected, square - expected**2, alternative, permutations, seed)
    return chance.judge(x, neighbours, statistic)


def _checked(
    values: ArrayLike,
    neighbours: Neighbours,
    assumption: str,
    alternative: str,
    *,
    least: float | None = None,
) -> Numbers:
    one_of("assumption", assumption, ASSUMPTIONS)
    one_of("alternative", alternative, ALTERNATIVES)
    return given_values(values, neighbours, fewest=FEWEST, least=least)
