"""Dealing whole units to parts by weight."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spatial.tessellate.noise import Floats

Counts = NDArray[np.int64]


def allot(weight: Floats, total: int) -> Counts:
    """Deal units to parts, at least one each, so that the largest weight per unit is as small as can be.

    Notes
    -----
    Highest averages with the divisor n (D'Hondt), started at one.
    """
    units = np.ones(len(weight), dtype=np.int64)
    for _ in range(total - len(units)):
        units[np.argmax(weight / units)] += 1
    return units


def share_out(weight: Floats, total: int) -> Counts:
    """Whole numbers in proportion to weights with an exact sum.

    Notes
    -----
    Largest remainders (Hamilton); ties go to the first.
    """
    exact = weight / weight.sum() * total
    whole: Counts = np.floor(exact).astype(np.int64)
    whole[np.argsort(whole - exact, kind="stable")[: total - int(whole.sum())]] += 1
    return whole
