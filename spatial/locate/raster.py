"""A picture of the cells in two grains that answers for most points without any geometry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spatial.sides import Floats, Ints, Sides

OUTSIDE = -1
HARD = -2
"""A boundary may run through the pixel: the candidates of its tile have to be asked."""
SEARCH = -3
"""Several cells cover the pixel: all cells have to be asked."""
TILE = -4
"""First code of the tiles in the coarse grain: `TILE - tile`."""

GRAIN_BITS = 3
"""A tile has 2 ** GRAIN_BITS pixels along a side."""
MAX_SIDE = 1 << 13
MIN_SIDE = 1 << 6
PADDING = 1e-6
"""Width, in pixels, by which a boundary is drawn thicker than it is; covers every rounding below."""
FLAT = 1e4
"""A segment that runs further than this along x for one step along y is drawn as its bounding box."""


def touched(sides: Sides, side: int) -> tuple[Ints, Ints]:
    """Which side touches which pixel of a picture of `side` x `side` pixels.

    Returns
    -------
    tuple
        Indexes of the sides, and of the pixels counted row by row; one entry for each touch, never one too few.
    """
    low, high = np.minimum(sides.ay, sides.by), np.maximum(sides.ay, sides.by)
    first, last = _pixel(low - PADDING, side), _pixel(high + PADDING, side)
    which, row = _spread(first, last)
    ax, ay, dx, dy = (
        sides.ax[which],
        sides.ay[which],
        (sides.bx - sides.ax)[which],
        (sides.by - sides.ay)[which],
    )
    west, east = np.minimum(ax, ax + dx), np.maximum(ax, ax + dx)
    steep = np.abs(dx) <= FLAT * np.abs(dy)
    slope = np.divide(dx, dy, out=np.zeros_like(dx), where=steep & (dy != 0))
    below, above = (np.clip(ax + (row + step - ay) * slope, west, east) for step in (-PADDING, 1 + PADDING))
    left = np.where(steep, np.minimum(below, above), west)
    right = np.where(steep, np.maximum(below, above), east)
    again, column = _spread(_pixel(left - PADDING, side), _pixel(right + PADDING, side))
    return which[again], row[again] * side + column


def crossings(sides: Sides, side: int) -> tuple[Ints, Ints, Ints]:
    """Where sides cross the middle lines of the rows of pixels.

    Returns
    -------
    tuple
        Indexes of the sides, indexes of the pixels, and +1 where the side's cell begins there for somebody who
        walks from west to east, -1 where it ends.
    """
    low, high = np.minimum(sides.ay, sides.by), np.maximum(sides.ay, sides.by)
    first, last = np.ceil(low - 0.5).astype(np.int64), np.ceil(high - 0.5).astype(np.int64) - 1
    which, row = _spread(first, last)
    ax, ay, bx, by = sides.ax[which], sides.ay[which], sides.bx[which], sides.by[which]
    x = ax + (row + 0.5 - ay) / (by - ay) * (bx - ax)
    column = _pixel(np.clip(x, np.minimum(ax, bx), np.maximum(ax, bx)), side)
    return which, row * side + column, np.where(by < ay, 1, -1) * sides.turn[which]


def _pixel(value: Floats, side: int) -> Ints:
    return np.clip(np.floor(value), 0, side - 1).astype(np.int64)


def _spread(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """Every whole number from `first` to `last` of each pair, with the index of its pair."""
    count = np.maximum(last - first + 1, 0)
    which = np.repeat(np.arange(len(count)), count)
    start = np.cumsum(count) - count
    return which, np.arange(len(which)) + (first - start)[which]


@dataclass(frozen=True, slots=True)
class Raster:
    """Cells drawn on a square of pixels; those that a boundary comes near are drawn a second time, finer.

    Parameters
    ----------
    x, y, per_x, per_y
        South-west corner, and pixels of the fine grain per unit.
    side
        Pixels of the fine grain along each axis.
    coarse
        Flat array of (side / 8) ** 2 tiles: a cell's index, OUTSIDE, SEARCH, or TILE - number of the fine tile.
    fine
        Flat array of 8 rows of 8 pixels a tile: a cell's index, OUTSIDE, HARD or SEARCH.
    start, candidate
        `candidate[start[t]:start[t + 1]]` are the cells that tile t may hold, smallest rank first.
    """

    x: float
    y: float
    per_x: float
    per_y: float
    side: int
    coarse: NDArray[np.int32]
    fine: NDArray[np.int32]
    start: Ints
    candidate: NDArray[np.int32]

    @property
    def tiles(self) -> int:
        """How many tiles are drawn fine."""
        return len(self.start) - 1

    def look_up(self, lon: Floats, lat: Floats) -> tuple[NDArray[np.int32], Ints]:
        """What the picture says of each point.

        Returns
        -------
        tuple
            A cell's index, OUTSIDE, HARD or SEARCH for each point; and the tile of each point that is HARD.
        """
        column, row = (lon - self.x) * self.per_x, (lat - self.y) * self.per_y
        inside = (column >= 0) & (column < self.side) & (row >= 0) & (row < self.side)
        if not inside.all():
            answer = np.full(len(lon), OUTSIDE, dtype=np.int32)
            answer[inside], tile = self._look_up(column[inside], row[inside])
            return answer, tile
        return self._look_up(column, row)

    def _look_up(self, x: Floats, y: Floats) -> tuple[NDArray[np.int32], Ints]:
        column, row = x.astype(np.int32), y.astype(np.int32)
        answer = self.coarse[(row >> GRAIN_BITS) * (self.side >> GRAIN_BITS) + (column >> GRAIN_BITS)]
        near = np.flatnonzero(answer <= TILE)
        tile = TILE - answer[near].astype(np.int64)
        grain = (1 << GRAIN_BITS) - 1
        at = (((row[near] & grain) * self.tiles + tile) << GRAIN_BITS) + (column[near] & grain)
        found = self.fine[at]
        answer[near] = found
        return answer, tile[found == HARD]


def draw(sides: Sides, rank: Ints, bounds: tuple[float, float, float, float], points: int) -> Raster:
    """Draw cells as finely as pays for a number of points.

    Parameters
    ----------
    rank
        Place of each cell in the order that decides ties.
    bounds
        West, south, east, north of all cells.

    Notes
    -----
    Going from west to east along the middle of a row of pixels, a cell's index is added where the cell begins and
    taken away where it ends: the running sum names the cell of every pixel that no boundary touches, and shows by a
    second running sum, kept in the higher bits, where several cells lie over each other. Between two tiles of a row
    nothing begins or ends, so the sum runs over the fine tiles alone. Linear in vertices plus touched pixels.
    """
    west, south, east, north = bounds
    width, height = max(east - west, 1e-12), max(north - south, 1e-12)
    unit = sides.scaled(west, south, 1 / width, 1 / height)
    side = side_for(unit.length(), points)
    # One pixel of air all around: no boundary lies on the rim of the picture.
    per_x, per_y = (side - 2) / width, (side - 2) / height
    x, y = west - 1 / per_x, south - 1 / per_y
    pixels = sides.scaled(x, y, per_x, per_y)
    tiled = sides.scaled(x, y, per_x / (1 << GRAIN_BITS), per_y / (1 << GRAIN_BITS))
    side_of_touch, tile_at = touched(tiled, side >> GRAIN_BITS)
    mask = np.zeros((side >> GRAIN_BITS) ** 2, dtype=bool)
    mask[tile_at] = True
    number = np.cumsum(mask)
    tiles = int(number[-1])
    _, pixel = touched(pixels, side)
    marked = np.zeros(tiles << (2 * GRAIN_BITS), dtype=bool)
    marked[_fine_index(pixel, side, number, tiles)] = True
    label, west_of, east_of = _sums(pixels, side, number, tiles, len(rank))
    label[marked] = HARD
    coarse = np.concatenate(([OUTSIDE], east_of)).astype(np.int32)[number]
    coarse[mask] = TILE - np.arange(tiles, dtype=np.int32)
    start, candidate = _candidates(number[tile_at] - 1, sides.cell[side_of_touch], west_of, rank)
    searched = np.flatnonzero(west_of == SEARCH)
    if len(searched):
        grid = label.reshape(1 << GRAIN_BITS, tiles, 1 << GRAIN_BITS)
        grid[:, searched] = np.where(grid[:, searched] == HARD, SEARCH, grid[:, searched])
    return Raster(x, y, per_x, per_y, side, coarse, label, start, candidate)


def side_for(length: float, points: int) -> int:
    """Pixels along a side: about as many touched pixels as half the points, within bounds."""
    wanted = points / 2 / max(length, 1.0)
    return int(1 << int(np.clip(np.log2(max(wanted, 1.0)), np.log2(MIN_SIDE), np.log2(MAX_SIDE))))


def _fine_index(pixel: Ints, side: int, number: Ints, tiles: int) -> Ints:
    row, column = pixel // side, pixel % side
    tile = number[(row >> GRAIN_BITS) * (side >> GRAIN_BITS) + (column >> GRAIN_BITS)] - 1
    grain = (1 << GRAIN_BITS) - 1
    return np.asarray((((row & grain) * tiles + tile) << GRAIN_BITS) + (column & grain))


def _sums(
    pixels: Sides, side: int, number: Ints, tiles: int, cells: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """The label of every fine pixel, and those just west and just east of each tile's first row."""
    which, pixel, sign = crossings(pixels, side)
    bits = cells.bit_length()
    weight = sign * ((1 << bits) + pixels.cell[which] + 1)
    at, length = _fine_index(pixel, side, number, tiles), tiles << (2 * GRAIN_BITS)
    begun = np.bincount(at, weights=weight, minlength=length).astype(np.float64, copy=False)
    grid = begun.reshape(1 << GRAIN_BITS, tiles << GRAIN_BITS)
    np.cumsum(grid, axis=1, out=grid)
    east_of = grid[0, (1 << GRAIN_BITS) - 1 :: 1 << GRAIN_BITS]
    west_of = np.concatenate(([0.0], east_of[:-1]))
    return _label(begun, bits), _label(west_of, bits), _label(east_of, bits)


def _label(total: Floats, bits: int) -> NDArray[np.int32]:
    whole = total.astype(np.int64)
    cell = (whole & ((1 << bits) - 1)) - 1
    label = np.where(whole >> bits == 1, cell, SEARCH)
    label[whole == 0] = OUTSIDE
    return label.astype(np.int32)


def _candidates(
    tile: Ints, cell: Ints, west_of: NDArray[np.int32], rank: Ints
) -> tuple[Ints, NDArray[np.int32]]:
    """Which cells a tile may hold: those with a side in it, and the one that comes in from the west."""
    whole = np.flatnonzero(west_of >= 0)
    tiles = np.concatenate((tile, whole))
    ranks = rank[np.concatenate((cell, west_of[whole]))]
    pair = np.unique(tiles * len(rank) + ranks)
    cell_at = np.argsort(rank, kind="stable").astype(np.int32)
    start = np.searchsorted(pair, np.arange(len(west_of) + 1) * len(rank))
    return start, cell_at[pair % len(rank)]
