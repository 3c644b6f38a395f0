"""Streets: lines meet where they should, places lie on the nearest point of an edge, parts are told apart."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from spatial.errors import CrsError, DataError
from spatial.streets import streets
from tests.spatial.access.towns import CRS, lattice, lines


def test_lines_meet_where_they_cross_or_end_on_each_other() -> None:
    net = streets(lines([(0, 0), (100, 0)], [(50, -50), (50, 50)], [(75, 0.2), (75, 40)]))
    assert len(net.nodes) == 7 and len(net.start) == 6
    assert net.line.tolist() == [0, 0, 0, 1, 1, 2]
    assert net.length_m == pytest.approx([50, 25, 25, 50, 50, 39.8])
    assert set(net.component) == {0}


def test_a_bridge_passes_over_where_only_vertices_meet() -> None:
    layer = lines([(0, 0), (100, 0)], [(50, -50), (50, 50)], [(20, 30), (20, 0), (20, -30)])
    net = streets(layer, meet="vertices")
    assert len(net.start) == 3 and net.component.max() == 2
    shared = streets(lines([(0, 0), (50, 0), (100, 0)], [(50, -50), (50, 0), (50, 50)]), meet="vertices")
    assert len(shared.start) == 4 and shared.component.max() == 0


def test_gaps_of_drawing_are_closed_up_to_the_tolerance() -> None:
    layer = lines([(0, 0), (100, 0)], [(100.4, 0), (200, 0)])
    assert streets(layer).component.max() == 0
    assert streets(layer, tolerance_m=0.3).component.max() == 1


def test_a_line_through_itself_meets_itself() -> None:
    net = streets(lines([(0, 0), (10, 0), (10, 10), (5, 10), (5, -10)]))
    assert net.graph().toarray()[np.ix_(*[np.flatnonzero((net.nodes == (5, 0)).all(axis=1))] * 2)].shape == (
        1,
        1,
    )
    assert net.length_m.sum() == pytest.approx(45) and set(net.line) == {0}


def test_streets_that_run_together_count_once_in_the_graph() -> None:
    net = streets(lines([(0, 0), (100, 0)], [(20, 0), (60, 0)]))
    graph = net.graph().toarray()
    assert np.array_equal(graph, graph.T) and graph[graph > 0].sum() == pytest.approx(200)


def test_length_is_kept_whatever_is_cut() -> None:
    rng = np.random.default_rng(5)
    layer = lines(*[[tuple(p) for p in rng.uniform(0, 1000, (3, 2))] for _ in range(40)])
    net = streets(layer, tolerance_m=1e-4)
    by_line = np.bincount(net.line, weights=net.length_m, minlength=len(layer))
    assert by_line == pytest.approx(layer.length.to_numpy(), rel=1e-5)
    noded = shapely.get_parts(shapely.node(shapely.union_all(layer.to_numpy())))
    assert len(net.start) == len(noded)


def test_the_longest_part_is_the_first() -> None:
    net = streets(lines([(0, 0), (10, 0)], [(0, 50), (90, 50)], [(0, 99), (30, 99)]))
    assert net.component_m == pytest.approx([90, 30, 10])
    assert net.component[net.start].tolist() == [2, 0, 1]


def test_speeds_make_minutes() -> None:
    layer = lines([(0, 0), (120, 0)], [(0, 10), (120, 10)])
    net = streets(layer, metres_per_minute=[60, 40])
    assert net.unit == "minute" and (net.length_m * net.cost_per_m) == pytest.approx([2, 3])
    assert streets(layer, metres_per_minute=60).cost_per_m == pytest.approx([1 / 60] * 2)


def test_a_place_lies_on_the_nearest_point_of_an_edge() -> None:
    net = streets(lattice(3, 100))
    at = net.snap([[40, 7], [150, 100], [-30, -40], [40, 7]], within_m=45)
    assert at.off_m.tolist() == pytest.approx([7, 0, np.inf, 7])
    assert at.edge[2] == -1 and at.along_m[[0, 1]].tolist() == pytest.approx([40, 50])
    corner = net.snap([[100, 100]])
    assert corner.edge[0] == np.flatnonzero(shapely.distance(net.shapes, shapely.Point(100, 100)) == 0).min()


def test_nothing_at_all() -> None:
    net = streets(gpd.GeoSeries([], crs=CRS))
    assert net.nodes.shape == (0, 2) and net.graph().shape == (0, 0)
    assert net.snap([[1, 2]]).edge.tolist() == [-1]
    assert streets(lattice(2, 10)).snap([]).edge.shape == (0,)


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (shapely.Point(0, 0), "not_lines"),
        (shapely.LineString(), "not_lines"),
        (shapely.LineString([(1, 1), (1, 1)]), "not_lines"),
        (shapely.MultiLineString([[(0, 0), (1, 1)]]), "not_lines"),
        (None, "not_lines"),
    ],
)
def test_what_is_no_line_is_refused(shape: object, code: str) -> None:
    with pytest.raises(DataError) as raised:
        streets(gpd.GeoSeries([shapely.LineString([(0, 0), (9, 9)]), shape], crs=CRS))
    assert raised.value.code == code and raised.value.facts["rows"] == (1,)


def test_other_questions_without_an_answer() -> None:
    layer = lattice(2, 10)
    with pytest.raises(CrsError):
        streets(layer.to_crs(4490))
    faults: tuple[dict[str, Any], ...] = (
        {"tolerance_m": 0},
        {"metres_per_minute": 0},
        {"metres_per_minute": [1, 2, 3, 0]},
        {"meet": "x"},
    )
    for wrong in faults:
        with pytest.raises(DataError):
            streets(layer, **wrong)
    with pytest.raises(DataError):
        streets(layer, metres_per_minute=[1.0])
