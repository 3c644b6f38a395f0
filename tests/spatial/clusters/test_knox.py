"""Knox's test against published figures and a table of all pairs.

`burkitt.csv`: 188 cases of Burkitt's lymphoma in the West Nile district of Uganda, 1961 to 1975 (Williams et al.,
British Journal of Cancer 37, 1978), from the example "burkitt" of libpysal 4.14.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import poisson

from spatial.clusters import knox, pairs
from spatial.errors import DataError

BURKITT = np.loadtxt(Path(__file__).parent / "burkitt.csv", delimiter=",", skiprows=1)
NEAR_BY = {"distance_m": 20, "interval": 5}


def test_published() -> None:
    """Tests of pointpats 2.5, `TestKnox.test_knox`."""
    found = knox(BURKITT[:, :2], BURKITT[:, 2], **NEAR_BY)
    assert found.observed.tolist() == [[13, 3416], [39, 14110]] and found.pairs == 13
    printed = [[1.01438161e01, 3.41885618e03], [4.1856139e01, 1.41071438e04]]
    assert found.expected == pytest.approx(np.array(printed), rel=1e-5)  # as there
    # There it is the chance of more pairs than 13, without the 13 themselves.
    assert poisson.sf(13, found.expected[0, 0]) == pytest.approx(0.14624558197140414, rel=1e-12)
    assert found.p_poisson == pytest.approx(0.14624558197140414 + poisson.pmf(13, found.expected[0, 0]))
    assert found.p_permutation == pytest.approx(0.2, abs=0.05)  # there 0.21 of 99 permutations, or 0.17
    assert found.simulated.mean() == pytest.approx(found.expected[0, 0], rel=0.05)


def by_table(xy: np.ndarray, time: np.ndarray, distance_m: float, interval: float) -> list[list[int]]:
    """All pairs, one by one."""
    one, other = np.triu_indices(len(xy), 1)
    space = ((xy[one] - xy[other]) ** 2).sum(axis=1) <= distance_m**2
    soon = np.abs(time[one] - time[other]) <= interval
    return [
        [int((space & soon).sum()), int((space & ~soon).sum())],
        [int((~space & soon).sum()), int((~space & ~soon).sum())],
    ]


@pytest.mark.parametrize("block", [5, 1 << 21])
def test_counts_as_by_a_table(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole metres and tenths of a day, so that many pairs are exactly at the limits; in blocks and not kept, too."""
    rng = np.random.default_rng(6)
    xy, time = rng.integers(0, 60, (300, 2)).astype(float), rng.integers(0, 80, 300) / 10
    kept = knox(xy, time, distance_m=5, interval=0.3, permutations=19)
    monkeypatch.setattr(pairs, "BLOCK", block)
    monkeypatch.setattr(pairs, "KEPT", 0)
    found = knox(xy, time, distance_m=5, interval=0.3, permutations=19)
    assert found.observed.tolist() == kept.observed.tolist() == by_table(xy, time, 5, 0.3)
    assert (found.simulated == kept.simulated).all()


def test_by_hand() -> None:
    """Two pairs, each close in both; of 6 pairs 2 in space and 2 in time: 2 · 2 / 6 are expected."""
    found = knox([(0, 0), (0, 1), (90, 0), (90, 1)], [1, 2, 50, 51], distance_m=1, interval=1, permutations=0)
    assert found.observed.tolist() == [[2, 0], [0, 4]] and found.expected[0, 0] == pytest.approx(4 / 6)
    assert np.isnan(found.p_permutation) and len(found.simulated) == 0


def test_cases_that_spread_are_found() -> None:
    rng = np.random.default_rng(7)
    seat, day = rng.uniform(0, 5000, (60, 2)), rng.uniform(0, 900, 60)
    xy = np.repeat(seat, 3, axis=0) + rng.normal(0, 15, (180, 2))
    found = knox(xy, np.repeat(day, 3) + rng.normal(0, 1, 180), distance_m=60, interval=5, permutations=99)
    assert found.p_permutation == 0.01 and found.p_poisson < 1e-6


def test_order_place_and_seed() -> None:
    order = np.random.default_rng(1).permutation(len(BURKITT))
    first = knox(BURKITT[:, :2], BURKITT[:, 2], **NEAR_BY, permutations=49)
    turned = knox(BURKITT[order, :2], BURKITT[order, 2], **NEAR_BY, permutations=49)
    moved = knox(BURKITT[:, :2] + 4096, BURKITT[:, 2] + 512, **NEAR_BY, permutations=49)
    for other in (turned, moved):
        assert (first.simulated == other.simulated).all() and (first.observed == other.observed).all()
    assert (
        knox(BURKITT[:, :2], BURKITT[:, 2], **NEAR_BY, permutations=49, seed=1).simulated != first.simulated
    ).any()


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_for_a_pair(count: int) -> None:
    found = knox([(1, 2)] * count, [3] * count, **NEAR_BY, permutations=9)
    assert (
        not found.observed.any() and not found.expected.any() and found.p_poisson == found.p_permutation == 1
    )


def test_all_in_one_place() -> None:
    """All 45 pairs are close in space, so those close in time are expected to be close in both."""
    found = knox([(1, 2)] * 10, range(10), distance_m=1, interval=1, permutations=9)
    assert (
        found.observed.tolist() == [[9, 36], [0, 0]]
        and found.expected[0, 0] == 9
        and found.p_permutation == 1
    )


def test_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[Any, str]] = [
        (lambda: knox([(0, np.nan)], [1], **NEAR_BY), "not_finite"),
        (lambda: knox([(0, 0)], [np.nan], **NEAR_BY), "not_finite"),
        (lambda: knox([(0, 0)], [1, 2], **NEAR_BY), "other_count"),
        (lambda: knox([(0, 0)], [1], distance_m=0, interval=1), "not_positive"),
        (lambda: knox([(0, 0)], [1], distance_m=1, interval=-1), "not_positive"),
        (lambda: knox([(0, 0)], [1], **NEAR_BY, permutations=-1), "not_within"),
        (lambda: knox([(0, 0)] * 9, [1] * 9, **NEAR_BY), "too_many_pairs"),
    ]
    monkeypatch.setattr(pairs, "MOST", 35)
    for call, code in calls:
        with pytest.raises(DataError) as raised:
            call()
        assert raised.value.code == code
