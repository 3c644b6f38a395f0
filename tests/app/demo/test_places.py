"""Places lie in their cells, half of them along the edge; spots live for their time."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from app.cases.service import categories, reference
from app.demo.service.clusters import cluster
from app.demo.service.draws import Table
from app.demo.service.places import METRE, Cells, Places, find_places, measure


@pytest.fixture(scope="module")
def measured(cells: gpd.GeoDataFrame) -> Cells:
    return measure(cells)


@pytest.fixture(scope="module")
def places(measured: Cells, ground: gpd.GeoDataFrame) -> Places:
    return find_places(measured, ground, np.random.default_rng(1))


def test_areas_are_those_of_the_ground(measured: Cells) -> None:
    # 0.01° × 0.015° at 25.04° N: 1.0086 km × 1.6698 km.
    assert measured.area_km2[0] == pytest.approx(1.684, rel=0.005)


def test_every_place_is_inside_its_cell(measured: Cells, places: Places) -> None:
    assert shapely.contains_xy(measured.shapes[places.cell], places.lon, places.lat).all()
    assert np.bincount(places.cell, minlength=48).min() >= 12


def test_places_at_the_street_are_along_the_edge(measured: Cells, places: Places) -> None:
    points = shapely.points(places.lon, places.lat)
    away = shapely.distance(shapely.boundary(measured.shapes[places.cell]), points) / METRE
    assert away[places.at_street].max() < 8
    assert away[~places.at_street].mean() > 100
    assert 0.4 < places.at_street.mean() < 0.6


def test_only_places_near_the_river_are_at_the_water(places: Places) -> None:
    metres = np.abs(places.lon - 102.7205) / METRE
    assert (metres[places.at_water] <= 401).all()
    assert (metres[~places.at_water] >= 399).all()


def test_a_cell_too_narrow_for_a_setback_still_has_places() -> None:
    sliver = gpd.GeoDataFrame(
        {"households": [100.0]}, geometry=[shapely.box(102.7, 25.0, 102.70008, 25.01)], crs=4490
    )
    found = find_places(measure(sliver), None, np.random.default_rng(1))
    assert shapely.contains_xy(sliver.geometry.iloc[0], found.lon, found.lat).all()


def test_cells_in_several_parts_with_a_hole() -> None:
    ring = shapely.box(102.7, 25.0, 102.71, 25.01).difference(shapely.box(102.702, 25.002, 102.708, 25.008))
    parts = shapely.union_all([ring, shapely.box(102.72, 25.0, 102.73, 25.01)])
    found = find_places(
        measure(gpd.GeoDataFrame({"households": [900.0]}, geometry=[parts], crs=4490)),
        None,
        np.random.default_rng(1),
    )
    assert shapely.contains_xy(parts, found.lon, found.lat).all()
    assert (found.lon > 102.715).any() and (found.lon < 102.715).any()


def test_building_sites_come_and_go_and_markets_stay(measured: Cells, places: Places) -> None:
    codes = [str(row["code"]) for row in categories()]
    found = cluster(codes, measured, places, 730, np.random.default_rng(4))
    spots = {row["code"]: int(row["spots"]) for row in reference("haunts")}

    def alive(code: str, period: int) -> set[int]:
        row = codes.index(code) * found.periods + period
        shares: Table = found.by_spot
        return set(np.flatnonzero(np.diff(shares.shares[row], prepend=0.0) > 0).tolist())

    sites = [alive("C18", period) for period in (2, 12, 22)]
    assert all(0.6 * spots["site"] < len(there) < 1.5 * spots["site"] for there in sites)
    assert not sites[0] & sites[1] and not sites[1] & sites[2]
    assert alive("C23", 2) == alive("C23", 22)
    assert len(alive("C23", 2)) == spots["market"]
