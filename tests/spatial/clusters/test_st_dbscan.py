"""ST-DBSCAN against a walk from neighbour to neighbour."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from spatial.clusters import pairs, st_dbscan
from spatial.errors import DataError

SIZE: dict[str, Any] = {"distance_m": 10, "interval": 2, "least_count": 4}


def by_walk(
    xy: np.ndarray, time: np.ndarray, distance_m: float, interval: float, least_count: int
) -> np.ndarray:
    """All pairs, and a flood from each core."""
    space = ((xy[:, None] - xy[None]) ** 2).sum(axis=-1)
    days = np.abs(time[:, None] - time[None])
    near = (space <= distance_m**2) & (days <= interval)
    core = near.sum(axis=1) >= least_count
    cluster = np.full(len(xy), -1)
    number = 0
    for seed in np.lexsort((xy[:, 1], xy[:, 0], time)):
        if not core[seed] or cluster[seed] >= 0:
            continue
        left = [seed]
        while left:
            one = left.pop()
            if cluster[one] < 0:
                cluster[one] = number
                left.extend(np.flatnonzero(near[one] & core))
        number += 1
    apart = space / distance_m**2 + (days / interval) ** 2
    found = cluster.copy()
    for edge in np.flatnonzero(~core):
        cores = np.flatnonzero(near[edge] & core)
        if len(cores):
            found[edge] = min((apart[edge, one], cluster[one]) for one in cores)[1]
    return found


def made_up(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Whole metres and days, so that many cases are exactly at the limits."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 150, (count, 2)).astype(float), rng.integers(0, 30, count).astype(float)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("block", [7, 1 << 21])
def test_as_by_a_walk(seed: int, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    xy, time = made_up(600, seed)
    monkeypatch.setattr(pairs, "BLOCK", block)
    monkeypatch.setattr(pairs, "KEPT", 0 if block == 7 else 1 << 24)
    found = st_dbscan(xy, time, **SIZE)
    expected = by_walk(xy, time, 10, 2, 4)
    assert (found.cluster == expected).all() and expected.max() > 3 and (expected < 0).any()
    assert (found.count == np.bincount(expected[expected >= 0])).all()
    assert (expected[found.core] >= 0).all() and not found.core[expected >= 0].all()


def test_by_hand() -> None:
    """Two knots in one place, 20 days apart, with an edge that reaches the second only, and a case on its own."""
    xy = [(0, 0)] * 3 + [(1, 0)] * 3 + [(10, 0), (50, 50)]
    found = st_dbscan(xy, [20, 21, 21, 0, 1, 1, 22, 0], distance_m=10, interval=2, least_count=3)
    assert found.cluster.tolist() == [1, 1, 1, 0, 0, 0, 1, -1] and found.count.tolist() == [3, 4]
    assert found.core.tolist() == [True] * 7 + [False]


def test_order_and_place_decide_nothing() -> None:
    xy, time = made_up(500, 11)
    order = np.random.default_rng(2).permutation(500)
    first = st_dbscan(xy, time, **SIZE).cluster
    assert (st_dbscan(xy[order], time[order], **SIZE).cluster == first[order]).all()
    assert (st_dbscan(xy + 4_000_000, time + 20_000, **SIZE).cluster == first).all()


def test_few_and_all_the_same() -> None:
    assert len(st_dbscan([], [], **SIZE).cluster) == 0
    assert st_dbscan([(1, 2)], [3], **SIZE).cluster.tolist() == [-1]
    assert st_dbscan([(1, 2)], [3], distance_m=1, interval=1, least_count=1).cluster.tolist() == [0]
    same = st_dbscan([(1, 2)] * 200, [3] * 200, **SIZE)
    assert same.count.tolist() == [200] and same.core.all()


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: st_dbscan([(0, np.inf)], [1], **SIZE), "not_finite"),
        (lambda: st_dbscan([(0, 0)], [np.nan], **SIZE), "not_finite"),
        (lambda: st_dbscan([(0, 0)], [], **SIZE), "other_count"),
        (lambda: st_dbscan([], [], distance_m=1, interval=0, least_count=1), "not_positive"),
        (lambda: st_dbscan([], [], distance_m=1, interval=1, least_count=0), "not_within"),
    ],
)
def test_each_fault_is_named(call: Any, code: str) -> None:
    with pytest.raises(DataError) as raised:
        call()
    assert raised.value.code == code
