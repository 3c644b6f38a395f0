"""Neighbours: by borders, by distance, pair by pair."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from spatial.errors import CrsError, DataError
from spatial.neighbours import Neighbours, from_areas, from_pairs, nearest, within
from tests.spatial.hotspots.samples import METRIC, SIX_POINTS, lattice, squares


def as_sets(neighbours: Neighbours) -> dict[Any, set[Any]]:
    return {one: set(neighbours.of(one)) for one in neighbours.ids}


def test_queens_meet_at_corners_and_rooks_at_sides() -> None:
    board = squares(3, 3)
    assert from_areas(board).counts.tolist() == [3, 5, 3, 5, 8, 5, 3, 5, 3]
    rook = from_areas(board, rule="rook")
    assert rook.counts.tolist() == [2, 3, 2, 3, 4, 3, 2, 3, 2]
    assert rook.of(4) == (1, 3, 5, 7)
    assert as_sets(rook) == as_sets(lattice(3, 3))


def test_a_border_may_be_part_of_a_side() -> None:
    wide = shapely.box(0, 0, 200, 100)
    left, right = shapely.box(0, 100, 100, 200), shapely.box(100, 100, 200, 200)
    alone = shapely.box(500, 500, 600, 600)
    layer = gpd.GeoSeries([wide, left, right, alone], index=list("abcd"), crs=METRIC)
    rook = from_areas(layer, rule="rook")
    assert as_sets(rook) == {"a": {"b", "c"}, "b": {"a", "c"}, "c": {"a", "b"}, "d": set()}
    assert rook.islands == ("d",)
    assert from_areas(layer, rule="rook", border_m=100).islands == ("a", "b", "c", "d")


@pytest.mark.parametrize("rule", ["queen", "rook"])
def test_a_gap_is_bridged_when_asked(rule: str) -> None:
    exact, apart = squares(4, 3), squares(4, 3, apart_m=0.4)
    assert len(from_areas(apart, rule=rule).islands) == 12
    bridged = from_areas(apart, rule=rule, gap_m=0.6)
    assert as_sets(bridged) == as_sets(from_areas(exact, rule=rule))


def test_a_hole_and_an_overlap_touch() -> None:
    ring = shapely.box(0, 0, 300, 300).difference(shapely.box(100, 100, 200, 200))
    layer = gpd.GeoSeries(
        [ring, shapely.box(100, 100, 200, 200), shapely.box(290, 290, 400, 400)], crs=METRIC
    )
    for rule in ("queen", "rook"):
        assert as_sets(from_areas(layer, rule=rule)) == {0: {1, 2}, 1: {0}, 2: {0}}


def test_nearest_takes_ties_by_name_and_not_by_row() -> None:
    points = gpd.GeoSeries.from_xy([0, 1, -1, 0, 0], [0, 0, 0, 1, -1], index=list("xdcba"), crs=METRIC)
    two = nearest(points, 2)
    assert set(two.of("x")) == {"a", "b"}
    assert two.counts.tolist() == [2] * 5
    assert as_sets(nearest(points[::-1], 2)) == as_sets(two)


def test_nearest_holds_where_points_lie_upon_each_other() -> None:
    points = gpd.GeoSeries.from_xy([0, 0, 0, 5], [0, 0, 0, 0], crs=METRIC)
    assert as_sets(nearest(points, 1)) == {0: {1}, 1: {0}, 2: {0}, 3: {0}}
    assert as_sets(within(points, 1)) == {0: {1, 2}, 1: {0, 2}, 2: {0, 1}, 3: set()}


def test_within_a_distance_counts_the_distance_itself() -> None:
    """The distances to the point before, by Pythagoras: 10, 20, and from (15, 20) sqrt(125) = 11.2 to the first two."""
    band = within(SIX_POINTS, 15)
    assert as_sets(band) == {0: {1, 3}, 1: {0, 3, 4}, 2: {4}, 3: {0, 1, 4}, 4: {1, 2, 3, 5}, 5: {4}}
    assert set(within(SIX_POINTS, 10).of(0)) == {1}


def test_row_weights_sum_to_one_and_given_ones_keep_their_ratio() -> None:
    given = from_pairs("abc", [("a", "b"), ("a", "c")], weights=[3, 1], mutual=False)
    assert given.transform == "given" and given.islands == ("b", "c")
    assert given.weighted("row").weight.tolist() == [0.75, 0.25]
    assert given.weighted("binary").weight.tolist() == [1, 1]
    assert given.around([5, 10, 20]).tolist() == [50, 0, 0]
    assert from_pairs("ab", [("a", "b")], weights=[0]).islands == ("a", "b")


def test_pairs_without_weights_may_come_again() -> None:
    assert as_sets(from_pairs("ab", [("a", "b"), ("b", "a"), ("a", "b")])) == {"a": {"b"}, "b": {"a"}}


def test_values_are_arranged_by_name() -> None:
    board = from_pairs("abc", [("a", "b")])
    assert board.arrange(["c", "a", "b"], [3, 1, 2]).tolist() == [1, 2, 3]
    turned = from_pairs("abc", [("a", "b"), ("b", "c")]).weighted("row").in_order("cb")
    assert as_sets(turned) == {"c": {"b"}, "b": {"c"}} and turned.weight.tolist() == [1, 1]


def test_nothing_has_no_neighbours() -> None:
    empty = gpd.GeoSeries([], crs=METRIC)
    for made in (from_areas(empty), from_areas(empty, rule="rook"), within(empty, 5), from_pairs([], [])):
        assert len(made) == 0 and made.islands == () and made.matrix.shape == (0, 0)
    assert from_areas(squares(1, 1)).islands == (0,)


def test_an_order_of_rows_changes_no_neighbour() -> None:
    rng = np.random.default_rng(5)
    points = gpd.GeoSeries.from_xy(*rng.uniform(0, 1000, (2, 60)), crs=METRIC)
    mixed = points.iloc[rng.permutation(60)]
    for make in (lambda layer: nearest(layer, 4), lambda layer: within(layer, 150)):
        assert as_sets(make(points)) == as_sets(make(mixed))


BOW = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])


@pytest.mark.parametrize(
    ("call", "code", "facts"),
    [
        (lambda: from_pairs("ab", [("a", "x")]), "unknown_cells", {"ids": ("x",), "count": 1}),
        (lambda: from_pairs("ab", [("a", "a")]), "own_neighbour", {"ids": ("a",)}),
        (lambda: from_pairs("aba", []), "not_distinct", {"values": ("a",)}),
        (
            lambda: from_pairs("ab", [("a", "b"), ("b", "a")], weights=[1, 2]),
            "not_distinct",
            {"name": "pairs"},
        ),
        (lambda: from_pairs("ab", [("a", "b")], weights=[-1]), "too_small", {"rows": (0,)}),
        (lambda: from_pairs("ab", [("a", "b")], weights=[np.nan]), "not_finite", {}),
        (lambda: from_pairs("ab", []).of("z"), "unknown_cells", {"ids": ("z",)}),
        (lambda: from_pairs("ab", []).arrange(["a"], [1]), "missing_cells", {"ids": ("b",)}),
        (lambda: from_pairs("ab", []).arrange(["a", "z"], [1, 2]), "unknown_cells", {"ids": ("z",)}),
        (lambda: from_pairs("ab", []).arrange(["a", "a"], [1, 2]), "not_distinct", {}),
        (lambda: from_pairs("ab", []).arrange(["a", "b"], [1]), "other_count", {"wanted": 2}),
        (lambda: from_pairs("ab", []).weighted("given"), "not_one_of", {}),
        (lambda: from_areas(squares(2, 1), rule="king"), "not_one_of", {"value": "king"}),
        (lambda: from_areas(squares(2, 1), gap_m=-1), "not_positive", {"name": "gap_m"}),
        (lambda: from_areas(squares(2, 1), ids=["a"]), "other_count", {"name": "ids"}),
        (lambda: from_areas(squares(2, 1), ids=["a", "a"]), "not_distinct", {}),
        (lambda: from_areas(SIX_POINTS), "not_areas", {"count": 6}),
        (
            lambda: from_areas(gpd.GeoSeries([None, shapely.Polygon()], crs=METRIC)),
            "not_areas",
            {"rows": (0, 1)},
        ),
        (lambda: from_areas(gpd.GeoSeries([BOW], crs=METRIC)), "areas_invalid", {"rows": (0,)}),
        (lambda: nearest(squares(2, 1), 1), "not_points", {"rows": (0, 1)}),
        (lambda: nearest(SIX_POINTS, 6), "too_few_cells", {"count": 6, "wanted": 7}),
        (lambda: nearest(SIX_POINTS, 0), "not_positive", {"name": "k"}),
        (lambda: within(SIX_POINTS, np.inf), "not_positive", {"name": "distance_m"}),
    ],
)
def test_each_fault_is_named(call: Callable[[], object], code: str, facts: dict[str, Any]) -> None:
    with pytest.raises(DataError) as raised:
        call()
    assert raised.value.code == code
    assert facts.items() <= raised.value.facts.items()


@pytest.mark.parametrize(("crs", "code"), [(None, "crs_missing"), (4490, "crs_not_metric")])
def test_distances_are_metres(crs: int | None, code: str) -> None:
    points = SIX_POINTS.set_crs(crs, allow_override=True)
    board = squares(2, 2).set_crs(crs, allow_override=True)
    for call in (lambda: from_areas(board), lambda: nearest(points, 2), lambda: within(points, 5)):
        with pytest.raises(CrsError) as raised:
            call()
        assert raised.value.code == code
