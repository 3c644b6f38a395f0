"""Siting against every plan there is, and what it says where there is none."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from spatial.errors import DataError
from spatial.siting import maximal_cover, p_median, set_cover


def town(seed: int, demands: int = 25, candidates: int = 9) -> tuple[Any, Any]:
    """Distances in whole metres, so that some plans tie, and people."""
    rng = np.random.default_rng(seed)
    at, may = rng.integers(0, 40, (demands, 2)), rng.integers(0, 40, (candidates, 2))
    away = np.abs(at[:, None] - may[None]).sum(axis=2).astype(float)
    return away, rng.integers(0, 30, demands).astype(float)


def plans(candidates: int, count: int, fixed: tuple[int, ...]) -> list[list[int]]:
    return [list(one) for one in combinations(range(candidates), count) if set(fixed) <= set(one)]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("count", "fixed"), [(1, ()), (3, ()), (3, (2,)), (4, (0, 5)), (9, ())])
def test_no_plan_has_shorter_ways(seed: int, count: int, fixed: tuple[int, ...]) -> None:
    away, people = town(seed)
    found = p_median(away, people, count, fixed=fixed)
    assert found.value == min(float(people @ away[:, one].min(axis=1)) for one in plans(9, count, fixed))
    assert found.proved and found.bound == pytest.approx(found.value)
    assert len(found.sites) == count and set(fixed) <= set(found.sites.tolist())
    assert (away[np.arange(25), found.serves] == away[:, found.sites].min(axis=1)).all()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("count", "fixed"), [(0, ()), (1, ()), (3, ()), (3, (8,)), (9, ())])
def test_no_plan_covers_more(seed: int, count: int, fixed: tuple[int, ...]) -> None:
    away, people = town(seed)
    near = away <= 12
    found = maximal_cover(near, people, count, fixed=fixed)
    covered = [float(people[near[:, one].any(axis=1)].sum()) for one in plans(9, count, fixed)]
    assert found.value == max(covered) == people[found.serves >= 0].sum()
    assert found.proved and len(found.sites) == count and set(fixed) <= set(found.sites.tolist())
    served = np.flatnonzero(found.serves >= 0)
    assert near[served, found.serves[served]].all()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("fixed", [(), (1, 4)])
def test_no_fewer_sites_cover_everybody(seed: int, fixed: tuple[int, ...]) -> None:
    away, _ = town(seed)
    near = away <= away.min(axis=1).max()  # so that it can be done
    found = set_cover(near, fixed=fixed)
    fewest = next(
        count for count in range(len(fixed), 10)
        if any(near[:, one].any(axis=1).all() for one in plans(9, count, fixed))
    )  # fmt: skip
    assert found.value == len(found.sites) == fewest == found.bound
    assert (found.serves >= 0).all() and found.proved


def test_what_cannot_be_reached_is_gone_around() -> None:
    away = np.array([[1, np.inf, 5], [np.inf, 1, 5], [1, np.inf, 5]])
    assert p_median(away, [1, 1, 1], 1).sites.tolist() == [2]
    assert p_median(away, [1, 1, 1], 2).sites.tolist() == [0, 1]
    with pytest.raises(DataError) as raised:
        p_median(away[:, :2], [1, 1, 1], 1)
    assert raised.value.code == "no_plan"


def test_six_hundred_cells_are_proved() -> None:
    """As large as the district: 610 cells, 60 candidates, 8 sites; better than 2,000 plans by chance, and proved."""
    rng = np.random.default_rng(1)
    at, may = rng.uniform(0, 9_000, (610, 2)), rng.uniform(0, 9_000, (60, 2))
    away, people = np.hypot(*(at[:, None] - may[None]).T).T, rng.uniform(300, 500, 610)
    found = maximal_cover(away <= 1_200, people, 8)
    assert found.proved
    by_chance = [
        people[(away[:, rng.choice(60, 8, replace=False)] <= 1_200).any(axis=1)].sum() for _ in range(2_000)
    ]
    assert found.value > max(by_chance)


def test_nothing_and_nobody() -> None:
    assert p_median(np.zeros((0, 2)), [], 1).value == 0
    assert maximal_cover(np.zeros((0, 2)), [], 1).value == 0
    assert set_cover(np.zeros((0, 2))).sites.tolist() == []
    assert maximal_cover(np.zeros((2, 0)), [1, 1], 0).serves.tolist() == [-1, -1]
    assert p_median([[3, 4]], [0], 1).value == 0


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: p_median([1, 2], [1], 1), "not_distances"), (lambda: p_median([["a"]], [1], 1), "not_distances"),
        (lambda: p_median([[-1]], [1], 1), "too_small"), (lambda: p_median([[np.nan]], [1], 1), "too_small"),
        (lambda: p_median([[1]], [-1], 1), "too_small"), (lambda: p_median([[1]], [1, 2], 1), "other_count"),
        (lambda: p_median([[1]], [1], 2), "sites_wrong"), (lambda: p_median([[1]], [1], 0.5), "sites_wrong"),
        (lambda: p_median([[1, 2]], [1], 1, fixed=[2]), "sites_wrong"), (lambda: p_median([[1]], [1], 0), "no_plan"),
        (lambda: p_median([[1, 2]], [1], 1, fixed=[0, 1]), "sites_wrong"),
        (lambda: p_median([[np.inf]], [1], 1), "out_of_reach"), (lambda: set_cover([[0, 0], [1, 0]]), "out_of_reach"),
        (lambda: maximal_cover([[1]], [np.nan], 1), "not_finite"),
        (lambda: maximal_cover([[1, 350.0]], [1], 1), "not_yes_or_no"),
        (lambda: set_cover([[1], [np.nan]]), "not_yes_or_no"),
        (lambda: p_median([[1]], [1], float("nan")), "sites_wrong"),
        (lambda: set_cover([[1]], time_limit_s=0), "not_positive"),
    ],
)  # fmt: skip
def test_faults_are_named(call: Any, code: str) -> None:
    with pytest.raises(DataError) as raised:
        call()
    assert raised.value.code == code
