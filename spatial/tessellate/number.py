"""The order in which the cells of a community are numbered."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from spatial.tessellate.noise import Floats


def number(cells: ArrayLike) -> NDArray[np.int64]:
    """Numbers from 1 for the cells of one community, in rows from north to south, each from west to east.

    Parameters
    ----------
    cells
        Array of n polygons, metres or degrees.

    Returns
    -------
    ndarray of shape (n,): the number of each cell.

    Notes
    -----
    As the grid standards of Beijing (DB11) and Xi'an (DB6101/T 3185-2024) order them. There are about as many
    rows as make the fields between rows and columns square; a cell is in the row of its centroid.
    """
    shapes: Any = np.asarray(cells, dtype=object)
    centre = shapely.get_coordinates(shapely.centroid(shapes))
    if not len(centre):
        return np.empty(0, dtype=np.int64)
    span = np.ptp(centre, axis=0)
    order = np.lexsort((centre[:, 0], _rows(centre, span)))
    numbers = np.empty(len(centre), dtype=np.int64)
    numbers[order] = np.arange(1, len(centre) + 1)
    return numbers


def _rows(centre: Floats, span: Floats) -> NDArray[np.int64]:
    if span[1] == 0:
        return np.zeros(len(centre), dtype=np.int64)
    narrow = max(float(span[0]), float(span[1]) / len(centre))
    count = max(1, round(float(np.sqrt(len(centre) * span[1] / narrow))))
    rows = np.floor((centre[:, 1].max() - centre[:, 1]) / span[1] * count)
    capped: NDArray[np.int64] = np.minimum(rows, count - 1).astype(np.int64)
    return capped
