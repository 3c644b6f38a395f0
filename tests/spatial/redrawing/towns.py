"""Towns for the tests of redrawing: squares whose every answer is known by head."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

CRS = 4543
WEST, SOUTH = 572_000.0, 2_770_000.0
SIDE = 100.0
"""Metres of a cell's side in the small town."""


def layer(shapes: Any, **columns: Any) -> gpd.GeoDataFrame:
    """A layer in the reference system of these towns."""
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)


def square(column: float, row: float, wide: float = 1, high: float = 1) -> Any:
    """A rectangle, counted in sides of a cell."""
    x, y = WEST + column * SIDE, SOUTH + row * SIDE
    return shapely.box(x, y, x + wide * SIDE, y + high * SIDE)


def cells() -> gpd.GeoDataFrame:
    """Eight cells: four of community A in the west, four of community B in the east."""
    at = [(column, row) for column in range(4) for row in range(2)]
    codes = [f"{'AB'[column // 2]}{column % 2}{row}" for column, row in at]
    return layer([square(*one) for one in at], code=codes)


def communities() -> gpd.GeoDataFrame:
    """Two communities of two by two cells."""
    return layer([square(0, 0, 2, 2), square(2, 0, 2, 2)], code=["A", "B"])


def houses(households: Any = 400) -> gpd.GeoDataFrame:
    """A house of 20 m in the middle of each cell."""
    at = [(column, row) for column in range(4) for row in range(2)]
    shapes = [square(column + 0.4, row + 0.4, 0.2, 0.2) for column, row in at]
    return layer(
        shapes, code=[f"house {column}{row}" for column, row in at], households=np.broadcast_to(households, 8)
    )


def points(places: Any, **columns: Any) -> gpd.GeoDataFrame:
    """Points, counted in sides of a cell."""
    xy = np.asarray(places, dtype=float).reshape(-1, 2)
    return layer(shapely.points(WEST + xy[:, 0] * SIDE, SOUTH + xy[:, 1] * SIDE), **columns)
