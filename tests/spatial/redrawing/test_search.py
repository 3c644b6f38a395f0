"""What the search counts while it goes on is what the objective says of the plan, to rounding."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.redrawing import Weights, blocks
from spatial.redrawing.balance import _town
from spatial.redrawing.graph import graph_of
from spatial.redrawing.objective import worth
from spatial.redrawing.plan import columns, within
from spatial.redrawing.search import descend, recombine
from spatial.redrawing.starts import starts
from spatial.redrawing.state import State
from spatial.redrawing.trees import halve
from tests.spatial.redrawing.towns import layer, points, square


def town(seed: int) -> tuple[object, ...]:
    rng = np.random.default_rng(seed)
    at = rng.permutation(np.stack(np.meshgrid(np.arange(6), np.arange(4)), axis=-1).reshape(-1, 2))[:15]
    built = layer([square(x + 0.3, y + 0.3, 0.3, 0.2) for x, y in at], households=rng.integers(0, 200, 15))
    now = layer([square(0, 0, 2, 4), square(2, 0, 2, 4), square(4, 0, 2, 4)], code=["T001", "T002", "T003"])
    cases = points(rng.uniform(0, (6, 4), (30, 2)))
    made = blocks(layer([square(0, 0, 6, 4)], code=["T"]), built, cells=now, cases=cases)
    graph = graph_of(made)
    mine, own = within(graph, 0)
    _, found = _town(made, graph, 0, (300, 500), Weights())
    return made, own, columns(made, mine), found


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 999))
def test_every_move_is_counted_exactly(seed: int) -> None:
    _, graph, table, known = town(seed)
    rng = np.random.default_rng(seed)

    def anew(state: State) -> float:
        terms = worth(
            graph, table, np.array(state.cell), np.array(known.was), np.array(state.follows), (300, 500)
        )
        return Weights().total(terms)

    for state in starts(known, 3, rng):
        constant = state.value - anew(state)
        for _ in range(20):
            block = int(rng.integers(len(known)))
            for to in sorted(state.beside(block)):
                if state.holds_without(block):
                    before, (gain, _, _) = state.value, state.gain(block, to)
                    state.move(block, to)
                    assert before - state.value == pytest.approx(gain)
                    break
        assert state.value - anew(state) == pytest.approx(constant)
        recombine(state, *state.pairs()[0], rng)
        assert state.value - anew(state) == pytest.approx(constant)
        before = state.value
        descend(state)
        assert state.value <= before + 1e-9 and state.value - anew(state) == pytest.approx(constant)


def test_a_tree_is_cut_into_two_that_hang_together() -> None:
    made, _, _, known = town(4)
    state = State(known, [0] * len(known), [-1])
    shapes = made.geometry.to_numpy()

    def score(one: tuple[float, ...], other: tuple[float, ...]) -> float:
        assert one[0] + other[0] == pytest.approx(state.totals[0][0])
        return abs(one[0] - other[0])

    found = halve(state, set(range(len(known))), score, np.random.default_rng(0), trees=3)
    assert found and found.one | found.other == set(range(len(known))) and not found.one & found.other
    for part in (found.one, found.other):
        whole = shapely.coverage_union_all(shapes[sorted(part)])
        assert whole.geom_type == "Polygon"
        assert state.total(part)[2] == pytest.approx(whole.area)
    assert halve(state, {0}, score, np.random.default_rng(0)) is None
