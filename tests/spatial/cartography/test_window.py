"""A window on paper: round scales, places, the bar, north."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from spatial.cartography import north_angle, scale_bar, window_for
from spatial.crs import transform
from spatial.errors import DataError


def test_the_ground_fits_in_a_round_scale() -> None:
    """8 km on 160 mm need 1 : 50,000, which is round; 8.1 km need the next round one, 1 : 60,000."""
    assert window_for((0, 0, 8_000, 4_000), 168, 108).scale == 50_000
    assert window_for((0, 0, 8_100, 4_000), 168, 108).scale == 60_000
    window = window_for((1_000, 2_000, 2_000, 3_000), 108, 108, scale=20_000)
    assert window.bounds == (420, 1_420, 2_580, 3_580)


def test_a_place_alone_is_shown() -> None:
    assert window_for((5, 5, 5, 5), 100, 100).scale == 1_000


@pytest.mark.parametrize("west", [0, 500_000])
def test_where_a_place_lies(west: float) -> None:
    """1 : 10,000: 100 m are 10 mm, counted from the upper left corner."""
    window = window_for((west, 0, west + 920, 920), 100, 100)
    assert window.scale == 10_000
    middle, corner = window.on_paper([[west + 460, 460], [west - 40, 960]])
    assert middle == pytest.approx([50, 50]) and corner == pytest.approx([0, 0])


def test_what_lies_beyond_is_cut_off_a_little_outside() -> None:
    window = window_for((0, 0, 920, 920), 100, 100)
    drawn = window.drawn([shapely.box(-5_000, -5_000, 460, 460), None, shapely.box(9_000, 0, 9_100, 10)])
    assert drawn[0].bounds == pytest.approx((-2, 50, 50, 102))
    assert drawn[1] is None and drawn[2].is_empty


@pytest.mark.parametrize(
    ("scale", "length", "parts"),
    [(5_000, 200, 4), (10_000, 500, 5), (25_000, 1_000, 4), (60_000, 3_000, 3), (100_000, 5_000, 5)],
)
def test_the_bar_is_round_and_no_longer_than_its_room(scale: float, length: float, parts: int) -> None:
    """50 mm are 250, 500, 1,250, 3,000 and 5,000 m."""
    bar = scale_bar(window_for((0, 0, 1, 1), 200, 200, scale=scale), most_mm=50)
    assert (bar.length_m, bar.parts) == (length, parts)
    assert bar.length_mm == pytest.approx(length * 1_000 / scale) and bar.length_mm <= 50


def test_north_is_upwards_on_the_middle_meridian_and_leans_beside_it() -> None:
    """Zone of 102° E (EPSG:4544… has 105): east of the meridian the grid's north lies east of true north, by
    Δλ sin φ: 0.5° at latitude 25° make 0.211°."""
    for srid, middle in ((4543, 102.0), (4544, 105.0)):
        for off in (0.0, 0.5, -0.5):
            (x, y), *_ = transform(np.array([[middle + off, 25.0]]), 4490, srid).tolist()
            angle = north_angle(window_for((x - 500, y - 500, x + 500, y + 500), 100, 100), srid)
            assert angle == pytest.approx(-off * math.sin(math.radians(25)), abs=2e-4)


@pytest.mark.parametrize(
    ("bounds", "width", "code"),
    [
        ((0, 0, math.nan, 1), 100, "not_finite"),
        ((0, 0, 1), 100, "other_count"),
        ((5, 0, 1, 1), 100, "bounds_reversed"),
        ((0, 0, 1, 1), 8, "window_too_small"),
        ((0, 0, 1, 1), -1, "not_positive"),
    ],
)
def test_what_cannot_be_shown_is_named(bounds: tuple[float, ...], width: float, code: str) -> None:
    with pytest.raises(DataError) as caught:
        window_for(bounds, width, 100)
    assert caught.value.code == code
