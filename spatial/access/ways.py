"""How people get from one place to another: along streets, or straight with a detour that is stated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from spatial.given import positive
from spatial.sides import Floats, Ints, spread
from spatial.streets import Snapped, Streets
from spatial.streets.network import arcs

ENTRIES = 1 << 22
"""So many costs are worked on at once: 32 MiB for each array of them."""
EQUAL = 1e-9
"""Costs that differ by less, of one, are equal: they are sums in different orders."""


@dataclass(frozen=True, slots=True)
class Straight:
    """The straight line, where there is no network.

    Parameters
    ----------
    detour
        How many times longer than the straight line a way is; 1 is the line itself, below any real way.
    metres_per_minute
        Speed; without it costs are metres.
    """

    detour: float
    metres_per_minute: float | None = None

    def __post_init__(self) -> None:
        positive("detour", self.detour)
        if self.metres_per_minute is not None:
            positive("metres_per_minute", self.metres_per_minute)

    @property
    def unit(self) -> str:
        """What costs are measured in: "metre" or "minute"."""
        return "metre" if self.metres_per_minute is None else "minute"

    @property
    def rate(self) -> float:
        """Cost of a metre of the straight line."""
        return self.detour / (self.metres_per_minute or 1.0)

    def nearest(self, places: Floats, services: Floats) -> tuple[Floats, Ints]:
        """Cost to the nearest service, and which; of equally near ones the first."""
        cost, which = np.full(len(places), np.inf), np.full(len(places), -1)
        if not len(places) or not len(services):
            return cost, which
        far, found = cKDTree(services).query(places, k=min(2, len(services)))
        far, found = far.reshape(len(places), -1), found.reshape(len(places), -1)
        cost, which = far[:, 0].copy(), found[:, 0].astype(np.int64)
        tied = np.flatnonzero(far[:, -1] <= far[:, 0] * (1 + EQUAL))
        size = max(ENTRIES // len(services), 1)
        for begin in range(0, len(tied), size):
            some = tied[begin : begin + size]
            between = _between(places[some], services)
            which[some] = (between <= between.min(axis=1, keepdims=True) * (1 + EQUAL)).argmax(axis=1)
        return cost * self.rate, which

    def costs(self, places: Floats, services: Floats, limit: float) -> Iterator[tuple[int, Floats]]:
        """Some services' costs to all places at a time: the first service, and an array (services, places)."""
        size = max(ENTRIES // max(len(places), 1), 1)
        for begin in range(0, len(services), size):
            cost = _between(services[begin : begin + size], places) * self.rate
            cost[cost > limit] = np.inf
            yield begin, cost

    def pairs(self, places: Floats, services: Floats, limit: float) -> Iterator[tuple[Ints, Ints, Floats]]:
        """Some services' pairs with the places within a limit at a time: places, services, costs."""
        for begin, cost in self.costs(places, services, limit):
            service, place = np.nonzero(np.isfinite(cost))
            yield place, service + begin, cost[service, place]


@dataclass(frozen=True, slots=True)
class Along:
    """Along a network of streets.

    Parameters
    ----------
    streets
        The network; its unit is that of the costs.
    within_m
        A place that is further from any street is on none, and reaches nothing.

    Notes
    -----
    The way from a place to its street goes at the speed of that street. Services are set into the edge that they are
    on, so that the shortest way between two places of one edge is found, too (Dijkstra 1959, from many at once).
    """

    streets: Streets
    within_m: float = np.inf

    @property
    def unit(self) -> str:
        """What costs are measured in: "metre" or "minute"."""
        return self.streets.unit

    def nearest(self, places: Floats, services: Floats) -> tuple[Floats, Ints]:
        """Cost to the nearest service, and which; of equally near ones the first."""
        web, doors = self._set_in(services)
        some = np.flatnonzero(doors >= 0)
        if not len(some) or not len(places):
            return np.full(len(places), np.inf), np.full(len(places), -1)
        cost, _, source = dijkstra(
            web.graph, indices=doors[some], min_only=True, return_predecessors=True
        )  # one pass for all services
        which = np.full(web.graph.shape[0], len(services))
        back = np.full(web.graph.shape[0], -1)
        back[doors[some]] = some
        which[source >= 0] = back[source[source >= 0]]
        which = _settle_ties(web.graph, cost, which)
        (left, right), (left_cost, right_cost) = web.neighbours(
            self.streets.snap(places, within_m=self.within_m)
        )
        one, other = cost[left] + left_cost, cost[right] + right_cost
        total = np.minimum(one, other)
        slack = np.where(np.isfinite(total), total, 0) * EQUAL
        found = np.minimum(
            np.where(one <= total + slack, which[left], len(services)),
            np.where(other <= total + slack, which[right], len(services)),
        )
        return total, np.where(np.isfinite(total), found, -1)

    def costs(self, places: Floats, services: Floats, limit: float) -> Iterator[tuple[int, Floats]]:
        """Some services' costs to all places at a time: the first service, and an array (services, places)."""
        web, doors = self._set_in(services)
        (left, right), (left_cost, right_cost) = web.neighbours(
            self.streets.snap(places, within_m=self.within_m)
        )
        size = max(ENTRIES // max(len(places), web.graph.shape[0], 1), 1)
        for begin in range(0, len(services), size):
            doors_here = doors[begin : begin + size]
            cost = np.full((len(doors_here), len(places)), np.inf)
            there = np.flatnonzero(doors_here >= 0)
            if len(there) and len(places):
                reach = dijkstra(web.graph, indices=doors_here[there], limit=limit)
                cost[there] = np.minimum(reach[:, left] + left_cost, reach[:, right] + right_cost)
                cost[cost > limit] = np.inf
            yield begin, cost

    def pairs(self, places: Floats, services: Floats, limit: float) -> Iterator[tuple[Ints, Ints, Floats]]:
        """Some services' pairs with the places within a limit at a time: places, services, costs."""
        web, doors = self._set_in(services)
        stops, stop_costs = web.neighbours(self.streets.snap(places, within_m=self.within_m))
        stop, stop_cost = np.concatenate(stops), np.concatenate(stop_costs)
        order = np.argsort(stop, kind="stable")
        begins = np.searchsorted(stop[order], np.arange(web.graph.shape[0] + 1))
        on = np.flatnonzero(doors >= 0)
        size = max(ENTRIES // max(web.graph.shape[0], 1), 1)
        for begin in range(0, len(on) if len(places) else 0, size):
            some = on[begin : begin + size]
            reach = dijkstra(web.graph, indices=doors[some], limit=limit)
            service, node = np.nonzero(np.isfinite(reach))
            # From each node to the places that are on its edges: a place is met from both ends of its own.
            which, at = spread(begins[node], begins[node + 1] - 1)
            place, cost = order[at] % len(places), reach[service, node][which] + stop_cost[order[at]]
            within = cost <= limit
            key, cost = service[which[within]] * len(places) + place[within], cost[within]
            cheapest = np.lexsort((cost, key))
            cheapest = cheapest[np.append(True, np.diff(key[cheapest]) > 0)[: len(key)]]
            yield key[cheapest] % len(places), some[key[cheapest] // len(places)], cost[cheapest]

    def _set_in(self, services: Floats) -> tuple[_Web, Ints]:
        """The network with services in it, and each service's own node; -1 where it is on no street."""
        net, at = self.streets, self.streets.snap(services, within_m=self.within_m)
        on = np.flatnonzero(at.edge >= 0)
        count, edges = len(net.nodes), len(net.start)
        # Stops along an edge: its start, the services on it in their order, its end.
        edge = np.concatenate((np.arange(edges), at.edge[on], np.arange(edges)))
        along = np.concatenate((np.zeros(edges), at.along_m[on], net.length_m))
        kind = np.repeat([0, 1, 2], [edges, len(on), edges])
        node = np.concatenate((net.start, count + np.arange(len(on)), net.end))
        order = np.lexsort((kind, along, kind == 2, kind != 0, edge))
        edge, along, node = edge[order], along[order], node[order]
        next_to = np.flatnonzero(edge[1:] == edge[:-1])
        cost = np.maximum(along[next_to + 1] - along[next_to], 0) * net.cost_per_m[edge[next_to]]
        doors = np.full(len(services), -1)
        doors[on] = count + len(on) + np.arange(len(on))
        graph = arcs(
            np.concatenate((node[next_to], count + np.arange(len(on)))),
            np.concatenate((node[next_to + 1], doors[on])),
            np.concatenate((cost, at.off_m[on] * net.cost_per_m[at.edge[on]])),
            count + 2 * len(on),
        )
        return _Web(net, graph, edge, along, node), doors


@dataclass(frozen=True, slots=True)
class _Web:
    """A network with services in it; `edge`, `along`, `node` are the stops along its edges, in order."""

    net: Streets
    graph: csr_array
    edge: Ints
    along: Floats
    node: Ints

    def neighbours(self, at: Snapped) -> tuple[tuple[Ints, Ints], tuple[Floats, Floats]]:
        """The stops before and behind each place on its edge, and what it costs to come from them."""
        if not len(self.edge):
            none = np.full(len(at.edge), np.inf)
            return (np.zeros(len(at.edge), dtype=np.int64), np.zeros(len(at.edge), dtype=np.int64)), (
                none,
                none,
            )
        on = np.maximum(at.edge, 0)
        first, last = np.searchsorted(self.edge, on), np.searchsorted(self.edge, on, side="right") - 1
        # One number sorts by edge, then along it: edges are laid end to end.
        begins = np.concatenate(([0.0], np.cumsum(self.net.length_m)))
        behind = np.searchsorted(begins[self.edge] + self.along, begins[on] + at.along_m, side="right")
        right = np.clip(behind, first + 1, last)
        left = right - 1
        rate = self.net.cost_per_m[on]
        costs = (np.abs(at.along_m - self.along[stop]) * rate + at.off_m * rate for stop in (left, right))
        return (self.node[left], self.node[right]), (next(costs), next(costs))


def _settle_ties(graph: csr_array, cost: Floats, which: Ints) -> Ints:
    """Of the services that are equally near to a node the first: the lower one wins along every shortest way."""
    rows = np.repeat(np.arange(graph.shape[0]), np.diff(graph.indptr))
    with np.errstate(invalid="ignore"):
        tight = cost[rows] + graph.data <= cost[graph.indices] * (1 + EQUAL)
    rows, columns = rows[tight & np.isfinite(cost[rows])], graph.indices[tight & np.isfinite(cost[rows])]
    while True:
        before = which.copy()
        np.minimum.at(which, columns, which[rows])
        if np.array_equal(before, which):
            return which


def _between(ones: Floats, others: Floats) -> NDArray[np.float64]:
    return np.hypot(*(ones[:, None, axis] - others[None, :, axis] for axis in (0, 1)))
