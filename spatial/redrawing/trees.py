"""Cutting connected blocks in two along an edge of a spanning tree, so that both parts hang together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from spatial.redrawing.state import State, Totals, totals

ALONG = 1.0
"""An edge of the tree over a border that was there before weighs so much more than one by chance, at most 1: it is
taken last, and so is cut first."""

Score = Callable[[Totals, Totals], float]


@dataclass(frozen=True, slots=True)
class Halves:
    """Two connected parts.

    Parameters
    ----------
    one, other
        Blocks of each.
    score
        The less, the better.
    """

    one: set[int]
    other: set[int]
    score: float


def halve(
    state: State, blocks: set[int], score: Score, rng: np.random.Generator, *, trees: int = 1
) -> Halves | None:
    """The best cut of some spanning trees by chance; None where there is only one block.

    Parameters
    ----------
    blocks
        They hang together.
    score
        Of the totals of both parts, in this order; both orders are tried.

    Notes
    -----
    Every edge of a tree is a cut, and the totals of its two sides come from one walk over the tree; the border between
    them from the lowest common ancestors of all other edges. Trees for parts: DeFord, Duchin and Solomon 2021
    (recombination).
    """
    best: Halves | None = None
    for _ in range(trees):
        tree = _Tree(state, blocks, rng)
        for block, below, above in tree.cuts():
            for flipped in (False, True):
                found = score(above, below) if flipped else score(below, above)
                if best is None or found < best.score:
                    part = tree.under(block)
                    rest = blocks - part
                    best = Halves(rest, part, found) if flipped else Halves(part, rest, found)
    return best


class _Tree:
    """A spanning tree by chance."""

    def __init__(self, state: State, blocks: set[int], rng: np.random.Generator) -> None:
        self._state, self._blocks = state, blocks
        town, order = state.town, sorted(blocks)
        edges = [(b, o) for b in order for o, _ in town.near[b] if b < o and o in blocks]
        weight = rng.random(len(edges)).tolist()
        weight = [w + ALONG * (o in town.drawn[b]) for w, (b, o) in zip(weight, edges, strict=True)]
        leader = {b: b for b in order}

        def find(one: int) -> int:
            while leader[one] != one:
                leader[one] = one = leader[leader[one]]
            return one

        near: dict[int, list[int]] = {b: [] for b in order}
        for at in sorted(range(len(edges)), key=weight.__getitem__):
            b, o = edges[at]
            first, second = find(b), find(o)
            if first != second:
                leader[first] = second
                near[b].append(o)
                near[o].append(b)
        self.parent, self.depth = {order[0]: -1}, {order[0]: 0}
        self.walk = [order[0]]
        for b in self.walk:
            for o in near[b]:
                if o != self.parent[b]:
                    self.parent[o], self.depth[o] = b, self.depth[b] + 1
                    self.walk.append(o)
        self._edges = edges

    def cuts(self) -> Iterator[tuple[int, Totals, Totals]]:
        """For each block but the first: the totals of what hangs below it, and of the rest."""
        town, blocks = self._state.town, self._blocks
        sums = {b: list(town.own[b][:7]) for b in self.walk}
        within = {b: sum(metres for o, metres in town.near[b] if o in blocks) for b in self.walk}
        out = {b: town.own[b][7] - within[b] for b in self.walk}
        for b, o in self._edges:
            metres = next(m for other, m in town.near[b] if other == o)
            within[self._meeting(b, o)] -= 2 * metres
        whole = [sum(column) for column in zip(*sums.values(), strict=True)]
        all_out = sum(out.values())
        for b in reversed(self.walk[1:]):
            up = self.parent[b]
            # `within` is now the border between what hangs below and the rest.
            rest = (w - s for w, s in zip(whole, sums[b], strict=True))
            yield b, totals(sums[b], out[b] + within[b]), totals(rest, all_out - out[b] + within[b])
            sums[up] = [s + t for s, t in zip(sums[up], sums[b], strict=True)]
            out[up] += out[b]
            within[up] += within[b]

    def under(self, block: int) -> set[int]:
        """A block with all that hangs below it."""
        found = {block}
        for b in self.walk:
            if self.parent[b] in found:
                found.add(b)
        return found

    def _meeting(self, b: int, o: int) -> int:
        while b != o:
            if self.depth[b] < self.depth[o]:
                b, o = o, b
            b = self.parent[b]
        return b
