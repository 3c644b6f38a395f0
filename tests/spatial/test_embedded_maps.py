"""Maps within a page: what they share stands once, shapes are kept to the decimetre, and what is wrong is named."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
import shapely

from spatial.errors import DataError
from spatial.maps import WORDS, Areas, Borders, Ground, Points, embed
from spatial.maps.coding import PER_DEGREE, Heap

WHOLE = shapely.box(102.7, 25.0, 102.72, 25.02)
HOLED = WHOLE.difference(shapely.box(102.705, 25.005, 102.71, 25.01))
HALVES = (shapely.box(102.7, 25.0, 102.71, 25.02), shapely.box(102.71, 25.0, 102.72, 25.02))
WORDED = dict.fromkeys(WORDS, "x")


def rings(coded: Any) -> list[list[Any]]:
    """As the page reads them."""
    return [
        [(np.cumsum(np.array(ring).reshape(-1, 2), axis=0) / PER_DEGREE).tolist() for ring in part]
        for part in coded
    ]


@pytest.mark.parametrize(
    "shape",
    [WHOLE, HOLED, shapely.MultiPolygon([HALVES[0], shapely.box(102.8, 25, 102.81, 25.01)]), WHOLE.boundary],
)
def test_a_shape_is_read_back_to_the_decimetre(shape: Any) -> None:
    heap = Heap()
    read = rings(heap.coded[heap.place(shape)])
    if shapely.get_dimensions(shape) == 2:
        again = shapely.MultiPolygon([shapely.Polygon(part[0], part[1:]) for part in read])
    else:
        again = shapely.MultiLineString([part[0] for part in read])
    assert shapely.hausdorff_distance(shape, again) < 1 / PER_DEGREE
    assert again.is_valid


def test_a_shape_stands_once_and_a_shared_border_is_drawn_once() -> None:
    heap = Heap()
    assert [heap.place(one) for one in (WHOLE, HOLED, shapely.box(*WHOLE.bounds))] == [0, 1, 0]
    edges = rings(heap.coded[heap.edges(list(HALVES))])
    assert heap.edges(list(HALVES)) == heap.edges(list(HALVES))
    length = sum(shapely.LineString(part[0]).length for part in edges)
    assert length == pytest.approx(0.08 + 0.02)


def ground(*layers: Any) -> Ground:
    return Ground("图", WHOLE.bounds, layers)


def test_the_same_maps_are_the_same_and_have_their_own_names() -> None:
    layers = (
        Areas(HALVES, ("a", "b"), ("东", "西"), ("1", "2")),
        Borders(HALVES, "c", ("东", "西"), 1, filled=True),
        Points(((102.705, 25.01),), ("PL-1",), "diamond", "d", "件"),
    )
    made = embed([ground(*layers), ground(*layers)], WORDED)
    assert made == embed([ground(*layers), ground(*layers)], WORDED)
    assert made.names == ("map_1", "map_2")
    coded = re.search(r"embedded\.coded = (.*);\n", made.scripts[-1])
    assert coded is not None and len(json.loads(coded[1])) == 3  # two halves, and their borders
    called = set(re.findall(r"var (\w+_\w+) =", made.scripts[-1]))
    assert called == {"map_1", "map_2", "fast_marker_cluster_1_4", "fast_marker_cluster_2_4"}


def test_no_map_needs_no_scripts() -> None:
    assert embed([], WORDED).scripts == ()


def test_names_are_text_and_never_the_end_of_a_script() -> None:
    bad = "</script><!--\u2028'\"\\"
    layers = (
        Areas((WHOLE,), (bad,), (bad,), (bad,)),
        Points(((102.7, 25),), (bad,), "circle", bad, bad),
    )
    made = embed([ground(*layers)], WORDED)
    assert "</script" not in made.scripts[-1] and "\u2028" not in made.scripts[-1]
    said = re.search(r'"names":(\["[^\]]*"\])', made.scripts[-1])
    assert said is not None and json.loads(said[1]) == [bad]


@pytest.mark.parametrize(
    ("layer", "code"),
    [
        (Areas((WHOLE,), (), ("a",), ("b",)), "other_count"),
        (Areas((WHOLE,), ("k",), ("a", "b"), ("b",)), "other_count"),
        (Borders((WHOLE,), "k", ("a", "b")), "other_count"),
        (Points(((1, 2),), (), "circle", "k", "c"), "other_count"),
        (Points(((1, 2),), ("a",), "star", "k", "c"), "not_one_of"),
        (Points(((1, float("nan")),), ("a",), "circle", "k", "c"), "not_finite"),
    ],
)
def test_what_cannot_be_drawn_is_said(layer: Any, code: str) -> None:
    with pytest.raises(DataError, match=code):
        embed([ground(layer)], WORDED)
