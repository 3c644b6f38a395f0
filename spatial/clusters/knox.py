"""Knox's test: whether cases that are close in space are close in time more often than chance has it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import poisson

from spatial.clusters.pairs import Pairs, Rows, within
from spatial.given import Numbers, numbers, places, positive, whole


@dataclass(frozen=True, slots=True)
class Knox:
    """Pairs of cases by whether they are close in space and in time.

    Parameters
    ----------
    observed
        Shape (2, 2), pairs: rows close in space and not, columns close in time and not.
    expected
        Shape (2, 2): the same, if closeness in space had nothing to do with closeness in time.
    p_poisson
        Chance of so many pairs close in both, or more, of a Poisson variable with the expected mean.
    p_permutation
        Share of the permutations of the times, the one that happened among them, with so many pairs or more; NaN
        without permutations.
    simulated
        Shape (permutations,): pairs that were close in both.
    """

    observed: Numbers
    expected: Numbers
    p_poisson: float
    p_permutation: float
    simulated: Numbers

    @property
    def pairs(self) -> int:
        """How many are close in space and in time."""
        return int(self.observed[0, 0])


def knox(
    xy: ArrayLike,
    time: ArrayLike,
    *,
    distance_m: float,
    interval: float,
    permutations: int = 999,
    seed: int = 0,
) -> Knox:
    """Test whether cases come together in space and time.

    Parameters
    ----------
    xy
        Shape (n, 2), metres.
    time
        Shape (n,): days, hours, whatever `interval` is in.
    distance_m, interval
        Two cases that are not farther apart are close.
    permutations
        How often the times are dealt out anew; 0 leaves it at the Poisson figure.
    seed
        The same seed gives the same permutations.

    Raises
    ------
    DataError
        Those of `places`, `numbers`, `positive`; `not_within`, `too_many_pairs`.

    Notes
    -----
    Knox 1964: of all pairs, close in space times close in time is expected to be close in both. The Poisson figure
    is good where few pairs are close in either; permutations hold always, as they leave both margins as they are.
    Takes n log n and the number of pairs close in space times the permutations; memory stays bounded.
    """
    at = places("xy", xy)
    when = numbers("time", time, count=len(at))
    positive("distance_m", distance_m)
    positive("interval", interval)
    whole("permutations", permutations, least=0)
    close = Pairs(at, distance_m, within(at, distance_m))
    in_space = both = 0
    for first, second in close:
        in_space += len(first)
        both += _soon(when, first, second, interval)
    in_time = _count_soon(when, interval)
    simulated = _simulated(at, when, close, interval, permutations, seed)
    return _table(len(at), in_space, in_time, both, simulated)


def _table(count: int, in_space: int, in_time: int, both: int, simulated: Numbers) -> Knox:
    pairs = count * (count - 1) // 2
    space = np.array([in_space, pairs - in_space], dtype=np.float64)
    time = np.array([in_time, pairs - in_time], dtype=np.float64)
    expected = np.outer(space, time) / max(pairs, 1)
    observed = np.array(
        [[both, in_space - both], [in_time - both, pairs - in_space - in_time + both]], dtype=np.float64
    )
    reached = np.count_nonzero(simulated >= both)
    return Knox(
        observed,
        expected,
        p_poisson=float(poisson.sf(both - 1, expected[0, 0])),
        p_permutation=(1 + reached) / (1 + len(simulated)) if len(simulated) else float("nan"),
        simulated=simulated,
    )


def _simulated(
    at: Numbers, when: Numbers, close: Pairs, interval: float, permutations: int, seed: int
) -> Numbers:
    """Pairs close in both after the times were dealt out anew, whatever the order of the rows."""
    seeds = np.random.SeedSequence(seed).spawn(permutations)
    place, times = np.lexsort((at[:, 1], at[:, 0])), np.sort(when)
    dealt, simulated = np.empty_like(when), np.zeros(permutations)
    for first, second in close if permutations else ():
        for number, one in enumerate(seeds):
            dealt[place] = np.random.default_rng(one).permutation(times)
            simulated[number] += _soon(dealt, first, second, interval)
    return simulated


def _soon(when: Numbers, first: Rows, second: Rows, interval: float) -> int:
    return int(np.count_nonzero(np.abs(when[first] - when[second]) <= interval))


def _count_soon(when: Numbers, interval: float) -> int:
    """All pairs close in time, by the same comparison as in `_soon`: a sum would round otherwise."""
    times, count = np.unique(when, return_counts=True)
    end = np.searchsorted(times, times + interval, side="right")
    last = len(times) - 1
    while True:
        more = (end <= last) & (times[np.minimum(end, last)] - times <= interval)
        less = times[end - 1] - times > interval
        if not (more | less).any():
            break
        end = end + more - less
    up_to = np.append(0, np.cumsum(count))
    return int((count * (up_to[end] - up_to[1:])).sum() + (count * (count - 1) // 2).sum())
