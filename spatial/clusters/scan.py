"""Kulldorff's scan: the circles, or cylinders of circle and time, with too many cases for their population."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spatial.clusters.zones import Counts, Found, Span, Zones, circles, maxima, strongest
from spatial.errors import DataError
from spatial.given import Numbers, numbers, places, refuse_rows, share, whole

REPLICAS = 64
"""So many made-up maps without time are scanned at once; of those with time fewer."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A circle, or a cylinder, with more cases than its population lets expect.

    Parameters
    ----------
    cells
        Rows of its cells, ascending.
    centre
        Row of the cell in its middle.
    radius_m
        Distance from there to the middle of its outermost cell.
    first, last
        Its first and its last period, counted from 0.
    observed, expected
        Cases in it.
    relative_risk
        Cases for each that is expected inside, divided by the same outside; infinite where none are outside.
    llr
        Logarithm of the likelihood ratio.
    p
        Share of the made-up maps, this one among them, whose strongest cluster is as strong; NaN without any.
    """

    cells: NDArray[np.intp]
    centre: int
    radius_m: float
    first: int
    last: int
    observed: int
    expected: float
    relative_risk: float
    llr: float
    p: float


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan found.

    Parameters
    ----------
    clusters
        The strongest first; none shares a cell with one before it.
    cluster
        Shape (n,): which of them each cell belongs to, -1 for none.
    simulated
        Shape (replicas,): the strongest likelihood ratio of each made-up map.
    """

    clusters: tuple[Cluster, ...]
    cluster: NDArray[np.int32]
    simulated: Numbers


def scan(
    xy: ArrayLike,
    cases: ArrayLike,
    population: ArrayLike,
    *,
    most_share: float = 0.5,
    longest: int | None = None,
    alive_only: bool = False,
    most_clusters: int = 10,
    replicas: int = 999,
    seed: int = 0,
) -> Scan:
    """Find the circles, or cylinders, whose cases are least likely to be chance.

    Parameters
    ----------
    xy
        Shape (n, 2): the middles of the cells, in metres.
    cases
        Shape (n,), or (n, periods) with periods of one length; whole numbers.
    population
        Shape (n,): who is at risk in each cell, the same in every period.
    most_share
        A cluster holds at most this share of the population.
    longest
        Most periods of a cluster; without it, half of them.
    alive_only
        Look only at clusters that last until the end of the last period.
    most_clusters
        So many clusters are told of at most.
    replicas
        Made-up maps for the p values.
    seed
        The same seed gives the same p values.

    Raises
    ------
    DataError
        Those of `places` and `numbers`; `not_whole`, `not_counts`, `not_a_share`, `not_within`, and
        `cases_without_population` where a cell has cases but nobody at risk.

    Notes
    -----
    Kulldorff 1997 (Poisson model), Kulldorff 2001 (cylinders). Cases are expected in proportion to population and
    time; the made-up maps share the same number of cases out by chance. After the strongest cluster the strongest
    among those that share no cell with it is sought, and so on; all are held against the maps' strongest, so later
    ones are judged with caution. Costs n² periods × longest for each map; memory is bounded but for n² distances.
    """
    centres = places("xy", xy)
    counts = _counts(cases, len(centres))
    at_risk = numbers("population", population, count=len(centres), least=0)
    refuse_rows("cases_without_population", counts.any(axis=1) & (at_risk == 0))
    share("most_share", most_share)
    whole("replicas", replicas, least=0)
    whole("most_clusters", most_clusters, least=1)
    periods = counts.shape[1]
    span = Span(periods, _longest(longest, periods), alive_only)
    total = int(counts.sum())
    if not total:
        return Scan((), np.full(len(centres), -1, dtype=np.int32), np.zeros(replicas))
    chance = at_risk / at_risk.sum()
    expected = chance * total / periods
    zones = circles(centres, at_risk, most_share)
    rng = np.random.default_rng(seed)
    simulated = _simulated(rng, total, expected, zones, span, replicas)
    clusters: list[Cluster] = []
    cluster = np.full(len(centres), -1, dtype=np.int32)
    while len(clusters) < most_clusters:
        found = strongest(counts, expected, zones.apart_from(cluster >= 0), span)
        if found is None:
            break
        one = _describe(found, counts, expected, zones, simulated)
        cluster[one.cells] = len(clusters)
        clusters.append(one)
    return Scan(tuple(clusters), cluster, simulated)


def _simulated(
    rng: np.random.Generator, total: int, expected: Numbers, zones: Zones, span: Span, replicas: int
) -> Numbers:
    cells, periods = len(expected), span.periods
    chance = np.repeat(expected / expected.sum() / periods, periods)
    step = max(REPLICAS // periods, 1)
    found = []
    for begin in range(0, replicas, step):
        made_up = rng.multinomial(total, chance, size=min(step, replicas - begin))
        counts = np.ascontiguousarray(made_up.T, dtype=np.int32).reshape(cells, periods, -1)
        found.append(maxima(counts, expected, zones, span))
    return np.concatenate(found) if found else np.zeros(0)


def _describe(found: Found, counts: Counts, expected: Numbers, zones: Zones, simulated: Numbers) -> Cluster:
    cells = np.sort(zones.order[found.centre, : found.last_cell + 1])
    total = int(counts.sum())
    observed = int(counts[cells, found.first : found.last + 1].sum())
    mean = float(expected[cells].sum() * (found.last - found.first + 1))
    inside, outside = observed / mean, (total - observed) / (total - mean)
    as_strong = np.count_nonzero(simulated >= found.llr - 1e-9)
    return Cluster(
        cells=cells,
        centre=found.centre,
        radius_m=float(zones.reach_m[found.centre, found.last_cell]),
        first=found.first,
        last=found.last,
        observed=observed,
        expected=mean,
        relative_risk=inside / outside if outside else float("inf"),
        llr=found.llr,
        p=(1 + as_strong) / (1 + len(simulated)) if len(simulated) else float("nan"),
    )


def _counts(cases: ArrayLike, cells: int) -> Counts:
    try:
        given = np.asarray(cases, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError("not_numbers", name="cases") from error
    if given.ndim not in {1, 2} or (given.ndim == 2 and not given.shape[1]):
        raise DataError("not_counts", name="cases", shape=given.shape)
    columns = given.reshape(len(given), -1).T if given.size else np.zeros((1, len(given)))
    found = np.stack([numbers("cases", column, count=cells, least=0) for column in columns], axis=1)
    refuse_rows("not_whole", (found != np.floor(found)).any(axis=1), name="cases")
    if found.sum() > np.iinfo(np.int32).max:
        raise DataError("not_within", name="cases", value=found.sum(), least=0, most=np.iinfo(np.int32).max)
    return found.astype(np.int32)


def _longest(longest: int | None, periods: int) -> int:
    if longest is None:
        return max(periods // 2, 1)
    return whole("longest", longest, least=1, most=periods)
