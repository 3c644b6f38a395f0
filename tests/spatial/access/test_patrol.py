"""Patrols: lengths by hand and against dense points along the streets, objects against every distance."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

import spatial.patrol
from spatial.errors import CrsError, DataError
from spatial.patrol import objects_passed, streets_passed, visits_of
from tests.spatial.access.towns import CRS, lines

BEGIN, END = "2026-03-01", "2026-04-01"


def visits(*xy: tuple[float, float]) -> Any:
    return visits_of(list(xy), ["2026-03-05T10:00"] * len(xy), BEGIN, END)


def test_a_period_has_its_begin_and_not_its_end() -> None:
    found = visits_of([[1, 1], [2, 2], [3, 3]], ["2026-02-28T23:59:59", BEGIN, END], BEGIN, END)
    assert found.xy.tolist() == [[2, 2]]


def test_length_by_hand() -> None:
    layer = lines([(0, 0), (100, 0)], [(0, 4), (100, 4)], [(0, 50), (100, 50)])
    found = streets_passed(layer, visits((20, 0), (25, 0), (97, 0)), 5, cells=["a", "a", "b"])
    # 15 to 30 and 92 to 100; four metres aside the circles are 3 wide to each side.
    assert found.passed_m.tolist() == pytest.approx([23, 3 * 2 + 5 + 6, 0])
    assert found.missed.tolist() == [2] and found.share == pytest.approx(40 / 300)
    assert found.cells == ("a", "b") and found.cell_share.tolist() == pytest.approx([40 / 200, 0])


@pytest.mark.parametrize("seed", range(6))
def test_length_is_that_of_points_laid_along(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(seed)
    layer = lines(*[[tuple(p) for p in rng.uniform(0, 100, (4, 2))] for _ in range(6)])
    there = rng.uniform(0, 100, (40, 2))
    found = streets_passed(layer, visits(*map(tuple, there)), 8)
    for line, passed in zip(layer, found.passed_m, strict=True):
        marks = shapely.get_coordinates(
            shapely.line_interpolate_point(line, (np.arange(4000) + 0.5) / 4000, normalized=True)
        )
        near = (np.hypot(*(marks[:, None] - there[None]).transpose(2, 0, 1)) <= 8).any(axis=1)
        assert passed == pytest.approx(near.mean() * line.length, abs=line.length / 200)
    monkeypatch.setattr(spatial.patrol, "PIECE", 7)
    rows = rng.permutation(40)
    again = streets_passed(layer, visits(*map(tuple, there[rows])), 8)
    assert again.passed_m == pytest.approx(found.passed_m)


@pytest.mark.parametrize("seed", range(4))
def test_objects_are_those_within_every_distance(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spatial.patrol, "PIECE", 16)
    rng = np.random.default_rng(seed)
    xy, there = rng.uniform(0, 100, (50, 2)), rng.uniform(0, 100, (40, 2))
    at = np.datetime64("2026-03-02") + rng.integers(0, 20 * 86400, 40).astype("timedelta64[s]")
    found = objects_passed(gpd.GeoSeries.from_xy(*xy.T, crs=CRS), visits_of(there, at, BEGIN, END), 9)
    near = np.hypot(*(xy[:, None] - there[None]).transpose(2, 0, 1)) <= 9
    assert found.visits.tolist() == near.sum(axis=1).tolist()
    assert found.missed.tolist() == np.flatnonzero(~near.any(axis=1)).tolist()
    for row in range(50):
        assert (
            np.isnat(found.last_at[row]) if not near[row].any() else found.last_at[row] == at[near[row]].max()
        )


def test_a_building_is_passed_at_its_wall() -> None:
    walls = gpd.GeoSeries([shapely.box(0, 0, 10, 10), shapely.box(30, 0, 40, 10)], crs=CRS)
    found = objects_passed(walls, visits((15, 5), (5, 5)), 5, cells=["b", "a"])
    assert found.visits.tolist() == [2, 0] and found.share == 0.5
    assert found.cells == ("a", "b") and found.cell_share.tolist() == [0, 1]


def test_nobody_went_and_nothing_is_there() -> None:
    none = visits()
    assert streets_passed(lines([(0, 0), (9, 0)]), none, 5).share == 0
    assert objects_passed(gpd.GeoSeries.from_xy([1.0], [1.0], crs=CRS), none, 5).missed.tolist() == [0]
    empty = gpd.GeoSeries([], crs=CRS)
    assert np.isnan(streets_passed(empty, visits((1, 1)), 5).share)
    assert np.isnan(objects_passed(empty, visits((1, 1)), 5).share)
    holes = gpd.GeoSeries([None, shapely.LineString(), shapely.LineString([(0, 0), (0, 8)])], crs=CRS)
    assert streets_passed(holes, visits((0, 0)), 4).passed_m.tolist() == pytest.approx([0, 0, 4])


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: visits_of([[0, 0]], ["x"], BEGIN, END), "not_times"),
        (lambda: visits_of([[0, 0]], ["NaT"], BEGIN, END), "not_times"),
        (lambda: visits_of([[0, 0]], [BEGIN], "NaT", END), "not_times"),
        (lambda: visits_of([[0, 0]], [BEGIN], END, BEGIN), "period_empty"),
        (lambda: visits_of([[0, 0]], [BEGIN, BEGIN], BEGIN, END), "other_count"),
        (lambda: visits_of([[0, np.nan]], [BEGIN], BEGIN, END), "not_finite"),
        (lambda: streets_passed(lines([(0, 0), (1, 0)]), visits((0, 0)), 0), "not_positive"),
        (lambda: streets_passed(lines([(0, 0), (1, 0)]), visits((0, 0)), 1, cells=[]), "other_count"),
    ],
)
def test_wrong_questions_are_named(call: Any, code: str) -> None:
    with pytest.raises(DataError) as raised:
        call()
    assert raised.value.code == code


def test_degrees_are_refused() -> None:
    with pytest.raises(CrsError):
        streets_passed(lines([(0, 0), (1, 0)]).set_crs(4490, allow_override=True), visits((0, 0)), 1)
