"""Kernel density against the sum of all kernels, and what an edge does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from spatial.density import EDGES, KERNELS, Density, density
from spatial.errors import DataError

SQUARE = shapely.box(1000, 2000, 2000, 2600)
BENT = shapely.Polygon([(0, 0), (1000, 0), (1000, 1000), (600, 1000), (600, 300), (0, 300)])


def cases(area: Any, count: int, seed: int = 1) -> np.ndarray:
    """Places within an area, half of them around two spots."""
    rng = np.random.default_rng(seed)
    west, south, east, north = area.bounds
    found = rng.uniform((west, south), (east, north), (count * 10, 2))
    spots = np.array([(west + 0.9 * (east - west), south + 0.1 * (north - south)), (west, south)])
    found[::2] = spots[rng.integers(0, 2, len(found[::2]))] + rng.normal(0, 60, found[::2].shape)
    return found[shapely.intersects_xy(area, *found.T)][:count]


def middles(found: Density) -> np.ndarray:
    """Array (rows, columns, 2)."""
    rows, columns = found.values.shape
    x = found.west + (np.arange(columns) + 0.5) * found.cell_m
    y = found.south + (np.arange(rows) + 0.5) * found.cell_m
    return np.stack(np.meshgrid(x, y), axis=-1)


def kernel_of(kernel: str, width: float, distance: np.ndarray) -> np.ndarray:
    """Per square metre, written down anew."""
    if kernel == "quartic":
        return np.where(distance < width, 3 / (np.pi * width**2) * (1 - (distance / width) ** 2) ** 2, 0)
    return np.exp(-0.5 * (distance / width) ** 2) / (2 * np.pi * width**2)


def direct(found: Density, xy: np.ndarray) -> np.ndarray:
    """The sum of all kernels, without an edge correction."""
    apart = np.linalg.norm(middles(found)[:, :, None] - xy[None, None], axis=-1)
    return kernel_of(found.kernel, found.bandwidth_m, apart).sum(axis=-1) * 1e6


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("area", [SQUARE, BENT, shapely.MultiPolygon([SQUARE, shapely.box(0, 0, 500, 700)])])
@pytest.mark.parametrize("cell_m", [12.5, 30])
def test_without_a_correction_it_is_the_sum_of_kernels(kernel: str, area: Any, cell_m: float) -> None:
    xy = cases(area, 200)
    found = density(xy, area, cell_m=cell_m, bandwidth_m=110, kernel=kernel, edge="none")
    within = ~np.isnan(found.values)
    wrong = np.abs(found.values - direct(found, xy))[within]
    assert wrong.max() <= found.error * (1 + 1e-9)
    assert within.any() and (found.count, found.left_out) == (200, 0)


@pytest.mark.parametrize("kernel", KERNELS)
def test_bound_is_nearly_reached_by_one_case_in_the_worst_place(kernel: str) -> None:
    """A Gaussian is curved most at its top, half a pixel from four middles."""
    found = density([(1500, 2300)], SQUARE, cell_m=20, bandwidth_m=100, kernel=kernel, edge="none")
    wrong = np.nanmax(np.abs(found.values - direct(found, np.array([(1500.0, 2300.0)]))))
    assert wrong <= found.error
    assert kernel == "quartic" or wrong > 0.9 * found.error


def test_case_in_the_middle_of_a_pixel_is_exact() -> None:
    """Quartic, 100 m: 3 / (π 100²) at the case, times (1 - 0.36)² at 60 m, per m²; times 10⁶ per km²."""
    found = density([(1510, 2310)], SQUARE, cell_m=20, bandwidth_m=100, edge="none")
    top = 3e6 / (np.pi * 100**2)
    assert found.values[15, 25] == pytest.approx(top)
    assert found.values[15, 28] == pytest.approx(top * 0.4096)
    assert found.values[15, 31] == 0
    assert (found.west, found.south, found.values.shape) == (1000, 2000, (30, 50))


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("area", [SQUARE, BENT])
def test_mass_is_kept(kernel: str, area: Any) -> None:
    xy = cases(area, 300)
    found = density(xy, area, cell_m=20, bandwidth_m=150, kernel=kernel, edge="mass")
    assert found.mass == pytest.approx(300, rel=1e-9)
    assert density(xy, area, cell_m=20, bandwidth_m=150, kernel=kernel, edge="none").mass < 297


@pytest.mark.parametrize("kernel", KERNELS)
def test_even_cases_come_out_even_up_to_the_edge(kernel: str) -> None:
    """One case every 10 m is 10 000 for each km²."""
    grid = np.stack(np.meshgrid(np.arange(1005, 2000, 10), np.arange(2005, 2600, 10)), axis=-1).reshape(-1, 2)
    even = density(grid, SQUARE, cell_m=10, bandwidth_m=80, kernel=kernel, edge="uniform")
    assert np.allclose(even.values, 10_000, rtol=1e-6)
    uneven = density(grid, SQUARE, cell_m=10, bandwidth_m=80, kernel=kernel, edge="none")
    assert uneven.values[0, 0] < 3_500 and uneven.values[30, 50] == pytest.approx(10_000, rel=0.02)


@pytest.mark.parametrize("edge", EDGES)
def test_order_and_place_decide_nothing(edge: str) -> None:
    xy = cases(BENT, 500)
    first = density(xy, BENT, cell_m=20, bandwidth_m=100, edge=edge)
    turned = density(xy[::-1], BENT, cell_m=20, bandwidth_m=100, edge=edge)
    moved = density(
        xy + np.array((4096, 8192)),
        shapely.affinity.translate(BENT, 4096, 8192),
        cell_m=20,
        bandwidth_m=100,
        edge=edge,
    )
    for other in (turned, moved):
        assert np.allclose(first.values, other.values, equal_nan=True, atol=1e-6)
    assert (moved.west, moved.south) == (4096, 8192)


@pytest.mark.parametrize("edge", EDGES)
def test_no_cases_are_zero_and_outside_is_not_a_number(edge: str) -> None:
    found = density([], BENT, cell_m=50, bandwidth_m=100, edge=edge)
    assert (found.values[3, :] == 0).all() and np.isnan(found.values[15, 3])
    assert (found.count, found.mass) == (0, 0)


def test_cases_outside_are_left_out_and_those_on_the_boundary_are_not() -> None:
    found = density([(1000, 2000), (999, 2000), (1500, 2600)], SQUARE, cell_m=20, bandwidth_m=60, edge="mass")
    assert (found.count, found.left_out) == (2, 1)
    assert found.mass == pytest.approx(2)


def test_all_cases_in_one_place_are_one_kernel() -> None:
    one = density([(1510, 2310)], SQUARE, cell_m=20, bandwidth_m=100)
    many = density(np.tile([(1510, 2310)], (1000, 1)), SQUARE, cell_m=20, bandwidth_m=100)
    assert np.allclose(many.values, one.values * 1000)


def test_many_cases_take_a_locator_with_a_picture() -> None:
    xy = cases(BENT, 60_000, seed=5)
    found = density(xy, BENT, cell_m=20, bandwidth_m=100, edge="mass")
    assert found.mass == pytest.approx(len(xy), rel=1e-9)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: density([(0, np.nan)], SQUARE, cell_m=10, bandwidth_m=100), "not_finite"),
        (lambda: density([1, 2], SQUARE, cell_m=10, bandwidth_m=100), "not_coordinates"),
        (lambda: density([], SQUARE, cell_m=0, bandwidth_m=100), "not_positive"),
        (lambda: density([], SQUARE, cell_m=10, bandwidth_m=-1), "not_positive"),
        (lambda: density([], SQUARE, cell_m=10, bandwidth_m=100, kernel="round"), "not_one_of"),
        (lambda: density([], SQUARE, cell_m=10, bandwidth_m=100, edge="round"), "not_one_of"),
        (lambda: density([], SQUARE, cell_m=10, bandwidth_m="round"), "not_one_of"),
        (lambda: density([], SQUARE, cell_m=10), "no_spread"),
        (lambda: density([(1500, 2300)] * 5, SQUARE, cell_m=10), "no_spread"),
        (lambda: density([], shapely.Polygon(), cell_m=10, bandwidth_m=100), "not_an_area"),
        (lambda: density([], shapely.Point(0, 0), cell_m=10, bandwidth_m=100), "not_an_area"),
        (lambda: density([], SQUARE, cell_m=51, bandwidth_m=100), "too_coarse"),
        (lambda: density([], SQUARE, cell_m=0.05, bandwidth_m=100), "too_many_pixels"),
        (
            lambda: density([(2, 1)], shapely.box(0, 0, 900, 1), cell_m=50, bandwidth_m=100, edge="mass"),
            "area_too_narrow",
        ),
    ],
)
def test_each_fault_is_named(call: Any, code: str) -> None:
    with pytest.raises(DataError) as raised:
        call()
    assert raised.value.code == code
