"""Moran, Geary and G: published answers, every arrangement of a few cells, and chance."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from spatial.errors import DataError
from spatial.hotspots import Overall, geary, general_g, moran
from spatial.neighbours import Neighbours, from_pairs
from tests.spatial.hotspots.samples import SIX_VALUES, lattice, published, six_points

VERBS = [moran, geary, general_g]


@pytest.mark.parametrize(
    ("name", "value", "p"),
    [
        # esda 2.9, esda/tests/test_moran.py: test_moran and test_sids, one-sided.
        ("st_louis", 0.24365582621771659, 0.00013573931385468807),
        ("carolina", 0.24772519320480135, 5.7916539074498452e-05),
    ],
)
def test_moran_is_as_published(name: str, value: float, p: float) -> None:
    values, neighbours = published(name)
    one = moran(values, neighbours.weighted("row"), assumption="normality", alternative="greater", seed=1)
    assert one.value == pytest.approx(value, rel=1e-12)
    assert one.p == pytest.approx(p, rel=1e-9)
    both = moran(values, neighbours.weighted("row"), assumption="normality", permutations=0)
    assert both.p == pytest.approx(2 * p, rel=1e-9)
    assert np.isnan(both.p_permuted) and one.p_permuted <= 0.005


def test_moran_expects_what_is_published() -> None:
    """The doctest of esda.Moran prints EI -0.012987012987012988, p_norm 0.00027147862770937614 (St. Louis)."""
    values, neighbours = published("st_louis")
    found = moran(values, neighbours.weighted("row"), assumption="normality", permutations=0)
    assert found.expected == pytest.approx(-0.012987012987012988, rel=1e-15)
    assert found.p == pytest.approx(0.00027147862770937614, rel=1e-9)


@pytest.mark.parametrize(
    ("assumption", "variance"),
    # esda 2.9, esda/tests/test_moran.py: test_variance, 1 to 9 on a chessboard of 3 x 3.
    [("randomisation", 0.059687500000000004), ("normality", 0.053125000000000006)],
)
def test_moran_varies_as_published(assumption: str, variance: float) -> None:
    found = moran(np.arange(1, 10), lattice(3, 3), assumption=assumption, permutations=0)
    assert found.variance == pytest.approx(variance, rel=1e-12)


def test_moran_by_hand() -> None:
    """Four cells in a row, 1 2 3 4: z = -1.5 -0.5 0.5 1.5, sum z^2 = 5, S0 = 6.

    Each border counts twice: 2 (0.75 - 0.25 + 0.75) = 2.5, so I = 4 / 6 * 2.5 / 5 = 1 / 3.
    """
    found = moran([1, 2, 3, 4], lattice(4, 1), permutations=0)
    assert found.value == pytest.approx(1 / 3) and found.expected == pytest.approx(-1 / 3)


@pytest.mark.parametrize(
    ("assumption", "variance", "z", "p"),
    # esda 2.9, esda/tests/test_geary.py: test_default, Columbus.
    [
        ("normality", 0.011403109626468939, -4.5376938201608, 2.8436375936967054e-06),
        ("randomisation", 0.010848882767131886, -4.652156651668989, 1.6424069196305004e-06),
    ],
)
def test_geary_is_as_published(assumption: str, variance: float, z: float, p: float) -> None:
    values, neighbours = published("columbus")
    found = geary(
        values, neighbours.weighted("row"), assumption=assumption, alternative="less", permutations=0
    )
    assert found.value == pytest.approx(0.5154408058652411, rel=1e-12)
    assert (found.expected, found.variance) == (1.0, pytest.approx(variance, rel=1e-12))
    assert found.z == pytest.approx(z, rel=1e-12) and found.p == pytest.approx(p, rel=1e-9)


def test_geary_of_the_book() -> None:
    """The doctest of esda.Geary on libpysal's "book", a chessboard of 4 x 4: C 0.3330108, p_norm 9.2e-05."""
    values = [39, 41, 38, 45, 39, 42, 41, 42, 48, 49, 48, 51, 47, 51, 50, 55]
    found = geary(
        values, lattice(4, 4).weighted("row"), assumption="normality", alternative="less", permutations=0
    )
    assert round(found.value, 7) == 0.3330108 and round(found.p, 7) == 9.2e-05


def test_general_g_is_as_published() -> None:
    """esda 2.9, esda/tests/test_getisord.py: test_default, G 0.55709779 and p_norm 0.172936."""
    found = general_g(SIX_VALUES, six_points(), alternative="greater", permutations=0)
    assert found.value == pytest.approx(0.55709779, abs=5e-9)
    assert found.p == pytest.approx(0.172936, abs=5e-7)


ODD = from_pairs(range(6), [(0, 1), (1, 0), (1, 2), (3, 1), (2, 4)], weights=[1, 2, 0.5, 3, 1], mutual=False)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("neighbours", [six_points(), six_points().weighted("row"), ODD])
def test_moments_are_those_of_every_arrangement(verb: Callable[..., Overall], neighbours: Neighbours) -> None:
    """All 720 orders of six values have exactly the mean and the variance that the formulas say.

    The neighbours are of every kind: both ways or one, of equal weight or not, and in `ODD` with an island.
    """
    found = verb(SIX_VALUES, neighbours, permutations=0)
    every = [
        verb(order, neighbours, permutations=0).value for order in itertools.permutations(SIX_VALUES.tolist())
    ]
    assert found.expected == pytest.approx(np.mean(every), rel=1e-10)
    assert found.variance == pytest.approx(np.var(every), rel=1e-10)


@pytest.mark.parametrize("verb", VERBS)
def test_permutations_agree_with_every_arrangement(verb: Callable[..., Overall]) -> None:
    """Within four standard errors of the exact p-value of all 720 orders."""
    neighbours = six_points()
    every = np.array(
        [verb(order, neighbours, permutations=0).value for order in itertools.permutations(SIX_VALUES)]
    )
    found = verb(SIX_VALUES, neighbours, alternative="greater", permutations=9999, seed=3)
    exact = np.mean(every >= found.value - 1e-9)
    assert abs(found.p_permuted - exact) < 4 * np.sqrt(exact * (1 - exact) / 9999) + 1e-4


@pytest.mark.parametrize("verb", VERBS)
def test_without_a_pattern_every_p_is_as_likely(verb: Callable[..., Overall]) -> None:
    rng = np.random.default_rng(11)
    board = lattice(8, 8)
    p = [
        verb(rng.gamma(2, 1, 64), board, alternative="greater", permutations=99, seed=rng).p_permuted
        for _ in range(300)
    ]
    assert stats.kstest(np.array(p) - rng.uniform(0, 0.01, 300), "uniform").pvalue > 0.01


@pytest.mark.parametrize("verb", VERBS)
def test_the_order_of_rows_changes_nothing(verb: Callable[..., Overall]) -> None:
    values, neighbours = published("columbus")
    order = np.random.default_rng(1).permutation(len(values))
    turned = neighbours.in_order([neighbours.ids[row] for row in order])
    one, other = verb(values, neighbours, seed=7), verb(values[order], turned, seed=7)
    for name in ("value", "expected", "variance", "z", "p", "p_permuted"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-9)


def test_a_seed_repeats_and_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    values, neighbours = published("columbus")
    one = moran(values, neighbours, seed=7)
    assert moran(values, neighbours, seed=7) == one
    monkeypatch.setattr("spatial.hotspots.chance.AT_ONCE", 500)
    assert abs(moran(values, neighbours, seed=7).p_permuted - one.p_permuted) < 0.01


def test_an_island_takes_part_with_its_value() -> None:
    """Of 1 2 3 4 in a row and an island of 2.5, the mean: z as without it, n = 5; I = 5 / 6 * 2.5 / 5 = 5 / 12."""
    row = from_pairs(range(5), [(0, 1), (1, 2), (2, 3)])
    assert moran([1, 2, 3, 4, 2.5], row, permutations=0).value == pytest.approx(5 / 12)


@pytest.mark.parametrize("verb", [moran, geary])
def test_where_all_are_neighbours_nothing_can_be_said(verb: Callable[..., Overall]) -> None:
    """Then every arrangement gives the same: I = -1 / (n - 1), C = 1."""
    everyone = from_pairs(range(5), list(itertools.combinations(range(5), 2)))
    found = verb([1, 2, 4, 8, 16], everyone, seed=1)
    assert found.value == pytest.approx(found.expected) and found.variance == 0
    assert np.isnan([found.z, found.p, found.p_permuted]).all()


ROW = lattice(5, 1)


@pytest.mark.parametrize(
    ("call", "code", "facts"),
    [
        (lambda verb: verb([], from_pairs([], [])), "too_few_cells", {"count": 0, "wanted": 4}),
        (lambda verb: verb([1], from_pairs("a", [])), "too_few_cells", {"count": 1}),
        (lambda verb: verb([3] * 5, ROW), "values_constant", {"value": 3.0}),
        (lambda verb: verb([0.1 + 0.2, 0.3, 0.3, 0.3, 0.3], ROW), "values_constant", {}),
        (lambda verb: verb([1, 2, np.nan, 4, 5], ROW), "not_finite", {"rows": (2,)}),
        (lambda verb: verb([1, 2, 3, 4], ROW), "other_count", {"count": 4, "wanted": 5}),
        (lambda verb: verb([1, 2, 3, 4, 5], from_pairs(range(5), [])), "no_neighbours", {"count": 5}),
        (lambda verb: verb([1, 2, 3, 4, 5], ROW, alternative="both"), "not_one_of", {"value": "both"}),
        (lambda verb: verb([1, 2, 3, 4, 5], ROW, permutations=-1), "not_within", {"value": -1}),
        (lambda verb: verb([1, 2, 3, 4, 5], ROW, permutations=9.5), "not_within", {}),
    ],
)
@pytest.mark.parametrize("verb", VERBS)
def test_each_fault_is_named(
    verb: Callable[..., Overall], call: Callable[[Any], object], code: str, facts: dict[str, Any]
) -> None:
    with pytest.raises(DataError) as raised:
        call(verb)
    assert raised.value.code == code
    assert facts.items() <= raised.value.facts.items()


def test_g_asks_for_amounts() -> None:
    with pytest.raises(DataError) as raised:
        general_g([1, 2, -3, 4, 5], ROW)
    assert (raised.value.code, raised.value.facts["rows"]) == ("too_small", (2,))
    with pytest.raises(DataError) as raised:
        general_g([0, 0, 7, 0, 0], ROW)
    assert raised.value.code == "one_value"
