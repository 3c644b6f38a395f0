"""The locator: a picture for many points, an index for few, geometry where either is not enough."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from spatial.locate.bins import Bins, sort_into_bins
from spatial.locate.raster import HARD, OUTSIDE, SEARCH, Raster, draw
from spatial.sides import sides_of, sort_order

PIECE = 1 << 16
"""Points that are worked on at once: their arrays stay in the processor's cache."""
FEW_POINTS = 20_000
"""Up to so many points, asked for in all, no picture is drawn."""
TESTS_PER_VERTEX = 0.1
"""Indexing a cell's sides takes as long as so many tests without the index."""
REDRAW = 8
"""A picture is drawn anew, finer, when so many times more points were asked for than it was drawn for."""


class Locator:
    """Says which of some cells a point belongs to; built once, asked often.

    Parameters
    ----------
    cells
        Array of n valid polygons or multipolygons in one CRS; they may have holes, may overlap, may be empty or None.
    order
        n codes whose text order decides ties; without them the order of the cells decides.

    Notes
    -----
    The answer is that of `shapely.covers` for every point and the smallest code among the cells that cover it, in
    plane coordinates as they stand. Few points are tested against the cells whose bounding boxes hold them. Many go
    through a picture of the cells (`spatial.locate.raster`), drawn more finely the more points come: only a point in
    a pixel that a boundary touches is tested, against the cells of that pixel's tile.
    May be used by several threads.
    """

    def __init__(self, cells: ArrayLike, order: ArrayLike | Sequence[Any] | None = None) -> None:
        self._cells = np.asarray(cells, dtype=object)
        self._rank = _ranks(order, len(self._cells))
        self._raster: Raster | None = None
        self._bins: Bins | None = None
        self._asked = self._drawn_for = 0
        # A prepared geometry builds its index when it is first asked, and GEOS does not guard that.
        self._lock = Lock()
        self._tests = np.zeros(len(self._cells), dtype=np.int64)
        self._vertices = shapely.get_num_coordinates(self._cells)

    def __len__(self) -> int:
        return len(self._cells)

    def __call__(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int32]:
        """The index of the cell of each point, -1 where there is none or a coordinate is not finite.

        Parameters
        ----------
        lon, lat
            Arrays of one length, in the CRS of the cells (of EPSG:4490: degrees).
        """
        x, y = np.ascontiguousarray(lon, dtype=np.float64), np.ascontiguousarray(lat, dtype=np.float64)
        if x.shape != y.shape or x.ndim != 1:
            raise ValueError(f"lon {x.shape} and lat {y.shape} are not two rows of one length")
        answer = np.full(len(x), OUTSIDE, dtype=np.int32)
        if not len(x) or not len(self._cells):
            return answer
        with self._lock:
            self._get_ready(len(x))
            for begin in range(0, len(x), PIECE):
                piece = slice(begin, begin + PIECE)
                answer[piece] = self._locate(x[piece], y[piece])
        return answer

    def _get_ready(self, points: int) -> None:
        self._asked += points
        if self._asked > REDRAW * self._drawn_for and drawing_pays(self._asked, int(self._vertices.sum())):
            bounds = shapely.total_bounds(self._cells)
            self._raster = draw(sides_of(self._cells), self._rank, tuple(bounds), self._asked)
            self._drawn_for = self._asked

    def _locate(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int32]:
        if self._raster is None:
            return self._search(x, y)
        answer, tile = self._raster.look_up(x, y)
        hard = np.flatnonzero(answer == HARD)
        start = self._raster.start
        answer[hard] = self._test(x[hard], y[hard], (start[tile], start[tile + 1], self._raster.candidate))
        searched = np.flatnonzero(answer == SEARCH)
        if len(searched):
            answer[searched] = self._search(x[searched], y[searched])
        return answer

    def _test(
        self,
        x: NDArray[np.float64],
        y: NDArray[np.float64],
        runs: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.integer[Any]]],
    ) -> NDArray[np.int32]:
        """Ask each point's candidates, a run of an array from begin to end, until one covers the point."""
        answer = np.full(len(x), OUTSIDE, dtype=np.int32)
        begin, end, candidate = runs
        left, at = np.arange(len(x)), begin
        while True:
            more = at < end[left]
            left, at = left[more], at[more]
            if not len(left):
                return answer
            cell = candidate[at]
            covered = self._covers(cell, x[left], y[left])
            answer[left[covered]] = cell[covered]
            left, at = left[~covered], at[~covered] + 1

    def _covers(
        self, cell: NDArray[np.integer[Any]], x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        before = self._tests
        self._tests = before + np.bincount(cell, minlength=len(self))
        worth = self._vertices * TESTS_PER_VERTEX
        shapely.prepare(self._cells[(before <= worth) & (self._tests > worth)])
        # Points cell by cell: one prepared geometry after the other passes through the processor's cache.
        order = sort_order(cell, len(self))
        covered = np.empty(len(cell), dtype=bool)
        covered[order] = shapely.intersects_xy(self._cells[cell[order]], x[order], y[order])
        return covered

    def _search(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int32]:
        """Ask every cell whose bounding box holds the point."""
        if self._bins is None:
            self._bins = sort_into_bins(self._cells, self._rank)
        return self._test(x, y, self._bins.candidates(x, y))


def locate(
    points_xy: ArrayLike, cells: ArrayLike, codes: ArrayLike | Sequence[Any] | None = None
) -> NDArray[np.int32]:
    """The index of the cell of each point, -1 where there is none.

    Parameters
    ----------
    points_xy
        Array (n, 2) of lon, lat in the CRS of the cells.
    cells, codes
        As for `Locator`.
    """
    xy = np.asarray(points_xy, dtype=np.float64).reshape(-1, 2)
    return Locator(cells, codes)(xy[:, 0], xy[:, 1])


def drawing_pays(points: int, vertices: int) -> bool:
    """Whether so many points are found faster with a picture: drawing a vertex takes as long as two searches."""
    return vertices > 0 and points > max(FEW_POINTS, 2 * vertices)


def _ranks(order: ArrayLike | Sequence[Any] | None, count: int) -> NDArray[np.int64]:
    rank = np.arange(count)
    if order is None:
        return rank
    codes = np.asarray([str(code) for code in np.asarray(order, dtype=object)], dtype=object)
    if len(codes) != count:
        raise ValueError(f"{len(codes)} codes for {count} cells")
    rank[np.argsort(codes, kind="stable")] = np.arange(count)
    return rank
