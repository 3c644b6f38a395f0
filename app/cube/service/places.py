"""Where a case lies, as whole numbers: one definition for every zoom, so that no case is in two bins or in none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

BITS = 30
"""The world is 2^30 units wide, 3.7 cm at the equator: the grid of a tile of zoom 18 with an extent of 4096."""

HALF_M = 20037508.342789244
"""Half the width of the world in EPSG:3857, metres."""

NOWHERE = np.uint64(1 << 62)
"""The key of what has no place: after all others."""

_SPREAD = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


def grid(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Columns from the west and rows from the north of places in EPSG:3857, metres; 0 for NaN."""
    scale = (1 << BITS) / (2 * HALF_M)
    limit = (1 << BITS) - 1
    column = np.floor((np.nan_to_num(x, nan=-HALF_M) + HALF_M) * scale).astype(np.int64)
    row = np.floor((HALF_M - np.nan_to_num(y, nan=HALF_M)) * scale).astype(np.int64)
    return np.clip(column, 0, limit), np.clip(row, 0, limit)


def enclosed(
    ring: Sequence[tuple[float, float]], column: NDArray[np.int32], row: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """Which places of the grid lie in a ring of lon and lat in degrees; it may cross itself."""
    lon, lat = (np.array(part) for part in zip(*ring, strict=True))
    x = HALF_M * lon / 180
    y = HALF_M / np.pi * np.log(np.tan(np.pi / 4 + np.radians(np.clip(lat, -85, 85)) / 2))
    corners = np.column_stack(grid(x, y))
    area = shapely.make_valid(shapely.polygons(corners))
    west, north, east, south = shapely.bounds(area)
    found = (column >= west) & (column <= east) & (row >= north) & (row <= south)
    near = np.flatnonzero(found)
    found[near] = shapely.intersects_xy(area, column[near], row[near])
    return found


def keys(column: NDArray[np.int64], row: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Morton codes: whatever lies in one tile of any zoom is one run of them."""
    return _spread(column) | (_spread(row) << np.uint64(1))


def _spread(values: NDArray[np.int64]) -> NDArray[np.uint64]:
    found = values.astype(np.uint64)
    for shift, mask in _SPREAD:
        found = (found | (found << np.uint64(shift))) & np.uint64(mask)
    return found


def tile_key(x: int, y: int) -> int:
    """The Morton code of a tile among those of its zoom."""
    found = 0
    for bit in range(BITS):
        found |= (x >> bit & 1) << (2 * bit) | (y >> bit & 1) << (2 * bit + 1)
    return found
