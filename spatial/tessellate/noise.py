"""Smooth random surfaces and lines, each drawn from a generator of its own."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

Floats = NDArray[np.float64]
Bounds = tuple[float, float, float, float]

GAIN = 1.4
"""Cubic interpolation calms the lattice's draws; this brings their spread back to about 1."""


def generator_for(seed: int, *key: object) -> np.random.Generator:
    """A generator of random numbers for one node of the recursion.

    A change at one place leaves the draws of all others alone, since nobody shares a generator.
    """
    return np.random.default_rng([seed, zlib.crc32("/".join(map(str, key)).encode())])


class Surface:
    """Smooth value noise over the plane, about N(0, 1).

    Parameters
    ----------
    generator
        Where the lattice's draws come from.
    bounds
        West, south, east, north in metres; beyond them by three waves the surface is flat.
    wave
        Distance of the lattice's points in metres.
    """

    def __init__(self, generator: np.random.Generator, bounds: Bounds, wave: float) -> None:
        self._origin = bounds[0] - 3 * wave, bounds[1] - 3 * wave
        self._wave = wave
        rows, columns = (int((bounds[i + 2] - bounds[i]) / wave) + 8 for i in (1, 0))
        self._lattice = generator.standard_normal((rows, columns)) * GAIN

    def __call__(self, x: Floats, y: Floats) -> Floats:
        """Heights at points in metres, shape (n,)."""
        at = [(y - self._origin[1]) / self._wave, (x - self._origin[0]) / self._wave]
        heights: Floats = map_coordinates(self._lattice, at, order=3, mode="nearest")
        return heights


def wave_along(generator: np.random.Generator, t: Floats, wave: float) -> Floats:
    """Smooth value noise along a line at ascending stations t, both in metres.

    Notes
    -----
    Cubic convolution (Keys 1981, a = -1/2), written out: a call of an image filter costs ten times as much.
    """
    draws = generator.standard_normal(int((t[-1] - t[0]) / wave) + 6)
    at = (t - t[0]) / wave + 1
    index = at.astype(np.int64)
    u = at - index
    a, b, c, d = (draws[index + shift] for shift in range(-1, 3))
    heights: Floats = b + 0.5 * u * (c - a + u * (2 * a - 5 * b + 4 * c - d + u * (3 * (b - c) + d - a)))
    return heights
