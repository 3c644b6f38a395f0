"""Where cases happen: places in every cell, at the street or in from it, each with its everyday address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from app.demo.service.draws import Floats, Indices

KM_PER_DEGREE = 111.32
METRE = 1e-3 / KM_PER_DEGREE
"""In degrees of latitude."""

SETBACK_M = 7.0
HOUSEHOLDS_PER_PLACE = 14
FEWEST, MOST = 12, 64
NEAR_M = 400.0
"""Beyond this a street or a compound names nothing; nor is a place at the river."""

METRES_PER_NUMBER = 6
HOUSES = 40
TRIES = 40


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells as the simulation sees them: shapes in EPSG:4490, areas in km², households at least 1."""

    shapes: NDArray[Any]
    households: Floats
    area_km2: Floats


@dataclass(frozen=True, slots=True)
class Places:
    """Places: `cell` is the index of the cell, (lon, lat) EPSG:4490 inside it; addresses are texts or None."""

    cell: Indices
    lon: Floats
    lat: Floats
    at_street: NDArray[np.bool_]
    at_water: NDArray[np.bool_]
    street: NDArray[Any]
    home: NDArray[Any]
    road: NDArray[Any]

    def __len__(self) -> int:
        return len(self.cell)


def measure(cells: gpd.GeoDataFrame) -> Cells:
    """Read the cells; where households are unknown, those of a middling cell are taken."""
    shapes = np.asarray(cells.geometry.values, dtype=object)
    squash = np.cos(np.radians(shapely.get_y(shapely.centroid(shapes))))
    households = np.array(cells["households"], dtype=np.float64)
    known = np.isfinite(households)
    households = np.where(known, households, np.median(households[known]) if known.any() else 300.0)
    return Cells(shapes, np.maximum(households, 1.0), shapely.area(shapes) * squash * KM_PER_DEGREE**2)


def find_places(cells: Cells, ground: gpd.GeoDataFrame | None, rng: np.random.Generator) -> Places:
    """Choose places in every cell, half of them along its edge, where the streets run.

    Parameters
    ----------
    ground
        What people find their way by: `kind`, `name`, geometry EPSG:4490. None: places have no address.
    """
    counts = np.clip(cells.households / HOUSEHOLDS_PER_PLACE, FEWEST, MOST).astype(np.int64)
    cell = np.repeat(np.arange(len(counts)), counts)
    rank = np.arange(len(cell)) - np.repeat(np.cumsum(counts) - counts, counts)
    at_street = rank % 2 == 0
    shapely.prepare(cells.shapes)
    lon, lat = _inside(cells.shapes[cell], rng)
    street_lon, street_lat = _along_edge(cells.shapes, cell, rng.random(len(cell)))
    use = at_street & shapely.contains_xy(cells.shapes[cell], street_lon, street_lat)
    lon, lat = np.where(use, street_lon, lon).round(7), np.where(use, street_lat, lat).round(7)
    points = shapely.points(lon, lat)
    streets, compounds, waters = (_of(ground, *kinds) for kinds in (("street",), ("compound",), WATERS))
    named = _addresses(points, streets, compounds, rng)
    return Places(cell, lon, lat, use, _near(points, waters)[0] >= 0, *named)


WATERS = ("river", "reservoir")


def _inside(shapes: NDArray[Any], rng: np.random.Generator) -> tuple[Floats, Floats]:
    """A random point in each shape; the representative one where the dice find none."""
    anchor = shapely.point_on_surface(shapes)
    lon, lat = shapely.get_x(anchor), shapely.get_y(anchor)
    bounds = shapely.bounds(shapes)
    waiting = np.arange(len(shapes))
    for _ in range(TRIES):
        low, high = bounds[waiting, :2], bounds[waiting, 2:]
        tried = low + rng.random((len(waiting), 2)) * (high - low)
        hit = shapely.contains_xy(shapes[waiting], tried[:, 0], tried[:, 1])
        lon[waiting[hit]], lat[waiting[hit]] = tried[hit, 0], tried[hit, 1]
        waiting = waiting[~hit]
    return lon, lat


def _along_edge(shapes: NDArray[Any], cell: Indices, share: Floats) -> tuple[Floats, Floats]:
    inset = shapely.buffer(shapes, -SETBACK_M * METRE)
    rings = shapely.boundary(np.where(shapely.is_empty(inset), shapes, inset))
    at = shapely.line_interpolate_point(shapely.line_merge(rings)[cell], share, normalized=True)
    at = np.where(shapely.is_empty(at), shapely.point_on_surface(shapes)[cell], at)
    return shapely.get_x(at), shapely.get_y(at)


def _of(ground: gpd.GeoDataFrame | None, *kinds: str) -> gpd.GeoDataFrame | None:
    if ground is None:
        return None
    chosen = ground[ground["kind"].isin(kinds) & (ground["name"].notna() if kinds != WATERS else True)]
    return chosen if len(chosen) else None


def _near(points: NDArray[Any], things: gpd.GeoDataFrame | None) -> tuple[Indices, NDArray[Any]]:
    """The index of the nearest thing of each point, -1 where none is near, and the things."""
    found = np.full(len(points), -1)
    if things is None:
        return found, np.empty(0, dtype=object)
    shapes = np.asarray(things.geometry.values, dtype=object)
    pieces, of = _pieces(shapes)
    who, which = shapely.STRtree(pieces).query_nearest(points, max_distance=NEAR_M * METRE, all_matches=False)
    found[who] = of[which]
    return found, shapes


def _pieces(shapes: NDArray[Any]) -> tuple[NDArray[Any], Indices]:
    """Lines cut into their edges, so that few have to be measured, others whole; with the index of each one's shape."""
    lines = np.flatnonzero(shapely.get_dimensions(shapes) == 1)
    others = np.setdiff1d(np.arange(len(shapes)), lines)
    parts, part_of = shapely.get_parts(shapes[lines], return_index=True)
    at, of = shapely.get_coordinates(parts, return_index=True)
    inner = of[1:] == of[:-1]
    edges = shapely.linestrings(np.stack([at[:-1][inner], at[1:][inner]], axis=1))
    return np.concatenate([shapes[others], edges]), np.concatenate([others, lines[part_of[of[:-1][inner]]]])


def _addresses(
    points: NDArray[Any],
    streets: gpd.GeoDataFrame | None,
    compounds: gpd.GeoDataFrame | None,
    rng: np.random.Generator,
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """At the street, at home, and the bare name of the road, of each point."""
    street, home, road = (np.full(len(points), None, dtype=object) for _ in range(3))
    houses = rng.integers(1, HOUSES, len(points))
    which, lines = _near(points, streets)
    near = np.flatnonzero(which >= 0)
    if len(near) and streets is not None:
        names = np.asarray(streets["name"], dtype=object)[which[near]]
        along = shapely.line_locate_point(shapely.line_merge(lines)[which[near]], points[near])
        numbers = 1 + (along / METRE / METRES_PER_NUMBER).astype(np.int64)
        street[near] = [f"{name} {number} 号附近" for name, number in zip(names, numbers, strict=True)]
        road[near] = [f"{name}一带" for name in names]
    which, _ = _near(points, compounds)
    near = np.flatnonzero(which >= 0)
    if len(near) and compounds is not None:
        names = np.asarray(compounds["name"], dtype=object)[which[near]]
        home[near] = [f"{name} {house} 幢旁" for name, house in zip(names, houses[near], strict=True)]
    missing = np.equal(home, None)
    home[missing] = street[missing]
    missing = np.equal(street, None)
    street[missing] = home[missing]
    return street, home, road
