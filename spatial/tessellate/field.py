"""Weighted sample points: what a region holds, and how large cells are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from spatial.tessellate.noise import Bounds, Floats

SIDE_MIN, SIDE_MAX = 110.0, 3600.0
"""Bounds of the local side of a cell in metres."""

STREET_SIDE, RIDGE_SIDE = 380.0, 1500.0
"""Below the first, borders are streets; above the second, ridges."""


@dataclass(frozen=True, slots=True)
class Field:
    """Sample points of a region.

    Parameters
    ----------
    xy
        Shape (n, 2), metres.
    weight
        Households, or area, that each point stands for.
    side
        Local side of a cell in metres.
    """

    xy: Floats
    weight: Floats
    side: Floats

    def inside(self, polygon: Any) -> Field:
        """The points in the interior of a polygon."""
        shapely.prepare(polygon)
        within: NDArray[np.bool_] = shapely.contains_xy(polygon, *self.xy.T)
        return Field(self.xy[within], self.weight[within], self.side[within])

    @property
    def total(self) -> float:
        """Sum of the weights."""
        return float(self.weight.sum())


def wildness(side: Floats) -> Floats:
    """0 where borders are streets, 1 where they are ridges, log-linear in the side between."""
    share = (np.log(side) - np.log(STREET_SIDE)) / (np.log(RIDGE_SIDE) - np.log(STREET_SIDE))
    clipped: Floats = np.clip(share, 0, 1)
    return clipped


def step_at(side: Floats) -> Floats:
    """Distance of the corners along a border in metres."""
    steps: Floats = side / (7 + 5 * wildness(side))
    return steps


def scatter(polygon: Any, spacing: float, generator: np.random.Generator) -> Floats:
    """Points in a polygon on a jittered lattice, shape (n, 2), metres."""
    west, south, east, north = polygon.bounds
    x, y = np.meshgrid(np.arange(west, east, spacing), np.arange(south, north, spacing))
    xy = np.column_stack([x.ravel(), y.ravel()]) + generator.uniform(-0.45, 0.45, (x.size, 2)) * spacing
    shapely.prepare(polygon)
    within: Floats = xy[shapely.contains_xy(polygon, *xy.T)]
    return within


def quantile(values: Floats, weight: Floats, share: float) -> float:
    """The value below which a share of the weight lies."""
    order = np.argsort(values)
    total = np.cumsum(weight[order])
    return float(values[order[np.searchsorted(total, share * total[-1])]])


def bounds_of(polygon: Any) -> Bounds:
    """West, south, east, north of a polygon."""
    west, south, east, north = polygon.bounds
    return west, south, east, north
