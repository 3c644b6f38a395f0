"""ST-DBSCAN: cases that lie densely in space and in time, gathered into clusters of any shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from spatial.clusters.pairs import Pairs, Rows, within
from spatial.given import Numbers, numbers, places, positive, whole

NOISE = -1


@dataclass(frozen=True, slots=True)
class StClusters:
    """Which cluster each case belongs to.

    Parameters
    ----------
    cluster
        Shape (n,): 0 for the cluster that begins first, -1 for a case in none.
    core
        Shape (n,): whether the case has enough others around it.
    count
        Shape (clusters,): cases of each.
    """

    cluster: NDArray[np.int64]
    core: NDArray[np.bool_]
    count: NDArray[np.int64]


def st_dbscan(
    xy: ArrayLike, time: ArrayLike, *, distance_m: float, interval: float, least_count: int
) -> StClusters:
    """Gather cases that are dense in space and time.

    Parameters
    ----------
    xy
        Shape (n, 2), metres.
    time
        Shape (n,): days, hours, whatever `interval` is in.
    distance_m, interval
        Neighbours are not farther apart than either.
    least_count
        A case with so many neighbours, itself among them, is the core of a cluster.

    Raises
    ------
    DataError
        Those of `places`, `numbers`, `positive`; `not_within`, `too_many_pairs`.

    Notes
    -----
    Ester et al. 1996 with the two distances of Birant and Kut 2007. Cores that are neighbours share a cluster; a
    case that is not a core belongs to the cluster of its nearest core, where distance and time are each measured in
    the neighbourhood's own size, and of equally near ones to the cluster that begins first: so the order of the
    rows decides nothing. Takes n log n and the number of pairs of neighbours, in bounded memory.
    """
    at = places("xy", xy)
    when = numbers("time", time, count=len(at))
    positive("distance_m", distance_m)
    positive("interval", interval)
    whole("least_count", least_count, least=1)
    if not len(at):
        return StClusters(np.zeros(0, np.int64), np.zeros(0, np.bool_), np.zeros(0, np.int64))
    close = _neighbours(at, when, distance_m, interval)
    around = np.ones(len(at), dtype=np.int64)
    for pair in close:
        for end in pair:
            around += np.bincount(end, minlength=len(at))
    core = around >= least_count
    cluster = _numbered(_joined(close, core), core, at, when)
    cluster = _with_edges(cluster, close, core, (at, when, distance_m, interval))
    return StClusters(cluster, core, np.bincount(cluster[cluster >= 0]).astype(np.int64))


def _neighbours(at: Numbers, when: Numbers, distance_m: float, interval: float) -> Pairs:
    """A box around each case in units of the neighbourhood; within it the circle and the time decide."""
    near = within(at, distance_m)
    shifted = np.column_stack(((at - at.min(axis=0)) / distance_m, (when - when.min()) / interval))
    return Pairs(
        shifted,
        1.0,
        lambda first, second: near(first, second) & (np.abs(when[first] - when[second]) <= interval),
        power=np.inf,
    )


def _joined(close: Pairs, core: NDArray[np.bool_]) -> NDArray[np.int64]:
    """A label for each case: cores that are linked by neighbouring cores have the same."""
    label = np.arange(len(core))
    for first, second in close:
        both = core[first] & core[second]
        ends = label[first[both]], label[second[both]]
        links = coo_array((np.ones(len(ends[0]), dtype=np.bool_), ends), shape=(len(core), len(core)))
        label = connected_components(links, directed=False)[1][label]
    return np.asarray(label, dtype=np.int64)


def _numbered(
    label: NDArray[np.int64], core: NDArray[np.bool_], at: Numbers, when: Numbers
) -> NDArray[np.int64]:
    """Number the clusters of cores by their first case, of those at one time by the westernmost, then southernmost."""
    cluster = np.full(len(core), NOISE, dtype=np.int64)
    rows = np.flatnonzero(core)
    rows = rows[np.lexsort((at[rows, 1], at[rows, 0], when[rows]))]
    _, first, member = np.unique(label[rows], return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    cluster[rows] = rank[member]
    return cluster


def _with_edges(
    cluster: NDArray[np.int64],
    close: Pairs,
    core: NDArray[np.bool_],
    measure: tuple[Numbers, Numbers, float, float],
) -> NDArray[np.int64]:
    """Give each case that is no core to the cluster of its nearest core."""
    best, found = np.full(len(core), np.inf), cluster.copy()
    for pair in close:
        for edge, centre in (pair, pair[::-1]):
            some = core[centre] & ~core[edge]
            _take_nearest(
                best, found, (edge[some], cluster[centre[some]]), _apart(edge[some], centre[some], measure)
            )
    return found


def _take_nearest(
    best: Numbers, found: NDArray[np.int64], offer: tuple[Rows, NDArray[np.int64]], apart: Numbers
) -> None:
    order = np.lexsort((offer[1], apart, offer[0]))
    rows, number, apart = offer[0][order], offer[1][order], apart[order]
    lead = np.append(True, rows[1:] != rows[:-1])[: len(rows)]
    rows, number, apart = rows[lead], number[lead], apart[lead]
    nearer = (apart < best[rows]) | ((apart == best[rows]) & (number < found[rows]))
    best[rows[nearer]], found[rows[nearer]] = apart[nearer], number[nearer]


def _apart(edge: Rows, centre: Rows, measure: tuple[Numbers, Numbers, float, float]) -> Numbers:
    at, when, distance_m, interval = measure
    space = ((at[edge] - at[centre]) ** 2).sum(axis=1) / distance_m**2
    return np.asarray(space + ((when[edge] - when[centre]) / interval) ** 2)
