import numpy as np
import pytest
import shapely

from spatial.tessellate import number


def squares(*corners):
    return [shapely.box(x, y, x + 1, y + 1) for x, y in corners]


def test_rows_from_north_to_south_each_from_west_to_east():
    cells = squares((0, 0), (1, 0), (0, 1), (1, 1))
    assert number(cells).tolist() == [3, 4, 1, 2]


@pytest.mark.parametrize(
    ("corners", "expected"),
    [
        ([(3, 0), (0, 0), (2, 0), (1, 0)], [4, 1, 3, 2]),
        ([(0, 0), (0, 3), (0, 1), (0, 2)], [4, 1, 3, 2]),
        ([(5, 5)], [1]),
        ([], []),
    ],
)
def test_one_row_one_column_one_cell_none(corners, expected):
    assert number(squares(*corners)).tolist() == expected


def test_every_number_is_given_once():
    corners = np.random.default_rng(3).uniform(0, 9, (37, 2))
    assert sorted(number(squares(*corners))) == list(range(1, 38))
