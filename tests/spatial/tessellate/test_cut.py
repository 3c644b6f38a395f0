import numpy as np
import pytest
import shapely

from spatial.tessellate.curve import Axis, curve, profile_of
from spatial.tessellate.cut import compactness, cut, sharpest, thin
from spatial.tessellate.field import Field, scatter
from spatial.tessellate.noise import generator_for

EAST = Axis(0.0)


def test_an_axis_turns_points_and_back():
    axis, xy = Axis(0.7), np.array([[3.0, 4.0], [-1.0, 2.0]])
    assert axis.points(axis.along(xy), axis.across(xy)) == pytest.approx(xy)


def test_a_cut_gives_the_right_side_first():
    halves = cut(shapely.box(0, 0, 10, 10), shapely.LineString([(-1, 4), (11, 4)]), EAST)
    assert [halves.right.area, halves.left.area, halves.stray] == [40, 60, 0]


def test_fragments_go_to_the_side_that_they_touch():
    notched = shapely.box(0, 0, 10, 10) - shapely.box(4, 0, 6, 7)
    halves = cut(notched, shapely.LineString([(-1, 5), (11, 5)]), EAST)
    assert halves is not None
    assert halves.stray > 0
    assert halves.right.area + halves.left.area == pytest.approx(notched.area)


def test_a_line_beside_the_region_cuts_nothing():
    assert cut(shapely.box(0, 0, 10, 10), shapely.LineString([(-1, 14), (11, 14)]), EAST) is None


def test_shapes_are_judged():
    square = shapely.box(0, 0, 100, 100)
    assert compactness(square) == pytest.approx(np.pi / 4)
    assert thin(square, 10) < 2 < thin(shapely.box(0, 0, 100, 5), 10)
    assert sharpest(square, shapely.Polygon([(0, 0), (100, 0), (60, 20)])) == pytest.approx(135)


@pytest.mark.parametrize(("side", "corners"), [(250.0, 60), (2500.0, 20)])
def test_a_curve_never_turns_back_and_rough_ground_makes_it_rougher(side, corners):
    region = shapely.box(0, 0, 20 * side, 20 * side)
    xy = scatter(region, side / 2, generator_for(1, "test"))
    field = Field(xy, np.ones(len(xy)), np.full(len(xy), side))
    profile = profile_of(field, xy[:, 0], xy[:, 1], 10 * side, (0.0, 20 * side))
    t, offset = curve(generator_for(1, "curve"), profile, 20 * side, 0.0)
    assert (np.diff(t) > 0).all()
    assert len(t) > corners
    swing = np.ptp(offset) / (20 * side)
    assert (0.001 < swing < 0.12) if side < 500 else (0.03 < swing < 0.9)
