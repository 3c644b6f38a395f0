"""Groups of rows: the cells that they lie in, sums and shares of each."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spatial.errors import DataError
from spatial.given import Numbers


def sums(group: NDArray[Any], weight: NDArray[Any], count: int) -> Numbers:
    """The weights of each of so many groups, added up; shape (count,), 0 for a group without any.

    Parameters
    ----------
    group
        Shape (n,): numbers from 0.
    weight
        Shape (n,).
    """
    return np.asarray(np.bincount(group, weights=weight, minlength=count), dtype=np.float64)


def share(part: Numbers, whole: Numbers) -> Numbers:
    """A part of a whole, of the same shape; NaN of nothing."""
    found: Numbers = np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=np.asarray(whole) > 0)
    return found


def cells_of(cells: Sequence[Hashable] | None, count: int) -> tuple[tuple[Hashable, ...], NDArray[np.int64]]:
    """The codes of the cells that rows lie in, ascending, and the number among them of each row's; none without cells.

    Raises
    ------
    DataError
        `other_count`: not as many cells as rows.
    """
    if cells is None:
        return (), np.zeros(count, dtype=np.int64)
    if len(cells) != count:
        raise DataError("other_count", name="cells", count=len(cells), wanted=count)
    codes, cell = np.unique(np.asarray(cells), return_inverse=True)
    return tuple(codes.tolist()), cell.reshape(-1).astype(np.int64)
