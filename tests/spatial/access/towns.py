"""Small towns to walk in, and answers found in another way: by comparing everything with everything."""

from __future__ import annotations

import itertools

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

CRS = 4543


def lines(*runs: list[tuple[float, float]]) -> gpd.GeoSeries:
    """A layer of lines."""
    return gpd.GeoSeries([shapely.LineString(run) for run in runs], crs=CRS)


def lattice(side: int, step_m: float, seed: int | None = None) -> gpd.GeoSeries:
    """Streets of one block each, north-south and east-west; with a seed some are missing."""
    at = np.arange(side) * step_m
    runs = [[(x, y), (x + step_m, y)] for x in at[:-1] for y in at]
    runs += [[(x, y), (x, y + step_m)] for x in at for y in at[:-1]]
    if seed is not None:
        kept = np.random.default_rng(seed).random(len(runs)) > 0.3
        runs = [run for run, keep in zip(runs, kept, strict=True) if keep]
    return lines(*runs)


def walked(layer: gpd.GeoSeries, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres between all places along single lines that meet at their ends: Floyd and Warshall, no graph library.

    Each place is put on its nearest line by plain algebra and becomes a corner of the network.
    """
    sides = [np.asarray(line.coords, dtype=float) for line in layer]
    corners = {tuple(np.round(end, 6)): None for side in sides for end in side}
    index = {corner: row for row, corner in enumerate(corners)}
    count = len(index) + len(places)
    far = np.full((count, count), np.inf)
    np.fill_diagonal(far, 0.0)
    stops: list[list[tuple[float, int]]] = []
    for a, b in sides:
        length = float(np.hypot(*(b - a)))
        stops.append([(0.0, index[tuple(np.round(a, 6))]), (length, index[tuple(np.round(b, 6))])])
    off = np.zeros(len(places))
    for row, place in enumerate(places):
        best = (np.inf, 0, 0.0)
        for number, (a, b) in enumerate(sides):
            along = float(np.clip((place - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1))
            gap = float(np.hypot(*(a + along * (b - a) - place)))
            if gap < best[0] - 1e-9:
                best = (gap, number, along * float(np.hypot(*(b - a))))
        off[row] = best[0]
        stops[best[1]].append((best[2], len(index) + row))
    for chain in stops:
        chain.sort()
        for (low, one), (high, other) in itertools.pairwise(chain):
            far[one, other] = far[other, one] = min(far[one, other], high - low)
    for middle in range(count):
        far = np.minimum(far, far[:, [middle]] + far[[middle], :])
    return far[len(index) :, len(index) :] + off[:, None] + off[None, :]
