"""Workload by hand, and what holds of every spread."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.errors import DataError
from spatial.workload import of_officers, overloaded, spread, workload


def test_load_by_hand() -> None:
    found = workload(
        {"cases": [10, 0], "visits": [4, 6], "km": [2, 5]}, {"km": 0.2, "cases": 0.5, "visits": 1}
    )
    assert found.names == ("cases", "visits", "km")
    assert found.load.tolist() == pytest.approx([9.4, 7.0])
    assert found.parts.tolist() == [[5, 4, pytest.approx(0.4)], [0, 6, 1]]


def test_officers_share_cells() -> None:
    cells = workload({"cases": [10, 20, 30]}, {"cases": 1})
    found = of_officers(cells, [0, 1, 1, 2, 3], [0, 1, 2, 2, 2], [1, 1, 0.5, 0.25, 0.25], 5)
    assert found.load.tolist() == [10, 35, 7.5, 7.5, 0]
    assert found.load.sum() == cells.load.sum()


def test_spread_by_hand() -> None:
    found = spread([1, 3])
    assert (found.mean, found.most, found.most_to_mean) == (2, 3, 1.5)
    assert found.variation == pytest.approx(0.5) and found.gini == pytest.approx(0.25)
    assert spread([0, 0, 0, 8]).gini == pytest.approx(3 / 4)
    assert spread([5]).gini == 0 and spread([2, 2, 2]).variation == 0


def test_spread_of_nothing() -> None:
    assert np.isnan(spread([]).mean) and np.isnan(spread([0, 0]).gini) and spread([0, 0]).mean == 0


@given(load=st.lists(st.floats(0, 1e6), min_size=1, max_size=30), times=st.floats(0.1, 10))
def test_gini_is_the_mean_difference_of_all_pairs(load: list[float], times: float) -> None:
    values = np.asarray(load)
    if values.sum() <= 1e-3:
        return
    wanted = np.abs(values[:, None] - values[None, :]).mean() / (2 * values.mean())
    assert spread(load).gini == pytest.approx(wanted, abs=1e-9)
    assert spread(values[::-1] * times).gini == pytest.approx(wanted, abs=1e-9)
    assert -1e-12 <= wanted <= (len(load) - 1) / len(load) + 1e-12


@pytest.mark.parametrize(
    ("rule", "factor", "threshold", "rows"),
    [
        ("mean", 1.5, 6.0, [3, 1]),
        ("median", 2.0, 4.0, [3, 1]),
        ("limit", 7.0, 7.0, [3]),
        ("limit", 8.0, 8.0, []),
        ("fence", 1.5, 14.5, []),
    ],
)
def test_who_has_too_much(rule: str, factor: float, threshold: float, rows: list[int]) -> None:
    found = overloaded([1, 7, 2, 8, 2], rule, factor)
    assert found.threshold == pytest.approx(threshold) and found.rows.tolist() == rows
    assert found.excess.tolist() == pytest.approx([[1, 7, 2, 8, 2][row] - threshold for row in rows])


def test_nobody_has_nothing_too_much() -> None:
    assert overloaded([], "mean", 1).rows.tolist() == []
    assert overloaded([3, 3, 1], "limit", 2).rows.tolist() == [0, 1]


CELLS = workload({"cases": [1, 2]}, {"cases": 1})


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: workload({}, {}), "nothing_to_do"),
        (lambda: workload({"cases": [1]}, {"visits": 1}), "other_kinds"),
        (lambda: workload({"cases": [1]}, {"cases": -1}), "too_small"),
        (lambda: workload({"cases": [np.nan]}, {"cases": 1}), "not_finite"),
        (lambda: workload({"cases": [1], "visits": [1, 2]}, {"cases": 1, "visits": 1}), "other_count"),
        (lambda: of_officers(CELLS, [0, 1], [0, 0], [0.6, 0.6], 2), "parts_exceed"),
        (lambda: of_officers(CELLS, [2], [0], [1], 2), "no_such_row"),
        (lambda: of_officers(CELLS, [0], [0.5], [1], 2), "no_such_row"),
        (lambda: of_officers(CELLS, [0], [0, 1], [1], 2), "other_count"),
        (lambda: overloaded([1], "x", 1), "not_one_of"),
        (lambda: overloaded([1], "mean", 0), "not_positive"),
        (lambda: spread([-1]), "too_small"),
    ],
)
def test_wrong_questions_are_named(call: Any, code: str) -> None:
    with pytest.raises(DataError) as raised:
        call()
    assert raised.value.code == code
