"""Cases on a raster, and a kernel on every pixel of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft2, next_fast_len, rfft2

from spatial.density.kernels import height
from spatial.given import Numbers
from spatial.locate import Locator

NOISE = 1e-14
"""What the transform leaves of nothing, as a share of the highest value."""


def middles_within(
    locate: Locator, west: float, south: float, cell_m: float, shape: tuple[int, int]
) -> NDArray[np.bool_]:
    """Which pixels have their middle in the area."""
    x = west + (np.arange(shape[1]) + 0.5) * cell_m
    y = south + (np.arange(shape[0]) + 0.5) * cell_m
    grid = np.meshgrid(x, y)
    return np.asarray((locate(grid[0].ravel(), grid[1].ravel()) == 0).reshape(shape))


def share_out(pixels: Numbers, shape: tuple[int, int]) -> Numbers:
    """Cases by pixels, with a rim one pixel wide: each is shared out among the four middles around it."""
    wide = shape[0] + 2, shape[1] + 2
    place = pixels + 0.5  # the rim's middles are at 0
    low = np.clip(np.floor(place).astype(np.int64), 0, (wide[1] - 2, wide[0] - 2))
    column, row = low.T
    right, up = np.clip(place - low, 0, 1).T
    binned = np.zeros(wide[0] * wide[1])
    for north, share_y in ((0, 1 - up), (1, up)):
        for east, share_x in ((0, 1 - right), (1, right)):
            pixel = (row + north) * wide[1] + column + east
            binned += np.bincount(pixel, weights=share_x * share_y, minlength=len(binned))
    return binned.reshape(wide)


def smoother(
    kernel: str, width: float, cell_m: float, reach: int, shape: tuple[int, ...]
) -> Callable[[Numbers], Numbers]:
    """A function that puts the kernel on every pixel of a raster of one shape."""
    padded = [next_fast_len(length + reach, real=True) for length in shape]
    off = [np.minimum(np.arange(n), n - np.arange(n)) for n in padded]
    off = [np.where(each <= reach, each * cell_m, np.inf) for each in off]
    heights = height(kernel, width, off[0][:, None] ** 2 + off[1][None, :] ** 2)
    spectrum = rfft2(heights)

    def smooth(raster: Numbers) -> Numbers:
        found = irfft2(rfft2(raster, s=padded) * spectrum, s=padded)[: shape[0], : shape[1]]
        found[found < NOISE * found.max()] = 0
        return np.asarray(found)

    return smooth
