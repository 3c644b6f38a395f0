"""Sums by group."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

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
