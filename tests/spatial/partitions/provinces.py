"""A made province: districts side by side, each with cells of its own, and a year of cases in clusters."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from tests.spatial.coverages import voronoi

CODES = ("530102", "530103", "530111", "五华区")
"""Bytewise; the last is a name that no file system is asked to spell."""
SIZE = 0.05
WEST, SOUTH = 102.6, 25.0
YEAR = {"since": "2024-01-01", "until": "2024-12-31"}
CRS = 4490


def province(cells: int = 25, cases: int = 1_500) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Cases and cells of all districts, the rows of both mixed."""
    made = [district(number, code, cells, cases) for number, code in enumerate(CODES)]
    mixed = (pd.concat([pair[side] for pair in made]).sample(frac=1, random_state=side) for side in (0, 1))
    both = [layer.reset_index(drop=True) for layer in mixed]
    return both[0], both[1]


def district(number: int, code: str, cells: int, cases: int) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Cases and cells of one: a square, `number` squares east of the first."""
    rng = np.random.default_rng(number)
    shift = (WEST + number * SIZE, SOUTH)
    shapes = shapely.transform(voronoi(cells, seed=number, size=SIZE), lambda xy: xy + shift)
    areas = gpd.GeoDataFrame(
        {
            "code": [f"{number}{row:03d}" for row in range(len(shapes))],
            "households": rng.integers(200, 600, len(shapes)),
            "district": code,
        },
        geometry=shapes,
        crs=CRS,
    )
    seats = rng.uniform(0, SIZE, (4, 2))
    xy = np.clip(seats[rng.integers(0, 4, cases)] + rng.normal(0, SIZE / 8, (cases, 2)), 0, SIZE) + shift
    minutes = rng.integers(0, 366 * 24 * 60, cases)
    at = pd.Timestamp("2023-12-31 16:00", tz="UTC") + pd.to_timedelta(minutes, unit="min")
    places = gpd.points_from_xy(*xy.T, crs=CRS)
    return gpd.GeoDataFrame(
        {"number": np.arange(cases), "reported_at": at, "district": code}, geometry=places
    ), areas
