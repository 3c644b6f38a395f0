import numpy as np
import pytest
import shapely

from spatial.tessellate.bisect import Wish, bisect, divide
from spatial.tessellate.field import Field, quantile, scatter, step_at, wildness
from spatial.tessellate.noise import Surface, generator_for, wave_along
from spatial.tessellate.strokes import joined, strokes

REGION = shapely.box(0, 0, 2000, 1500)


def flat(region=REGION, side=300.0):
    xy = scatter(region, 30, generator_for(1, "points"))
    return Field(xy, np.ones(len(xy)), np.full(len(xy), side))


def north(x, y):
    return 0.1


def test_a_cut_holds_its_share_of_the_weight():
    field = flat()
    halves = bisect(REGION, field, Wish(0.3, 5, ("test",)), north)
    assert field.inside(halves.right).total / field.total == pytest.approx(0.3, abs=0.02)


def test_seats_stay_on_their_sides():
    first, second = shapely.Point(300, 700), shapely.Point(1700, 800)
    wish = Wish(0.5, 5, ("seats",), ([first], [second]))
    halves = bisect(REGION, flat(), wish, north)
    assert halves.right.contains(first)
    assert halves.left.contains(second)


def test_regions_hold_weight_by_their_targets_and_cover_the_ground():
    field, targets = flat(), np.array([1.0, 2.0, 1.0, 1.0, 2.0])
    regions = divide(REGION, field, targets, 9, ("test",), north)
    held = np.array([field.inside(region).total for region in regions]) / field.total
    assert held == pytest.approx(targets / targets.sum(), abs=0.02)
    assert sum(region.area for region in regions) == pytest.approx(REGION.area)


def test_one_place_draws_apart_from_all_others():
    assert generator_for(1, "a").random() == generator_for(1, "a").random()
    assert generator_for(1, "a").random() != generator_for(1, "b").random()
    assert generator_for(1, "a").random() != generator_for(2, "a").random()


def test_noise_is_smooth_and_of_about_unit_spread():
    generator = generator_for(2, "noise")
    t = np.linspace(0, 50_000, 20_000)
    wave = wave_along(generator, t, 100)
    assert 0.6 < wave.std() < 1.1
    assert np.abs(np.diff(wave)).max() < 0.25
    surface = Surface(generator, (0, 0, 20_000, 20_000), 500)
    assert 0.7 < surface(*generator.uniform(0, 20_000, (2, 4000))).std() < 1.3


def test_wildness_and_steps_follow_the_side():
    assert wildness(np.array([100.0, 380.0, 1500.0, 9000.0])).tolist() == [0, 0, 1, 1]
    assert step_at(np.array([140.0, 3600.0])).tolist() == [20, 300]
    assert quantile(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 8.0]), 0.5) == 2.0


def test_lines_that_go_on_straightly_become_one():
    lines = [
        shapely.LineString(points)
        for points in (
            [(0, 0), (100, 0)],
            [(100, 0), (200, 10)],
            [(100, 0), (110, 100)],
            [(200, 10), (300, 0)],
        )
    ]
    chains = strokes(lines, [1, 1, 1, 1])
    assert sorted(sorted(chain) for chain in chains) == [[0, 1, 3], [2]]
    assert joined(lines, [0, 1, 3]).length == pytest.approx(100 + 2 * np.hypot(100, 10))


def test_a_ring_of_lines_ends():
    angle = np.linspace(0, 2 * np.pi, 9)
    corners = 500 * np.column_stack([np.cos(angle), np.sin(angle)])
    corners[-1] = corners[0]
    lines = [shapely.LineString(corners[i : i + 2]) for i in range(8)]
    assert [len(chain) for chain in strokes(lines, [1] * 8)] in ([8], [1] * 8)
