"""Who is within a limit: shares of persons, households, elderly people, in all and by cell, and where nobody is."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spatial.errors import DataError
from spatial.given import numbers, positive, refuse_rows
from spatial.grouping import cells_of, share, sums
from spatial.sides import Floats, Ints


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of whom are within a limit.

    Parameters
    ----------
    limit
        Metres or minutes; what is exactly so far is within.
    names
        Who is counted, in the order of the columns below.
    total, within, share
        Shape (names,); a share of nobody is NaN.
    cells
        Codes of the cells, sorted; empty where no cells were given.
    cell_total, cell_within, cell_share
        Shape (cells, names).
    cell_worst
        The largest cost in each cell; infinite where somebody reaches nothing.
    gaps
        Rows of the places that are not within, the one with most of the first name's people first, then by row.
    """

    limit: float
    names: tuple[str, ...]
    total: Floats
    within: Floats
    share: Floats
    cells: tuple[Hashable, ...]
    cell_total: Floats
    cell_within: Floats
    cell_share: Floats
    cell_worst: Floats
    gaps: Ints


def coverage(
    cost: ArrayLike,
    limit: float,
    people: Mapping[str, ArrayLike],
    *,
    cells: Sequence[Hashable] | None = None,
) -> Coverage:
    """Who is within a limit.

    Parameters
    ----------
    cost
        Each place's cost, as `nearest` gives it: infinite where nothing is reached.
    limit
        In the unit of the costs.
    people
        Name and number at each place: persons, households, elderly people.
    cells
        The cell of each place.

    Raises
    ------
    DataError
        `nobody_counted`, `cost_missing`, `not_positive`, and what `numbers` raises.
    """
    far = np.asarray(cost, dtype=np.float64)
    # Infinity is an answer here: the rest of what makes a number is asked of the others.
    refuse_rows("cost_missing", far.ndim == 1 and np.isnan(far))
    numbers("cost", np.where(np.isinf(far), np.finfo(np.float64).max, far), least=0)
    positive("limit", limit)
    if not people:
        raise DataError("nobody_counted")
    names = tuple(people)
    count = np.stack([numbers(name, people[name], count=len(far), least=0) for name in names], axis=1)
    inside = far <= limit
    codes, cell = cells_of(cells, len(far))
    total, within = count.sum(axis=0), count[inside].sum(axis=0)
    cell_total, cell_within = _sums(count, cell, len(codes)), _sums(count[inside], cell[inside], len(codes))
    worst = np.zeros(len(codes))
    if codes:
        np.maximum.at(worst, cell, far)
    outside = np.flatnonzero(~inside)
    gaps = outside[np.argsort(-count[outside, 0], kind="stable")]
    return Coverage(
        limit, names, total, within, share(within, total),
        codes, cell_total, cell_within, share(cell_within, cell_total), worst, gaps,
    )  # fmt: skip


def _sums(count: Floats, cell: Ints, cells: int) -> NDArray[np.float64]:
    if not cells:
        return np.zeros((0, count.shape[1]))
    return np.stack([sums(cell, column, cells) for column in count.T], axis=1)
