"""A person who looks at the map: pans, zooms in on where cases are, and out again. Seeded, so it can be replayed."""

from __future__ import annotations

from math import asinh, pi, radians, tan

import numpy as np
from numpy.typing import NDArray

Tile = tuple[int, int, int]

FIRST, LAST = 9, 16
WIDTH, HEIGHT = 1440 / 512, 900 / 512
"""The map's frame in tiles, as MapLibre lays them out."""


def place(lon: float, lat: float) -> tuple[float, float]:
    """A place as parts of the world, from its north-western corner."""
    return (lon + 180) / 360, (1 - asinh(tan(radians(lat))) / pi) / 2


def walk(places: NDArray[np.float64], count: int, seed: int) -> list[Tile]:
    """So many requests for tiles: those of each view that the view before did not have.

    Parameters
    ----------
    places
        Where people look: rows of lon and lat, of cases.
    """
    dice = np.random.default_rng(seed)
    points = np.array([place(*one) for one in places])
    asked: list[Tile] = []
    before: set[Tile] = set()
    zoom, at = FIRST, points.mean(axis=0)
    while len(asked) < count:
        turn = dice.random()
        half = np.array((WIDTH, HEIGHT)) / 2 ** (zoom + 1)
        if turn < 0.5:  # pans by up to a frame, within the district
            at = np.clip(at + dice.uniform(-1.4, 1.4, 2) * half, points.min(axis=0), points.max(axis=0))
        elif turn < 0.8 and zoom < LAST:  # zooms in on something
            near = points[(np.abs(points - at) <= half).all(axis=1)]
            zoom, at = zoom + 1, near[dice.integers(len(near))] if len(near) else at
        elif zoom > FIRST:
            zoom -= 1
        if turn > 0.95 or not (np.abs(points - at) <= half).all(axis=1).any():  # goes to another place
            at = points[dice.integers(len(points))]
        shown = _tiles(at, zoom)
        asked += [tile for tile in shown if tile not in before]
        before = set(shown)
    return asked[:count]


def _tiles(at: NDArray[np.float64], zoom: int) -> list[Tile]:
    size = 2**zoom
    middle, half = at * size, np.array((WIDTH, HEIGHT)) / 2
    (west, north), (east, south) = middle - half, middle + half
    return [
        (zoom, x, y)
        for y in range(max(0, int(north)), min(size, int(south) + 1))
        for x in range(max(0, int(west)), min(size, int(east) + 1))
    ]
