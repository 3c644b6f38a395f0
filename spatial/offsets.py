"""GCJ-02 and BD-09, the shifted coordinates of Chinese map services, to WGS 84 and back.

Arrays of shape (n, 2), longitude first, degrees. Outside the shifted region GCJ-02 equals WGS 84.

Notes
-----
The forward formulas have been public knowledge since 2010 (they were never published officially); the inverse is their
fixed point, w ← w − (f(w) − g), and meets 1e-9 degrees (0.1 mm) after at most a few rounds.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Coordinates = NDArray[np.float64]

SEMI_MAJOR_M = 6378245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
BAIDU_TURNS = np.pi * 3000.0 / 180.0
SHIFTED = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north of the region in which coordinates are shifted, degrees."""

PRECISION_DEG = 1e-10
ROUNDS = 30


def wgs84_to_gcj02(xy: Coordinates) -> Coordinates:
    """WGS 84 as map services in China show it; shape (n, 2)."""
    lon, lat = xy[:, 0], xy[:, 1]
    x, y = lon - 105.0, lat - 35.0
    wave = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    root = np.sqrt(np.abs(x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    angle = np.radians(lat)
    flat = 1.0 - ECCENTRICITY_SQUARED * np.sin(angle) ** 2
    d_lat = north * 180.0 / (SEMI_MAJOR_M * (1.0 - ECCENTRICITY_SQUARED) / (flat * np.sqrt(flat)) * np.pi)
    d_lon = east * 180.0 / (SEMI_MAJOR_M / np.sqrt(flat) * np.cos(angle) * np.pi)
    west, south, east_end, north_end = SHIFTED
    inside = (lon >= west) & (lon <= east_end) & (lat >= south) & (lat <= north_end)
    return np.column_stack([lon + np.where(inside, d_lon, 0.0), lat + np.where(inside, d_lat, 0.0)])


def gcj02_to_bd09(xy: Coordinates) -> Coordinates:
    """GCJ-02 as Baidu shows it; shape (n, 2)."""
    x, y = xy[:, 0], xy[:, 1]
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * BAIDU_TURNS)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * BAIDU_TURNS)
    return np.column_stack([radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006])


def wgs84_to_bd09(xy: Coordinates) -> Coordinates:
    """WGS 84 as Baidu shows it; shape (n, 2)."""
    return gcj02_to_bd09(wgs84_to_gcj02(xy))


def gcj02_to_wgs84(xy: Coordinates) -> Coordinates:
    """The exact inverse of `wgs84_to_gcj02`; shape (n, 2)."""
    return _inverse(wgs84_to_gcj02, xy)


def bd09_to_wgs84(xy: Coordinates) -> Coordinates:
    """The exact inverse of `wgs84_to_bd09`; shape (n, 2)."""
    return _inverse(wgs84_to_bd09, xy)


def _inverse(forward: Callable[[Coordinates], Coordinates], shifted: Coordinates) -> Coordinates:
    found = shifted.copy()
    for _ in range(ROUNDS):
        step = forward(found) - shifted
        found -= step
        if not np.nanmax(np.abs(step), initial=0.0) > PRECISION_DEG:
            break
    return found
