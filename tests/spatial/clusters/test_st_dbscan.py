"""ST-DBSCAN against its definition, cell by cell, and what its answer must not depend on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from spatial.clusters import st_dbscan
from spatial.errors import DataError


def near(xy: Any, time: Any, distance: float, interval: float) -> Any:
    apart = ((xy[:, None] - xy[None]) ** 2).sum(axis=2)
    return (apart <= distance**2) & (np.abs(time[:, None] - time[None]) <= interval)


def by_definition(close: Any, least: int) -> tuple[Any, list[set[int]]]:
    """Which cases are cores, and the cores of each cluster, by going from one to the next."""
    core = close.sum(axis=1) >= least
    left, clusters = set(np.flatnonzero(core).tolist()), []
    while left:
        reached, ahead = set(), {min(left)}
        while ahead:
            one = ahead.pop()
            reached.add(one)
            ahead |= {other for other in left if close[one, other]} - reached
        clusters.append(reached)
        left -= reached
    return core, clusters


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("least", [1, 3, 6])
def test_clusters_are_as_defined(seed: int, least: int) -> None:
    rng = np.random.default_rng(seed)
    xy, time = rng.integers(0, 30, (150, 2)).astype(float), rng.integers(0, 20, 150).astype(float)
    found = st_dbscan(xy, time, distance_m=3, interval=2, least_count=least)
    close = near(xy, time, 3, 2)
    core, clusters = by_definition(close, least)
    assert found.core.tolist() == core.tolist()
    assert {
        frozenset(np.flatnonzero(core & (found.cluster == one)).tolist()) for one in range(len(clusters))
    } == {frozenset(one) for one in clusters}
    for row in np.flatnonzero(~core):
        around = np.flatnonzero(close[row] & core)
        if not len(around):
            assert found.cluster[row] == -1
            continue
        apart = ((xy[around] - xy[row]) ** 2).sum(axis=1) / 9 + (time[around] - time[row]) ** 2 / 4
        nearest = around[np.isclose(apart, apart.min())]
        assert found.cluster[row] == found.cluster[nearest].min()
    assert found.count.tolist() == [int((found.cluster == one).sum()) for one in range(len(clusters))]


def test_the_first_to_begin_is_number_0() -> None:
    xy = [(0, 0), (1, 0), (900, 0), (901, 0), (5000, 5000)]
    found = st_dbscan(xy, [50, 51, 3, 4, 0], distance_m=10, interval=5, least_count=2)
    assert found.cluster.tolist() == [1, 1, 0, 0, -1] and found.count.tolist() == [2, 2]


def test_one_place_at_other_times_is_not_one_cluster() -> None:
    found = st_dbscan(np.zeros((6, 2)), [0, 1, 2, 100, 101, 102], distance_m=10, interval=5, least_count=3)
    assert found.cluster.tolist() == [0, 0, 0, 1, 1, 1] and found.core.all()


def test_order_and_place_decide_nothing() -> None:
    rng = np.random.default_rng(8)
    xy, time = rng.uniform(0, 300, (400, 2)).round(), rng.uniform(0, 90, 400).round()
    turn = rng.permutation(400)
    first = st_dbscan(xy, time, distance_m=20, interval=9, least_count=4)
    turned = st_dbscan(xy[turn], time[turn], distance_m=20, interval=9, least_count=4)
    moved = st_dbscan(xy + np.array([8192, 4096]), time - 512, distance_m=20, interval=9, least_count=4)
    assert len(first.count) > 3
    assert turned.cluster.tolist() == first.cluster[turn].tolist()
    assert moved.cluster.tolist() == first.cluster.tolist()


def test_nothing_and_one() -> None:
    assert st_dbscan([], [], distance_m=1, interval=1, least_count=1).cluster.tolist() == []
    assert st_dbscan([(0, 0)], [0], distance_m=1, interval=1, least_count=1).cluster.tolist() == [0]
    assert st_dbscan([(0, 0)], [0], distance_m=1, interval=1, least_count=2).cluster.tolist() == [-1]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"time": [0, np.inf]}, "not_finite"), ({"time": [0]}, "other_count"), ({"distance_m": np.nan}, "not_positive"),
        ({"interval": 0}, "not_positive"), ({"least_count": 0}, "not_within"),
    ],
)  # fmt: skip
def test_faults_are_named(given: dict[str, Any], code: str) -> None:
    right: dict[str, Any] = {
        "xy": [(0, 0), (1, 1)],
        "time": [0, 1],
        "distance_m": 5,
        "interval": 1,
        "least_count": 2,
    }
    with pytest.raises(DataError) as raised:
        st_dbscan(**{**right, **given})
    assert raised.value.code == code
