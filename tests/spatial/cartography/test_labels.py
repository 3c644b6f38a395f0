"""Labels on paper."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.cartography import Label, inside_points, place_labels, text_width
from spatial.cartography.labels import LINE_EM
from spatial.errors import DataError

TEXTS = st.text("盘龙区街道社区网格AB09", min_size=1, max_size=8)
LABELS = st.lists(
    st.builds(
        Label,
        TEXTS,
        st.floats(0, 100),
        st.floats(0, 80),
        st.sampled_from([2.0, 2.5, 4.0]),
        st.integers(0, 3).map(float),
        st.booleans(),
    ),
    max_size=40,
)


def box(label: Label, x: float, y: float) -> shapely.Polygon:
    half_x, half_y = text_width(label.text, label.size_mm) / 2, label.size_mm * LINE_EM / 2
    return shapely.box(x - half_x, y - half_y, x + half_x, y + half_y)


@settings(max_examples=60, deadline=None)
@given(LABELS)
def test_none_lies_upon_another_or_upon_a_mark_or_leaves_the_paper(labels: list[Label]) -> None:
    mark = shapely.Point(50, 40).buffer(5)
    placed, left = place_labels(labels, 100, 80, taken=[mark])
    boxes = [box(labels[one.row], one.x, one.y) for one in placed]
    assert sorted([*(one.row for one in placed), *left]) == list(range(len(labels)))
    for at, one in enumerate(boxes):
        assert shapely.box(-1e-9, -1e-9, 100 + 1e-9, 80 + 1e-9).contains(one) and not one.intersects(mark)
        assert not any(one.distance(other) < 0.8 - 1e-9 for other in boxes[:at])


def test_the_important_one_has_the_place() -> None:
    labels = [Label("次要的", 50, 50, 10, rank=2), Label("重要的", 50, 50, 10, rank=1)]
    (placed,), left = place_labels(labels, 100, 100)
    assert (placed.row, placed.x, placed.y) == (1, 50, 50) and left == (0,)


def test_an_area_in_its_middle_and_a_point_right_of_its_mark() -> None:
    (area, point), left = place_labels(
        [Label("东华", 20, 20, 3), Label("站", 60, 20, 3, beside=True)], 100, 40
    )
    assert (area.x, area.y) == (20, 20) and left == ()
    assert point.x == pytest.approx(60 + 1.5 + 1.8) and point.y == 20


def test_what_is_wider_than_the_paper_is_left_out() -> None:
    assert place_labels([Label("长" * 60, 50, 20, 3)], 100, 40) == ((), (0,))


def test_nothing_to_place() -> None:
    assert place_labels([], 10, 10) == ((), ())
    with pytest.raises(DataError, match="not_positive"):
        place_labels([], 0, 10)


def test_letters_of_both_kinds() -> None:
    assert text_width("盘龙", 2) == 4 and text_width("AB", 2) == pytest.approx(2 * 2 * 0.56)


def test_the_point_inside_lies_inside() -> None:
    """Of a U the middle of its mass lies outside; of two parts the larger one has it."""
    u = shapely.Polygon([(0, 0), (10, 0), (10, 10), (8, 10), (8, 2), (2, 2), (2, 10), (0, 10)])
    two = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(5, 5, 9, 9)])
    found = inside_points([u, two, None, shapely.Polygon()], tolerance=0.01)
    assert u.contains(shapely.Point(found[0])) and not u.contains(u.centroid)
    assert found[1] == pytest.approx([7, 7], abs=0.05)
    assert np.isnan(found[2:]).all()


def test_a_label_leaves_its_point_for_what_stands_there_but_not_its_area() -> None:
    mark = [shapely.box(47, 47, 53, 53)]
    (placed,), left = place_labels([Label("东社区", 50, 50, 3, reach_mm=10)], 100, 100, taken=mark)
    assert left == () and placed.x == 50 and 5 <= abs(placed.y - 50) <= 8
    assert place_labels([Label("东社区", 50, 50, 3)], 100, 100, taken=mark)[1] == (0,)
