"""The circles and cylinders that a scan looks at, and the strongest of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from scipy.special import xlogy

from spatial.given import Numbers

BLOCK = 1 << 17
"""So many counts of cylinders are held at once: as fit into a processor's cache."""
SAME_M = 1e-6
"""Cells whose distances from a centre differ by less enter its circle together."""
MOST = np.iinfo(np.int32).max
"""No count is larger."""
FLOOR = 1e-9
"""A log-likelihood ratio up to this is rounding."""

Counts = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Zones:
    """Circles around every centre, each with its cells from the middle outwards.

    Parameters
    ----------
    order
        Shape (n, k): the cells nearest to each centre, itself first.
    reach_m
        Shape (n, k): how far they are from it.
    open
        Shape (n, k): whether the circle that ends with this cell may be a cluster.
    """

    order: NDArray[np.intp]
    reach_m: Numbers
    open: NDArray[np.bool_]

    def apart_from(self, taken: NDArray[np.bool_]) -> Zones:
        """Only the circles that hold none of the cells that are taken."""
        touched = np.logical_or.accumulate(taken[self.order], axis=1)
        return Zones(self.order, self.reach_m, self.open & ~touched)


@dataclass(frozen=True, slots=True)
class Span:
    """Which stretches of time are looked at: up to `longest` of `periods`, or only those that reach to the end."""

    periods: int
    longest: int
    alive_only: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The strongest cylinder: of a centre, the place of its last cell in the order, first and last period."""

    llr: float
    centre: int
    last_cell: int
    first: int
    last: int


def circles(xy: Numbers, population: Numbers, most_share: float) -> Zones:
    """Every circle around a cell's middle that holds no more than a share of the population.

    Notes
    -----
    Cells that are equally far enter together, so that the order of the rows decides nothing. n² log n, and memory
    for n² distances.
    """
    distance = cdist(xy, xy)
    order = np.argsort(distance, axis=1, kind="stable")
    reach = np.take_along_axis(distance, order, axis=1)
    within = np.cumsum(population[order], axis=1) <= most_share * population.sum() * (1 + 1e-12)
    kept = max(int(within.sum(axis=1).max(initial=0)), 1)
    ends = np.ones(order.shape, dtype=bool)
    ends[:, :-1] = np.diff(reach, axis=1) > SAME_M
    return Zones(order[:, :kept], reach[:, :kept], (within & ends)[:, :kept])


def likelihood(cases: NDArray[Any], expected: NDArray[Any], total: int) -> Numbers:
    """Kulldorff's logarithm of the likelihood ratio, of zones with more cases than are expected."""
    inside = xlogy(cases, cases / expected)
    outside = xlogy(total - cases, (total - cases) / (total - expected))
    return np.asarray(inside + outside, dtype=np.float64)


def strongest(counts: Counts, expected: Numbers, zones: Zones, span: Span) -> Found | None:
    """The cylinder with the largest likelihood ratio; None where none has more cases than are expected.

    Parameters
    ----------
    counts
        Shape (n, periods).
    expected
        Shape (n,): cases in one period.
    """
    best, found = np.full(1, FLOOR), None
    for begin, length, first, hit, llr in _hits(counts[:, :, None], expected, zones, span, best):
        at = int(llr.argmax())
        if llr[at] > best[0]:
            best[0] = llr[at]
            start = first + int(hit[2][at])
            place = begin + int(hit[0][at]), int(hit[1][at])
            found = Found(float(llr[at]), *place, start, start + length - 1)
    return found


def maxima(counts: Counts, expected: Numbers, zones: Zones, span: Span) -> Numbers:
    """The largest likelihood ratio of each of r replicas, 0 where no cylinder has more than is expected.

    Parameters
    ----------
    counts
        Shape (n, periods, r).
    """
    best = np.full(counts.shape[2], FLOOR)
    for *_, hit, llr in _hits(counts, expected, zones, span, best):
        np.maximum.at(best, hit[3], llr)
    return np.where(best > FLOOR, best, 0.0)


def _hits(counts: Counts, expected: Numbers, zones: Zones, span: Span, best: Numbers) -> Any:
    """Cylinders that may surpass the best that is known, block by block of centres; `best` is read anew each time.

    Notes
    -----
    Of c cases where m of C are expected, the ratio's logarithm is at most (c - m)² C / (m (C - m)), as Kullback and
    Leibler's divergence is at most Pearson's. So only counts beyond m + sqrt(best m (C - m) / C) need a logarithm.
    """
    total = int(counts[:, :, 0].sum())
    cells, periods, replicas = counts.shape
    base = periods - span.longest if span.alive_only else 0  # what came before that no stretch can hold
    up_to = np.zeros((periods - base + 1, cells, replicas), dtype=np.int32)
    np.cumsum(counts[:, base:].transpose(1, 0, 2), axis=0, out=up_to[1:])
    width = int(np.flatnonzero(zones.open.any(axis=0)).max(initial=-1)) + 1
    step = max(BLOCK // max(width * len(up_to) * replicas, 1), 1)
    for begin in range(0, len(zones.order) if width else 0, step):
        order = zones.order[begin : begin + step, :width]
        shut = ~zones.open[begin : begin + step, :width]
        cases = np.cumsum(up_to[:, order], axis=2, dtype=np.int32)
        one = np.cumsum(expected[order], axis=1)
        for length in range(1, span.longest + 1):
            mean = np.minimum(one * length, total)
            spread = mean * (total - mean) / total
            bar = np.minimum(mean[..., None] + np.sqrt(best * spread[..., None]), MOST).astype(np.int32)
            bar[shut] = MOST
            start = len(cases) - 1 - length if span.alive_only else 0
            inside = cases[start + length :] - cases[start : len(cases) - length]
            # Few circles have any stretch of that many: each is asked for its most before its stretches are.
            centre, zone, replica = np.nonzero(inside.max(axis=0) > bar)
            if not len(centre):
                continue
            inside = inside[:, centre, zone, replica].T
            row, when = np.nonzero(inside > bar[centre, zone, replica][:, None])
            if len(row):
                hit = centre[row], zone[row], when, replica[row]
                yield begin, length, base + start, hit, likelihood(inside[row, when], mean[hit[:2]], total)
