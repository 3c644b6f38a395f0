"""Local Moran, Gi and Gi*: published answers, exact ones, islands, and chance."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from spatial.errors import DataError
from spatial.hotspots import gi, gi_star, local_moran, moran
from spatial.neighbours import Neighbours, from_pairs
from tests.spatial.hotspots.samples import (
    DE_SMITH_VALUES,
    SIX_VALUES,
    de_smith,
    lattice,
    published,
    six_points,
)

VERBS = [local_moran, gi, gi_star]


def test_quadrants_are_as_published() -> None:
    """The doctest of esda.Moran_Local prints 4 4 4 2 3 3 1 4 3 3, where 1 is HH, 2 LH, 3 LL and 4 HL."""
    found = local_moran(DE_SMITH_VALUES, de_smith(), permutations=0)
    assert found.quadrant.tolist() == ["HL", "HL", "HL", "LH", "LL", "LL", "HH", "HL", "LL", "LL"]


def test_local_moments_are_as_published() -> None:
    """esda 2.9, esda/tests/test_moran.py: test_local_moments, EIc and VIc, eight digits."""
    found = local_moran(DE_SMITH_VALUES, de_smith(), permutations=0)
    expected = [
        -0.00838113, -0.0243949, -0.07031778, -0.21520869, -0.16547163,
        -0.00178435, -0.11531888, -0.36138555, -0.05471258, -0.09413562,
    ]  # fmt: skip
    variance = [
        0.03636013, 0.10412408, 0.28600769, 0.26389674, 0.21576683,
        0.00779261, 0.44633942, 0.57696508, 0.12929777, 0.3730742,
    ]  # fmt: skip
    assert found.expected == pytest.approx(np.array(expected), abs=6e-9)
    assert found.variance == pytest.approx(np.array(variance), abs=6e-9)


@pytest.mark.parametrize(
    ("verb", "z"),
    [
        # The doctest of esda.G_Local, binary weights: lg.Zs and lg_star.Zs.
        (gi, [-1.0136729, -0.04361589, 1.31558703, -0.31412676, 1.15373986, 1.77833941]),
        (gi_star, [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]),
    ],
)
def test_gi_is_as_published(verb: Callable[..., Any], z: list[float]) -> None:
    assert verb(SIX_VALUES, six_points()).z == pytest.approx(np.array(z), abs=6e-9)
    # A cell's weights may be multiplied by anything: Gi of a mean is that of the sum.
    assert verb(SIX_VALUES, six_points().weighted("row")).z == pytest.approx(np.array(z), abs=6e-9)


def test_local_values_sum_to_the_whole() -> None:
    """Anselin (1995): the sum of I(i) is S0 times I; with row weights, S0 is the number of cells."""
    values, neighbours = published("columbus")
    for kind in ("row", "binary"):
        weights = neighbours.weighted(kind)
        whole = moran(values, weights, permutations=0).value * weights.weight.sum()
        assert local_moran(values, weights, permutations=0).value.sum() == pytest.approx(whole)


UNEQUAL = from_pairs(
    range(6), [(0, 1), (0, 2), (1, 2), (3, 0), (3, 1), (3, 5), (4, 5)], weights=[1, 4, 2, 1, 2, 6, 1]
)
STAR = from_pairs(range(6), [(0, other) for other in range(1, 6)] + [(1, 2)])


@pytest.mark.parametrize(
    "neighbours",
    [six_points(), six_points().weighted("row"), UNEQUAL, UNEQUAL.weighted("row"), STAR],
    ids=["binary", "row", "given", "given row", "star"],
)
def test_chance_is_that_of_every_arrangement(neighbours: Neighbours) -> None:
    """For each cell, all 120 orders of the other five: mean and variance exactly, p within five standard errors."""
    found = local_moran(SIX_VALUES, neighbours, permutations=20_000, alternative="greater", seed=5)
    z = SIX_VALUES - SIX_VALUES.mean()
    scale = z / (z**2).mean()
    dense = neighbours.matrix.toarray()
    for cell in range(6):
        others = [other for other in range(6) if other != cell]
        orders = np.array(list(itertools.permutations(z[others])))
        every = scale[cell] * orders @ dense[cell, others]
        assert found.expected[cell] == pytest.approx(every.mean())
        if np.ptp(every) < 1e-9:  # the middle of the star: whatever the order, the same neighbours
            assert np.isnan([found.z[cell], found.p[cell], found.p_permuted[cell]]).all()
            continue
        assert found.variance[cell] == pytest.approx(every.var())
        exact = np.mean(every >= found.value[cell] - 1e-9)
        assert abs(found.p_permuted[cell] - exact) < 5 * np.sqrt(exact * (1 - exact) / 20_000) + 1e-4


def test_gi_is_the_surroundings_of_local_moran() -> None:
    """Given its own value, a cell's I is its neighbours' sum times a constant: z's differ by their sign at most."""
    values, neighbours = published("carolina")
    local, around = local_moran(values, neighbours, seed=1), gi(values, neighbours, permutations=999, seed=1)
    assert local.z == pytest.approx(np.sign(values - values.mean()) * around.z)
    assert local.p_permuted.tolist() == around.p_permuted.tolist()
    assert (
        gi_star(values, neighbours, permutations=999, seed=1).p_permuted.tolist() == local.p_permuted.tolist()
    )


def test_permuted_and_normal_p_agree_where_there_are_many_neighbours() -> None:
    rng = np.random.default_rng(2)
    pairs = [(a, b) for a, b in itertools.combinations(range(200), 2) if (b - a) % 200 < 25 or b - a > 175]
    found = gi(rng.normal(size=200), from_pairs(range(200), pairs), permutations=9999, seed=2)
    assert np.abs(found.p - found.p_permuted).max() < 0.03


def test_without_a_pattern_every_p_is_as_likely() -> None:
    """Counts, with many ties, among neighbours of equal and of unequal number: no p-value is too small too often."""
    rng = np.random.default_rng(3)
    board = lattice(10, 10).weighted("row")
    continuous, counts = [], []
    for _ in range(60):
        continuous.append(local_moran(rng.normal(size=100), board, permutations=199, seed=rng).p_permuted)
        counts.append(local_moran(rng.poisson(1.5, 100), board, permutations=199, seed=rng).p_permuted)
    flat = np.concatenate(continuous)
    assert stats.kstest(flat[::17], "uniform").pvalue > 0.01
    for level in (0.01, 0.05, 0.1, 0.25):
        assert np.mean(flat <= level) == pytest.approx(level, abs=0.012)
        assert np.nanmean(np.concatenate(counts) <= level) < level + 0.012


def test_equal_sums_are_equal_however_they_were_added() -> None:
    """Zeros and ones in turn on a ring: the sum that is observed comes often, and counts on both sides each time."""
    values = np.array([0, 1] * 8, dtype=float)
    ring = from_pairs(range(16), [(cell, (cell + step) % 16) for cell in range(16) for step in (1, 2, 3)])
    for neighbours in (ring, ring.weighted("row")):
        high = local_moran(values, neighbours, alternative="greater", seed=1).p_permuted
        low = local_moran(values, neighbours, alternative="less", seed=1).p_permuted
        # Of a cell's six neighbours two are of its own kind, of the 15 others seven.
        ties = stats.hypergeom(15, 7, 6).pmf(2)
        assert high + low - 1 == pytest.approx(np.full(16, ties), abs=0.07)


@pytest.mark.parametrize("verb", VERBS)
def test_the_order_of_rows_changes_nothing(verb: Callable[..., Any]) -> None:
    values, neighbours = published("columbus")
    order = np.random.default_rng(1).permutation(len(values))
    turned = neighbours.in_order([neighbours.ids[row] for row in order])
    one = verb(values, neighbours, permutations=499, seed=7)
    other = verb(values[order], turned, permutations=499, seed=7)
    for name in ("z", "p", "p_permuted"):
        assert getattr(one, name)[order] == pytest.approx(getattr(other, name), rel=1e-9)
    assert one.classes()[order].tolist() == other.classes().tolist()


def test_memory_is_bounded_and_pieces_join(monkeypatch: pytest.MonkeyPatch) -> None:
    values, neighbours = published("carolina")
    whole = local_moran(values, neighbours, permutations=5000, seed=7).p_permuted
    monkeypatch.setattr("spatial.hotspots.chance.AT_ONCE", 300)
    pieces = local_moran(values, neighbours, permutations=5000, seed=8).p_permuted
    assert np.abs(whole - pieces).max() < 5 * np.sqrt(2 * 0.25 / 5000) * 2


def test_an_island_has_no_answer() -> None:
    board = from_pairs("abcdef", [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e")])
    values = [1, 9, 8, 2, 1, 30]
    for verb in VERBS:
        found = verb(values, board, permutations=99, seed=1)
        assert np.isnan([found.z[5], found.p[5], found.p_permuted[5]]).all()
        assert np.isfinite(found.z[:5]).all() and found.classes(0.9, "none")[5] == ""
    local = local_moran(values, board, permutations=0)
    assert np.isnan([local.value[5], local.expected[5], local.variance[5]]).all() and local.quadrant[5] == ""
    assert np.isnan(gi([1, 2, 3], from_pairs("abc", []), permutations=9).p_permuted).all()


def test_the_mean_is_neither_high_nor_low() -> None:
    """1 5 3 1 5 in a row, less their mean 3: -2 2 0 -2 2; around them lie 2, -1, 0, 1 and -2."""
    found = local_moran([1, 5, 3, 1, 5], lattice(5, 1).weighted("row"), seed=1)
    assert found.quadrant.tolist() == ["LH", "HL", "", "LH", "HL"]
    assert found.value[2] == 0 and np.isnan(found.p_permuted[2])


def test_where_the_others_are_alike_gi_has_no_answer() -> None:
    found = gi([7, 1, 1, 1], lattice(4, 1), permutations=9)
    assert np.isnan(found.z[0]) and np.isnan(found.p_permuted[0]) and np.isfinite(found.z[1:]).all()


def test_a_hot_corner_and_a_cold_one_are_found() -> None:
    board = lattice(12, 12)
    values = np.random.default_rng(4).poisson(10, (12, 12)).astype(float)
    values[:4, :4] += 15
    values[8:, 8:] = 0
    for found in (gi_star(values.ravel(), board), gi_star(values.ravel(), board, permutations=9999, seed=1)):
        classes = found.classes().reshape(12, 12)
        assert (classes[1:3, 1:3] == "hot").all() and (classes[9:11, 9:11] == "cold").all()
        assert not (classes[5:8, 5:8] != "").any()
    local = (
        local_moran(values.ravel(), board.weighted("row"), permutations=9999, seed=1)
        .classes()
        .reshape(12, 12)
    )
    assert (local[1:3, 1:3] == "HH").all() and (local[9:11, 9:11] == "LL").all()


ROW = lattice(5, 1)


@pytest.mark.parametrize(
    ("call", "code", "facts"),
    [
        (lambda verb: verb([], from_pairs([], [])), "too_few_cells", {"count": 0, "wanted": 3}),
        (lambda verb: verb([1], from_pairs("a", [])), "too_few_cells", {"count": 1}),
        (lambda verb: verb([2] * 5, ROW), "values_constant", {"value": 2.0}),
        (lambda verb: verb([1, 2, np.nan, 4, 5], ROW), "not_finite", {"rows": (2,)}),
        (lambda verb: verb([1, 2], ROW), "other_count", {}),
        (lambda verb: verb([1, 2, 3, 4, 5], ROW, alternative=""), "not_one_of", {}),
        (lambda verb: verb([1, 2, 3, 4, 5], ROW, permutations=-9), "not_within", {}),
        (lambda verb: verb([1, 2, 3, 4, 5], ROW).classes(5), "not_probabilities", {"name": "level"}),
        (lambda verb: verb([1, 2, 3, 4, 5], ROW).classes(control="BH"), "not_one_of", {}),
    ],
)
@pytest.mark.parametrize("verb", VERBS)
def test_each_fault_is_named(
    verb: Callable[..., Any], call: Callable[[Any], object], code: str, facts: dict[str, Any]
) -> None:
    with pytest.raises(DataError) as raised:
        call(verb)
    assert raised.value.code == code
    assert facts.items() <= raised.value.facts.items()
