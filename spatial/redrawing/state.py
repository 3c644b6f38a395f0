"""One community's plan while it is worked on: totals of its cells, what a move is worth, what hangs together.

Plain lists: a move touches some ten numbers, for which arrays take longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import pi
from typing import TypeAlias

import numpy as np

from spatial.given import Numbers
from spatial.redrawing.graph import Graph
from spatial.redrawing.layers import NOBODY, Rows
from spatial.redrawing.objective import EASE, Weights, stops

Totals: TypeAlias = tuple[float, float, float, float, float, float, float, float]
"""Households, workload, area, stops, stops times x, times y, times x² + y², length of the border."""
LESS = 1e-9
"""What a move gains has to be more than rounding."""


@dataclass(frozen=True, slots=True)
class Town:
    """What does not change of a community.

    Parameters
    ----------
    near
        For each block its neighbours with the length of their border, as the objective counts it.
    own
        Totals of each block, its border all around.
    was
        Its present cell, -1 for none.
    bounds, weights
        As asked.
    drawn
        For each block the neighbours across a border that was there before.
    x, y
        The middle of each block, metres from that of the community.
    present
        How many present cells there are.
    """

    near: list[list[tuple[int, float]]]
    own: list[Totals]
    was: list[int]
    bounds: tuple[float, float]
    weights: Weights
    drawn: list[set[int]]
    x: list[float]
    y: list[float]
    present: int

    def __len__(self) -> int:
        return len(self.own)


def town_of(
    graph: Graph, table: dict[str, Numbers], was: Rows, bounds: tuple[float, float], weights: Weights
) -> Town:
    """A community's blocks as the search needs them."""
    count = len(was)
    near: list[list[tuple[int, float]]] = [[] for _ in range(count)]
    drawn: list[set[int]] = [set() for _ in range(count)]
    border = graph.border_m * np.where(graph.drawn, EASE, 1.0)
    length = EASE * graph.outer_m
    for a, b, metres, before in zip(
        graph.a.tolist(), graph.b.tolist(), border.tolist(), graph.drawn.tolist(), strict=True
    ):
        near[a].append((b, metres))
        near[b].append((a, metres))
        if before:
            drawn[a].add(b)
            drawn[b].add(a)
    length = length + np.array([sum(metres for _, metres in one) for one in near])
    stop = stops(table["households"], table["workload"])
    x, y = table["x"] - table["x"].mean(), table["y"] - table["y"].mean()
    own = np.stack(
        (
            table["households"],
            table["workload"],
            graph.area_m2,
            stop,
            stop * x,
            stop * y,
            stop * (x**2 + y**2),
            length,
        ),
        axis=1,
    )
    return Town(
        near, [tuple(one) for one in own.tolist()], was.tolist(), bounds, weights, drawn, x.tolist(), y.tolist(),
        int(was.max(initial=NOBODY)) + 1,
    )  # fmt: skip


class State:
    """A plan of one community.

    Parameters
    ----------
    town
        The community.
    cell
        The cell of each block, from 0 on, none empty.
    follows
        The present cell that each cell follows, -1 for none.
    """

    def __init__(self, town: Town, cell: Sequence[int], follows: Sequence[int]) -> None:
        self.town, self.cell, self.follows = town, list(cell), list(follows)
        self.count = len(self.follows)
        all_ = [sum(column) for column in zip(*town.own, strict=True)]
        self._mean = (all_[0] / self.count, all_[1] / self.count)
        self._households = all_[0]
        self._disc = all_[2] / self.count / (2 * pi)
        self.members: list[set[int]] = [set() for _ in range(self.count)]
        for block, one in enumerate(self.cell):
            self.members[one].add(block)
        self.totals = [self.total(members) for members in self.members]
        self.stays = [self._staying(c, self.members[c]) for c in range(self.count)]
        self.values = [self.value_of(*pair) for pair in zip(self.totals, self.stays, strict=True)]

    @property
    def value(self) -> float:
        """The objective, less what does not depend on the plan; less is better."""
        return sum(self.values)

    def total(self, blocks: Iterable[int]) -> Totals:
        """Totals of some blocks as one cell."""
        inside = set(blocks)
        own = self.town.own
        *sums, length = (sum(column) for column in zip(*(own[b] for b in inside), strict=True))
        within = sum(metres for b in inside for other, metres in self.town.near[b] if other in inside)
        return totals(sums, length - within)

    def value_of(self, totals: Totals, stays: float) -> float:
        """What a cell with such totals adds to the objective."""
        households, workload, area, stop, x, y, square, length = totals
        weights, (low, high) = self.town.weights, self.town.bounds
        missed = max((low - households) / low, (households - high) / high, 0.0)
        even, work = self._mean
        shared = weights.bounds * missed + weights.compactness * length * length / (4 * pi * area)
        if even:
            shared += weights.households * (households / even - 1) ** 2
        if work:
            shared += weights.workload * (workload / work - 1) ** 2
        way = square - (x * x + y * y) / stop if stop > 0 else 0.0
        kept = weights.change * stays / self._households if self._households else 0.0
        return float(shared / self.count + weights.travel * way / self._disc - kept)

    def beside(self, block: int) -> set[int]:
        """The other cells that a block borders on."""
        own = self.cell[block]
        return {self.cell[other] for other, _ in self.town.near[block]} - {own}

    def gain(self, block: int, to: int) -> tuple[float, tuple[Totals, float], tuple[Totals, float]]:
        """By how much the objective falls where a block goes to another cell, and what both cells are then."""
        town, source = self.town, self.cell[block]
        with_source = with_to = 0.0
        for other, metres in town.near[block]:
            if self.cell[other] == source:
                with_source += metres
            elif self.cell[other] == to:
                with_to += metres
        own = town.own[block]
        less = _moved(self.totals[source], own, -1.0, 2 * with_source - own[7])
        more = _moved(self.totals[to], own, 1.0, own[7] - 2 * with_to)
        lost = own[0] if town.was[block] != NOBODY and town.was[block] == self.follows[source] else 0.0
        won = own[0] if town.was[block] != NOBODY and town.was[block] == self.follows[to] else 0.0
        first, second = (less, self.stays[source] - lost), (more, self.stays[to] + won)
        before = self.values[source] + self.values[to]
        return before - self.value_of(*first) - self.value_of(*second), first, second

    def move(self, block: int, to: int) -> None:
        """Give a block to another cell."""
        source = self.cell[block]
        _, first, second = self.gain(block, to)
        self.cell[block] = to
        self.members[source].remove(block)
        self.members[to].add(block)
        for one, (totals, stays) in ((source, first), (to, second)):
            self.totals[one], self.stays[one] = totals, stays
            self.values[one] = self.value_of(totals, stays)

    def holds_without(self, block: int) -> bool:
        """Whether a block's cell is left in one piece, and not empty, when the block goes."""
        members = self.members[self.cell[block]]
        around = [other for other, _ in self.town.near[block] if other in members]
        if not around:
            return False
        reached, waiting = {block, around[0]}, [around[0]]
        missing = set(around[1:])
        while waiting and missing:
            for other, _ in self.town.near[waiting.pop()]:
                if other in members and other not in reached:
                    reached.add(other)
                    missing.discard(other)
                    waiting.append(other)
        return not missing

    def pairs(self) -> list[tuple[int, int]]:
        """Cells side by side, each pair once."""
        found = {(self.cell[b], self.cell[o]) for b in range(len(self.cell)) for o, _ in self.town.near[b]}
        return sorted((p, q) for p, q in found if p < q)

    def replace(self, cells: Sequence[int], parts: Sequence[set[int]]) -> None:
        """Share out the blocks of some cells anew."""
        for one, part in zip(cells, parts, strict=True):
            self.members[one] = set(part)
            for block in part:
                self.cell[block] = one
        for one in cells:
            self.totals[one] = self.total(self.members[one])
            self.stays[one] = self._staying(one, self.members[one])
            self.values[one] = self.value_of(self.totals[one], self.stays[one])

    def _staying(self, cell: int, members: Iterable[int]) -> float:
        old = self.follows[cell]
        return float(sum(self.town.own[b][0] for b in members if old != NOBODY and self.town.was[b] == old))


def totals(sums: Iterable[float], length: float) -> Totals:
    """Totals from the seven sums and the length of the border."""
    households, workload, area, stop, x, y, square = sums
    return households, workload, area, stop, x, y, square, length


def _moved(totals: Totals, own: Totals, sign: float, length: float) -> Totals:
    return (
        totals[0] + sign * own[0], totals[1] + sign * own[1], totals[2] + sign * own[2], totals[3] + sign * own[3],
        totals[4] + sign * own[4], totals[5] + sign * own[5], totals[6] + sign * own[6], totals[7] + length,
    )  # fmt: skip
