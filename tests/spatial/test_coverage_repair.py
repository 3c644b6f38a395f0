"""Slivers are settled, gaps closed, corners shared, each told; a real overlap is left for the check."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.coverage import check, repair
from tests.spatial.coverages import town, voronoi


def repaired(areas, **options):
    count = len(areas)
    return repair(areas, codes=[f"c{n}" for n in range(count)], rows=range(1, count + 1), **options)


def faults(areas):
    return [f.code for f in check(areas, codes=range(len(areas)), rows=range(len(areas)))]


def kinds(repairs):
    return [(r.kind, *r.codes) for r in repairs]


@pytest.mark.parametrize("areas", [[], town(100), voronoi(60, size=5_000)])
def test_sound_areas_come_back_as_they_are(areas):
    result, repairs = repaired(areas)
    assert repairs == []
    assert all(new is old for new, old in zip(result, areas, strict=True))


def test_a_sliver_of_overlap_goes_to_the_smaller_code_where_borders_are_equal():
    areas = [shapely.box(0, 0, 100, 100), shapely.box(99.5, 0, 200, 100)]
    result, (done,) = repaired(areas)
    assert (done.kind, done.rows, done.codes) == ("overlap_settled", (1, 2), ("c0", "c1"))
    assert (done.area_m2, done.width_m) == (50, pytest.approx(0.498, abs=1e-3))
    assert result[0].equals(areas[0])
    assert result[1].equals(shapely.box(100, 0, 200, 100))
    assert shapely.coverage_is_valid(result)


def test_a_sliver_of_overlap_goes_to_the_area_with_the_longer_border():
    # A wedge: c1 shares with it the long sides, c0 only the short one.
    notch = shapely.Polygon([(100, 40), (130, 40.4), (100, 40.8)])
    areas = [shapely.box(0, 0, 100, 100) | notch, shapely.box(100, 0, 200, 100)]
    result, (done,) = repaired(areas)
    assert done.codes == ("c1", "c0")
    assert shapely.area(result).tolist() == pytest.approx([10_000, 10_000])


def test_a_gap_is_closed_by_its_neighbours():
    areas = [shapely.box(0, 0, 100, 100) - shapely.box(40, 10, 40.5, 90)]
    result, repairs = repaired(areas)
    assert kinds(repairs) == [("gap_closed", "c0")]
    assert repairs[0].area_m2 == 40
    assert result[0].equals(shapely.box(0, 0, 100, 100))


def test_what_is_wider_stays_and_stays_a_fault():
    areas = [shapely.box(0, 0, 100, 100), shapely.box(97, 0, 200, 100)]
    result, repairs = repaired(areas)
    assert [r.kind for r in repairs] in ([], ["corners_shared"] * 2)
    assert shapely.area(result).tolist() == shapely.area(areas).tolist()
    assert faults(result) == ["overlap"]
    hole = [shapely.box(0, 0, 100, 100) - shapely.box(40, 10, 43, 90)]
    assert faults(repaired(hole)[0]) == ["hole"]
    assert faults(repaired(hole, sliver_width_m=3)[0]) == []


def test_a_real_overlap_is_not_hidden_by_a_tail():
    tail = shapely.union(shapely.box(0, 0, 20_000, 0.01), shapely.box(0, 0, 9, 9))
    areas = [shapely.box(-10, -10, 20_010, 0) | tail, shapely.box(-10, 0, 20_010, 10)]
    assert "overlap" in faults(repaired(areas)[0])


@pytest.mark.parametrize("size", [0.4, 40])
def test_copies_and_inner_areas_never_vanish(size):
    inner = shapely.box(50, 50, 50 + size, 50 + size)
    for areas in ([inner, inner], [shapely.box(0, 0, 100, 100), inner]):
        result, _ = repaired(areas)
        assert not shapely.is_empty(result).any()
        assert faults(result) == ["overlap"]


def test_a_corner_on_a_neighbours_side_becomes_a_corner_of_both():
    areas = [shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 50), shapely.box(100, 50, 200, 100)]
    result, repairs = repaired(areas)
    assert kinds(repairs) == [("corners_shared", "c0")]
    assert repairs[0].detail == {"corners": 1, "dropped": 0}
    assert shapely.coverage_is_valid(result)
    assert result[1] is not None
    assert shapely.equals(result, areas).all()


def test_a_shape_is_made_valid_and_described():
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    result, (done,) = repaired([bow])
    assert (done.kind, done.rows, done.codes) == ("shape_mended", (1,), ("c0",))
    assert (done.detail["before_m2"], done.detail["after_m2"], done.area_m2) == (0, 50, 50)
    assert shapely.is_valid(result).all()


def test_a_spike_is_dropped_and_counted():
    spiky = shapely.Polygon([(0, 0), (10, 0), (10, 10), (15, 10), (10, 10), (0, 10)])
    result, (done,) = repaired([spiky])
    assert result[0].equals(shapely.box(0, 0, 10, 10))
    assert done.detail["dropped"] == 1


def test_a_multipolygon_stays_one():
    areas = shapely.multipolygons(
        np.array([[a] for a in (shapely.box(0, 0, 9, 9), shapely.box(8.9, 0, 18, 9))])
    )
    result, _ = repaired(areas)
    assert {shape.geom_type for shape in result} == {"MultiPolygon"}


def test_facts_name_everything_that_the_sentence_may():
    _, (done,) = repaired([shapely.box(0, 0, 100, 100), shapely.box(99.5, 0, 200, 100)])
    assert done.facts() == {
        "row": 1, "code": "c0", "others": "c1", "area_m2": 50, "width_m": done.width_m, **done.detail
    }  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), blur=st.sampled_from([1e-9, 1e-4, 0.01, 0.1]))
def test_blurred_coverages_become_exact(seed, blur):
    """Corners that every neighbour has written down a little differently are made one."""
    sound, rng = voronoi(40, seed=seed, size=10_000), np.random.default_rng(seed)
    blurred = np.array(
        [shapely.transform(cell, lambda xy: np.round(xy + rng.uniform(-blur, blur, 2), 9)) for cell in sound]
    )
    result, _ = repaired(blurred)
    assert shapely.is_valid(result).all()
    assert shapely.coverage_is_valid(result)
    assert faults(result) == []
    assert np.abs(shapely.area(result) - shapely.area(sound)).max() < 50_000 * blur + 1e-3
