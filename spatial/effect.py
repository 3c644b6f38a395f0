"""Before and after 前后对比: whether an action helped, held against places without it.

What changed where something was done is no effect yet: things change everywhere. The change there, less the change
elsewhere in the same time, is one if both would have gone the same way without it, which no figures can show; that
they went the same way before is the least to look at.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from spatial import given
from spatial.errors import DataError
from spatial.given import Numbers

FEWEST_CLUSTERS = 5
"""With fewer, a standard error by clusters says nothing; below some thirty it is still too small, rather."""


@dataclass(frozen=True, slots=True)
class Effect:
    """How much more a value changed where something was done.

    Parameters
    ----------
    estimate
        The change there less the change elsewhere, in the unit of the values, a cell and a period.
    error
        Its standard error, by clusters.
    t, p
        Against no effect, with one degree of freedom less than clusters.
    low, high
        Where it lies, by the level that was asked for.
    means
        Shape (2, 2): rows elsewhere and there, columns before and after.
    clusters
        How many there are.
    """

    estimate: float
    error: float
    t: float
    p: float
    low: float
    high: float
    means: Numbers
    clusters: int


def difference_in_differences(
    values: ArrayLike,
    treated: ArrayLike,
    since: int,
    clusters: Sequence[Hashable],
    *,
    level: float = 0.95,
) -> Effect:
    """Hold what changed where something was done against what changed elsewhere.

    Parameters
    ----------
    values
        Shape (n, periods): cells by periods of one length, the first period first.
    treated
        Shape (n,): whether it was done in the cell.
    since
        Number of the first period with it, from 0.
    clusters
        Of each cell the group within which chance is shared, such as its community.
    level
        How sure the limits are.

    Raises
    ------
    DataError
        `not_series`, `not_finite`, `other_count`, `not_within`, `nobody_treated` (or nobody else), `too_few_clusters`,
        `not_a_share`.

    Notes
    -----
    Effects of cells and of periods are taken out (two-way fixed effects, which with one date for all is the difference
    of four means). Errors by clusters after Liang and Zeger (1986), Biometrika 73, 13-22, with the usual correction
    G / (G - 1) (N - 1) / (N - K) for G clusters, N values and K effects; Bertrand, Duflo and Mullainathan (2004), The
    Quarterly Journal of Economics 119, 249-275, say why cells over time need them.
    """
    y, there, group = _checked(values, treated, clusters)
    cells, periods = y.shape
    given.whole("since", since, least=1, most=periods - 1)
    given.share("level", level)
    after = np.arange(periods) >= since
    x = _within(np.outer(there, after).astype(np.float64))
    left = _within(y)
    weight = float((x**2).sum())
    estimate = float((x * left).sum()) / weight
    scores = np.bincount(group, weights=(x * (left - estimate * x)).sum(axis=1))
    count, values_count, effects = len(scores), y.size, cells + periods
    correction = count / (count - 1) * (values_count - 1) / (values_count - effects)
    error = float(np.sqrt(correction * (scores**2).sum())) / weight
    t = estimate / error if error else np.inf * np.sign(estimate)
    wide = float(stats.t.ppf((1 + level) / 2, count - 1)) * error
    means = np.array([[y[side][:, time].mean() for time in (~after, after)] for side in (~there, there)])
    p = float(2 * stats.t.sf(abs(t), count - 1))
    return Effect(estimate, error, float(t), p, estimate - wide, estimate + wide, means, count)


def _checked(values: ArrayLike, treated: ArrayLike, clusters: Sequence[Hashable]) -> tuple[Numbers, Any, Any]:
    y = np.asarray(values, dtype=np.float64)
    if y.ndim != 2 or y.shape[1] < 2:
        raise DataError("not_series", name="values", shape=y.shape)
    given.refuse_rows("not_finite", ~np.isfinite(y).all(axis=1), name="values")
    there = np.asarray(treated, dtype=bool)
    for name, found in (("treated", there), ("clusters", clusters)):
        if len(found) != len(y):
            raise DataError("other_count", name=name, count=len(found), wanted=len(y))
    if there.all() or not there.any():
        raise DataError("nobody_treated", count=int(there.sum()), of=len(there))
    _, group = np.unique(np.asarray(clusters).astype(str), return_inverse=True)
    if group.max() + 1 < FEWEST_CLUSTERS:
        raise DataError("too_few_clusters", count=int(group.max() + 1), least=FEWEST_CLUSTERS)
    return y, there, group


def _within(table: Numbers) -> Numbers:
    """What is left of cells by periods without the means of either."""
    left: Numbers = (
        table - table.mean(axis=1, keepdims=True) - table.mean(axis=0, keepdims=True) + table.mean()
    )
    return left
