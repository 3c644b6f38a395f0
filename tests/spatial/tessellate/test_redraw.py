import numpy as np
import pytest
import shapely

from spatial.errors import SpatialError
from spatial.tessellate import merge, split
from spatial.tessellate.field import Field


def blob(radius=200.0, corners=36):
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    reach = radius * (1 + 0.15 * np.cos(3 * angle))
    return shapely.Polygon(np.column_stack([reach * np.cos(angle), reach * np.sin(angle)]))


@pytest.mark.parametrize("parts", [1, 2, 3, 5])
@pytest.mark.parametrize("radius", [200.0, 2500.0])
def test_parts_cover_the_area_and_share_its_weight(parts, radius):
    area = blob(radius, 72)
    pieces = split(area, parts, seed=4)
    assert len(pieces) == parts
    assert shapely.coverage_is_valid(pieces)
    assert sum(piece.area for piece in pieces) == pytest.approx(area.area, rel=1e-12)
    shares = np.array([piece.area for piece in pieces]) / area.area * parts
    assert (np.abs(shares - 1) < 0.3).all()


def test_neighbours_need_no_new_corner():
    area = blob()
    old = {tuple(corner) for corner in shapely.get_coordinates(area)}
    for piece in split(area, 3):
        for corner in shapely.get_coordinates(piece):
            assert tuple(corner) in old or area.boundary.distance(shapely.Point(corner)) > 1e-6


def test_weight_decides_not_area():
    area = blob()
    xy = np.random.default_rng(5).uniform(-250, 250, (4000, 2))
    xy = xy[shapely.contains_xy(area, *xy.T)]
    weight = np.where(xy[:, 0] > 60, 10.0, 1.0)
    field = Field(xy, weight, np.ones(len(xy)))
    first, second = (field.inside(piece).total for piece in split(area, 2, field=field))
    assert 0.6 < first / second < 1.6


def test_a_square_of_four_corners_can_be_split():
    halves = split(shapely.box(0, 0, 100, 100), 2)
    assert [half.area for half in halves] == pytest.approx([5000, 5000], rel=0.1)


def test_merging_undoes_splitting():
    area = blob()
    assert shapely.equals(merge(split(area, 4)), area)


def test_what_cannot_be_split_or_merged_is_refused():
    ring = shapely.Point(0, 0).buffer(10).difference(shapely.Point(0, 0).buffer(5))
    with pytest.raises(SpatialError, match="split_impossible"):
        split(ring, 2)
    with pytest.raises(SpatialError, match="merge_apart"):
        merge([shapely.box(0, 0, 1, 1), shapely.box(5, 5, 6, 6)])
    with pytest.raises(SpatialError, match="merge_apart"):
        merge([ring])
