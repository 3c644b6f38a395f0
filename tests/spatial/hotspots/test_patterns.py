"""Emerging hot spots: every pattern by hand, and found in made-up layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from spatial.errors import DataError
from spatial.hotspots import emerging, gi_star
from spatial.hotspots.patterns import PATTERNS, patterns_of
from spatial.neighbours import from_pairs
from tests.spatial.hotspots.samples import lattice

SIGNS = {"+": 1, ".": 0, "-": -1}

HISTORIES = [
    ("..........", 0, ""),
    (".........+", 0, "new"),
    (".........+", 1, "new"),
    ("........++", 1, "consecutive"),
    (".++++++++.", 0, ""),  # eight of ten, and not in the last
    ("..++++++++", 0, "consecutive"),  # eight of ten
    ("+......+++", 0, "sporadic"),
    ("+........+", 0, "sporadic"),
    ("-........+", 0, "oscillating"),
    ("-..++..+++", 0, "oscillating"),
    ("+++++++++.", 0, "historical"),
    ("+++++++++.", 1, "historical"),
    (".+++++++++", 1, "intensifying"),
    ("++++++++++", 1, "intensifying"),
    ("++++++++++", -1, "diminishing"),
    ("++++++++++", 0, "persistent"),
    ("++++-+++++", 0, "persistent"),  # nine of ten: what the tenth was does not matter
    ("+........-", 0, None),  # of the cold ones
    ("+++++++++-", 0, None),  # what it is now goes before what it was
]


@pytest.mark.parametrize(("history", "moving", "pattern"), HISTORIES)
def test_every_history_has_its_pattern(history: str, moving: int, pattern: str | None) -> None:
    state = np.array([[SIGNS[sign] for sign in history]], dtype=np.int8)
    move = np.array([moving], dtype=np.int8)
    hot, cold = patterns_of(state, move)[0], patterns_of(-state, -move)[0]
    if pattern is None:
        assert (hot, cold) == ("oscillating_cold", "oscillating_hot")
    else:
        assert (hot, cold) == ((f"{pattern}_hot", f"{pattern}_cold") if pattern else ("", ""))


def test_histories_show_every_pattern() -> None:
    assert {pattern for *_, pattern in HISTORIES if pattern} == set(PATTERNS)


def test_patterns_exclude_each_other() -> None:
    """Whatever the history, the last period says whether it is a hot pattern, a cold one, or one of the past."""
    rng = np.random.default_rng(1)
    state = rng.choice(np.array([-1, 0, 1, 1, 1, 1, 1, 1, 1, 1], dtype=np.int8), (5000, 11))
    found = patterns_of(state, rng.integers(-1, 2, 5000).astype(np.int8))
    last = state[:, -1]
    named = np.array([name.rsplit("_", 1)[-1] if name else "" for name in found])
    assert set(named[last == 1]) == {"hot"} and not (named[last == 0] == "cold").any()
    assert set(found[last == 0]) == {"", "historical_hot"}


def made_up(periods: int = 12) -> np.ndarray[Any, Any]:
    """Counts of a chessboard of 16 x 16 in each period: about 20 a cell, and what happens in four corners."""
    rng = np.random.default_rng(9)
    values = rng.poisson(20, (16, 16, periods)).astype(float)
    values[:4, :4] += 60  # always high
    values[:4, 12:, -1] += 60  # high in the end only
    values[12:, :4] += np.linspace(50, 110, periods)  # ever higher
    values[12:, 12:, :-1] += 60  # high until the end
    return values.reshape(256, periods)


def test_made_up_layers_show_what_was_put_in() -> None:
    found = emerging(made_up(), lattice(16, 16))
    pattern = found.pattern.reshape(16, 16)
    assert set(pattern[1:3, 1:3].ravel()) == {"persistent_hot"}
    assert set(pattern[1:3, 13:15].ravel()) == {"new_hot"}
    assert set(pattern[13:15, 1:3].ravel()) == {"intensifying_hot"}
    assert set(pattern[13:15, 13:15].ravel()) == {"historical_hot"}
    assert (found.state[found.z > 6] == 1).all() and (found.state[np.abs(found.z) < 1.5] == 0).all()


def test_against_near_periods_each_is_its_own_map() -> None:
    values, board = made_up(), lattice(16, 16)
    found = emerging(values, board, against="near")
    for period in (0, 5, 11):
        assert found.z[:, period] == pytest.approx(gi_star(values[:, period], board).z)


def test_what_rises_everywhere_shows_against_all_periods_only() -> None:
    rising = np.random.default_rng(2).poisson(np.linspace(5, 60, 12), (144, 12)).astype(float)
    board = lattice(12, 12)
    whole, near = emerging(rising, board), emerging(rising, board, against="near")
    assert (whole.trend.s > 40).all() and (whole.state[:, -1] == 1).mean() > 0.9
    assert np.abs(near.trend.tau).mean() < 0.3 and (near.state == 0).mean() > 0.9


@pytest.mark.parametrize("against", ["all", "near"])
def test_lags_by_hand(against: str) -> None:
    """A row of four cells with one lag: the sum over cell 1, its two neighbours, and the three a period before."""
    values = np.random.default_rng(3).poisson(9, (4, 10)).astype(float)
    z = emerging(values, lattice(4, 1), lags=1, against=against, control="none").z
    window = values if against == "all" else values[:, 4:6]
    n, total = window.size, values[:3, 4:6].sum()
    spread = window.std() * np.sqrt((n * 6 - 6**2) / (n - 1))
    assert z[1, 5] == pytest.approx((total - 6 * window.mean()) / spread)
    # The first period has none before it.
    first = values if against == "all" else values[:, :1]
    spread = first.std() * np.sqrt((first.size * 3 - 3**2) / (first.size - 1))
    assert z[1, 0] == pytest.approx((values[:3, 0].sum() - 3 * first.mean()) / spread)


def test_islands_and_quiet_periods() -> None:
    values = np.random.default_rng(4).poisson(5, (5, 10)).astype(float)
    values[:, 3] = 0
    board = from_pairs("abcde", [("a", "b"), ("b", "c"), ("c", "d")])
    found = emerging(values, board, against="near")
    assert np.isnan(found.z[4]).all() and np.isnan(found.trend.p[4]) and found.pattern[4] == ""
    assert (found.state[4] == 0).all() and (found.z[:4, 3] == 0).all()


def test_the_order_of_rows_changes_nothing() -> None:
    values, board = made_up(), lattice(16, 16)
    order = np.random.default_rng(5).permutation(256)
    one, other = (
        emerging(values, board, lags=1),
        emerging(values[order], board.in_order(order.tolist()), lags=1),
    )
    assert one.pattern[order].tolist() == other.pattern.tolist()
    assert one.z[order] == pytest.approx(other.z)


BOARD = lattice(5, 1)
TEN = np.arange(50.0).reshape(5, 10)


@pytest.mark.parametrize(
    ("call", "code", "facts"),
    [
        (lambda: emerging(TEN[:, :9], BOARD), "too_few_periods", {"count": 9, "wanted": 10}),
        (lambda: emerging(TEN, BOARD, lags=10), "too_few_periods", {"wanted": 11}),
        (lambda: emerging(TEN, BOARD, lags=-1), "not_within", {"value": -1}),
        (lambda: emerging(TEN[:4], BOARD), "other_count", {"count": 4, "wanted": 5}),
        (lambda: emerging(TEN[:1], from_pairs("a", [])), "too_few_cells", {"count": 1}),
        (lambda: emerging(np.empty((0, 10)), from_pairs([], [])), "too_few_cells", {"count": 0}),
        (lambda: emerging(TEN * 0, BOARD), "values_constant", {"value": 0.0}),
        (lambda: emerging(TEN * np.nan, BOARD), "not_finite", {"count": 5}),
        (lambda: emerging(TEN, BOARD, against="past"), "not_one_of", {}),
        (lambda: emerging(TEN, BOARD, control="BH"), "not_one_of", {}),
        (lambda: emerging(TEN, BOARD, level=0), "not_probabilities", {"name": "level"}),
    ],
)
def test_each_fault_is_named(call: Callable[[], object], code: str, facts: dict[str, Any]) -> None:
    with pytest.raises(DataError) as raised:
        call()
    assert raised.value.code == code
    assert facts.items() <= raised.value.facts.items()
