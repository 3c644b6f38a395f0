"""Empirical Bayes against published figures and a loop over the rows.

`saint_louis.csv`: homicides 1979 to 1984 and people in 78 counties around Saint Louis with the counties they touch,
from the example "stl" of libpysal 4.14 (S. Messner and L. Anselin).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spatial.errors import DataError
from spatial.rates import excess_risk, smooth_globally, smooth_locally

LINES = (Path(__file__).parent / "saint_louis.csv").read_text("utf-8").splitlines()[1:]
CASES, PEOPLE = np.array([line.split(",")[:2] for line in LINES], dtype=float).T
NEAR = [[int(one) for one in line.split(",")[2].split()] for line in LINES]


def csr(near: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Lists of neighbours as starts and rows."""
    return np.append(0, np.cumsum([len(each) for each in near])), np.array(
        [one for each in near for one in each], dtype=int
    )


def test_excess_risk_published() -> None:
    """Documentation of esda 2.9, `Excess_Risk`, first ten counties."""
    printed = [0.20665681, 0.43613787, 0.42078261, 0.22066928, 0.57981596]
    printed += [0.35301709, 0.56407549, 0.17020994, 0.3052372, 0.25821905]
    assert excess_risk(CASES, PEOPLE).ratio[:10].round(8).tolist() == printed


def test_global_published() -> None:
    """Documentation of esda 2.9, `Empirical_Bayes`, first ten counties."""
    printed = [2.36718950e-05, 4.54539167e-05, 4.78114019e-05, 2.76907146e-05, 6.58989323e-05]
    printed += [3.66494122e-05, 5.79952721e-05, 2.03064590e-05, 3.31152999e-05, 3.02748380e-05]
    assert smooth_globally(CASES, PEOPLE).per_1000[:10] / 1000 == pytest.approx(printed, rel=1e-8)


def test_local_published() -> None:
    """Documentation of esda 2.9, `Spatial_Empirical_Bayes`, first ten counties."""
    printed = [4.01485749e-05, 3.62437513e-05, 4.93034844e-05, 5.09387329e-05, 3.72735210e-05]
    printed += [3.69333797e-05, 5.40245456e-05, 2.99806055e-05, 3.73034109e-05, 3.47270722e-05]
    found = smooth_locally(CASES, PEOPLE, *csr(NEAR))
    assert found.per_1000[:10] / 1000 == pytest.approx(printed, rel=1e-8)


def by_loop(cases: np.ndarray, people: np.ndarray, near: list[list[int]]) -> np.ndarray:
    """Marshall's estimate, row by row."""
    found = np.full(len(cases), np.nan)
    for row, others in enumerate(near):
        if not people[row] > 0:
            continue
        some = [one for one in {row, *others} if people[one] > 0]
        n, y = people[some], cases[some]
        mean = y.sum() / n.sum()
        variance = max((n * (y / n - mean) ** 2).sum() / n.sum() - mean / n.mean(), 0)
        chance = mean / people[row]
        weight = variance / (variance + chance) if variance + chance else 0
        found[row] = mean + weight * (cases[row] / people[row] - mean)
    return found * 1000


def test_both_as_by_a_loop_with_holes() -> None:
    rng = np.random.default_rng(8)
    cases, people = rng.poisson(3, 60).astype(float), rng.integers(0, 50, 60) * 20.0
    people[::9] = np.nan
    near = [sorted(set(rng.integers(0, 60, rng.integers(0, 6)).tolist())) for _ in range(60)]
    local = smooth_locally(cases, people, *csr(near))
    assert np.allclose(local.per_1000, by_loop(cases, people, near), equal_nan=True)
    everywhere = smooth_globally(cases, people)
    assert np.allclose(everywhere.per_1000, by_loop(cases, people, [list(range(60))] * 60), equal_nan=True)
    assert (everywhere.known == (people > 0)).all() and (local.known == (people > 0)).all()


def test_rates_no_more_different_than_by_chance_become_one() -> None:
    """4 of 100 and 6 of 100: mean 0.05, scatter 0.0001, of which chance alone makes 0.05 / 100 = 0.0005."""
    found = smooth_globally([4, 6], [100, 100])
    assert found.per_1000.tolist() == [50, 50] and found.weight.tolist() == [0, 0]


def test_weight_by_hand() -> None:
    """0 and 20 of 100: mean 0.1, scatter 0.01, variance 0.01 - 0.001 = 0.009, weight 0.009 / (0.009 + 0.001) = 0.9."""
    found = smooth_globally([0, 20], [100, 100])
    assert found.weight == pytest.approx([0.9, 0.9]) and found.per_1000 == pytest.approx([10, 190])


def test_nothing_to_smooth() -> None:
    assert smooth_globally([0, 0], [10, 20]).per_1000.tolist() == [0, 0]
    assert (
        not smooth_globally([3], [np.nan]).known.any() and np.isnan(smooth_globally([3], [0]).towards).all()
    )
    assert len(smooth_globally([], []).per_1000) == 0
    alone = smooth_locally([3, 5], [100, 0], [0, 0, 0], [])
    assert alone.per_1000[0] == 30 and np.isnan(alone.per_1000[1]) and np.isnan(alone.towards[1])
    beside = smooth_locally([3, 5], [100, 0], [0, 1, 2], [1, 0])
    assert beside.towards == pytest.approx([30, 30]) and np.isnan(beside.per_1000[1])


def test_row_may_or_may_not_be_its_own_neighbour() -> None:
    with_itself = [[row, *others] for row, others in enumerate(NEAR)]
    first, second = (smooth_locally(CASES, PEOPLE, *csr(near)) for near in (NEAR, with_itself))
    assert np.allclose(first.per_1000, second.per_1000, rtol=1e-12)


@pytest.mark.parametrize(
    ("indptr", "indices"),
    [
        ([0, 1], [1]),
        ([1, 1, 1], [1]),
        ([0, 1, 2], [1, 2]),
        ([0, 1, 2], [1, -1]),
        ([0, 2, 1], [1]),
        ([0, 1, 1], [0.5]),
        ([[0, 1, 1]], [0]),
    ],
)
def test_neighbours_that_do_not_fit(indptr: Any, indices: Any) -> None:
    with pytest.raises(DataError) as raised:
        smooth_locally([1, 2], [5, 5], indptr, indices)
    assert raised.value.code == "not_neighbours"
