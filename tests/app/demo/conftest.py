"""A small town, and two years of its cases."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from app.cases.service import categories
from app.demo.service.cases import simulate_cases
from spatial.readers import CaseBatch

WORDS = ["external_ref", "category", "state", "source", "address", "description"]
COLUMNS = ["row", *WORDS, "reported_at", "due_at", "closed_at", "lon", "lat"]
COUNT = 60_000
UNTIL = date(2026, 6, 30)


def frame(batches: list[CaseBatch]) -> pd.DataFrame:
    """Batches as one table, with the local time of reporting (no zone here changes its clocks)."""
    table = pd.DataFrame({name: np.concatenate([getattr(b, name) for b in batches]) for name in COLUMNS})
    table["local"] = table["reported_at"] + pd.Timedelta(hours=8)
    return table


@pytest.fixture(scope="session")
def cells() -> gpd.GeoDataFrame:
    """Eight by six cells, dense in the south, one with a notch; 102.70–102.78° E, 25.03–25.12° N."""
    rng = np.random.default_rng(7)
    boxes = [
        shapely.box(102.70 + 0.01 * i, 25.03 + 0.015 * j, 102.71 + 0.01 * i, 25.045 + 0.015 * j)
        for j in range(6)
        for i in range(8)
    ]
    boxes[20] = boxes[20].difference(shapely.box(102.742, 25.063, 102.748, 25.072))
    households = [int(rng.integers(300, 800)) // (1 + j) for j in range(6) for _ in range(8)]
    return gpd.GeoDataFrame(
        {"id": range(48), "code": [f"530103001001{i:03}" for i in range(48)], "households": households},
        geometry=boxes,
        crs=4490,
    )


@pytest.fixture(scope="session")
def ground() -> gpd.GeoDataFrame:
    """Two streets, a river, a compound."""
    return gpd.GeoDataFrame(
        {
            "kind": ["street", "street", "river", "compound"],
            "name": ["白云路", "北京路", "盘龙江", "席子营小区"],
        },
        geometry=[
            shapely.LineString([(102.70, 25.045), (102.78, 25.045)]),
            shapely.LineString([(102.74, 25.03), (102.74, 25.12)]),
            shapely.LineString([(102.7205, 25.03), (102.7205, 25.12)]),
            shapely.Point(102.755, 25.06),
        ],
        crs=4490,
    )


@pytest.fixture(scope="session")
def cases(cells: gpd.GeoDataFrame, ground: gpd.GeoDataFrame) -> pd.DataFrame:
    """`COUNT` cases until the last moment of `UNTIL`."""
    return frame(
        list(
            simulate_cases(
                cells,
                categories(),
                count=COUNT,
                until=UNTIL,
                timezone="Asia/Shanghai",
                seed=20,
                ground=ground,
            )
        )
    )
