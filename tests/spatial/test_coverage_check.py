"""Every fault of a coverage is found, all at once, with rows, size and place."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from spatial.coverage import OVERLAP_TOLERANCE_M, check
from tests.spatial.coverages import town, voronoi


def checked(areas, **options):
    count = len(areas)
    return check(areas, codes=[f"c{n}" for n in range(count)], rows=range(1, count + 1), **options)


def kinds(faults):
    return [(fault.code, fault.row) for fault in faults]


@pytest.mark.parametrize("areas", [[], [shapely.box(0, 0, 9, 9)], town(100), voronoi(60, size=5_000)])
def test_sound_areas_have_no_fault(areas):
    assert checked(areas) == []


def test_an_overlap_names_both_rows_its_area_width_and_place():
    (fault,) = checked([shapely.box(0, 0, 100, 100), shapely.box(95, 0, 200, 100)])
    assert (fault.code, fault.row, fault.value, fault.field) == ("overlap", 2, "c1", "geometry")
    assert fault.facts["other_row"] == 1
    assert fault.facts["other_code"] == "c0"
    assert fault.facts["area_m2"] == 500
    assert fault.facts["width_m"] == pytest.approx(2 * 500 / 210, abs=1e-3)
    assert 95 < fault.facts["x"] < 100


def test_places_are_told_in_the_callers_way():
    areas = [shapely.box(0, 0, 100, 100), shapely.box(95, 0, 200, 100)]
    (fault,) = checked(areas, to_place=lambda x, y: (x / 1000, y / 1000))
    assert fault.facts["at"] == f"{fault.facts['x']:.6f}, {fault.facts['y']:.6f}"
    assert fault.facts["x"] < 1


def test_an_overlap_of_rounding_is_none_and_a_wider_one_is():
    for over, found in ((OVERLAP_TOLERANCE_M / 2, 0), (OVERLAP_TOLERANCE_M * 3, 1)):
        areas = [shapely.box(0, 0, 100, 100), shapely.box(100 - over, 0, 200, 100)]
        assert len(checked(areas, allow_gaps=True)) == found


def test_a_real_overlap_at_the_end_of_a_long_tail_is_found():
    tail = shapely.union(shapely.box(0, 0, 20_000, 0.001), shapely.box(0, 0, 3, 3))
    areas = [shapely.box(-10, -10, 20_010, 0), shapely.union(shapely.box(-10, 0, 20_010, 10), tail), tail]
    assert ("overlap", 3) in kinds(checked(areas))


def test_copies_and_areas_inside_others_are_overlaps():
    square = shapely.box(0, 0, 100, 100)
    assert kinds(checked([square, square])) == [("overlap", 2)]
    assert kinds(checked([square, shapely.box(40, 40, 60, 60)])) == [("overlap", 2)]
    assert kinds(checked([shapely.box(0, 0, 100, 50), square, shapely.box(0, 50, 100, 100)])) == [
        ("overlap", 2),
        ("overlap", 3),
    ]


def test_every_pair_that_overlaps_is_told():
    assert kinds(checked([shapely.box(n, 0, n + 10, 10) for n in range(3)])) == [
        ("overlap", 2),
        ("overlap", 3),
        ("overlap", 3),
    ]


def test_a_corner_on_a_neighbours_side_is_no_fault():
    areas = [shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 50), shapely.box(100, 50, 200, 100)]
    assert not shapely.coverage_is_valid(areas)
    assert checked(areas) == []


def test_a_gap_names_its_neighbours_and_a_hole_its_area():
    cells = np.delete(
        np.array([shapely.box(x, y, x + 10, y + 10) for y in (0, 10, 20) for x in (0, 10, 20)]), 4
    )
    (gap,) = checked(cells)
    assert (gap.code, gap.facts["area_m2"], gap.facts["neighbours"]) == ("gap", 100, "c0, c1, c2, …")
    (hole,) = checked([shapely.box(0, 0, 30, 30) - shapely.box(10, 10, 20, 20)])
    assert (hole.code, hole.row, hole.facts["at"]) == ("hole", 1, "15.000000, 15.000000")
    assert checked(cells, allow_gaps=True) == []


def test_narrow_gaps_and_the_sea_outside_are_none():
    apart = [shapely.box(0, 0, 10, 10), shapely.box(20, 0, 30, 10)]
    assert checked(apart) == []
    slit = [shapely.box(0, 0, 100, 100) - shapely.box(40, 10, 40.05, 90)]
    assert checked(slit, gap_width_m=0.1) == []
    assert kinds(checked(slit)) == [("hole", 1)]


def test_an_island_in_a_lake_leaves_the_lake_a_gap():
    ring = shapely.box(0, 0, 100, 100) - shapely.box(20, 20, 80, 80)
    (fault,) = checked([ring, shapely.box(40, 40, 60, 60)])
    assert (fault.code, fault.facts["area_m2"]) == ("gap", 3200)


def test_what_leaves_its_parent_and_what_of_it_is_bare():
    parents = {"p": shapely.box(0, 0, 100, 100), "q": shapely.box(100, 0, 200, 100)}
    areas = [shapely.box(0, 0, 110, 100), shapely.box(110, 0, 200, 90)]
    faults = checked(areas, parents=parents, parent_codes=["p", "q"])
    assert kinds(faults) == [("outside_parent", 1), ("gap", 1)]
    assert faults[0].facts["area_m2"] == 1000
    assert faults[0].facts["parent"] == "p"
    assert faults[1].facts["area_m2"] == 1900
    assert kinds(checked(areas, parents=parents, parent_codes=["p", "q"], allow_gaps=True)) == [
        ("outside_parent", 1)
    ]
    assert kinds(checked(areas, parents=parents)) == [("gap", 1)]


def test_a_parent_without_areas_is_one_gap():
    (fault,) = checked(
        [shapely.box(0, 0, 9, 9)], parents={"p": shapely.box(50, 50, 60, 60)}, parent_codes=["x"]
    )
    assert (fault.code, fault.row, fault.facts["area_m2"]) == ("gap", None, 100)


def test_an_invalid_shape_is_told_with_the_rest():
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    faults = checked([bow, shapely.box(0, 0, 5, 10)])
    assert kinds(faults) == [("area_shape_invalid", 1), ("overlap", 2)]
    assert (faults[0].facts["reason"], faults[0].facts["at"]) == ("Self-intersection", "5.000000, 5.000000")
