"""Ways: every cost as a comparison of everything with everything has it; ties, parts and orders of rows."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import spatial.access.ways
from spatial.access import Along, Straight, costs, nearest, reached
from spatial.errors import CrsError, DataError
from spatial.streets import streets
from tests.spatial.access.towns import CRS, lattice, lines, walked

SIDE, STEP = 5, 100.0


def scattered(seed: int, people: int, services: int) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(seed)
    layer = lattice(SIDE, STEP, seed)
    return layer, rng.uniform(-40, 440, (people, 2)), rng.uniform(-40, 440, (services, 2))


@pytest.mark.parametrize("seed", range(12))
def test_ways_are_those_of_floyd_and_warshall(seed: int) -> None:
    layer, people, services = scattered(seed, 25, 7)
    way = Along(streets(layer))
    wanted = walked(layer, np.concatenate((people, services)))[: len(people), len(people) :]
    found = costs(people, services, way)
    assert np.array_equal(np.isinf(found), np.isinf(wanted))
    assert found[np.isfinite(found)] == pytest.approx(wanted[np.isfinite(wanted)], abs=1e-6)
    one = nearest(people, services, way)
    assert one.cost == pytest.approx(found.min(axis=1), abs=1e-6)
    assert one.unreachable.tolist() == np.flatnonzero(np.isinf(found).all(axis=1)).tolist()
    assert one.service.tolist() == np.where(np.isinf(one.cost), -1, found.argmin(axis=1)).tolist()


@pytest.mark.parametrize("way", [Straight(1.3), Along(streets(lattice(SIDE, STEP)))])
def test_pieces_do_not_change_the_answer(way: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _, people, services = scattered(3, 30, 9)
    whole = costs(people, services, way), reached(people, services, way, 150)
    monkeypatch.setattr(spatial.access.ways, "ENTRIES", 64)
    assert np.array_equal(costs(people, services, way), whole[0])
    again = reached(people, services, way, 150)
    assert np.array_equal(again.place, whole[1].place) and np.array_equal(again.service, whole[1].service)
    inside = whole[0] <= 150
    assert np.array_equal(again.matrix().toarray() > 0, inside)
    assert again.cost == pytest.approx(whole[0][inside])


def test_two_places_of_one_edge_need_no_junction() -> None:
    way = Along(streets(lines([(0, 0), (1000, 0)])))
    assert nearest([[400, 3]], [[410, -4], [300, 0]], way).cost.tolist() == pytest.approx([17])


def test_a_service_in_the_way_keeps_nobody_from_passing() -> None:
    way = Along(streets(lines([(0, 0), (100, 0)])))
    assert costs([[0, 0]], [[50, 30], [100, 0]], way)[0].tolist() == pytest.approx([80, 100])


def test_of_services_equally_near_the_first_counts() -> None:
    way = Along(streets(lattice(3, 100)))
    services = [[200, 200], [200, 0], [0, 200], [0, 0]]
    assert nearest([[100, 100], [200, 100], [0, 100]], services, way).service.tolist() == [0, 0, 2]
    straight = nearest([[100, 100], [100, 0]], services, Straight(1.0))
    assert straight.service.tolist() == [0, 1]
    assert nearest([[5, 5]], [[9, 9], [5, 5], [5, 5]], Along(streets(lattice(2, 10)))).service.tolist() == [1]


def test_speed_makes_minutes_on_the_fastest_way() -> None:
    slow, fast = [(0.0, 0.0), (100.0, 0.0)], [(0.0, 0.0), (0.0, 60.0), (100.0, 60.0), (100.0, 0.0)]
    way = Along(streets(lines(slow, fast), metres_per_minute=[10, 100]))
    found = nearest([[0, 0]], [[100, 0]], way)
    assert found.unit == "minute" and found.cost.tolist() == pytest.approx([2.2])
    assert nearest([[0, 0]], [[60, 80]], Straight(1.3, 65)).cost.tolist() == pytest.approx([2.0])


def test_who_is_on_no_street_or_another_part_reaches_nothing() -> None:
    way = Along(streets(lines([(0, 0), (100, 0)], [(0, 500), (100, 500)])), within_m=60)
    found = nearest([[10, 10], [10, 200], [10, 490]], [[90, 0]], way)
    assert found.unreachable.tolist() == [1, 2] and found.service.tolist() == [0, -1, -1]
    assert nearest([[10, 10]], [[10, 200]], way).cost.tolist() == [np.inf]


@pytest.mark.parametrize(
    "way", [Straight(1.2), Along(streets(lattice(3, 100))), Along(streets(gpd.GeoSeries([], crs=CRS)))]
)
def test_nobody_and_nothing(way: Any) -> None:
    assert nearest([], [[0, 0]], way).cost.shape == (0,)
    none = nearest([[0, 0]], [], way)
    assert none.service.tolist() == [-1] and none.unreachable.tolist() == [0]
    assert reached([[0, 0]], [], way, 10).matrix().shape == (1, 0)
    assert costs([], [], way).shape == (0, 0)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    layer, people, services = scattered(seed % 7, 12, 5)
    rng = np.random.default_rng(seed)
    rows, columns, streets_ = rng.permutation(12), rng.permutation(5), rng.permutation(len(layer))
    first = nearest(people, services, Along(streets(layer)))
    again = nearest(people[rows], services[columns], Along(streets(layer.iloc[streets_])))
    assert again.cost == pytest.approx(first.cost[rows], abs=1e-6)
    there = first.service[rows] >= 0
    assert np.array_equal(columns[again.service[there]], first.service[rows][there])


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), detour=st.floats(1, 3))
def test_a_network_is_never_shorter_than_the_line(seed: int, detour: float) -> None:
    layer, people, services = scattered(seed % 9, 10, 4)
    line = costs(people, services, Straight(1.0))
    assert (costs(people, services, Along(streets(layer))) >= line - 1e-6).all()
    assert costs(people, services, Straight(detour)) == pytest.approx(line * detour)


def test_layers_are_in_one_system() -> None:
    way = Along(streets(lattice(3, 100)))
    here = gpd.GeoSeries.from_xy([0.0], [0.0], crs=CRS)
    assert nearest(here, here, way).cost.tolist() == [0]
    for wrong in (4490, 32648):
        with pytest.raises(CrsError):
            nearest(gpd.GeoSeries.from_xy([0.0], [0.0], crs=wrong), here, Straight(1.0))
        with pytest.raises(CrsError):
            nearest(gpd.GeoSeries.from_xy([0.0], [0.0], crs=wrong), [[0, 0]], way)
    with pytest.raises(DataError) as raised:
        nearest(lattice(2, 5), here, way)
    assert raised.value.code == "not_points"


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: nearest([[np.nan, 0]], [[0, 0]], Straight(1.0)), "not_finite"),
        (lambda: reached([[0, 0]], [[0, 0]], Straight(1.0), 0), "not_positive"),
        (lambda: Straight(0), "not_positive"),
        (lambda: Straight(1, -3), "not_positive"),
    ],
)
def test_wrong_questions_are_named(call: Any, code: str) -> None:
    with pytest.raises(DataError) as raised:
        call()
    assert raised.value.code == code
