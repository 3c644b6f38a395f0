"""Draws from many distributions at once, each row from its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


class Table:
    """Weights, one distribution a row; a draw costs one binary search in all of them laid end to end.

    Parameters
    ----------
    weights
        Shape (rows, options), not negative, no row all zero.
    """

    def __init__(self, weights: Floats) -> None:
        self.rows, self.options = weights.shape
        shares = np.cumsum(weights, axis=1, dtype=np.float64)
        shares /= shares[:, -1:]
        shares[:, -1] = 1.0
        self.shares = shares
        self._flat = (shares + np.arange(self.rows)[:, None]).ravel()

    def draw(self, rows: Indices, u: Floats) -> Indices:
        """The option of each row at a uniform number in [0, 1)."""
        found = np.searchsorted(self._flat, rows + u, side="right") - rows * self.options
        return np.clip(found, 0, self.options - 1)

    def draw_within(self, rows: Indices, u: Floats) -> Floats:
        """Likewise, but options are steps of a line: the whole part is the option, the rest is how far into it."""
        option = self.draw(rows, u)
        low = np.where(option > 0, self.shares[rows, option - 1], 0.0)
        width = self.shares[rows, option] - low
        inside = np.divide(u - low, width, out=np.zeros_like(u), where=width > 0)
        return option + np.clip(inside, 0.0, 1.0 - 1e-9)

    def share_until(self, at: float) -> Floats:
        """The share of every row before a point of that line."""
        edges = np.concatenate([np.zeros((self.rows, 1)), self.shares], axis=1)
        step = min(int(at), self.options - 1)
        return edges[:, step] + (edges[:, step + 1] - edges[:, step]) * min(at - step, 1.0)
