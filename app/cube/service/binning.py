"""The cases of a tile, gathered in bins: exact under every filter, at the price of a few look-ups.

Whatever lies in a bin of any zoom is one run of the sorted columns, so how many cases of a filter it has is the
difference of two sums up to its ends; the sums are made once for a filter and serve all its tiles.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.cube.rules import Mark
from app.cube.service.columns import Columns, Mask
from app.cube.service.places import BITS, tile_key
from app.cube.service.selecting import Values

EXTENT_BITS = 12
EXTENT = 1 << EXTENT_BITS
"""Units of a tile, as the specification of vector tiles has it."""

_HALF = 32
_LOW = (1 << _HALF) - 1
"""Two sums share one number, a half each, so that a filter costs two passes and not four."""

_COUNT = np.ones(len(Mark), np.int64)
_COUNT[Mark.OVERDUE] += 1 << _HALF
_SOON = np.zeros(len(Mark), np.int64)
_SOON[Mark.NEAR], _SOON[Mark.CLOSED] = 1, 1 << _HALF

INNER, OUTER = 0.22, 0.78
"""Several stand off the edge of their bin, or the discs of two bins would overlap."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Cases of one bin that are drawn as one mark.

    Parameters
    ----------
    late
        Whether they are the overdue ones, which are drawn apart.
    count, near, closed
        How many; how many of them are nearly due, and have ended.
    x, y
        Where it stands: units of the tile from its north-western corner.
    position
        Of the one case, in the columns; -1 where there are several.
    """

    late: bool
    count: int
    near: int
    closed: int
    x: int
    y: int
    position: int


def _summed(weights: NDArray[np.int64]) -> NDArray[np.int64]:
    found = np.zeros(len(weights) + 1, np.int64)
    np.cumsum(weights, out=found[1:])
    return found


class Sums:
    """Of the cases that are meant, how many of each kind there are up to each row of the sorted columns.

    Parameters
    ----------
    wall, shown
        Those that are seen, None for all; and of them those that are meant.
    """

    def __init__(self, columns: Columns, values: Values, wall: Mask | None, shown: Mask) -> None:
        end, self.wall = columns.sorted, wall
        self.columns, self.mark, self.shown = columns, values["mark"], shown
        self.counts, self.soons = (
            _summed(np.where(shown[:end], weight[self.mark[:end]], 0)) for weight in (_COUNT, _SOON)
        )
        self.tail = end + np.flatnonzero(shown[end:])

    def tile(self, z: int, x: int, y: int, bins: int) -> list[Gathered]:
        """The marks of a tile, `bins` by `bins` of each kind at most; `bins` is a power of two."""
        depth = bins.bit_length() - 1
        shift = np.uint64(2 * (BITS - z - depth))
        first = tile_key(x, y) << 2 * depth
        edges = (np.arange(bins * bins + 1, dtype=np.uint64) + np.uint64(first)) << shift
        run = np.searchsorted(self.columns["key"][: self.columns.sorted], edges)
        counts, soons = np.diff(self.counts[run]), np.diff(self.soons[run])
        tail = self._tail(first, bins, shift)
        found = []
        for n in np.flatnonzero(counts | np.bincount(tail[0], minlength=bins * bins)):
            late, soon, ended = int(counts[n]) >> _HALF, int(soons[n]) & _LOW, int(soons[n]) >> _HALF
            of = _Bin(
                self, int(run[n]), int(run[n + 1]), tail[1][tail[0] == n], (z, x, y), depth, first + int(n)
            )
            found += of.marks(late, (int(counts[n]) & _LOW) - late, soon, ended)
        return found

    def _tail(self, first: int, bins: int, shift: np.uint64) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
        """Of the tail the bins of the tile that its cases are in, and where they stand."""
        if not len(self.tail):
            return np.empty(0, np.int64), np.empty(0, np.intp)
        bin_no = (self.columns["key"][self.tail] >> shift).astype(np.int64) - first
        inside = (bin_no >= 0) & (bin_no < bins * bins)
        return bin_no[inside], self.tail[inside]


@dataclass(frozen=True, slots=True)
class _Bin:
    """One bin of a tile: a run of the sorted columns, and cases of the tail."""

    sums: Sums
    begin: int
    end: int
    extra: NDArray[np.intp]
    tile: tuple[int, int, int]
    depth: int
    key: int

    def marks(self, late: int, others: int, near: int, closed: int) -> list[Gathered]:
        mark = self.sums.mark[self.extra]
        late_extra = self.extra[mark == Mark.OVERDUE]
        other_extra = self.extra[mark != Mark.OVERDUE]
        near += int((mark == Mark.NEAR).sum())
        closed += int((mark == Mark.CLOSED).sum())
        found = []
        for is_late, count, more, soon, ended in (
            (False, others, other_extra, near, closed),
            (True, late, late_extra, 0, 0),
        ):
            total = count + len(more)
            if total == 1:
                position = int(more[0]) if len(more) else self._only(is_late)
                found.append(Gathered(is_late, 1, soon, ended, *self._place(position), position))
            elif total:
                found.append(Gathered(is_late, total, soon, ended, *self._middle(), -1))
        return found

    def _only(self, late: bool) -> int:
        """Where the one case of its kind stands in the run."""
        run = slice(self.begin, self.end)
        return self.begin + int(
            np.argmax(self.sums.shown[run] & ((self.sums.mark[run] == Mark.OVERDUE) == late))
        )

    def _place(self, position: int) -> tuple[int, int]:
        z, x, y = self.tile
        columns, shift = self.sums.columns, BITS - z - EXTENT_BITS
        return (
            (int(columns["column"][position]) >> shift) - x * EXTENT,
            (int(columns["row"][position]) >> shift) - y * EXTENT,
        )

    def _middle(self) -> tuple[int, int]:
        """The middle of all cases of the bin that are seen, meant or not: it stays as filters change."""
        columns = self.sums.columns
        width = EXTENT >> self.depth
        column, row = (columns[name][self._looked_at()].mean() for name in ("column", "row"))
        z, x, y = self.tile
        scale = 2.0 ** (BITS - z - EXTENT_BITS)
        at = []
        for value, tile, lowest in ((column, x, self._corner(0)), (row, y, self._corner(1))):
            inside = (float(value) / scale - tile * EXTENT - lowest) / width
            at.append(round(lowest + width * min(max(inside, INNER), OUTER)))
        return at[0], at[1]

    def _looked_at(self) -> NDArray[np.intp]:
        if self.end == self.begin:
            return self.extra
        wall = self.sums.wall
        there = (
            np.arange(self.begin, self.end)
            if wall is None
            else self.begin + np.flatnonzero(wall[self.begin : self.end])
        )
        return there[:: max(1, len(there) // MOST_LOOKED_AT)] if len(there) else self.extra

    def _corner(self, axis: int) -> int:
        """Where the bin begins in its tile, from the west or from the north."""
        found = 0
        for bit in range(self.depth):
            found |= (self.key >> (2 * bit + axis) & 1) << bit
        return found * (EXTENT >> self.depth)


MOST_LOOKED_AT = 64
"""Of how many cases of a bin, evenly spread over it, the middle is taken."""
