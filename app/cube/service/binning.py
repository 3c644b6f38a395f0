"""The cases of a tile, gathered in bins: exact under every filter, at the price of a few look-ups.

Whatever lies in a bin of any zoom is one run of the sorted columns, so how many cases of a filter it has is the
difference of two sums up to its ends; the sums are made once for a filter and serve all its tiles.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from app.cube.rules import Mark
from app.cube.service.columns import Columns, Mask, Positions, Values
from app.cube.service.places import BITS, tile_key

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

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The marks of a tile, a row each: of every bin the cases that are overdue, and the others.

    Parameters
    ----------
    late
        Whether they are overdue; those are drawn apart.
    count, near, closed
        How many they are; how many of them are nearly due, and have ended.
    x, y
        Where it stands: units of the tile from its north-western corner.
    position
        Of the one case, in the columns; -1 where there are several.
    """

    late: Mask
    count: Numbers
    near: Numbers
    closed: Numbers
    x: Numbers
    y: Numbers
    position: Numbers


@dataclass(frozen=True, slots=True)
class Kind:
    """Of each bin of a tile the sorted cases that are overdue, or the others: how many, nearly due, and ended."""

    late: bool
    count: Numbers
    near: Numbers
    closed: Numbers


class Gatherer(ABC):
    """Gathers the cases that are meant; how they are counted is known below.

    Attributes
    ----------
    mark
        The mark of time of each case.
    middles
        Of the sorted cases that are seen: how many there are up to each row, and the sums of their places.
    tail
        Where those stand that are meant and have come since the columns were sorted.
    """

    middles: tuple[Numbers, ...]
    tail: Positions

    def __init__(self, columns: Columns, values: Values) -> None:
        self.columns, self.mark = columns, values["mark"]

    @abstractmethod
    def kinds(self, tile: Tile, run: Numbers, bin_no: Numbers, tail: Positions) -> Iterator[Kind]:
        """What of a tile stands among the sorted cases."""

    @abstractmethod
    def find(self, position: Numbers, at: Numbers, run: Numbers, late: bool) -> None:
        """Put down where the one case of its kind stands, for bins that have one among the sorted ones."""

    def tile(self, z: int, x: int, y: int, bins: int) -> Gathered:
        """The marks of a tile, `bins` by `bins` of each kind at most; `bins` is a power of two."""
        tile = Tile(z, x, y, bins.bit_length() - 1)
        run = np.searchsorted(self.columns["key"][: self.columns.sorted], tile.edges)
        bin_no, tail = self._tail(tile)
        middles = self._middles(tile, run, bin_no, tail)
        kinds = []
        for kind in self.kinds(tile, run, bin_no, tail):
            of = (self.mark[tail] == Mark.OVERDUE) == kind.late
            more, where = bin_no[of], tail[of]
            soon, ended = (more[self.mark[where] == mark] for mark in (Mark.NEAR, Mark.CLOSED))
            total = kind.count + tile.count(more)
            at = np.flatnonzero(total)
            position = np.full(len(total), -1)
            position[more] = where
            position[total != 1] = -1
            self.find(position, np.flatnonzero((total == 1) & (kind.count == 1)), run, kind.late)
            kinds.append(
                (np.full(len(at), kind.late), total[at], (kind.near + tile.count(soon))[at],
                 (kind.closed + tile.count(ended))[at], *self._places(tile, at, position[at], middles), position[at])
            )  # fmt: skip
        return Gathered(*(np.concatenate(parts) for parts in zip(*kinds, strict=True)))

    def _tail(self, tile: Tile) -> tuple[Numbers, Numbers]:
        """Of the tail the bins of the tile that its cases are in, and where they stand."""
        bin_no = (self.columns["key"][self.tail] >> tile.shift).astype(np.int64) - tile.first
        inside = (bin_no >= 0) & (bin_no < tile.bins)
        return bin_no[inside], self.tail[inside]

    def _middles(self, tile: Tile, run: Numbers, bin_no: Numbers, tail: Positions) -> tuple[Numbers, Numbers]:
        """Where several cases of a bin stand: in the middle of all that are seen of it, meant or not.

        So a mark stays where it is as filters change.
        """
        seen, *sums = (np.diff(part[run]) for part in self.middles)
        only_tail = np.flatnonzero((seen == 0) & (tile.count(bin_no) > 0))
        found = []
        for axis, (name, total) in enumerate(zip(("column", "row"), sums, strict=True)):
            middle = total / np.maximum(seen, 1)
            for one in only_tail.tolist():
                middle[one] = self.columns[name][tail[bin_no == one]].mean()
            found.append(tile.inside(axis, middle))
        return found[0], found[1]

    def _places(
        self, tile: Tile, at: Numbers, alone: Numbers, middles: tuple[Numbers, Numbers]
    ) -> Iterator[Numbers]:
        """Where the marks of bins stand: one case at its place, several in the middle."""
        for axis, name in enumerate(("column", "row")):
            single = (self.columns[name][alone].astype(np.int64) >> tile.step) - tile.corner[axis]
            yield np.where(alone >= 0, single, middles[axis][at])


class Sums(Gatherer):
    """Of the cases that are meant, how many of each kind there are up to each row of the sorted columns.

    Parameters
    ----------
    wall, shown
        Those that are seen, None for all; and of them those that are meant.
    """

    def __init__(self, columns: Columns, values: Values, wall: Mask | None, shown: Mask) -> None:
        super().__init__(columns, values)
        end = columns.sorted
        self.shown = shown
        self.counts, self.soons = (
            _summed(np.where(shown[:end], weight[self.mark[:end]], 0)) for weight in (_COUNT, _SOON)
        )
        self.middles = columns.middles(None if wall is None else wall[:end])
        self.tail = end + np.flatnonzero(shown[end:])

    def kinds(self, tile: Tile, run: Numbers, bin_no: Numbers, tail: Positions) -> Iterator[Kind]:
        """The differences of two sums."""
        counts, soons = np.diff(self.counts[run]), np.diff(self.soons[run])
        late, every = counts >> _HALF, counts & _LOW
        yield Kind(False, every - late, soons & _LOW, soons >> _HALF)
        yield Kind(True, late, np.zeros_like(late), np.zeros_like(late))

    def find(self, position: Numbers, at: Numbers, run: Numbers, late: bool) -> None:
        """By the sums, where it is the only one of both kinds; else one looks."""
        every = np.diff(self.counts[run]) & _LOW
        alone = at[every[at] == 1]
        before = self.counts[run[alone]]
        step = 1 + (1 << _HALF if late else 0)
        position[alone] = np.searchsorted(self.counts, before + step) - 1
        for one in at[every[at] != 1]:
            there = slice(run[one], run[one + 1])
            kind = (self.mark[there] == Mark.OVERDUE) == late
            position[one] = run[one] + int(np.argmax(self.shown[there] & kind))


class Tile:
    """The bins of a tile, in the order of the sorted columns."""

    def __init__(self, z: int, x: int, y: int, depth: int) -> None:
        self.zoom, self.bins, self.depth = z, 1 << 2 * depth, depth
        self.shift = np.uint64(2 * (BITS - z - depth))
        self.first = tile_key(x, y) << 2 * depth
        self.edges = (np.arange(self.bins + 1, dtype=np.uint64) + np.uint64(self.first)) << self.shift
        self.step = BITS - z - EXTENT_BITS
        self.corner = (x * EXTENT, y * EXTENT)

    def count(self, bin_no: Numbers) -> Numbers:
        """How often each bin is named."""
        return np.bincount(bin_no, minlength=self.bins)

    def inside(self, axis: int, middle: NDArray[np.float64]) -> Numbers:
        """Of each bin a place on the grid as units of the tile, kept off the edges of the bin."""
        lowest, width = _lowest(self.depth)[axis], EXTENT >> self.depth
        part = (middle / 2.0**self.step - self.corner[axis] - lowest) / width
        return np.rint(lowest + width * np.clip(part, INNER, OUTER)).astype(np.int64)


@cache
def _lowest(depth: int) -> tuple[Numbers, Numbers]:
    """The north-western corners of the bins of a tile, in its units from the west and from the north."""
    bins = np.arange(1 << 2 * depth)
    across, down = (sum((bins >> (2 * bit + axis) & 1) << bit for bit in range(depth)) for axis in (0, 1))
    return across * (EXTENT >> depth), down * (EXTENT >> depth)


def _summed(weights: Numbers) -> Numbers:
    found = np.zeros(len(weights) + 1, np.int64)
    np.cumsum(weights, out=found[1:])
    return found
