"""The search for a better plan of one community.

Single blocks change cells, blocks are swapped, two cells are cut anew.
"""

from __future__ import annotations

from itertools import permutations

import numpy as np

from spatial.redrawing.starts import starts
from spatial.redrawing.state import LESS, State, Totals, Town
from spatial.redrawing.trees import halve

SWEEPS = 40
"""A descent ends after so many looks at every block, if it has not ended before."""
TREES = 2


def search(town: Town, count: int, rounds: int, rng: np.random.Generator) -> State:
    """The best plan of so many cells that was found.

    Parameters
    ----------
    rounds
        How often two cells are cut anew, for each start that is followed up.
    rng
        Where everything by chance comes from.

    Notes
    -----
    Each start goes down to where no move of one block and no swap of two helps; the two best go on with
    recombination: two neighbouring cells are joined and cut along a spanning tree, the descent follows, and the plan
    is kept if it is no worse. Every move leaves both cells in one piece.
    """
    begun = list(starts(town, count, rng))
    for one in begun:
        descend(one)
    begun.sort(key=lambda state: state.value)
    if count == 1:
        return begun[0]
    return min((_recombined(town, one, rounds, rng) for one in begun[:2]), key=lambda state: state.value)


def descend(state: State) -> None:
    """Move and swap blocks until nothing helps."""
    for _ in range(SWEEPS):
        if not _moved(state) and not _swapped(state):
            return


def _moved(state: State) -> bool:
    """Whether a look at every block found one that is better elsewhere, each moved where it helps most."""
    any_ = False
    for block in range(len(state.cell)):
        if len(state.members[state.cell[block]]) == 1:
            continue
        found = [(state.gain(block, to)[0], -to) for to in state.beside(block)]
        if found:
            gain, to = max(found)
            if gain > LESS and state.holds_without(block):
                state.move(block, -to)
                any_ = True
    return any_


def _swapped(state: State) -> bool:
    """Whether two blocks were better the other way round; the first such pair is swapped."""
    for block in range(len(state.cell)):
        source = state.cell[block]
        for to in sorted(state.beside(block)):
            if state.holds_without(block) and _swap(state, block, source, to):
                return True
    return False


def _swap(state: State, block: int, source: int, to: int) -> bool:
    before = state.values[source] + state.values[to]
    state.move(block, to)
    lost = state.values[source] + state.values[to] - before
    back = [other for other in sorted(state.members[to]) if other != block and source in state.beside(other)]
    gained = [(state.gain(other, source)[0], -other) for other in back]
    for gain, other in sorted(gained, reverse=True):
        if gain - lost <= LESS:
            break
        if state.holds_without(-other):
            state.move(-other, source)
            return True
    state.move(block, source)
    return False


def _recombined(town: Town, begin: State, rounds: int, rng: np.random.Generator) -> State:
    best = begin
    for _ in range(rounds):
        state = State(town, best.cell, best.follows)
        pairs = state.pairs()
        if not pairs:
            return best
        recombine(state, *pairs[int(rng.integers(len(pairs)))], rng)
        descend(state)
        if state.value <= best.value:
            best = state
    return best


def recombine(state: State, p: int, q: int, rng: np.random.Generator) -> None:
    """Cut two cells anew, and say again whom each follows."""
    town = state.town
    old = state.follows[p], state.follows[q]

    def score(one: Totals, other: Totals) -> float:
        return state.value_of(one, 0.0) + state.value_of(other, 0.0)

    found = halve(state, state.members[p] | state.members[q], score, rng, trees=TREES)
    assert found
    parts = [found.one, found.other]

    def staying(order: tuple[int, ...]) -> float:
        return sum(
            town.own[b][0]
            for part, at in zip(parts, order, strict=True)
            for b in part
            if old[at] >= 0 and town.was[b] == old[at]
        )

    order = max(permutations((0, 1)), key=staying)
    state.replace([(p, q)[at] for at in order], parts)
