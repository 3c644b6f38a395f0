"""Where people live: a simulated surface of households over one subdistrict, as weighted points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from spatial.tessellate.field import SIDE_MAX, SIDE_MIN, Field, bounds_of, scatter
from spatial.tessellate.noise import Floats, Surface, generator_for

SPACING = {"urban": 14.0, "fringe": 24.0, "rural": 75.0}
"""Metres between sample points by the kind of a subdistrict."""

BLUR = {"urban": 250.0, "fringe": 500.0, "rural": 1600.0}
"""Metres over which density is averaged to find the local side of a cell."""

HOUSEHOLDS = 650.0
"""A cell's households, for the local side."""

TOWN_M = 1250.0
"""How far a town reaches from its seat."""


@dataclass(frozen=True, slots=True)
class Place:
    """A subdistrict to be peopled: its polygon and seat in metres, households, kind, number of communities."""

    name: str
    polygon: Any
    seat: Any
    households: float
    kind: str
    communities: int


def peopled(place: Place, seed: int) -> Field:
    """The density surface of a subdistrict.

    Notes
    -----
    Urban: built up throughout, quarters of different age (noises of 700 m and 260 m). Fringe: a town that thins
    out from its seat, and hamlets. Rural: villages at a least distance from each other in the valleys of a
    noise terrain.
    """
    generator = generator_for(seed, "density", place.name)
    xy = scatter(place.polygon, SPACING[place.kind], generator)
    weight = _quarters(place, xy, generator) if place.kind == "urban" else _villages(place, xy, generator)
    weight *= place.households / weight.sum()
    return Field(xy, weight, _local_side(xy, weight, place.kind))


def _quarters(place: Place, xy: Floats, generator: np.random.Generator) -> Floats:
    bounds = bounds_of(place.polygon)
    coarse, fine = Surface(generator, bounds, 700), Surface(generator, bounds, 260)
    weight: Floats = np.exp(0.34 * coarse(*xy.T) + 0.30 * fine(*xy.T))
    return weight


def _villages(place: Place, xy: Floats, generator: np.random.Generator) -> Floats:
    fringe = place.kind == "fringe"
    terrain = Surface(generator, bounds_of(place.polygon), 1500 if fringe else 2600)
    valley = np.exp(-0.9 * terrain(*xy.T))
    away = np.hypot(xy[:, 0] - place.seat.x, (xy[:, 1] - place.seat.y) * 0.6)
    weight = np.exp(-((away / TOWN_M) ** 1.5)) + 0.0007 * valley if fringe else 0.035 * valley
    count, radius = place.communities * (2 if fringe else 9), 260.0 if fringe else 330.0
    centres = _village_places(place, xy, valley, count, generator)
    size = generator.lognormal(0, 0.45, len(centres))
    size[0] = 0 if fringe else 3
    for (x, y), people in zip(centres, size, strict=True):
        squared = ((xy[:, 0] - x) ** 2 + (xy[:, 1] - y) ** 2) / radius**2
        weight += np.where(squared < 16, people * (0.25 if fringe else 1) * np.exp(-squared / 2), 0)
    return weight


def _village_places(
    place: Place, xy: Floats, valley: Floats, count: int, generator: np.random.Generator
) -> Floats:
    """Villages lie in the valleys and apart from each other; the seat is the first."""
    gap = 0.62 * np.sqrt(place.polygon.area / count)
    centres = [(place.seat.x, place.seat.y)]
    for x, y in xy[generator.choice(len(xy), count * 12, p=valley / valley.sum())]:
        if len(centres) <= count and min(np.hypot(x - a, y - b) for a, b in centres) > gap:
            centres.append((x, y))
    return np.array(centres)


def _local_side(xy: Floats, weight: Floats, kind: str) -> Floats:
    column, row = ((xy - xy.min(axis=0)) / BLUR[kind]).astype(int).T
    square = column * (row.max() + 1) + row
    density = np.bincount(square, weight)[square] / (np.bincount(square)[square] * SPACING[kind] ** 2)
    side: Floats = np.clip(np.sqrt(HOUSEHOLDS / density), SIDE_MIN, SIDE_MAX)
    return side
