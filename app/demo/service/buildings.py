"""Invented buildings 楼栋 of the demo: blocks in rows, towers and old villages, so that the map can be read as a town.

Where houses stand is openly known nowhere for the district. Their class is what Chinese practice calls them by their
floors (GB 50352: 低层 up to 3, 多层 up to 6, 高层 from 10); their height is assumed by whoever draws them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from spatial.crs import STORAGE

KERB_M = 13.0
"""From the edge of a cell, where streets run, to the first wall."""

STREET_M, WATER_M = 10.0, 16.0
"""From the middle of a street and from a bank to the first wall."""

SEED = 7
DECIMALS = 7
"""Of degrees: a centimetre."""

Shapes = NDArray[Any]
Places = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pattern:
    """How the houses of a cell stand: size of each and of its lot in metres, most of them, share of lots built on."""

    name: str
    house: tuple[float, float]
    lot: tuple[float, float]
    most: int
    built: float


PATTERNS = (
    Pattern("multi_storey", (50.0, 13.0), (63.0, 34.0), 48, 0.86),
    Pattern("high_rise", (27.0, 23.0), (64.0, 60.0), 24, 0.8),
    Pattern("low_rise", (12.0, 10.0), (18.0, 16.0), 90, 0.9),
)
INFILL = Pattern("low_rise", (11.0, 9.0), (14.0, 12.5), 130, 0.95)
"""What stands between them and in the villages, where a district is told of more closely."""

BETWEEN_M = 5.0
WEIGHTS = (0.6, 0.26, 0.14)


def find_buildings(
    areas: gpd.GeoDataFrame, ground: gpd.GeoDataFrame, metric_srid: int
) -> list[dict[str, Any]]:
    """Houses in every urban cell, off its streets, waters and parks; the same ones whenever it is asked.

    Parameters
    ----------
    areas, ground
        The layers of the demo: `level`, `kind`, geometry; `kind`, geometry.
    metric_srid
        The projection to measure in.
    """
    cells = areas[(areas["level"] == "cell") & (areas["kind"] == "urban")].to_crs(metric_srid)
    taken = _taken(ground.to_crs(metric_srid))
    tree = shapely.STRtree(taken)
    rng = np.random.default_rng(SEED)
    shapes, classes = [], []
    for cell in np.asarray(cells.geometry.values, dtype=object):
        pattern = PATTERNS[rng.choice(len(PATTERNS), p=WEIGHTS)]
        near = taken[tree.query(cell, predicate="intersects")]
        free = shapely.difference(shapely.buffer(cell, -KERB_M), shapely.union_all(near))
        houses = _houses(free, pattern, rng)
        shapes.append(houses)
        classes += [pattern.name] * len(houses)
    return _records(np.concatenate(shapes), classes, metric_srid)


def find_more(
    areas: gpd.GeoDataFrame,
    ground: gpd.GeoDataFrame,
    drawn: list[dict[str, Any]],
    count: int,
    metric_srid: int,
) -> list[dict[str, Any]]:
    """The houses that are drawn and so many more in all: small ones between them, and in fringe and mountain cells.

    Parameters
    ----------
    areas, ground, metric_srid
        As `find_buildings`.
    drawn
        What that gives.
    """
    cells = areas[areas["level"] == "cell"].to_crs(metric_srid)
    standing = gpd.GeoSeries([row["shape"] for row in drawn], crs=STORAGE).to_crs(metric_srid)
    taken = np.concatenate(
        [_taken(ground.to_crs(metric_srid)), np.asarray(standing.buffer(BETWEEN_M).values)]
    )
    tree = shapely.STRtree(taken)
    rng = np.random.default_rng(SEED + 1)
    shapes = []
    for cell in np.asarray(cells.geometry.values, dtype=object):
        near = taken[tree.query(cell, predicate="intersects")]
        free = shapely.difference(shapely.buffer(cell, -BETWEEN_M), shapely.union_all(near))
        shapes.append(_houses(free, INFILL, rng))
    more = np.concatenate(shapes)
    kept = np.sort(rng.choice(len(more), min(len(more), max(count - len(drawn), 0)), replace=False))
    return drawn + _records(more[kept], [INFILL.name] * len(kept), metric_srid)


def _records(shapes: Shapes, classes: list[str], metric_srid: int) -> list[dict[str, Any]]:
    drawn = gpd.GeoSeries(shapes, crs=metric_srid).to_crs(STORAGE)
    outlines = shapely.transform(
        np.asarray(drawn.values, dtype=object), lambda places: places.round(DECIMALS)
    )
    return [
        {
            "kind": "building", "class": name, "name": None, "name_en": None, "rank": 5,
            "source": "demo", "simulated": True, "shape": shape,
        }
        for name, shape in zip(classes, outlines, strict=True)
    ]  # fmt: skip


def _taken(ground: gpd.GeoDataFrame) -> Shapes:
    """Where nobody builds."""
    room = ground["kind"].map({"street": STREET_M, "river": WATER_M, "reservoir": WATER_M, "park": 1.0})
    kept = room.notna()
    return np.asarray(ground[kept].geometry.buffer(room[kept]).values, dtype=object)


def _houses(free: Any, pattern: Pattern, rng: np.random.Generator) -> Shapes:
    """The lots of a cell that hold a house, in rows along its longer side and near to east and west."""
    if shapely.is_empty(free):
        return np.empty(0, dtype=object)
    middle, angle = shapely.centroid(free), _tilt(free)
    upright = shapely.transform(free, _turn(middle, -angle))
    west, south, east, north = shapely.bounds(upright)
    x, y = np.meshgrid(
        np.arange(west, east, pattern.lot[0]) + pattern.lot[0] / 2,
        np.arange(south, north, pattern.lot[1]) + pattern.lot[1] / 2,
    )
    x, y = x.ravel(), y.ravel()
    width, depth = (side / 2 * rng.uniform(0.82, 1.1, x.size) for side in pattern.house)
    boxes = shapely.box(x - width, y - depth, x + width, y + depth)
    shapely.prepare(upright)
    built = np.flatnonzero(shapely.contains(upright, boxes) & (rng.random(x.size) < pattern.built))
    if len(built) > pattern.most:  # a village is a patch of its cell, not strewn over it
        heart = rng.choice(built)
        built = built[np.argsort(np.hypot(x[built] - x[heart], y[built] - y[heart]))[: pattern.most]]
    return np.asarray(shapely.transform(boxes[built], _turn(middle, angle)), dtype=object)


def _turn(middle: Any, degrees: float) -> Callable[[Places], Places]:
    """Turns places around a point, to the left."""
    centre = shapely.get_coordinates(middle)[0]
    along, across = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix = np.array([[along, across], [-across, along]])
    return lambda places: (places - centre) @ matrix + centre


def _tilt(shape: Any) -> float:
    """By how many degrees the sides of a shape are turned from north and east, at most 45 either way."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape))
    if len(corners) < 3:
        return 0.0
    side = corners[1] - corners[0]
    degrees = float(np.degrees(np.arctan2(side[1], side[0])))
    return (degrees + 45.0) % 90.0 - 45.0
