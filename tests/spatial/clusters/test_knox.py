"""Knox's test against published figures, a loop over all pairs, and chance."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import poisson

from spatial.clusters import knox
from spatial.errors import DataError

DATA = Path(__file__).parent / "burkitt.csv"
"""Cases of Burkitt's lymphoma in the West Nile district of Uganda, 1961 to 1975 (Williams and others 1978), as the
example "burkitt" of libpysal 4.14 (BSD-3-Clause) has them: kilometres and days."""


def burkitt() -> tuple[Any, Any]:
    with DATA.open(encoding="ascii") as file:
        rows = [[float(cell) for cell in row] for row in list(csv.reader(file))[1:]]
    at = np.array(rows)
    return at[:, :2], at[:, 2]


def by_pairs(xy: Any, time: Any, distance: float, interval: float) -> list[list[int]]:
    table = [[0, 0], [0, 0]]
    for i in range(len(xy)):
        for j in range(i):
            far = (xy[i][0] - xy[j][0]) ** 2 + (xy[i][1] - xy[j][1]) ** 2 > distance**2
            table[int(far)][int(abs(time[i] - time[j]) > interval)] += 1
    return table


def test_burkitt_is_as_published() -> None:
    """pointpats 2.5, pointpats/tests/test_spacetime.py: TestKnox, within 20 and 5 days."""
    found = knox(*burkitt(), distance_m=20, interval=5, permutations=99)
    assert found.pairs == 13
    assert found.observed.tolist() == [[13, 3416], [39, 14110]]
    assert found.expected == pytest.approx(
        np.array([[10.1438161, 3418.85618], [41.856139, 14107.1438]]), rel=1e-5
    )
    # There it is the chance of more than 13, here of 13 or more.
    assert poisson.sf(13, found.expected[0, 0]) == pytest.approx(0.14624558197140414, rel=1e-9)
    assert found.p_poisson == pytest.approx(poisson.sf(12, found.expected[0, 0]), rel=1e-9)
    # There, 99 permutations gave 0.21: within what two sets of them differ by.
    assert abs(found.p_permutation - 0.21) < 4 * np.sqrt(2 * 0.2 * 0.8 / 100)


@pytest.mark.parametrize("seed", range(4))
def test_every_pair_is_counted_once(seed: int) -> None:
    """Whole coordinates, so that many pairs are just as far apart as is close."""
    rng = np.random.default_rng(seed)
    xy, time = rng.integers(0, 12, (60, 2)), rng.integers(0, 10, 60)
    found = knox(xy, time, distance_m=5, interval=2, permutations=0)
    assert found.observed.tolist() == by_pairs(xy, time, 5, 2)
    assert found.observed.sum() == found.expected.sum() == 60 * 59 / 2
    assert found.observed.sum(axis=0) == pytest.approx(found.expected.sum(axis=0))
    assert found.observed.sum(axis=1) == pytest.approx(found.expected.sum(axis=1))
    assert np.isnan(found.p_permutation) and not len(found.simulated)


def test_three_cases_by_hand() -> None:
    """Of three pairs one is close in space and one in time, and it is the same: 1 / 3 is expected."""
    found = knox([(0, 0), (0, 10), (500, 0)], [0, 1, 90], distance_m=10, interval=1, permutations=0)
    assert found.observed.tolist() == [[1, 0], [0, 2]]
    assert found.expected[0, 0] == pytest.approx(1 / 3)
    assert found.p_poisson == pytest.approx(1 - np.exp(-1 / 3)) == pytest.approx(poisson.sf(0, 1 / 3))


def test_what_spreads_is_found_and_chance_is_not() -> None:
    rng = np.random.default_rng(5)
    first, day = rng.uniform(0, 10_000, (60, 2)), rng.uniform(0, 365, 60)
    spread = np.vstack((first, first + rng.normal(0, 30, (60, 2))))
    together = knox(spread, np.append(day, day + 1), distance_m=100, interval=3, permutations=199)
    apart = knox(
        spread, rng.permutation(np.append(day, day + 1)), distance_m=100, interval=3, permutations=199
    )
    assert together.p_permutation == 1 / 200 and together.p_poisson < 1e-9
    assert apart.p_permutation > 0.01


def test_rows_come_in_any_order_and_seeds_repeat() -> None:
    xy, time = burkitt()
    turn = np.random.default_rng(2).permutation(len(time))
    first, other = (
        knox(xy[rows], time[rows], distance_m=20, interval=90, permutations=29, seed=4)
        for rows in (np.arange(len(time)), turn)
    )
    assert first.simulated.tolist() == other.simulated.tolist()
    assert first.p_permutation == other.p_permutation


@pytest.mark.parametrize("count", [0, 1])
def test_without_a_pair_there_is_nothing_to_find(count: int) -> None:
    found = knox(np.zeros((count, 2)), np.zeros(count), distance_m=1, interval=1, permutations=9)
    assert found.pairs == 0 and found.p_permutation == 1 and found.p_poisson == 1


def test_all_at_one_place_says_nothing() -> None:
    found = knox(np.zeros((5, 2)), range(5), distance_m=1, interval=1, permutations=9)
    assert found.pairs == found.expected[0, 0] == 4 and found.p_permutation == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"xy": [(0, 0), (np.nan, 1)]}, "not_finite"), ({"time": [0, np.nan]}, "not_finite"),
        ({"time": [0]}, "other_count"), ({"distance_m": 0}, "not_positive"), ({"interval": -1}, "not_positive"),
        ({"permutations": -1}, "not_within"), ({"permutations": 2.5}, "not_within"),
        ({"xy": [0, 1]}, "not_coordinates"),
    ],
)  # fmt: skip
def test_faults_are_named(given: dict[str, Any], code: str) -> None:
    right: dict[str, Any] = {"xy": [(0, 0), (1, 1)], "time": [0, 1], "distance_m": 5, "interval": 1}
    with pytest.raises(DataError) as raised:
        knox(**{**right, **given})
    assert raised.value.code == code
