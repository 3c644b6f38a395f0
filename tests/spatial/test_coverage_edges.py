"""Borders once each, with both sides; simplified once for both."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from spatial.coverage import shared_edges, simplify
from spatial.errors import SpatialError
from tests.spatial.coverages import town, voronoi


def test_the_town_has_four_inner_borders_and_four_outer():
    borders = shared_edges(town(10))
    pairs = list(zip(borders.left.tolist(), borders.right.tolist(), strict=True))
    assert sorted(pairs) == [(0, -1), (0, 1), (0, 2), (1, -1), (1, 3), (2, -1), (2, 3), (3, -1)]
    assert [round(n) for n in shapely.length(borders.lines)] == [20 if b < 0 else 10 for _, b in pairs]


def test_every_border_is_drawn_once_with_its_areas_on_their_sides():
    cells = voronoi(40, seed=2)
    borders = shared_edges(shapely.reverse(cells))
    inner = borders.right >= 0
    outline = shapely.union_all(cells).length
    assert shapely.length(borders.lines[~inner]).sum() == pytest.approx(outline)
    assert shapely.length(borders.lines).sum() == pytest.approx((shapely.length(cells).sum() + outline) / 2)
    begin, end = (shapely.get_coordinates(shapely.get_point(borders.lines, n)) for n in (0, 1))
    across = np.stack((begin[:, 1] - end[:, 1], end[:, 0] - begin[:, 0]), axis=1) * 1e-6
    on_left = shapely.points((begin + end) / 2 + across)
    assert shapely.contains(cells[borders.left], on_left).all()
    on_right = shapely.points((begin + end) / 2 - across)
    assert shapely.contains(cells[borders.right[inner]], on_right[inner]).all()


def test_an_area_inside_another_has_one_closed_border():
    inner = shapely.box(4, 4, 6, 6)
    borders = shared_edges([shapely.box(0, 0, 10, 10) - inner, inner])
    at = np.flatnonzero((borders.left == 0) & (borders.right == 1))
    assert shapely.is_closed(borders.lines[at]).tolist() == [True]


def test_simplified_areas_still_share_their_borders():
    lines = shapely.segmentize(shared_edges(voronoi(20, seed=4, size=1_000)).lines, 10)
    waves = shapely.transform(lines, lambda xy: xy + np.sin(xy[:, ::-1] / 7))
    wavy = shapely.get_parts(shapely.polygonize(waves))
    assert shapely.coverage_is_valid(wavy)
    plain = simplify(wavy, 30)
    assert shapely.coverage_is_valid(plain)
    assert shapely.get_num_coordinates(plain).sum() < shapely.get_num_coordinates(wavy).sum() / 3
    kept = simplify(wavy, 30, outer=False)
    assert shapely.equals(shapely.union_all(kept), shapely.union_all(wavy))


def test_areas_that_do_not_fit_are_not_simplified():
    with pytest.raises(SpatialError) as caught:
        simplify([shapely.box(0, 0, 2, 2), shapely.box(1, 0, 3, 2)], 1)
    assert (caught.value.code, caught.value.facts) == ("coverage_invalid", {"count": 2})
