"""Where a search begins: the present cells, halving again and again, growing from seeds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import pi

import numpy as np

from spatial.redrawing.comparing import follow
from spatial.redrawing.layers import NOBODY
from spatial.redrawing.state import LESS, State, Totals, Town
from spatial.redrawing.trees import halve

TREES = 6
GROWN = 2
"""So many starts are grown from seeds."""


def starts(town: Town, count: int, rng: np.random.Generator) -> Iterator[State]:
    """Plans of so many connected cells; the first keeps most of the present cells."""
    if town.present:
        yield _from_present(town, count, rng)
    whole = State(town, [0] * len(town), [NOBODY])
    yield following(town, _halved(whole, set(range(len(town))), count, rng), count)
    for _ in range(GROWN):
        yield following(town, _grown(town, count, rng), count)


def present(town: Town) -> list[int]:
    """The present cells; what of them is in pieces, or in none, with the neighbour it shares most border with."""
    cell = list(town.was)
    largest = _largest_pieces(town, cell)
    cell = [one if block in largest else NOBODY for block, one in enumerate(cell)]
    if all(one == NOBODY for one in cell):
        return [0] * len(cell)
    while NOBODY in cell:
        options = [
            (metres, -block, cell[other])
            for block, one in enumerate(cell) if one == NOBODY
            for other, metres in town.near[block] if cell[other] != NOBODY
        ]  # fmt: skip
        _, block, to = max(options)
        cell[-block] = to
    return cell


def following(town: Town, cell: list[int], count: int) -> State:
    """A plan of which each cell follows the present one that keeps most people together."""
    households = np.array([own[0] for own in town.own])
    if not town.present:
        return State(town, cell, [NOBODY] * count)
    was, now = np.array(town.was), np.array(cell)
    return State(town, cell, follow(was, now, households, town.present, count).tolist())


def _from_present(town: Town, count: int, rng: np.random.Generator) -> State:
    """The present cells, of which the largest are halved or the smallest joined until there are so many."""
    cell = _numbered(present(town))
    while (cells := max(cell) + 1) != count:
        state = State(town, cell, [NOBODY] * cells)
        if cells > count:
            p, q = min(state.pairs(), key=lambda pair: sum(state.totals[one][0] for one in pair))
            cell = [p if one == q else one for one in cell]
        else:
            large = max(
                (c for c in range(cells) if len(state.members[c]) > 1), key=lambda c: state.totals[c][0]
            )
            found = halve(state, state.members[large], Shares(0.5), rng, trees=TREES)
            assert found
            cell = [cells if block in found.other else one for block, one in enumerate(cell)]
        cell = _numbered(cell)
    return following(town, cell, count)


def _halved(state: State, blocks: set[int], count: int, rng: np.random.Generator) -> list[int]:
    """Recursive halving; each part gets as many blocks as it has cells, at least."""
    cell = [0] * len(state.town)
    waiting, used = [(blocks, count)], 0
    while waiting:
        part, cells = waiting.pop()
        if cells == 1:
            for block in part:
                cell[block] = used
            used += 1
            continue
        few = cells // 2
        found = halve(state, part, Shares(few / cells), rng, trees=TREES)
        assert found
        few = min(max(few, cells - len(found.other)), len(found.one))
        waiting += [(found.one, few), (found.other, cells - few)]
    return cell


@dataclass(frozen=True, slots=True)
class Shares:
    """How far two parts are from their shares of households (of ground, where nobody lives), and how round they are.

    Parameters
    ----------
    wanted
        The share of the first.
    """

    wanted: float

    def __call__(self, one: Totals, other: Totals) -> float:
        """Less is better."""
        by = 0 if one[0] + other[0] > 0 else 2
        share = one[by] / (one[by] + other[by])
        round_ = sum(part[7] ** 2 / (4 * pi * part[2]) for part in (one, other))
        return 40 * (share / self.wanted - 1) ** 2 + round_


def _grown(town: Town, count: int, rng: np.random.Generator) -> list[int]:
    """Cells that grow block by block from seeds far from each other, always the one with the fewest households."""
    x, y = np.array(town.x), np.array(town.y)
    weight = np.array([own[3] + LESS for own in town.own])
    weight /= weight.sum()
    seeds = [int(rng.choice(len(town), p=weight))]
    while len(seeds) < count:
        away = np.min([(x - x[s]) ** 2 + (y - y[s]) ** 2 for s in seeds], axis=0) * weight
        away[seeds] = 0
        free = np.ones(len(town))
        free[seeds] = 0
        away = away if away.sum() > 0 else free
        seeds.append(int(rng.choice(len(town), p=away / away.sum())))
    cell = [NOBODY] * len(town)
    load = [0.0] * count
    edge: list[set[int]] = [set() for _ in seeds]

    def take(block: int, to: int) -> None:
        cell[block] = to
        load[to] += town.own[block][0] + LESS * town.own[block][2]
        edge[to] |= {other for other, _ in town.near[block] if cell[other] == NOBODY}
        for one in edge:
            one.discard(block)

    for at, seed in enumerate(seeds):
        take(seed, at)
    while any(edge):
        to = min((c for c in range(count) if edge[c]), key=lambda c: load[c])
        seed = seeds[to]
        take(min(edge[to], key=lambda b: ((x[b] - x[seed]) ** 2 + (y[b] - y[seed]) ** 2, b)), to)
    return cell


def _largest_pieces(town: Town, cell: list[int]) -> set[int]:
    """Blocks of the largest piece of each cell, by households, then by ground."""
    seen: set[int] = set()
    best: dict[int, tuple[tuple[float, float, int], set[int]]] = {}
    for block, one in enumerate(cell):
        if block in seen or one == NOBODY:
            continue
        piece, waiting = {block}, [block]
        while waiting:
            for other, _ in town.near[waiting.pop()]:
                if cell[other] == one and other not in piece:
                    piece.add(other)
                    waiting.append(other)
        seen |= piece
        size = (sum(town.own[b][0] for b in piece), sum(town.own[b][2] for b in piece), -block)
        if one not in best or size > best[one][0]:
            best[one] = size, piece
    return {block for _, piece in best.values() for block in piece}


def _numbered(cell: list[int]) -> list[int]:
    """The same cells, numbered from 0 without a gap."""
    at = {one: number for number, one in enumerate(sorted(set(cell)))}
    return [at[one] for one in cell]
