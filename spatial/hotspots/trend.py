"""Mann and Kendall's test: does a series rise or fall, whatever its shape?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from spatial.errors import DataError
from spatial.given import Numbers, numbers, one_of
from spatial.hotspots.chance import ALTERNATIVES, p_normal


@dataclass(frozen=True, slots=True)
class Trend:
    """One answer for each series; arrays in their order.

    Parameters
    ----------
    s
        How many more pairs of periods rise than fall.
    tau
        `s` over the number of pairs, from -1 (always falling) to 1 (always rising).
    variance
        Of `s` without a trend, less what equal values take from it.
    z, p
        With the correction for continuity. A series of equal values has z 0 and p 1 (p 0.5, one-sided).
    """

    s: Numbers
    tau: Numbers
    variance: Numbers
    z: Numbers
    p: Numbers


def mann_kendall(series: ArrayLike, *, alternative: str = "two_sided") -> Trend:
    """Test each series for a trend.

    Parameters
    ----------
    series
        Shape (n, periods), or (periods,) for one series; finite, the first period first.
    alternative
        "two_sided", "greater" (rising) or "less" (falling).

    Raises
    ------
    DataError
        `not_one_of`, `not_numbers`, `not_series`, `not_finite`, `too_few_periods` (under 3).

    Notes
    -----
    Mann (1945), Econometrica 13, 245-259; Kendall (1975), Rank Correlation Methods, 4th edition, Griffin, for the
    variance with ties. The normal distribution is good from about 10 periods on. It takes the periods for independent:
    a series that carries over from one period to the next shows trends too easily. Cost: n x periods^2.
    """
    one_of("alternative", alternative, ALTERNATIVES)
    rows = given_series("series", series)
    periods = rows.shape[1]
    if periods < 3:
        raise DataError("too_few_periods", count=periods, wanted=3)
    s = np.zeros(len(rows))
    for period in range(periods - 1):
        s += np.sign(rows[:, period + 1 :] - rows[:, [period]]).sum(axis=1)
    variance = (periods * (periods - 1) * (2 * periods + 5) - _ties(rows)) / 18
    z = np.zeros(len(rows))
    np.divide(s - np.sign(s), np.sqrt(variance), out=z, where=variance > 0)
    return Trend(s, s / (periods * (periods - 1) / 2), variance, z, p_normal(z, alternative))


def given_series(name: str, series: ArrayLike) -> Numbers:
    """Finite numbers, shape (n, periods).

    Raises
    ------
    DataError
        `not_numbers`, `not_series`, `not_finite` (of series, counts the rows of cells times periods).
    """
    try:
        found = np.asarray(series, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError("not_numbers", name=name) from error
    if found.ndim == 1:
        found = found[None, :]
    if found.ndim != 2:
        raise DataError("not_series", name=name, shape=found.shape)
    odd = ~np.isfinite(found).all(axis=1)
    numbers(name, np.where(odd, np.nan, 0.0))
    return found


def _ties(rows: Numbers) -> Numbers:
    """For each row, the sum of t (t - 1) (2 t + 5) over groups of t equal values."""
    n, periods = rows.shape
    sorted_rows = np.sort(rows, axis=1)
    begins = np.ones((n, periods), dtype=bool)
    begins[:, 1:] = np.diff(sorted_rows, axis=1) != 0
    at = np.flatnonzero(begins)
    size = np.diff(np.append(at, n * periods))
    tied: Numbers = np.bincount(at // periods, size * (size - 1) * (2.0 * size + 5), minlength=n).astype(
        float
    )
    return tied
