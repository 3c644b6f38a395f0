"""How many cases of a facet lie in each coarse bin: kept up with every move, so that its tiles are a few sums.

A facet is a group of states, alone or with one of these: some categories (a 大类), some units, whole days of reports.
Whoever sees everything and asks for nothing else gets their coarse tiles from here, whatever they asked before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.cube.rules import GROUPS, Mark, Wanted
from app.cube.service.binning import Gatherer, Kind, Numbers, Positions, Tile
from app.cube.service.columns import Columns, Days, Mask, instant
from app.cube.service.places import BITS, NOWHERE

DEPTH = 14
"""The bins are those of tiles of zoom 11, eight across: 2.4 km wide at the equator, some hundred in a district."""

SPARE = 64
"""Room for values that come later: the days of two months, new units."""

MOST = 20_000_000
"""Counts of one facet: beyond that it is not kept."""

_SHIFT = np.uint64(2 * (BITS - DEPTH))
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Pick:
    """A facet: marks of time, and values of one column from `first` to before `end`, or just some of them."""

    marks: tuple[Mark, ...]
    name: str = _ALL
    first: int = 0
    end: int = 1
    some: tuple[int, ...] | None = None


def pick(wanted: Wanted, days: Days) -> Pick | None:
    """The facet that a question is; None for one that is more than that."""
    rest = replace(wanted, states="open", categories=None, units=None, since=None, until=None)
    if rest != Wanted(now=wanted.now) or wanted.states not in GROUPS:
        return None
    dated = (wanted.since, wanted.until) != (None, None)
    found = Pick(GROUPS[wanted.states])
    asked = [name for name, there in (
        ("category", wanted.categories is not None), ("unit", wanted.units is not None), ("day", dated)
    ) if there]  # fmt: skip
    if not asked:
        return found
    if len(asked) > 1:
        return None
    if not dated:
        return replace(found, name=asked[0], some=wanted.categories if wanted.units is None else wanted.units)
    ends = [None if at is None else days.beginning(instant(at)) for at in (wanted.since, wanted.until)]
    if ends[0] == -1 or ends[1] == -1:
        return None
    first, end = ends
    return replace(found, name="day", first=first or 0, end=len(days.begins) if end is None else end)


class Facets:
    """The counts, by value, mark and bin, of all cases that have a place."""

    def __init__(self, columns: Columns) -> None:
        there = np.flatnonzero(_placed(columns, slice(None)))
        self.bins = np.unique(columns["key"][there] >> _SHIFT)
        self._counts: dict[str, NDArray[np.int32]] = {}
        self._first: dict[str, int] = {}
        for name in (_ALL, "category", "unit", "day"):
            values = self._values(columns, name, there)
            first = int(values.min(initial=0 if name != "day" else 2**31))
            size = int(values.max(initial=first)) - first + (SPARE if name != _ALL else 1)
            if size * len(Mark) * len(self.bins) > MOST:
                continue
            self._first[name] = first
            self._counts[name] = np.zeros((size, len(Mark), len(self.bins)), np.int32)
        self.add(columns, there, 1)

    def has(self, picked: Pick) -> bool:
        """Whether this facet is kept."""
        return picked.name in self._counts

    def add(self, columns: Columns, at: Positions, by: int, marks: NDArray[np.int8] | None = None) -> bool:
        """Count cases in, or out by -1; False where one has a place or a value that there is no room for.

        Parameters
        ----------
        marks
            The marks that they are counted under; by default those that they have.
        """
        seen = _placed(columns, at)
        at, marks = at[seen], (columns["mark"][at] if marks is None else marks)[seen]
        place = columns["key"][at] >> _SHIFT
        bin_no = np.searchsorted(self.bins, place)
        if (bin_no == len(self.bins)).any() or (self.bins[bin_no] != place).any():
            return False
        for name, counts in self._counts.items():
            value = self._values(columns, name, at) - self._first[name]
            if ((value < 0) | (value >= len(counts))).any():
                return False
            flat = (value * len(Mark) + marks) * len(self.bins) + bin_no
            np.add.at(counts.reshape(-1), flat, np.int32(by))
        return True

    def of(self, picked: Pick, low: int, high: int) -> Numbers:
        """How many of a facet there are of each mark in the bins from `low` to before `high`."""
        counts, first = self._counts[picked.name], self._first[picked.name]
        if picked.some is None:
            those = counts[max(0, picked.first - first) : max(0, picked.end - first), :, low:high]
        else:
            some = [one - first for one in set(picked.some) if 0 <= one - first < len(counts)]
            those = counts[some, :, low:high]
        found = those.sum(axis=0, dtype=np.int64)
        found[[mark for mark in Mark if mark not in picked.marks]] = 0
        return np.asarray(found)

    @staticmethod
    def _values(columns: Columns, name: str, at: Positions) -> Numbers:
        return np.zeros(len(at), np.int64) if name == _ALL else columns[name][at].astype(np.int64)


def facets_of(columns: Columns) -> Facets:
    """The counts of some columns; the first to ask makes them."""
    found = columns.counts
    if not isinstance(found, Facets):
        found = columns.counts = Facets(columns)
    return found


def _placed(columns: Columns, at: Positions | slice) -> Mask:
    """Which rows are cases with a place: a row that was left by its case means nothing."""
    return np.asarray((columns["key"][at] < NOWHERE) & (columns["area"][at] >= 0))


class Picked(Gatherer):
    """The marks of a facet."""

    def __init__(self, columns: Columns, picked: Pick, facets: Facets) -> None:
        super().__init__(columns, columns)
        self.picked, self.facets = picked, facets
        self.middles = columns.middles(None)
        self.tail = columns.sorted + np.flatnonzero(self._meant(slice(columns.sorted, columns.count)))

    def fits(self, z: int, bins: int) -> bool:
        """Whether the bins of a tile are as coarse as those that are counted."""
        return z + bins.bit_length() - 1 <= DEPTH

    def kinds(self, tile: Tile, run: Numbers, bin_no: Numbers, tail: Positions) -> Iterator[Kind]:
        """What of the tile stands among the sorted cases: all there is of it without the tail."""
        low, high = np.searchsorted(self.facets.bins, tile.edges[[0, -1]] >> _SHIFT)
        coarse = self.facets.bins[low:high] >> np.uint64(2 * (DEPTH - tile.zoom - tile.depth))
        where = coarse.astype(np.int64) - tile.first
        counts = [
            np.bincount(where, weights=row, minlength=tile.bins).astype(np.int64)
            for row in self.facets.of(self.picked, int(low), int(high))
        ]
        for mark in Mark:
            counts[mark] -= tile.count(bin_no[self.mark[tail] == mark])
        late = counts[Mark.OVERDUE]
        nothing = np.zeros_like(late)
        yield Kind(False, np.sum(counts, axis=0) - late, counts[Mark.NEAR], counts[Mark.CLOSED])
        yield Kind(True, late, nothing, nothing)

    def find(self, position: Numbers, at: Numbers, run: Numbers, late: bool) -> None:
        """Put down where the one case of its kind stands, for bins that have one among the sorted ones."""
        for one in at.tolist():
            there = slice(int(run[one]), int(run[one + 1]))
            kind = (self.mark[there] == Mark.OVERDUE) == late
            position[one] = there.start + int(np.argmax(self._meant(there) & kind))

    def _meant(self, there: slice) -> Mask:
        found = np.isin(self.mark[there], self.picked.marks) & (self.columns["area"][there] >= 0)
        if self.picked.name == _ALL:
            return found
        values = self.columns[self.picked.name][there]
        if self.picked.some is None:
            return found & (values >= self.picked.first) & (values < self.picked.end)
        return found & np.isin(values, self.picked.some)
