"""Numbers of a map in classes."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.classes import NOTHING, classify
from spatial.errors import DataError


def test_quantiles_by_hand() -> None:
    found = classify([5, 1, 2, 3, 4, 6, 7, 8], "quantiles", 4)
    assert found.breaks.tolist() == [1, 2, 4, 6, 8] and found.counts.tolist() == [2, 2, 2, 2]


def test_equal_numbers_stay_together() -> None:
    """Two thirds are 0: of three classes two would end at 0."""
    found = classify([0, 0, 0, 0, 1, 2], "quantiles", 3)
    assert found.breaks.tolist() == [0, 0, 2] and found.counts.tolist() == [4, 2]
    assert found.of([0, 0.5, 2]).tolist() == [0, 1, 1]


def test_equal_intervals() -> None:
    found = classify([0, 1, 10], "equal_intervals", 2)
    assert found.breaks.tolist() == [0, 5, 10] and found.counts.tolist() == [2, 1]


def test_natural_breaks_of_groups_that_anybody_sees() -> None:
    found = classify([1, 2, 1, 50, 51, 49, 1_000, 1_002], "natural_breaks", 3)
    assert found.breaks.tolist() == [1, 2, 51, 1_002] and found.counts.tolist() == [3, 3, 2]


def spread(values: np.ndarray[Any, Any], ends: tuple[float, ...]) -> float:
    """Squares about the mean of each class."""
    group = np.searchsorted(ends, values, side="left")
    return sum(
        float(((values[group == one] - values[group == one].mean()) ** 2).sum()) for one in np.unique(group)
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-30, 30), min_size=1, max_size=11), st.integers(1, 4))
def test_no_other_breaks_are_better(values: list[int], count: int) -> None:
    array = np.array(values, dtype=float)
    found = classify(array, "natural_breaks", count)
    unique = np.unique(array)
    number = min(count, len(unique))
    best = min(spread(array, (*ends, unique[-1])) for ends in combinations(unique[:-1].tolist(), number - 1))
    assert len(found.counts) == number and found.counts.sum() == len(values)
    assert spread(array, tuple(found.breaks[1:])) == pytest.approx(best)


def test_far_from_zero_and_many() -> None:
    """20,000 numbers in three clusters around a billion are told apart."""
    rng = np.random.default_rng(3)
    values = 1e9 + np.concatenate([rng.normal(middle, 1, 7_000) for middle in (0, 40, 100)])
    assert classify(values, "natural_breaks", 3).counts.tolist() == [7_000] * 3


def test_given_breaks_and_what_lies_beyond() -> None:
    found = classify([1, 5, 12], "given", breaks=[5, 10, 20])
    assert found.counts.tolist() == [2, 0, 1] and found.of([-3, 5, 5.1, 99, np.nan]).tolist() == [
        0,
        0,
        1,
        2,
        NOTHING,
    ]


def test_no_number_counts_nowhere() -> None:
    found = classify([np.nan, 1, 2, np.nan], "quantiles", 2)
    assert found.counts.tolist() == [1, 1] and found.of([np.nan, 1]).tolist() == [NOTHING, 0]


def test_one_number_is_one_class() -> None:
    for method in ("quantiles", "equal_intervals", "natural_breaks"):
        found = classify([7, 7, 7], method, 5)
        assert found.breaks.tolist() == [7, 7] and found.counts.tolist() == [3]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"values": [], "method": "quantiles"}, "no_numbers"),
        ({"values": [np.nan], "method": "natural_breaks"}, "no_numbers"),
        ({"values": [1, np.inf], "method": "quantiles"}, "not_finite"),
        ({"values": [[1, 2]], "method": "quantiles"}, "not_one_dimensional"),
        ({"values": [1], "method": "pretty"}, "not_one_of"),
        ({"values": [1], "method": "quantiles", "count": 0}, "not_within"),
        ({"values": [1, 9], "method": "given", "breaks": [5]}, "breaks_unusable"),
        ({"values": [1, 9], "method": "given", "breaks": [9, 5]}, "breaks_unusable"),
        ({"values": [1, 9], "method": "given"}, "breaks_unusable"),
    ],
)
def test_what_cannot_be_classed_is_named(asked: dict[str, Any], code: str) -> None:
    with pytest.raises(DataError) as caught:
        classify(**asked)
    assert caught.value.code == code
