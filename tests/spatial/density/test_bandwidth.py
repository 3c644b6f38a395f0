"""Bandwidths by rules of thumb."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.density import bandwidth, density
from spatial.density.kernels import QUARTIC_PER_GAUSSIAN, height
from tests.spatial.density.test_density import SQUARE, cases

CROSS = np.array([(3.0, 0), (-3, 0), (0, 3), (0, -3)])
"""Four places 3 m from the middle: variance 36 / (4 - 1) / 2 = 6 along each axis, standard distance 3."""


def test_scott_by_hand() -> None:
    assert bandwidth(CROSS, "scott", "gaussian") == pytest.approx(6**0.5 * 4 ** (-1 / 6))


def test_median_distance_by_hand() -> None:
    """3 / sqrt(ln 2) is more than the standard distance, so that decides: 0.9 · 3 · 4^(-0.2)."""
    assert bandwidth(CROSS, "median_distance", "quartic") == pytest.approx(2.7 * 4**-0.2)


def test_median_distance_forgets_strays() -> None:
    """Nine cases in a cross and one far away: the median decides, and where that is 0 the standard distance."""
    stray = np.vstack((np.repeat(CROSS, 50, axis=0), [(5000, 0)]))
    away = np.hypot(*(stray - stray.mean(axis=0)).T)
    expected = 0.9 * np.median(away) / np.log(2) ** 0.5 * 201**-0.2
    assert bandwidth(stray, "median_distance") == pytest.approx(expected)
    assert bandwidth(stray, "scott") > 10 * expected


@pytest.mark.parametrize("rule", ["scott", "median_distance"])
def test_kernels_have_their_own_scale(rule: str) -> None:
    ratio = bandwidth(CROSS, rule, "quartic") / bandwidth(CROSS, rule, "gaussian")
    assert ratio == pytest.approx(QUARTIC_PER_GAUSSIAN)
    assert bandwidth(CROSS * 7 + (100, 900), rule) == pytest.approx(7 * bandwidth(CROSS, rule))


def test_scale_between_kernels_by_integration() -> None:
    """Marron and Nolan's: (∫K² / σ⁴) ^ (1 / 6) of a kernel of width 1, σ² its variance along one axis."""
    step = 0.01
    axis = np.arange(-8, 8, step) + step / 2
    square = axis[:, None] ** 2 + axis[None, :] ** 2
    scale = {}
    for kernel in ("quartic", "gaussian"):
        values = height(kernel, 1, square)
        assert values.sum() * step**2 == pytest.approx(1, rel=1e-4)
        variance = (values * axis[:, None] ** 2).sum() * step**2
        scale[kernel] = ((values**2).sum() * step**2 / variance**2) ** (1 / 6)
    assert scale["quartic"] / scale["gaussian"] == pytest.approx(QUARTIC_PER_GAUSSIAN, rel=1e-4)


def test_rule_is_asked_of_the_cases_within() -> None:
    xy = cases(SQUARE, 200)
    found = density(np.vstack((xy, [(9e6, 9e6)])), SQUARE, cell_m=10, bandwidth_m="scott")
    assert found.bandwidth_m == pytest.approx(bandwidth(xy, "scott"))
