"""The point and the address of each simulated case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.demo.service.draws import Floats, Indices
from app.demo.service.places import METRE
from app.demo.service.town import Town

UNLOCATED = 0.012
OUTSIDE = 0.003
RETRIES = 2


@dataclass(frozen=True, slots=True)
class Positions:
    """One case a row: lon, lat EPSG:4490, NaN where it has no position; the address a text or None."""

    lon: Floats
    lat: Floats
    address: NDArray[Any]


def draw_positions(town: Town, category: Indices, day: Indices, rng: np.random.Generator) -> Positions:
    """Where each case is."""
    places, clusters = town.places, town.clusters
    place, hot = clusters.draw(category, day, rng)
    metres = np.where(hot, clusters.spread_m[category] / 2, town.scatter_m[place])
    lon, lat = _scatter(town, place, metres, rng)
    address = np.where(clusters.at_home[category], places.home[place], places.street[place])
    found = Positions(lon, lat, address)
    _misplace(town, found, places.road[place], rng)
    return found


def _scatter(town: Town, place: Indices, metres: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Points about their places, each inside the place's cell; a place itself where the dice find none."""
    places = town.places
    lon, lat = places.lon[place].copy(), places.lat[place].copy()
    waiting = np.arange(len(place))
    for attempt in range(1 + RETRIES):
        away = (
            rng.normal(0.0, 1.0, (len(place), 2))[waiting] * (metres[waiting] * METRE)[:, None] / 2**attempt
        )
        at = place[waiting]
        x = (places.lon[at] + away[:, 0] / np.cos(np.radians(places.lat[at]))).round(7)
        y = (places.lat[at] + away[:, 1]).round(7)
        hit = town.locator(x, y) == places.cell[at]
        lon[waiting[hit]], lat[waiting[hit]] = x[hit], y[hit]
        waiting = waiting[~hit]
    return lon, lat


def _misplace(town: Town, found: Positions, roads: NDArray[Any], rng: np.random.Generator) -> None:
    """Take the position from some, leaving the name of the road, and put a few outside the district."""
    lon, lat, address = found.lon, found.lat, found.address
    u, where = rng.random(len(lon)), rng.random(len(lon))
    nowhere = u < UNLOCATED
    beyond = (u >= UNLOCATED) & (u < UNLOCATED + OUTSIDE) & bool(len(town.outside))
    if beyond.any():
        x, y = town.outside[(where[beyond] * len(town.outside)).astype(np.int64)].T
        lon[beyond], lat[beyond], address[beyond] = x, y, None
    lon[nowhere] = lat[nowhere] = np.nan
    address[nowhere] = roads[nowhere]
