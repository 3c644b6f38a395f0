"""Kulldorff's scan against SaTScan's own report and against all zones, one by one.

`new_york.csv`: leukaemia in 281 tracts of eight counties of New York State, 1978 to 1982 (Waller and Gotway, Applied
Spatial Statistics for Public Health Data, 2004), whole cases, degrees cut to five decimals, as SaTScan 9.6 was given
them for the tests of the R package smerc.
"""

from __future__ import annotations

from math import inf, log
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spatial.clusters import Scan, scan, zones
from spatial.errors import DataError

NORTH, EAST, CASES, PEOPLE = np.loadtxt(
    Path(__file__).parent / "new_york.csv", delimiter=",", skiprows=1, unpack=True
)
AT = np.column_stack((NORTH, EAST)) * 1e5


@pytest.mark.parametrize(
    ("most_share", "printed"),
    [
        (
            0.5,
            [
                (52, 28, 100, "58.28", "1.87", "14.083511"),
                (89, 8, 38, "17.79", "2.22", "9.019716"),
                (112, 33, 64, "40.85", "1.64", "6.114140"),
                (62, 4, 25, "12.82", "1.99", "4.651839"),
                (266, 4, 12, "5.14", "2.37", "3.363518"),
                (166, 3, 11, "4.61", "2.41", "3.209485"),
            ],
        ),
        (
            0.1,
            [
                (49, 26, 85, "49.71", "1.84", "11.577255"),
                (89, 8, 38, "17.79", "2.22", "9.019716"),
                (112, 33, 64, "40.85", "1.64", "6.114140"),
                (62, 4, 25, "12.82", "1.99", "4.651839"),
                (46, 7, 28, "15.54", "1.84", "4.169203"),
                (266, 4, 12, "5.14", "2.37", "3.363518"),
                (166, 3, 11, "4.61", "2.41", "3.209485"),
            ],
        ),
    ],
)
def test_published(most_share: float, printed: list[tuple[Any, ...]]) -> None:
    """SaTScan 9.6, discrete Poisson, circles, no geographical overlap: centre, tracts, cases, expected, risk, ratio."""
    found = scan(AT, CASES, PEOPLE, most_share=most_share, most_clusters=len(printed), replicas=0)
    ours = [
        (
            c.centre + 1,
            len(c.cells),
            c.observed,
            f"{c.expected:.2f}",
            f"{c.relative_risk:.2f}",
            f"{c.llr:.6f}",
        )
        for c in found.clusters
    ]
    assert ours == printed


def test_published_p_values() -> None:
    """The same report's, of 999 replicas: three standard errors of a difference between two such figures."""
    found = scan(AT, CASES, PEOPLE, most_clusters=4)
    for cluster, printed in zip(found.clusters, (0.001, 0.016, 0.248, 0.645), strict=True):
        assert abs(cluster.p - printed) <= 3 * (2 * printed * (1 - printed) / 999) ** 0.5


def by_all(
    xy: np.ndarray, counts: np.ndarray, people: np.ndarray, *, longest: int, alive: bool = False
) -> float:
    """The strongest ratio of all circles and stretches of time."""
    total, periods, best = counts.sum(), counts.shape[1], 0.0
    for centre in xy:
        away = np.hypot(*(xy - centre).T)
        for radius in np.unique(away):
            inside = away <= radius + 1e-6
            if people[inside].sum() > people.sum() / 2:
                break
            for first in range(periods):
                for last in range(first, min(first + longest, periods)):
                    if alive and last != periods - 1:
                        continue
                    c = counts[inside, first : last + 1].sum()
                    m = total * people[inside].sum() / people.sum() * (last - first + 1) / periods
                    if c > m:
                        rest = (total - c) * log((total - c) / (total - m)) if c < total else 0
                        best = max(best, c * log(c / m) + rest)
    return best


def made_up(periods: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A regular lattice, full of equal distances; some cells are empty."""
    rng = np.random.default_rng(seed)
    xy = np.stack(np.meshgrid(np.arange(5) * 100.0, np.arange(4) * 100.0), axis=-1).reshape(-1, 2)
    people = rng.integers(0, 5, 20) * 100
    return xy, rng.poisson(people[:, None] / 100, (20, periods)), people


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("periods", "longest", "alive"), [(1, 1, False), (6, 3, False), (6, 6, False), (6, 4, True)]
)
@pytest.mark.parametrize("block", [1, 1 << 21])
def test_strongest_of_all_zones(
    seed: int, periods: int, longest: int, alive: bool, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zones, "BLOCK", block)
    xy, counts, people = made_up(periods, seed)
    found = scan(xy, counts, people, longest=longest, alive_only=alive, most_clusters=1, replicas=0)
    expected = by_all(xy, counts, people, longest=longest, alive=alive)
    one = found.clusters[0]
    assert one.llr == pytest.approx(expected)
    assert one.observed == counts[one.cells, one.first : one.last + 1].sum()
    assert one.last - one.first < longest and (not alive or one.last == periods - 1)


@pytest.mark.parametrize("periods", [1, 5])
def test_maxima_of_replicas_are_each_one_s_own(periods: int) -> None:
    xy, _, people = made_up(periods, 9)
    chance = np.repeat(people / people.sum() / periods, periods)
    counts = np.random.default_rng(1).multinomial(60, chance, size=7).reshape(7, 20, periods).astype(np.int32)
    around, span = (
        zones.circles(xy, people.astype(float), 0.5),
        zones.Span(periods, max(periods // 2, 1), False),
    )
    together = zones.maxima(
        counts.transpose(1, 2, 0).copy(), people / people.sum() * 60 / periods, around, span
    )
    assert together == pytest.approx([by_all(xy, each, people, longest=span.longest) for each in counts])


def test_by_hand() -> None:
    """Four cells with 100 people each, 8, 0, 0 and 0 cases: 8 ln(8 / 2) in the first, nobody is left outside."""
    found = scan([(0, 0), (10, 0), (20, 0), (30, 0)], [8, 0, 0, 0], [100] * 4, replicas=99)
    (one,) = found.clusters
    assert one.llr == pytest.approx(8 * log(4)) and one.expected == 2 and one.relative_risk == inf
    assert found.cluster.tolist() == [0, -1, -1, -1] and one.p == 0.01 and one.radius_m == 0


def test_outbreak_is_found_in_place_and_time() -> None:
    xy, counts, people = (
        np.random.default_rng(3).uniform(0, 9000, (80, 2)),
        np.ones((80, 12), int),
        np.full(80, 500),
    )
    near = np.argsort(np.hypot(*(xy - xy[7]).T))[:6]
    counts[near, 4:7] += 5
    found = scan(xy, counts, people, replicas=99)
    assert set(found.clusters[0].cells) == set(near) and found.clusters[0].p == 0.01
    assert (found.clusters[0].first, found.clusters[0].last) == (4, 6)
    members = np.concatenate([one.cells for one in found.clusters])
    assert len(members) == len(set(members))


def test_order_place_and_seed() -> None:
    order = np.random.default_rng(5).permutation(len(AT))

    def told(found: Scan, rows: np.ndarray) -> list[Any]:
        return [(set(rows[c.cells].tolist()), round(c.llr, 9)) for c in found.clusters]

    first = scan(AT, CASES, PEOPLE, replicas=49)
    turned = scan(AT[order], CASES[order], PEOPLE[order], replicas=49)
    moved = scan(AT - 1024, CASES, PEOPLE, replicas=49)
    rows = np.arange(len(AT))
    assert told(first, rows) == told(turned, order) == told(moved, rows)
    assert (first.simulated == moved.simulated).all()
    assert (scan(AT, CASES, PEOPLE, replicas=49, seed=1).simulated != first.simulated).any()


def test_nothing_to_find() -> None:
    assert scan(AT, CASES * 0, PEOPLE, replicas=9).clusters == ()
    assert scan([], [], [], replicas=9).clusters == ()
    alone = scan([(0, 0)], [5], [10], replicas=9)
    assert alone.clusters == () and alone.cluster.tolist() == [-1]
    assert scan([(0, 0)] * 5, [1, 2, 3, 4, 5], [10] * 5, replicas=9).clusters == ()  # one circle holds all
    assert scan([(0, 0), (9, 9)], [2, 2], [10, 10], replicas=0).clusters == ()


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: scan([(0, 0)], [-1], [5]), "too_small"),
        (lambda: scan([(0, 0)], [np.nan], [5]), "not_finite"),
        (lambda: scan([(0, np.nan)], [1], [5]), "not_finite"),
        (lambda: scan([(0, 0)], [1], [np.nan]), "not_finite"),
        (lambda: scan([(0, 0)], ["x"], [5]), "not_numbers"),
        (lambda: scan([(0, 0)], [1, 2], [5]), "other_count"),
        (lambda: scan([(0, 0)], [1.5], [5]), "not_whole"),
        (lambda: scan([(0, 0)], [3e9], [5]), "not_within"),
        (lambda: scan([(0, 0)], [[[1]]], [5]), "not_counts"),
        (lambda: scan([(0, 0)], [1], [0]), "cases_without_population"),
        (lambda: scan([(0, 0)], [1], [5], most_share=50), "not_a_share"),
        (lambda: scan([(0, 0)], [[1, 2]], [5], longest=3), "not_within"),
        (lambda: scan([(0, 0)], [1], [5], replicas=-1), "not_within"),
        (lambda: scan([(0, 0)], [1], [5], most_clusters=0), "not_within"),
    ],
)
def test_each_fault_is_named(call: Any, code: str) -> None:
    with pytest.raises(DataError) as raised:
        call()
    assert raised.value.code == code
