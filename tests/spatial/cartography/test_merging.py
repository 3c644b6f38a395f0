"""Points that are merged where paper is too small for them."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.cartography import crowded, merge, radii, round_counts, wrapped
from spatial.errors import DataError


def test_points_of_one_square_are_one_group_at_their_mean() -> None:
    found = merge([[1, 1], [2, 3], [8, 1], [1, 8]], 7)
    assert found.counts.tolist() == [2, 1, 1] and found.paper.tolist() == [[1.5, 2], [8, 1], [1, 8]]
    assert len(merge(np.empty((0, 2)), 7).counts) == 0


def test_circles_stay_within_their_squares() -> None:
    found = merge([[0.1, 0.1], [6.9, 13.9]], 7)
    assert found.apart([3.0, 3.5]).tolist() == [[3.0, 3.0], [3.5, 10.5]]


def test_marks_crowd_where_several_share_a_place() -> None:
    assert crowded(np.ones((9, 2)), 2) and not crowded([[0, 0], [9, 9]], 2)
    assert not crowded(np.empty((0, 2)), 2)


def test_areas_are_as_counts() -> None:
    wide = radii([1, 4, 100], 100, 3)
    assert (
        wide[2] == 3 and wide[1] == pytest.approx(2 * wide[0]) and radii([1], 100, 3, least_mm=0.5)[0] == 0.5
    )


@pytest.mark.parametrize(
    ("most", "said"), [(1, (1,)), (3, (1, 2)), (389, (10, 50, 200)), (1_738, (10, 100, 1_000))]
)
def test_the_key_of_circles_has_round_counts(most: int, said: tuple[int, ...]) -> None:
    assert round_counts(most) == said


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("东社区", ["东社区"]),
        ("拓东街道东社区居民委员会", ["拓东街道东社", "区居民委员会"]),
        ("长" * 60, ["长" * 9, "长" * 8 + "…"]),
        ("Tuodong Subdistrict", ["Tuodong", "Subdistrict"]),
        ("", [""]),
    ],
)
def test_names_are_broken_into_lines_of_about_one_length(text: str, lines: list[str]) -> None:
    assert wrapped(text, 9).split("\n") == lines


def test_no_lines_are_none() -> None:
    with pytest.raises(DataError, match="not_within"):
        wrapped("x", 9, 0)
