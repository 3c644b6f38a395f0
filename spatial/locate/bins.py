"""Which cells' bounding boxes hold a point: a plain grid of lists, faster than a tree for points without geometry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from spatial.sides import Floats, Ints, sort_order, spread

BINS_PER_CELL = 8
ENTRIES_PER_CELL = 64
"""A grid in which cells would be listed more often than this, on average, is made coarser."""


@dataclass(frozen=True, slots=True)
class Bins:
    """Bounding boxes of cells, listed in every bin of a grid that they touch, smallest rank first.

    Parameters
    ----------
    boxes
        Array (4, n): west, south, east, north of each cell.
    x, y
        Where one column of bins ends and the next begins; the same for rows. Closer together where cells are small.
    start, cell
        `cell[start[b]:start[b + 1]]` are the cells of bin b, counted row by row.
    """

    boxes: Floats
    x: Floats
    y: Floats
    start: Ints
    cell: Ints

    def candidates(self, x: Floats, y: Floats) -> tuple[Ints, Ints, Ints]:
        """The cells whose bounding box holds each point, as runs of one array: begin, end, cells."""
        bin_ = np.searchsorted(self.y, y) * (len(self.x) + 1) + np.searchsorted(self.x, x)
        point, entry = spread(self.start[bin_], self.start[bin_ + 1] - 1)
        cell = self.cell[entry]
        for low, high, place in ((self.boxes[0], self.boxes[2], x), (self.boxes[1], self.boxes[3], y)):
            held = (place[point] >= low[cell]) & (place[point] <= high[cell])
            point, cell = point[held], cell[held]
        end = np.cumsum(np.bincount(point, minlength=len(x)))
        return np.append(0, end)[:-1], end, cell


def sort_into_bins(cells: NDArray[np.object_], rank: Ints) -> Bins:
    """List cells by the bins that their bounding boxes touch; empty cells are in none.

    Notes
    -----
    Columns and rows are quantiles of the middles of the bounding boxes, so that the small cells of a town do not
    crowd into a few bins. n log n.
    """
    boxes = shapely.bounds(cells).T
    known = np.flatnonzero(~np.isnan(boxes[0]))
    known = known[np.argsort(rank[known], kind="stable")]
    west, south, east, north = boxes[:, known]
    side = int(np.ceil(np.sqrt(BINS_PER_CELL * max(len(known), 1))))
    while True:
        x, y = _edges((west + east) / 2, side), _edges((south + north) / 2, side)
        columns = np.searchsorted(x, west), np.searchsorted(x, east)
        rows = np.searchsorted(y, south), np.searchsorted(y, north)
        entries = ((columns[1] - columns[0] + 1) * (rows[1] - rows[0] + 1)).sum()
        if side == 1 or entries <= ENTRIES_PER_CELL * len(known):
            break
        side //= 2
    which, row = spread(*rows)
    again, column = spread(columns[0][which], columns[1][which])
    count = (len(x) + 1) * (len(y) + 1)
    bin_ = row[again] * (len(x) + 1) + column
    start = np.append(0, np.cumsum(np.bincount(bin_, minlength=count)))
    return Bins(boxes, x, y, start, known[which[again]][sort_order(bin_, count)])


def _edges(middles: Floats, side: int) -> Floats:
    """Where to part the middles into so many shares of one size."""
    if not len(middles):
        return middles
    at = (np.arange(1, side) * len(middles)) // side
    return np.unique(np.sort(middles)[at])
