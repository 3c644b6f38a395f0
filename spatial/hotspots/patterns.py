"""Hot spots over time (新兴热点): which are new, which stay, which fade."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spatial.errors import DataError
from spatial.given import Numbers, one_of, whole
from spatial.hotspots.chance import p_normal
from spatial.hotspots.control import significant
from spatial.hotspots.getis import own_weights
from spatial.hotspots.judged import FEWEST_LOCAL, ROUNDING, Words
from spatial.hotspots.trend import Trend, given_series, mann_kendall
from spatial.neighbours import Neighbours

WINDOWS = ("all", "near")
FEWEST_PERIODS = 10
"""With fewer, nine in ten periods would mean all of them, and the trend's p-value would be rough."""

PATTERNS = (
    "new",
    "consecutive",
    "intensifying",
    "persistent",
    "diminishing",
    "sporadic",
    "oscillating",
    "historical",
)

States = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Emerging:
    """What became of each cell; arrays in the cells' order.

    Parameters
    ----------
    pattern
        Such as "new_hot" or "historical_cold"; "" where none fits. See `emerging`.
    z
        Shape (n, periods): Gi* of each cell in each period; NaN for an island.
    state
        Shape (n, periods): 1 where the cell is significantly hot, -1 where it is cold, else 0.
    trend
        Of the rows of `z`; NaN for an island.
    """

    pattern: Words
    z: Numbers
    state: States
    trend: Trend


def emerging(
    values: ArrayLike,
    neighbours: Neighbours,
    *,
    lags: int = 0,
    against: str = "all",
    level: float = 0.05,
    control: str = "fdr",
) -> Emerging:
    """Sort each cell by where and when it was a hot or a cold spot.

    A cell is hot in a period where its Gi* is significant and above 0; cold mirrors hot. Often means in at least nine
    of ten periods. Rising and falling is the trend of Gi* over all periods, where Mann and Kendall's test finds one;
    for cold spots, a falling Gi* is the one that intensifies. Each cell has one pattern:

    ============  ==============================================================================
    often hot
    historical    neither hot nor cold in the last period
    intensifying  hot in the last period, rising
    diminishing   hot in the last period, falling
    persistent    hot in the last period, neither
    less often hot, but hot in the last period
    oscillating   cold in some period
    new           never cold, and hot in no other period
    consecutive   never cold, and hot only in the last two or more periods, without a break
    sporadic      never cold, and hot on and off
    ============  ==============================================================================

    Parameters
    ----------
    values
        Shape (n, periods): the cells in the order of `neighbours.ids`, the first period first, all of one length.
    neighbours
        Weights of any kind.
    lags
        So many earlier periods count as neighbours, too.
    against
        "all" holds each sum against the cells of all periods: when everything rises, it shows. "near" holds it against
        those of its own period and its lags: only the place among the others shows; while all are alike, Gi* is 0.
    level
        Of both tests.
    control
        Of Gi*, over all cells and periods, as for `adjusted`; the trend is tested cell by cell.

    Raises
    ------
    DataError
        `too_few_periods` (under 10, or no more than `lags`), `too_few_cells` (under 3), `values_constant`,
        `not_within`, `not_series`, `other_count`, `not_finite`, `not_one_of`, `not_probabilities`.

    Notes
    -----
    The patterns are those of Esri's Emerging Hot Spot Analysis (ArcGIS Pro, tool reference, "How Emerging Hot Spot
    Analysis works"), made to exclude each other: there, a cell that was often hot without a trend and no longer is
    would be persistent as well as historical, one that was often hot and is now cold a historical hot spot and an
    oscillating cold one, and one that was cold and is now hot for the first time both new and oscillating. Gi* as in
    `gi_star`, with a cell's own value, and those of its lags, among the neighbours'.
    """
    one_of("against", against, WINDOWS)
    x = _checked(values, neighbours, lags)
    z = _scores(x, neighbours, lags, against)
    found = significant(p_normal(z, "two_sided"), level, control)
    state = np.where(found, np.sign(z), 0).astype(np.int8)
    island = neighbours.counts == 0
    trend = mann_kendall(np.where(island[:, None], 0.0, z))
    moving = np.where(trend.p <= level, np.sign(trend.s), 0).astype(np.int8)
    pattern = patterns_of(state, moving)
    parts = (
        np.where(island, np.nan, part) for part in (trend.s, trend.tau, trend.variance, trend.z, trend.p)
    )
    return Emerging(pattern, z, state, Trend(*parts))


def patterns_of(state: States, moving: States) -> Words:
    """The pattern of each row, by the table of `emerging`.

    Parameters
    ----------
    state
        Shape (n, periods), as in `Emerging`.
    moving
        1 where Gi* rises, -1 where it falls, else 0.
    """
    pattern = np.full(len(state), "", dtype=f"<U{max(map(len, PATTERNS)) + len('_cold')}")
    for sign, name in ((1, "hot"), (-1, "cold")):
        hot, cold = state == sign, (state == -sign).any(axis=1)
        times, periods = hot.sum(axis=1), state.shape[1]
        run = np.cumprod(hot[:, ::-1], axis=1).sum(axis=1)
        often, last = 10 * times >= 9 * periods, hot[:, -1]
        over, stays, comes = often & (state[:, -1] == 0), often & last, ~often & last
        rows = {
            "historical": over,
            "intensifying": stays & (moving == sign),
            "diminishing": stays & (moving == -sign),
            "persistent": stays & (moving == 0),
            "oscillating": comes & cold,
            "new": comes & ~cold & (times == 1),
            "consecutive": comes & ~cold & (times > 1) & (run == times),
            "sporadic": comes & ~cold & (run < times),
        }
        for kind, chosen in rows.items():
            pattern[chosen] = f"{kind}_{name}"
    return pattern


def _checked(values: ArrayLike, neighbours: Neighbours, lags: int) -> Numbers:
    x = given_series("values", values)
    whole("lags", lags, least=0)
    if len(x) != len(neighbours):
        raise DataError("other_count", name="values", count=len(x), wanted=len(neighbours))
    if len(x) < FEWEST_LOCAL:
        raise DataError("too_few_cells", count=len(x), wanted=FEWEST_LOCAL)
    wanted = max(FEWEST_PERIODS, lags + 1)
    if x.shape[1] < wanted:
        raise DataError("too_few_periods", count=x.shape[1], wanted=wanted)
    if np.ptp(x) <= ROUNDING * np.abs(x).max():
        raise DataError("values_constant", name="values", value=float(x.flat[0]))
    return x


def _scores(x: Numbers, neighbours: Neighbours, lags: int, against: str) -> Numbers:
    """Gi* of each cell in each period, shape (n, periods)."""
    n, periods = x.shape
    own = own_weights(neighbours)
    total, squares = (
        np.bincount(neighbours.rows, neighbours.weight**power, minlength=n) + own**power for power in (1, 2)
    )
    deviation = x - x.mean()
    around = neighbours.matrix @ deviation + own[:, None] * deviation
    z = np.zeros((n, periods))
    tiny = ROUNDING * np.abs(x).max()
    for period in range(periods):
        window = slice(max(period - lags, 0), period + 1)
        steps = period + 1 - window.start
        compared = deviation if against == "all" else deviation[:, window]
        mean, spread, count = compared.mean(), compared.std(), compared.size
        if spread <= tiny:
            continue
        freedom = (count * steps * squares - (steps * total) ** 2) / (count - 1)
        freedom[freedom <= ROUNDING * total**2] = np.nan
        z[:, period] = (around[:, window].sum(axis=1) - steps * total * mean) / (spread * np.sqrt(freedom))
    z[neighbours.counts == 0] = np.nan
    return z
