"""A picture of the cells in two grains that answers for most points without any geometry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spatial.sides import Floats, Ints, Sides, spread

OUTSIDE = -1
HARD = -2
"""A boundary may run through the pixel: the candidates of its tile have to be asked."""
SEARCH = -3
"""Several cells cover the pixel: all cells have to be asked."""
TILE = -4
"""First code of the tiles in the coarse grain: `TILE - tile`."""

GRAIN_BITS = 3
"""A tile has 2 ** GRAIN_BITS pixels along a side."""
PIECE = 1 << 13
"""Sides, and pixels, that are worked on at once."""
MAX_SIDE = 1 << 13
MIN_SIDE = 1 << 6
PADDING = 1e-6
"""Width, in pixels, by which a boundary is drawn thicker than it is; covers every rounding below."""
FLAT = 1e4
"""A segment that runs further than this along x for one step along y is drawn as its bounding box."""


def touched(sides: Sides, side: int) -> tuple[Ints, Ints]:
    """Which cell's sides touch which pixels of a picture of `side` x `side` pixels.

    Returns
    -------
    tuple
        Cells, and pixels counted row by row; one entry for each touch of a side, never one too few.
    """
    low, high = np.minimum(sides.ay, sides.by), np.maximum(sides.ay, sides.by)
    first, last = _pixel(low - PADDING, side), _pixel(high + PADDING, side)
    which, row = spread(first, last)
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
    again, column = spread(_pixel(left - PADDING, side), _pixel(right + PADDING, side))
    return sides.cell[which[again]], row[again] * side + column


def crossings(sides: Sides, side: int) -> tuple[Ints, Ints, Ints]:
    """Where the sides of cells cross the middle lines of the rows of pixels.

    Returns
    -------
    tuple
        Cells, pixels counted row by row, and +1 where the cell begins there for somebody who walks from west to
        east, -1 where it ends.
    """
    low, high = np.minimum(sides.ay, sides.by), np.maximum(sides.ay, sides.by)
    first, last = np.ceil(low - 0.5).astype(np.int64), np.ceil(high - 0.5).astype(np.int64) - 1
    which, row = spread(first, last)
    ax, ay, bx, by = sides.ax[which], sides.ay[which], sides.bx[which], sides.by[which]
    x = ax + (row + 0.5 - ay) / (by - ay) * (bx - ax)
    column = _pixel(np.clip(x, np.minimum(ax, bx), np.maximum(ax, bx)), side)
    return sides.cell[which], row * side + column, np.where(by < ay, 1, -1) * sides.turn[which]


def _pixel(value: Floats, side: int) -> Ints:
    return np.clip(np.floor(value), 0, side - 1).astype(np.int64)


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
    side = side_for(unit.length(), points, len(rank))
    # One pixel of air all around: no boundary lies on the rim of the picture.
    per_x, per_y = (side - 2) / width, (side - 2) / height
    x, y = west - 1 / per_x, south - 1 / per_y
    grain = 1 << GRAIN_BITS
    owner, tile_at = _joined(
        touched(piece.scaled(x, y, per_x / grain, per_y / grain), side // grain)
        for piece in sides.pieces(PIECE)
    )
    mask = np.zeros((side // grain) ** 2, dtype=bool)
    mask[tile_at] = True
    frame = _Frame(side, np.cumsum(mask, dtype=np.int32), len(rank))
    label, west_of, east_of = frame.labels(piece.scaled(x, y, per_x, per_y) for piece in sides.pieces(PIECE))
    coarse = np.append(np.int32(OUTSIDE), east_of)[frame.number]
    coarse[mask] = TILE - np.arange(frame.tiles, dtype=np.int32)
    start, candidate = _candidates(frame.number[tile_at].astype(np.int64) - 1, owner, west_of, rank)
    return Raster(x, y, per_x, per_y, side, coarse, label, start, candidate)


def side_for(length: float, points: int, cells: int) -> int:
    """Pixels along a side: about half as many touched pixels as points; a tile no larger than a cell; within bounds."""
    by_points = int(np.log2(max(points / 2 / max(length, 1.0), 1.0)))
    by_cells = int(np.ceil(np.log2(max(cells, 1)) / 2)) + GRAIN_BITS
    return int(np.clip(1 << max(by_points, by_cells), MIN_SIDE, MAX_SIDE))


def _joined(touches: Iterable[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    """The cells and pixels of touches, without those that follow their like."""
    cells, pixels = [], []
    for cell, pixel in touches:
        new = np.append(True, (cell[1:] != cell[:-1]) | (pixel[1:] != pixel[:-1]))[: len(cell)]
        cells.append(cell[new])
        pixels.append(pixel[new])
    return np.concatenate(cells), np.concatenate(pixels)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the fine pixels lie: eight rows, each through all tiles one after the other.

    Parameters
    ----------
    number
        For every pixel of the coarse grain, how many tiles there are up to it, itself included.
    """

    side: int
    number: NDArray[np.int32]
    cells: int

    @property
    def tiles(self) -> int:
        return int(self.number[-1])

    def at(self, pixel: Ints) -> Ints:
        """Place of pixels, counted row by row over the whole square, among the fine pixels."""
        row, column = pixel // self.side, pixel % self.side
        tile = self.number[(row >> GRAIN_BITS) * (self.side >> GRAIN_BITS) + (column >> GRAIN_BITS)] - 1
        grain = (1 << GRAIN_BITS) - 1
        return np.asarray((((row & grain) * self.tiles + tile) << GRAIN_BITS) + (column & grain))

    def labels(
        self, pieces: Iterable[Sides]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        """The label of every fine pixel, and those just west and just east of each tile's first row."""
        marked = np.zeros(self.tiles << (2 * GRAIN_BITS), dtype=bool)
        total = np.zeros(len(marked), dtype=np.int64)
        bits = self.cells.bit_length()
        for sides in pieces:
            marked[self.at(touched(sides, self.side)[1])] = True
            cell, pixel, sign = crossings(sides, self.side)
            np.add.at(total, self.at(pixel), sign * ((1 << bits) + cell + 1))
        rows = total.reshape(1 << GRAIN_BITS, self.tiles << GRAIN_BITS)
        np.cumsum(rows, axis=1, out=rows)
        east = rows[0, (1 << GRAIN_BITS) - 1 :: 1 << GRAIN_BITS]
        east_of = _label(east, bits)
        west_of = np.append(np.int32(OUTSIDE), east_of[:-1])
        label = np.empty(len(total), dtype=np.int32)
        for begin in range(0, len(total), PIECE):
            label[begin : begin + PIECE] = _label(total[begin : begin + PIECE], bits)
        label[marked] = HARD
        # Where several cells reach a tile from the west, its candidates are not all known.
        grid = label.reshape(1 << GRAIN_BITS, self.tiles, 1 << GRAIN_BITS)
        crowded = np.flatnonzero(west_of == SEARCH)
        grid[:, crowded] = np.where(grid[:, crowded] == HARD, SEARCH, grid[:, crowded])
        return label, west_of, east_of


def _label(whole: Ints, bits: int) -> NDArray[np.int32]:
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
