"""Kernels, and how wide they should be."""

from __future__ import annotations

from math import ceil, pi

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spatial.errors import DataError
from spatial.given import Numbers, one_of, places

KERNELS = ("quartic", "gaussian")
RULES = ("scott", "median_distance")

QUARTIC_PER_GAUSSIAN: float = (2304 / 5) ** (1 / 6)
"""Bandwidths of the two kernels that smooth alike, by Marron and Nolan's canonical scale in two dimensions."""
REACH = 6.0
"""The Gaussian kernel ends after so many bandwidths, where it is 1.5e-8 of its height."""


def bandwidth(xy: ArrayLike, rule: str, kernel: str = "quartic") -> float:
    """A bandwidth by a rule of thumb, in metres.

    Parameters
    ----------
    xy
        Shape (n, 2), metres.
    rule
        "scott": the mean standard deviation along the axes times n ** (-1 / 6) for a Gaussian kernel, which in two
        dimensions is Silverman's rule as well; best where the cases are one normal cloud, too wide where there are
        several. "median_distance": 0.9 n ** (-1 / 5) times the smaller of the standard distance and of the median
        distance from the mean centre divided by the root of ln 2, for a quartic kernel; stray cases hardly move it.
    kernel
        The kernel that it is for; a rule for the other one is brought to its scale.

    Raises
    ------
    DataError
        Those of `places` and `one_of`; `no_spread` where there are no two places.

    Notes
    -----
    Scott 1992, section 6.3; Silverman 1986, section 4.3.2. The second is the search radius that desktop systems
    offer by default (Esri, "How Kernel Density works"). Scales: Marron and Nolan 1988.
    """
    at = places("xy", xy)
    one_of("rule", rule, RULES)
    one_of("kernel", kernel, KERNELS)
    count = len(at)
    away = at - at.mean(axis=0) if count else at
    spread = float(np.sqrt((away**2).sum() / max(count, 1)))
    if count < 2 or not (at != at[0]).any():
        raise DataError("no_spread", rule=rule, count=count)
    if rule == "scott":
        gaussian = float(np.sqrt((away**2).sum() / (2 * (count - 1)))) * float(count) ** (-1 / 6)
        return float(gaussian * (QUARTIC_PER_GAUSSIAN if kernel == "quartic" else 1))
    median = float(np.median(np.hypot(*away.T))) / np.sqrt(np.log(2))
    quartic = 0.9 * (min(spread, median) or spread) * count**-0.2
    return float(quartic / (1 if kernel == "quartic" else QUARTIC_PER_GAUSSIAN))


def height(kernel: str, width: float, square: NDArray[np.float64]) -> Numbers:
    """The kernel, per square metre, by the square of the distance."""
    if kernel == "quartic":
        return np.asarray(3 / (pi * width**2) * np.maximum(1 - square / width**2, 0) ** 2)
    return np.asarray(np.exp(-square / (2 * width**2)) / (2 * pi * width**2))


def interpolation_error(kernel: str, width: float, cell_m: float) -> float:
    """The most by which the interpolation of one kernel is wrong, per square metre."""
    if kernel == "quartic":
        # Its second derivative is largest at its rim: 24 / (pi width⁴).
        return 6 * cell_m**2 / (pi * width**4)
    return cell_m**2 / (8 * pi * width**4) + float(np.exp(-(REACH**2) / 2)) / (2 * pi * width**2)


def reach(kernel: str, width: float, cell_m: float, most: int) -> int:
    """How many pixels the kernel reaches in each direction, of a raster that has `most`."""
    return min(ceil(width * (1 if kernel == "quartic" else REACH) / cell_m), most)
