"""Kulldorff's scan against all circles and cylinders, one by one, and chance."""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np
import pytest

from spatial.clusters import scan
from spatial.errors import DataError


def ratio(cases: int, expected: float, total: int) -> float:
    """The logarithm of the likelihood ratio, from Kulldorff 1997; 0 where there are no more than are expected."""
    if cases <= expected:
        return 0.0
    inside = cases * log(cases / expected)
    return inside + ((total - cases) * log((total - cases) / (total - expected)) if total > cases else 0.0)


def every_cylinder(xy: Any, counts: Any, population: Any, share: float, longest: int) -> dict[Any, float]:
    """The ratio of each set of cells and stretch of time."""
    cells, periods = counts.shape
    total, people, found = int(counts.sum()), population.sum(), {}
    for centre in range(cells):
        apart = np.hypot(*(xy - xy[centre]).T)
        for radius in apart:
            inside = np.flatnonzero(apart <= radius + 1e-9)
            if population[inside].sum() > share * people:
                continue
            for first in range(periods):
                for last in range(first, min(first + longest, periods)):
                    cases = int(counts[inside, first : last + 1].sum())
                    mean = total * population[inside].sum() / people * (last - first + 1) / periods
                    key = frozenset(inside.tolist()), first, last
                    found[key] = ratio(cases, mean, total) if mean else 0.0
    return found


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("periods", [1, 4])
def test_the_strongest_is_the_strongest_of_all(seed: int, periods: int) -> None:
    rng = np.random.default_rng(seed)
    xy = rng.integers(0, 6, (14, 2)).astype(float)  # some are equally far from another, some at one place
    population = rng.integers(1, 50, 14).astype(float)
    counts = rng.poisson(3, (14, periods))
    found = scan(xy, counts, population, replicas=0, longest=max(periods // 2, 1))
    all_of_them = every_cylinder(xy, counts, population, 0.5, max(periods // 2, 1))
    best = found.clusters[0]
    assert best.llr == pytest.approx(max(all_of_them.values()))
    assert all_of_them[frozenset(best.cells.tolist()), best.first, best.last] == pytest.approx(best.llr)
    taken: set[int] = set()
    for cluster in found.clusters:
        apart = {key: value for key, value in all_of_them.items() if not key[0] & taken}
        assert cluster.llr == pytest.approx(max(apart.values()))
        assert not taken & set(cluster.cells.tolist())
        taken |= set(cluster.cells.tolist())
        assert cluster.p != cluster.p  # without made-up maps there is none
    for number, cluster in enumerate(found.clusters):
        assert np.flatnonzero(found.cluster == number).tolist() == cluster.cells.tolist()


def test_by_hand() -> None:
    """Four cells in a row of 100 people each, 12 of 18 cases in the first: 4.5 are expected there.

    12 log(12 / 4.5) + 6 log(6 / 13.5) = 6.9044; 12 / 4.5 inside and 6 / 13.5 outside, which is six times as many.
    """
    found = scan([(0, 0), (100, 0), (200, 0), (300, 0)], [12, 2, 2, 2], [100] * 4, replicas=0)
    best = found.clusters[0]
    assert best.cells.tolist() == [0] and best.radius_m == 0 and (best.first, best.last) == (0, 0)
    assert (best.observed, best.expected) == (12, pytest.approx(4.5))
    assert (
        best.llr == pytest.approx(12 * log(12 / 4.5) + 6 * log(6 / 13.5)) == pytest.approx(6.9044, abs=5e-5)
    )
    assert best.relative_risk == pytest.approx(6)


def world(rng: np.random.Generator) -> tuple[Any, Any]:
    xy = np.stack(np.meshgrid(np.arange(10), np.arange(10)), axis=-1).reshape(-1, 2) * 100.0
    return xy, rng.integers(200, 600, 100).astype(float)


def test_an_outbreak_is_found_where_and_when_it_was() -> None:
    rng = np.random.default_rng(3)
    xy, population = world(rng)
    counts = rng.poisson(population[:, None] / 200, (100, 12))
    struck = np.hypot(*(xy - (700, 200)).T) <= 150
    counts[struck, 7:10] += rng.poisson(8, (int(struck.sum()), 3))
    found = scan(xy, counts, population, replicas=99, seed=1)
    best = found.clusters[0]
    assert (best.first, best.last) == (7, 9) and best.p == 0.01
    assert set(best.cells.tolist()) == set(np.flatnonzero(struck).tolist())
    assert all(one.p > 0.05 for one in found.clusters[1:])
    recent = scan(xy, counts, population, replicas=9, alive_only=True)
    assert all(one.last == 11 for one in recent.clusters)


def test_chance_is_called_chance() -> None:
    """Of maps made by chance one in twenty is significant at 5 %: of 60, more than 8 would be met in 1 of 500 runs."""
    rng = np.random.default_rng(11)
    xy, population = world(rng)
    chance = population / population.sum()
    p = [
        scan(xy, rng.multinomial(300, chance), population, replicas=39, most_clusters=1, seed=run)
        .clusters[0]
        .p
        for run in range(60)
    ]
    assert sum(one <= 0.05 for one in p) <= 8 and 0.3 < np.mean(p) < 0.7


def test_rows_come_in_any_order_and_seeds_repeat() -> None:
    rng = np.random.default_rng(4)
    xy, population = world(rng)
    counts = rng.poisson(2, (100, 3))
    turn = rng.permutation(100)
    first = scan(xy, counts, population, replicas=0)
    turned = scan(xy[turn], counts[turn], population[turn], replicas=0)
    assert [one.llr for one in first.clusters] == pytest.approx([one.llr for one in turned.clusters])
    assert set(turn[turned.clusters[0].cells].tolist()) == set(first.clusters[0].cells.tolist())
    again = [scan(xy, counts, population, replicas=19, seed=6).simulated.tolist() for _ in range(2)]
    assert again[0] == again[1]


def test_where_there_is_nothing_to_find() -> None:
    xy = [(0, 0), (100, 0)]
    none = scan(xy, [0, 0], [10, 10], replicas=9)
    assert none.clusters == () and none.cluster.tolist() == [-1, -1]
    empty_period = scan(xy, [[4, 0], [1, 0]], [10, 10], replicas=0)
    assert empty_period.clusters[0].cells.tolist() == [0]
    assert (
        scan([(0, 0)], [3], [10], replicas=9).clusters == ()
    )  # one cell is more than half of the population


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"cases": [1, -1]}, "too_small"), ({"cases": [1, 1.5]}, "not_whole"), ({"cases": [1, np.nan]}, "not_finite"),
        ({"cases": [1]}, "other_count"), ({"cases": [[[1]], [[1]]]}, "not_counts"),
        ({"cases": ["a", 1]}, "not_numbers"),
        ({"population": [0, 5]}, "cases_without_population"), ({"population": [-1, 5]}, "too_small"),
        ({"most_share": 0}, "not_a_share"), ({"most_share": 1.5}, "not_a_share"), ({"longest": 2}, "not_within"),
        ({"replicas": -1}, "not_within"), ({"most_clusters": 0}, "not_within"), ({"xy": [(0, 0)]}, "other_count"),
    ],
)  # fmt: skip
def test_faults_are_named(given: dict[str, Any], code: str) -> None:
    right: dict[str, Any] = {"xy": [(0, 0), (1, 1)], "cases": [1, 1], "population": [5, 5]}
    with pytest.raises(DataError) as raised:
        scan(**{**right, **given})
    assert raised.value.code == code
