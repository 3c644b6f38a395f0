"""Invented buildings: in urban cells, off streets and waters, the same ones every time."""

from __future__ import annotations

from collections import Counter
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from app.demo.service.buildings import PATTERNS, find_buildings
from app.demo.service.loading import read_ground

METRIC = 4543


@pytest.fixture(scope="module")
def areas() -> gpd.GeoDataFrame:
    return read_ground("areas.geojson")


@pytest.fixture(scope="module")
def ground() -> gpd.GeoDataFrame:
    return read_ground("ground.geojson")


@pytest.fixture(scope="module")
def found(areas: gpd.GeoDataFrame, ground: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    return find_buildings(areas, ground, METRIC)


def metric(found: list[dict[str, Any]]) -> np.ndarray:
    shapes = gpd.GeoSeries([row["shape"] for row in found], crs="EPSG:4490").to_crs(METRIC)
    return np.asarray(shapes.values, dtype=object)


def test_there_are_houses_of_every_kind(found: list[dict[str, Any]]) -> None:
    kinds = Counter(row["class"] for row in found)
    assert set(kinds) == {pattern.name for pattern in PATTERNS}
    assert all(count > 500 for count in kinds.values())
    assert len(found) < 20_000, "what a browser is sent stays small"
    assert all(row["simulated"] and row["kind"] == "building" for row in found)


def test_each_stands_in_one_urban_cell_off_streets_and_waters(
    found: list[dict[str, Any]], areas: gpd.GeoDataFrame, ground: gpd.GeoDataFrame
) -> None:
    houses = metric(found)
    urban = areas[(areas["level"] == "cell") & (areas["kind"] == "urban")].to_crs(METRIC)
    inside, _ = shapely.STRtree(urban.geometry.values).query(houses, predicate="within")
    assert len(inside) == len(houses)
    taken = ground[ground["kind"].isin(["street", "river", "reservoir"])].to_crs(METRIC)
    touched, _ = shapely.STRtree(taken.geometry.values).query(houses, predicate="dwithin", distance=8.0)
    assert not len(touched)


def test_no_two_overlap(found: list[dict[str, Any]]) -> None:
    houses = metric(found)
    one, other = shapely.STRtree(houses).query(houses, predicate="intersects")
    assert (one == other).all()


def test_they_are_the_same_every_time(
    found: list[dict[str, Any]], areas: gpd.GeoDataFrame, ground: gpd.GeoDataFrame
) -> None:
    again = find_buildings(areas, ground, METRIC)
    assert [row["shape"].wkb for row in again[:500]] == [row["shape"].wkb for row in found[:500]]
    assert len(again) == len(found)
