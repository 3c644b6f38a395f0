import numpy as np
import shapely

from spatial.tessellate.knit import WELD_M, knit, soften, weld


def test_a_t_junction_becomes_a_corner_of_the_neighbour_across():
    wide, left, right = (
        shapely.box(0, 0, 2000, 500),
        shapely.box(0, 500, 900, 900),
        shapely.box(900, 500, 2000, 900),
    )
    assert not shapely.coverage_is_valid([wide, left, right])
    knitted = knit([wide, left, right])
    assert shapely.coverage_is_valid(knitted)
    assert [shape.area for shape in knitted] == [wide.area, left.area, right.area]


def test_softening_opens_the_junctions_of_large_areas_and_keeps_the_outer_border():
    rough = np.column_stack([np.linspace(0, 8000, 41), np.full(41, 4000.0)])
    south = shapely.Polygon([(0, 0), (8000, 0), *rough[::-1]])
    stem = [(4000, y) for y in np.linspace(4000, 8000, 21)]
    west = shapely.Polygon([*rough[:21], *stem[1:], (0, 8000)])
    east = shapely.Polygon([*rough[20:], (8000, 8000), *stem[:0:-1]])
    before = knit([south, west, east])
    after = soften(before)
    assert shapely.coverage_is_valid(after)
    assert shapely.equals(shapely.union_all(after), shapely.box(0, 0, 8000, 8000))
    assert (shapely.area(after) != shapely.area(before)).any()


def test_streets_stay_as_they_are():
    small = knit([shapely.box(0, 0, 200, 100), shapely.box(0, 100, 90, 200), shapely.box(90, 100, 200, 200)])
    assert shapely.equals_exact(soften(small), small).all()


def test_welding_removes_edges_of_centimetres():
    left = shapely.Polygon([(0, 0), (50, 0), (50, 50), (50.02, 50.01), (50, 100), (0, 100)])
    right = shapely.Polygon([(50, 0), (100, 0), (100, 100), (50, 100), (50.02, 50.01), (50, 50)])
    welded = weld([left, right])
    assert shapely.coverage_is_valid(welded)
    for shape in welded:
        assert np.hypot(*np.diff(shapely.get_coordinates(shape), axis=0).T).min() >= WELD_M
    assert shapely.equals(shapely.union_all(welded), shapely.box(0, 0, 100, 100))
