"""Points to cells: equal to brute force everywhere, ties by code, on edges, corners and in odd coverages."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.locate import Locator, locate, locator, raster
from tests.spatial.coverages import edge_and_corner_points, town, voronoi


def brute_force(cells, codes, xy):
    """The rule itself: of all cells that cover the point, the one with the smallest code."""
    order = np.argsort(np.asarray(codes, dtype=object), kind="stable")
    answer = np.full(len(xy), -1)
    for i, point in enumerate(shapely.points(xy)):
        answer[i] = next((c for c in order if shapely.covers(cells[c], point)), -1)
    return answer


@pytest.fixture(params=["index", "picture"])
def way(request, monkeypatch):
    """Both ways of answering, whatever the number of points."""
    monkeypatch.setattr(
        locator, "drawing_pays", lambda _, vertices: vertices > 0 and request.param == "picture"
    )
    return request.param


def test_a_point_on_an_edge_or_corner_goes_to_the_smallest_code(way):
    cells = town()
    codes = ["9", "10", "b", "a"]
    xy = [(1.0, 0.5), (0.5, 1.0), (1.0, 1.0), (1.5, 1.0), (0.5, 0.5), (2.0, 2.0)]
    assert locate(xy, cells, codes).tolist() == [1, 0, 1, 1, 0, 3]


def test_without_codes_the_first_cell_wins(way):
    assert locate([(1.0, 1.0)], town()).tolist() == [0]


def test_outside_nan_and_infinite_points_belong_to_no_cell(way):
    xy = [(2.5, 0.5), (np.nan, 0.5), (0.5, np.nan), (np.inf, 0.5), (0.5, -np.inf), (1e300, 1e300)]
    assert locate(xy, town()).tolist() == [-1] * 6


def test_holes_parts_and_an_island_in_a_hole(way):
    ring = shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (3, 1), (3, 3), (1, 3)]])
    island = shapely.box(1.5, 1.5, 2.5, 2.5)
    apart = shapely.MultiPolygon([shapely.box(5, 0, 6, 1), shapely.box(7, 0, 8, 1)])
    cells = [ring, island, apart]
    xy = [(0.5, 0.5), (2, 2), (1.2, 1.2), (5.5, 0.5), (6.5, 0.5), (7, 1), (1, 2)]
    assert locate(xy, cells).tolist() == [0, 1, -1, 2, -1, 2, 0]


def test_a_cell_inside_another_shares_its_place_by_code(way):
    cells = [shapely.box(0, 0, 10, 10), shapely.box(4, 4, 4.01, 4.01), shapely.box(6, 6, 9, 9)]
    xy = [(4.005, 4.005), (7, 7), (4.5, 4.5), (9.5, 9.5)]
    assert locate(xy, cells, ["b", "a", "c"]).tolist() == [1, 0, 0, 0]
    assert locate(xy, cells, ["b", "c", "a"]).tolist() == [0, 2, 0, 0]


def test_copies_of_one_cell_all_answer_with_the_smallest_code(way):
    cells = [shapely.box(0, 0, 1, 1)] * 3
    assert locate([(0.5, 0.5), (0, 0)], cells, ["c", "a", "b"]).tolist() == [1, 1]


def test_orientation_of_rings_does_not_matter(way):
    cells, xy = voronoi(30, seed=3), np.random.default_rng(3).uniform(0, 1, (500, 2))
    assert np.array_equal(locate(xy, cells), locate(xy, shapely.reverse(cells)))


@pytest.mark.parametrize("cells", [[], [None], [shapely.Polygon()], [shapely.box(0, 0, 1, 1), None]])
def test_few_no_and_empty_cells(way, cells):
    expected = [0] if len(cells) == 2 else [-1]
    assert locate([(0.5, 0.5)], cells).tolist() == expected
    assert locate(np.empty((0, 2)), cells).tolist() == []


@settings(max_examples=40, deadline=None)
@given(count=st.integers(4, 60), seed=st.integers(0, 10**6), points=st.sampled_from([40, 6_000, 300_000]))
def test_both_ways_equal_brute_force(count, seed, points):
    cells = voronoi(count, seed=seed)
    rng = np.random.default_rng(seed)
    codes = np.array([f"{n:05d}" for n in rng.permutation(count)], dtype=object)
    xy = np.concatenate((rng.uniform(-0.1, 1.1, (60, 2)), edge_and_corner_points(cells)[:120]))
    expected = brute_force(cells, codes, xy)
    ask = Locator(cells, codes)
    many = np.resize(xy, (points, 2))
    answer = ask(many[:, 0], many[:, 1])
    assert np.array_equal(answer, np.resize(expected, points))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), side=st.sampled_from([64, 512]))
def test_overlapping_cells_equal_brute_force(seed, side):
    rng = np.random.default_rng(seed)
    centre, size = rng.uniform(0, 1, (25, 2)), rng.uniform(0.001, 0.4, 25)
    cells = shapely.buffer(shapely.points(centre), size, quad_segs=3)
    xy = np.concatenate((rng.uniform(0, 1, (80, 2)), centre, edge_and_corner_points(cells)[:80]))
    ask = Locator(cells)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(locator, "drawing_pays", lambda *_: True)
        patch.setattr(raster, "side_for", lambda *_: side)
        answer = ask(xy[:, 0], xy[:, 1])
    assert np.array_equal(answer, brute_force(cells, range(25), xy))


def test_degrees_and_large_numbers_do_not_matter(way):
    for place, scale in (((102.7, 25.1), 1e-3), ((4.5e6, 2.8e6), 1e3)):
        cells = shapely.transform(voronoi(40, seed=5), lambda xy, p=place, s=scale: xy * s + p)
        xy = edge_and_corner_points(cells)
        codes = [str(n) for n in range(40)]
        assert np.array_equal(locate(xy, cells, codes), brute_force(cells, codes, xy))


def test_asking_again_for_many_more_draws_anew_and_changes_nothing():
    cells = voronoi(50, seed=1)
    xy = np.random.default_rng(1).uniform(0, 1, (200_000, 2))
    ask = Locator(cells)
    pieces = [ask(*piece.T) for piece in np.array_split(xy, 13)]
    assert np.array_equal(np.concatenate(pieces), Locator(cells)(*xy.T))


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="one length"):
        Locator(town())([1.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="3 codes for 4 cells"):
        Locator(town(), ["a", "b", "c"])


def test_many_cells_get_tiles_no_larger_than_themselves():
    cells = voronoi(5_000, seed=9)
    xy = np.random.default_rng(9).uniform(-0.01, 1.01, (100_000, 2))
    ask = Locator(cells)
    answer = ask(*xy.T)
    point, cell = shapely.STRtree(cells).query(shapely.points(xy), predicate="intersects")
    expected = np.full(len(xy), len(cells))
    np.minimum.at(expected, point, cell)
    assert np.array_equal(answer, np.where(expected == len(cells), -1, expected))
    assert raster.side_for(1.0, 0, len(cells)) >> raster.GRAIN_BITS >= np.sqrt(len(cells))
