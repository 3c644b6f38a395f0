"""Small layers whose answers are published or can be worked out by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from spatial.given import Numbers
from spatial.neighbours import Neighbours, from_pairs, within

DATA = Path(__file__).parent / "data"

METRIC = 4544

SIX_POINTS = gpd.GeoSeries.from_xy([10, 20, 40, 15, 30, 30], [10, 10, 10, 20, 20, 30], crs=METRIC)
"""The points of the examples of esda.G and esda.G_Local; their neighbours are within 15 m."""
SIX_VALUES = np.array([2, 3, 3.2, 5, 8, 7])

DE_SMITH_VALUES = np.array([2.24, 3.10, 4.55, -5.15, -4.39, 0.46, 5.54, 9.02, -2.09, -3.06])
"""De Smith, Goodchild and Longley (2015), Geospatial Analysis, figure 5-31, as libpysal's example "desmith" has it."""
DE_SMITH_NEIGHBOURS = {
    1: (2, 4),
    2: (1, 5),
    3: (4, 7),
    4: (1, 3, 5, 8),
    5: (2, 4, 6, 9),
    6: (5, 10),
    7: (3, 8),
    8: (4, 7, 9),
    9: (5, 8, 10),
    10: (6, 9),
}


def published(name: str) -> tuple[Numbers, Neighbours]:
    """Values and binary neighbours of a file."""
    with (DATA / f"{name}.csv").open(encoding="ascii") as file:
        rows = list(csv.DictReader(file))
    pairs = [(row["id"], other) for row in rows for other in row["neighbours"].split()]
    values = np.array([float(row["value"]) for row in rows])
    return values, from_pairs([row["id"] for row in rows], pairs, mutual=False)


def six_points() -> Neighbours:
    """Binary, within 15 m; the third point has one neighbour, at 14.1 m."""
    return within(SIX_POINTS, 15)


def de_smith() -> Neighbours:
    """Ten cells in row weights."""
    pairs = [(one, other) for one, others in DE_SMITH_NEIGHBOURS.items() for other in others]
    return from_pairs(list(DE_SMITH_NEIGHBOURS), pairs).weighted("row")


def lattice(columns: int, rows: int) -> Neighbours:
    """Cells of a chessboard that share a side, numbered row by row from 0."""
    at = np.arange(columns * rows).reshape(rows, columns)
    across = zip(at[:, :-1].ravel().tolist(), at[:, 1:].ravel().tolist(), strict=True)
    down = zip(at[:-1].ravel().tolist(), at[1:].ravel().tolist(), strict=True)
    return from_pairs(range(columns * rows), [*across, *down])


def squares(columns: int, rows: int, *, side_m: float = 100.0, apart_m: float = 0.0) -> gpd.GeoSeries:
    """A chessboard of squares, so far apart from each other; its index counts row by row."""
    step = side_m + apart_m
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(columns) * step, np.arange(rows) * step))
    return gpd.GeoSeries(shapely.box(x, y, x + side_m, y + side_m), crs=METRIC)
