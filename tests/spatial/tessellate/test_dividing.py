import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.errors import SpatialError
from spatial.tessellate import corners_beside, divide, join, weave

AREA = shapely.Polygon([(102.701, 25.003), (102.713, 25.001), (102.719, 25.012), (102.705, 25.017)])
WEST_OF_IT = shapely.Polygon([(102.701, 25.003), (102.705, 25.017), (102.69, 25.02), (102.69, 25.0)])


def across(turn, x=102.709, y=25.008, reach=0.05):
    dx, dy = reach * np.cos(turn), reach * np.sin(turn)
    return shapely.LineString([(x - dx, y - dy), (x + dx, y + dy)])


@settings(deadline=None)
@given(st.floats(0, np.pi), st.floats(0, np.pi))
def test_pieces_cover_the_area_once_and_join_to_it(turn, other):
    pieces = divide(AREA, [across(turn), across(other, 102.707)])
    assert len(pieces) >= 2 or turn == other
    assert shapely.area(pieces).sum() == pytest.approx(AREA.area, rel=1e-9)
    assert shapely.coverage_is_valid(pieces)
    assert shapely.symmetric_difference(join(pieces), AREA).area < 1e-14


@settings(deadline=None)
@given(st.floats(0, np.pi))
def test_neighbours_take_up_new_corners_and_stay_to_the_bit(turn):
    pieces = divide(AREA, [across(turn)])
    corners = corners_beside(AREA, pieces)
    assert len(corners) == 2
    woven = weave([WEST_OF_IT], corners)
    old = shapely.get_coordinates(WEST_OF_IT).tolist()
    assert [corner for corner in old if corner in shapely.get_coordinates(woven).tolist()] == old
    assert shapely.coverage_is_valid([*pieces, *woven])
    # A part and a neighbour on the other side of an older border share a whole side.
    beside = [piece for piece in pieces if piece.intersection(woven[0]).length > 1e-6]
    for piece in beside:
        assert join([piece, woven[0]]).area == pytest.approx(piece.area + woven[0].area, rel=1e-9)


def test_a_line_that_ends_inside_cuts_nothing():
    assert len(divide(AREA, [shapely.LineString([(102.709, 25.008), (102.75, 25.008)])])) == 1


def test_pieces_come_from_north_to_south():
    pieces = divide(AREA, [across(0), across(0, y=25.012)])
    assert (np.diff(shapely.get_y(shapely.centroid(pieces))) < 0).all()


def test_a_cell_may_lie_around_another():
    whole, hole = shapely.box(0, 0, 3, 3), shapely.box(1, 1, 2, 2)
    west, east = divide(whole.difference(hole), [shapely.LineString([(1.5, -1), (1.5, 4)])])
    assert join([west, east]).equals(whole.difference(hole))


def test_cells_that_share_no_side_are_not_joined():
    corner = [shapely.box(0, 0, 1, 1), shapely.box(1, 1, 2, 2)]
    with pytest.raises(SpatialError, match="cells_apart"):
        join(corner)
    with pytest.raises(SpatialError, match="cells_apart"):
        join([shapely.box(0, 0, 1, 1), shapely.box(5, 0, 6, 1)])
