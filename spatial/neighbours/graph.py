"""The neighbours themselves, and those that are given pair by pair."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from spatial.errors import DataError
from spatial.given import SHOWN, Numbers, distinct, numbers, one_of

Ints = NDArray[np.int64]

TRANSFORMS = ("binary", "row", "given")


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The neighbours of n cells, row by row; made by the verbs of this room, not by hand.

    Parameters
    ----------
    ids
        The cells' names, in the order of the rows; every array of a result is in this order.
    start
        Shape (n + 1,): the neighbours of cell i are at `start[i]` up to `start[i + 1]`.
    cell
        Row number of each neighbour, ascending within a cell; no cell is its own neighbour.
    weight
        Above 0, as long as `cell`.
    transform
        "binary": every weight is 1. "row": the weights of a cell sum to 1. "given": as they were given.

    Notes
    -----
    A cell without neighbours stays, as an island: `islands` names them.
    """

    ids: tuple[Hashable, ...]
    start: Ints
    cell: Ints
    weight: Numbers
    transform: str

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def counts(self) -> Ints:
        """How many neighbours each cell has."""
        return np.diff(self.start)

    @cached_property
    def rows(self) -> Ints:
        """The row number of the cell that each neighbour belongs to, as long as `cell`."""
        return np.repeat(np.arange(len(self)), self.counts)

    @property
    def islands(self) -> tuple[Hashable, ...]:
        """The cells that have no neighbour."""
        return tuple(self.ids[row] for row in np.flatnonzero(self.counts == 0))

    @cached_property
    def matrix(self) -> Any:
        """The weights as a `scipy.sparse.csr_array` of shape (n, n)."""
        return sparse.csr_array((self.weight, self.cell, self.start), shape=(len(self), len(self)))

    def of(self, one: Hashable) -> tuple[Hashable, ...]:
        """The neighbours of one cell.

        Raises
        ------
        DataError
            `unknown_cells`.
        """
        row = self._rows_of([one])[0]
        return tuple(self.ids[at] for at in self.cell[self.start[row] : self.start[row + 1]])

    def around(self, values: ArrayLike) -> Numbers:
        """Each cell's weighted sum over its neighbours (of "row" weights their mean); of an island, 0.

        Raises
        ------
        DataError
            As `spatial.given.numbers`.
        """
        around: Numbers = self.matrix @ numbers("values", values, count=len(self))
        return around

    def weighted(self, transform: str) -> Neighbours:
        """The same neighbours with "binary" or "row" weights; weights that were given keep their ratios as "row".

        Raises
        ------
        DataError
            `not_one_of`.
        """
        one_of("transform", transform, TRANSFORMS[:2])
        if transform == self.transform:
            return self
        weight = np.ones(len(self.cell))
        if transform == "row":
            total = np.bincount(self.rows, self.weight, minlength=len(self))
            weight = self.weight / total[self.rows]
        return Neighbours(self.ids, self.start, self.cell, weight, transform)

    def arrange(self, ids: Sequence[Hashable], values: ArrayLike) -> Numbers:
        """Values that are in another order, in the order of these cells.

        Parameters
        ----------
        ids
            The cell of each value: every cell once, in any order.
        values
            Shape (n,).

        Raises
        ------
        DataError
            `not_distinct`, `unknown_cells` (no such cell here), `missing_cells` (a cell here without a value), and as
            `spatial.given.numbers`.
        """
        found = numbers("values", values, count=len(ids))
        distinct("ids", ids)
        rows = self._rows_of(ids)
        if len(rows) < len(self):
            known = set(ids)
            missing = [one for one in self.ids if one not in known]
            raise DataError("missing_cells", count=len(missing), ids=tuple(missing[:SHOWN]))
        arranged = np.empty(len(self))
        arranged[rows] = found
        return arranged

    def in_order(self, ids: Sequence[Hashable]) -> Neighbours:
        """The same neighbours with the rows in another order, or only some of them: then those among each other.

        Raises
        ------
        DataError
            `not_distinct`, `unknown_cells`.
        """
        distinct("ids", ids)
        chosen = self._rows_of(ids)
        place = np.full(len(self), -1)
        place[chosen] = np.arange(len(chosen))
        row, cell = place[self.rows], place[self.cell]
        kept = (row >= 0) & (cell >= 0)
        if self.transform == "row":
            return _build(tuple(ids), row[kept], cell[kept], self.weight[kept], "given").weighted("row")
        return _build(tuple(ids), row[kept], cell[kept], self.weight[kept], self.transform)

    def _rows_of(self, ids: Sequence[Hashable]) -> Ints:
        return rows_of(self.ids, ids)


def from_pairs(
    ids: Sequence[Hashable],
    pairs: Sequence[tuple[Hashable, Hashable]],
    *,
    weights: ArrayLike | None = None,
    mutual: bool = True,
) -> Neighbours:
    """Neighbours that are named pair by pair.

    Parameters
    ----------
    ids
        Every cell once, those without neighbours, too.
    pairs
        (cell, its neighbour); without weights, a pair may come several times and counts once.
    weights
        One for each pair, at least 0; a pair of weight 0 is none. Without them the weights are "binary".
    mutual
        Whether each pair holds in both directions.

    Raises
    ------
    DataError
        `not_distinct` (a cell, or a pair that has weights), `unknown_cells`, `own_neighbour`, and as
        `spatial.given.numbers`.
    """
    distinct("ids", ids)
    named = list(pairs)
    own = [a for a, b in named if a == b]
    if own:
        raise DataError("own_neighbour", count=len(own), ids=tuple(own[:SHOWN]))
    row, cell = (rows_of(ids, [pair[side] for pair in named]) for side in (0, 1))
    weight = np.ones(len(row)) if weights is None else numbers("weights", weights, count=len(row), least=0)
    if mutual:
        row, cell, weight = np.append(row, cell), np.append(cell, row), np.append(weight, weight)
    key, first = np.unique(row * len(ids) + cell, return_index=True)
    if weights is None:
        row, cell, weight = row[first], cell[first], weight[first]
    elif len(key) < len(row):
        twice = np.delete(np.arange(len(row)), first)[:SHOWN]
        values = tuple((ids[row[at]], ids[cell[at]]) for at in twice)
        raise DataError("not_distinct", name="pairs", count=len(row) - len(key), values=values)
    real = weight > 0
    return _build(tuple(ids), row[real], cell[real], weight[real], "binary" if weights is None else "given")


def mutual(ids: tuple[Hashable, ...], a: Ints, b: Ints) -> Neighbours:
    """Binary neighbours of pairs of row numbers, each pair once, in both directions."""
    row, cell = np.append(a, b), np.append(b, a)
    return _build(ids, row, cell, np.ones(len(row)), "binary")


def one_way(ids: tuple[Hashable, ...], row: Ints, cell: Ints) -> Neighbours:
    """Binary neighbours of pairs of row numbers, each as it stands."""
    return _build(ids, row, cell, np.ones(len(row)), "binary")


def rows_of(ids: Sequence[Hashable], wanted: Sequence[Hashable]) -> Ints:
    """The row number of each wanted cell.

    Raises
    ------
    DataError
        `unknown_cells`.
    """
    at = {one: row for row, one in enumerate(ids)}
    unknown = [one for one in wanted if one not in at]
    if unknown:
        raise DataError("unknown_cells", count=len(unknown), ids=tuple(unknown[:SHOWN]))
    return np.fromiter((at[one] for one in wanted), dtype=np.int64, count=len(wanted))


def text_order(ids: Sequence[Hashable]) -> Ints:
    """Row numbers in the order of the cells' names as text: what decides must not depend on the order of the rows."""
    return np.argsort(np.array([str(one) for one in ids], dtype=object), kind="stable")


def _build(ids: tuple[Hashable, ...], row: Ints, cell: Ints, weight: Numbers, transform: str) -> Neighbours:
    order = np.lexsort((cell, row))
    start = np.append(0, np.cumsum(np.bincount(row, minlength=len(ids)))).astype(np.int64)
    return Neighbours(ids, start, cell[order], weight[order], transform)
