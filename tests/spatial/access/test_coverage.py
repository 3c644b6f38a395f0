"""Who is within a limit, and catchments, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.access import Straight, coverage, reached, two_step
from spatial.errors import DataError


def test_shares_by_hand() -> None:
    found = coverage(
        [5, 10, 11, np.inf],
        10,
        {"persons": [100, 50, 30, 20], "elderly": [10, 0, 9, 1]},
        cells=["b", "a", "b", "c"],
    )
    assert found.names == ("persons", "elderly")
    assert found.total.tolist() == [200, 20] and found.within.tolist() == [150, 10]
    assert found.share.tolist() == [0.75, 0.5]
    assert found.cells == ("a", "b", "c")
    assert found.cell_within.tolist() == [[50, 0], [100, 10], [0, 0]]
    assert found.cell_share[0, 0] == 1 and np.isnan(found.cell_share[0, 1])
    assert found.cell_share[1].tolist() == pytest.approx([100 / 130, 10 / 19])
    assert found.cell_worst.tolist() == [10, 11, np.inf]
    assert found.gaps.tolist() == [2, 3]


def test_gaps_begin_with_most_people() -> None:
    assert coverage([9, 9, 9, 1], 5, {"elderly": [1, 7, 7, 50]}).gaps.tolist() == [1, 2, 0]


def test_nobody_at_all() -> None:
    found = coverage([], 5, {"persons": []}, cells=[])
    assert np.isnan(found.share[0]) and found.cells == () and found.gaps.tolist() == []


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 1000))
def test_cells_sum_to_the_whole_in_any_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cost, people, cells = rng.uniform(0, 20, 30), rng.integers(0, 9, 30), rng.integers(0, 5, 30)
    found = coverage(cost, 10, {"persons": people}, cells=cells.tolist())
    assert found.cell_within.sum() == pytest.approx(found.within[0])
    rows = rng.permutation(30)
    again = coverage(cost[rows], 10, {"persons": people[rows]}, cells=cells[rows].tolist())
    assert np.array_equal(again.cell_within, found.cell_within)
    assert sorted(rows[again.gaps]) == sorted(found.gaps)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: coverage([np.nan], 5, {"persons": [1]}), "cost_missing"),
        (lambda: coverage([-1], 5, {"persons": [1]}), "too_small"),
        (lambda: coverage([[1]], 5, {"persons": [1]}), "not_one_dimensional"),
        (lambda: coverage([1], 5, {}), "nobody_counted"),
        (lambda: coverage([1], 0, {"persons": [1]}), "not_positive"),
        (lambda: coverage([1], 5, {"persons": [-1]}), "too_small"),
        (lambda: coverage([1], 5, {"persons": [1, 2]}), "other_count"),
        (lambda: coverage([1], 5, {"persons": [1]}, cells=[]), "other_count"),
    ],
)
def test_wrong_questions_are_named(call: Any, code: str) -> None:
    with pytest.raises(DataError) as raised:
        call()
    assert raised.value.code == code


def test_catchments_by_hand() -> None:
    # Two surgeries on a line, at 0 and at 10, reach 6; people at 1, 5, 9 and 30.
    pairs = reached([[1, 0], [5, 0], [9, 0], [30, 0]], [[0, 0], [10, 0]], Straight(1.0), 6)
    found = two_step(pairs, [4, 3], [100, 100, 200, 50])
    assert found.ratio.tolist() == pytest.approx([4 / 200, 3 / 300])
    assert found.access.tolist() == pytest.approx([0.02, 0.03, 0.01, 0])
    assert found.mean == pytest.approx((2 + 3 + 2) / 450)


def test_capacity_is_given_out_and_none_is_lost() -> None:
    rng = np.random.default_rng(2)
    people, capacity = rng.integers(0, 50, 80).astype(float), rng.uniform(1, 9, 12)
    pairs = reached(rng.uniform(0, 100, (80, 2)), rng.uniform(0, 100, (12, 2)), Straight(1.0), 20)
    found = two_step(pairs, capacity, people)
    assert found.access @ people == pytest.approx(capacity[np.isfinite(found.ratio)].sum())


def test_a_service_without_people_has_no_ratio() -> None:
    found = two_step(reached([[0, 0]], [[0, 0], [99, 0]], Straight(1.0), 5), [1, 1], [0])
    assert np.isnan(found.ratio).all() and found.access.tolist() == [0] and np.isnan(found.mean)
    with pytest.raises(DataError):
        two_step(reached([[0, 0]], [[0, 0]], Straight(1.0), 5), [1, 1], [0])
