"""Kernel density: how many cases a square kilometre holds around every place of an area."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from spatial.density.kernels import KERNELS, bandwidth, interpolation_error, reach
from spatial.density.raster import middles_within, share_out, smoother
from spatial.errors import DataError
from spatial.given import Numbers, one_of, places, positive
from spatial.locate import Locator

EDGES = ("none", "uniform", "mass")
MOST_PIXELS = 50_000_000
M2_PER_KM2 = 1e6


@dataclass(frozen=True, slots=True)
class Density:
    """A raster of densities.

    Parameters
    ----------
    values
        Shape (rows, columns): cases per km² in the middle of each pixel, the southernmost row first; NaN where that
        is outside the area.
    west, south
        The raster's corner, in metres.
    cell_m
        Length of a pixel's side.
    bandwidth_m
        Radius of the quartic kernel, standard deviation of the Gaussian.
    kernel
        One of `KERNELS`.
    count
        Cases within the area, from which the raster is made.
    left_out
        Cases outside it.
    error
        The most by which any value differs, in cases per km², from the sum of all kernels without an edge correction.
    """

    values: Numbers
    west: float
    south: float
    cell_m: float
    bandwidth_m: float
    kernel: str
    count: int
    left_out: int
    error: float

    @property
    def mass(self) -> float:
        """Cases that the raster sums up to."""
        return float(np.nansum(self.values) * self.cell_m**2 / M2_PER_KM2)


def density(
    xy: ArrayLike,
    area: BaseGeometry,
    *,
    cell_m: float,
    bandwidth_m: float | str = "median_distance",
    kernel: str = "quartic",
    edge: str = "uniform",
) -> Density:
    """Estimate the density of cases within an area.

    Parameters
    ----------
    xy
        Shape (n, 2), metres.
    area
        A polygon or multipolygon, metres; cases on its boundary are within.
    cell_m
        Length of a pixel's side, at most half of the bandwidth.
    bandwidth_m
        Radius of the quartic kernel or standard deviation of the Gaussian; or one of `RULES`, see `bandwidth`.
    kernel
        "quartic" or "gaussian".
    edge
        What is done where a kernel reaches beyond the area: "none", nothing; "uniform", a place's density is divided
        by the share of its kernel that is within, so that evenly spread cases come out even; "mass", a case's kernel
        is divided by the share of it that is within, so that the raster sums up to the number of cases.

    Raises
    ------
    DataError
        Those of `places`, `positive` and `one_of`; `not_an_area`, `too_coarse`, `too_many_pixels`, `no_spread` where a
        rule finds no bandwidth, `area_too_narrow` where "mass" finds no pixel to put a case's kernel on.

    Notes
    -----
    Edges: "uniform" is Diggle's 1985, "mass" Jones's 1993. Each case is shared out among the four pixels around it
    and the pixels are convolved with the kernel by Fourier transform, so that time hardly depends on the cases. That
    is a bilinear interpolation of the kernel: of n cases the sum is wrong by at most n h / 8 times the kernel's two
    largest second derivatives, h being a pixel's area; `Density.error` says how much. Takes the cases and p log p
    of p pixels.
    """
    at = places("xy", xy)
    one_of("kernel", kernel, KERNELS)
    one_of("edge", edge, EDGES)
    positive("cell_m", cell_m)
    if area.geom_type not in {"Polygon", "MultiPolygon"} or not area.area > 0 or not area.is_valid:
        raise DataError("not_an_area", name="area", kind=area.geom_type, area_m2=area.area)
    locate = Locator(np.array([area], dtype=object))
    inside = at[locate(at[:, 0], at[:, 1]) == 0]
    width = bandwidth(inside, bandwidth_m, kernel) if isinstance(bandwidth_m, str) else bandwidth_m
    positive("bandwidth_m", width)
    if cell_m > width / 2:
        raise DataError("too_coarse", cell_m=cell_m, most=width / 2)
    west, south, east, north = area.bounds
    shape = max(ceil((north - south) / cell_m), 1), max(ceil((east - west) / cell_m), 1)
    far = reach(kernel, width, cell_m, max(shape) + 2)
    if (shape[0] + 2 + far) * (shape[1] + 2 + far) > MOST_PIXELS:
        raise DataError("too_many_pixels", count=shape[0] * shape[1], most=MOST_PIXELS)
    mask = middles_within(locate, west, south, cell_m, shape)
    binned = share_out((inside - (west, south)) / cell_m, shape)
    values = _estimate(binned, mask, smoother(kernel, width, cell_m, far, binned.shape), edge)
    if edge != "none":
        values = values / cell_m**2
    return Density(
        np.where(mask, values * M2_PER_KM2, np.nan),
        west,
        south,
        cell_m,
        width,
        kernel,
        count=len(inside),
        left_out=len(at) - len(inside),
        error=len(inside) * interpolation_error(kernel, width, cell_m) * M2_PER_KM2,
    )


def _estimate(
    binned: Numbers, mask: NDArray[np.bool_], smooth: Callable[[Numbers], Numbers], edge: str
) -> Numbers:
    """Cases per square metre, pixel by pixel, without the rim."""
    inner = slice(1, -1), slice(1, -1)
    if edge == "none":
        return smooth(binned)[inner]
    within = smooth(np.pad(mask.astype(np.float64), 1))
    if edge == "uniform":
        return np.divide(smooth(binned)[inner], within[inner], out=np.zeros(mask.shape), where=mask)
    held = binned > 0
    if not within[held].all():
        raise DataError("area_too_narrow")
    return smooth(np.divide(binned, within, out=np.zeros_like(binned), where=held))[inner]
