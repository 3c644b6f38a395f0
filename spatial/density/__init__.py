"""Kernel density: how many cases a square kilometre holds around every place of an area."""

from spatial.density.estimate import EDGES, Density, density
from spatial.density.kernels import KERNELS, RULES, bandwidth

__all__ = ["EDGES", "KERNELS", "RULES", "Density", "bandwidth", "density"]
