"""Concentration against published figures and by hand.

Income per head of 32 Mexican states in 1940 and 2000 and their regions, from the example "mexico" of libpysal 4.14
(Rey and Sastre Gutiérrez 2010, regions of Hanson 1998).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from spatial.concentration import gini, herfindahl, least_rows, location_quotient, lorenz, theil, top_share
from spatial.errors import DataError

# fmt: off
IN_1940 = [
    10384, 22361, 9573, 3758, 2934, 8578, 8537, 6909, 17816, 12132, 4359, 2181, 4414, 5309, 3408, 3327,
    6936, 4836, 9073, 1892, 3569, 11016, 21965, 4372, 4840, 6399, 2459, 7508, 3605, 5203, 7990, 3734,
]
IN_2000 = [
    27782, 29855, 26103, 36163, 8684, 30735, 28460, 21358, 54349, 17379, 15585, 11820, 12348, 21610, 16322, 11838,
    18170, 11478, 38672, 9010, 15685, 26149, 33442, 15866, 15242, 24068, 13360, 23546, 11701, 12191, 17509, 11130,
]
REGION = [2, 1, 2, 5, 5, 1, 1, 3, 4, 2, 3, 5, 3, 3, 4, 3, 3, 2, 1, 5, 3, 3, 5, 2, 2, 1, 5, 1, 3, 3, 5, 2]
# fmt: on


def test_gini_published() -> None:
    """Tests of inequality 1.1, `Gini`."""
    assert gini(IN_1940) == pytest.approx(0.35372371173452849, rel=1e-14)


@pytest.mark.parametrize(
    ("values", "total", "between", "within"),
    [(IN_1940, 0.20894344, 0.0345889, 0.17435454), (IN_2000, 0.10660832, 0.03635872, 0.0702496)],
)
def test_theil_published(values: list[int], total: float, between: float, within: float) -> None:
    """Documentation of inequality 1.1, `Theil` and `TheilD`."""
    found = theil(values, REGION)
    assert [round(each, 8) for each in (found.total, found.between, found.within)] == [total, between, within]
    assert found.total == pytest.approx(found.between + found.within)
    assert found.within == pytest.approx((found.share * found.inside).sum())
    assert found.groups == (2, 1, 5, 3, 4)


def test_theil_by_hand() -> None:
    """Half of the rows have nothing: T is ln 2, all of it between the halves."""
    found = theil([0, 0, 0, 10, 10, 10], ["a", "a", "a", "b", "b", "b"])
    assert (found.total, found.between, found.within) == pytest.approx((np.log(2), np.log(2), 0))
    assert np.isnan(found.inside[0]) and found.inside[1] == 0 and found.share.tolist() == [0, 1]
    assert theil([5, 5, 5]).total == 0 and theil([7, 0, 0]).total == pytest.approx(np.log(3))
    assert theil([1, 3]).within == theil([1, 3]).total


def test_gini_by_hand() -> None:
    """1, 2, 3 and 4: all differences sum up to 2 · 10, over 2 · 4² · 2.5 is 0.25."""
    assert gini([4, 1, 3, 2]) == pytest.approx(0.25)
    assert gini([5, 5, 5]) == pytest.approx(0, abs=1e-15) and gini([0, 0, 0, 9]) == pytest.approx(0.75)


def test_gini_is_the_mean_difference() -> None:
    values = np.random.default_rng(2).poisson(4, 200)
    by_pairs = np.abs(values[:, None] - values[None]).sum() / (2 * len(values) ** 2 * values.mean())
    assert gini(values) == pytest.approx(by_pairs)


def test_gini_among_people_is_that_of_each_person() -> None:
    """Three rows of 2, 3 and 5 people, each person with the same part of the row's cases."""
    values, people = [8, 3, 10], [2, 3, 5]
    each = np.repeat(np.array(values) / people, people)
    assert gini(values, people) == pytest.approx(gini(each))


def test_lorenz_by_hand() -> None:
    found = lorenz([6, 1, 3])
    assert found.order.tolist() == [1, 2, 0]
    assert found.values == pytest.approx([0, 0.1, 0.4, 1]) and found.rows == pytest.approx(
        [0, 1 / 3, 2 / 3, 1]
    )
    among = lorenz([6, 1, 3, 2], [10, 1, 1, 0])
    assert among.order.tolist() == [0, 1, 2, 3]  # nobody's two cases come last: the steepest
    assert among.rows == pytest.approx([0, 10 / 12, 11 / 12, 1, 1])
    assert (np.diff(lorenz(IN_1940).values) >= 0).all()


def test_top_share_and_least_rows() -> None:
    """10 rows, 100 cases: the top one has 50, the second 30; a tenth and a half of the rows 50 + 15."""
    values = [2, 50, 3, 2, 30, 3, 2, 3, 3, 2]
    assert top_share(values, 0.1) == pytest.approx(0.5) and top_share(values, 0.2) == pytest.approx(0.8)
    assert top_share(values, 0.15) == pytest.approx(0.65) and top_share(values, 1) == 1
    assert [least_rows(values, part) for part in (0.01, 0.5, 0.51, 0.8, 1)] == [1, 1, 2, 2, 10]
    assert least_rows([4, 0, 0], 1) == 1 and least_rows([0.1] * 10, 0.3) == 3


def test_herfindahl_by_hand() -> None:
    """Shares of 0.5, 0.3 and 0.2: 0.25 + 0.09 + 0.04 = 0.38."""
    found = herfindahl([5, 3, 2])
    assert found.index == pytest.approx(0.38) and found.effective == pytest.approx(1 / 0.38)
    assert found.normalised == pytest.approx((0.38 - 1 / 3) / (2 / 3))
    assert herfindahl([4, 4]).normalised == pytest.approx(0) and np.isnan(herfindahl([4]).normalised)


def test_location_quotient_by_hand() -> None:
    """3 of 10 cases are of the kind; where it is 2 of 4, the quotient is 0.5 / 0.3."""
    found = location_quotient([2, 1, 0, 0], [4, 5, 1, 0])
    assert found.values[:3] == pytest.approx([0.5 / 0.3, 0.2 / 0.3, 0]) and np.isnan(found.values[3])
    assert found.known.tolist() == [True, True, True, False]


def test_order_size_and_unit_decide_nothing() -> None:
    rng = np.random.default_rng(4)
    values, order = rng.integers(0, 30, 80), rng.permutation(80)
    groups = rng.integers(0, 4, 80)
    figures = [
        (gini(v), top_share(v, 0.13), herfindahl(v).index, theil(v, list(g)).between, theil(v).total)
        for v, g in ((values, groups), (values[order], groups[order]), (values * 7.0, groups))
    ]
    for one, other in pairwise(figures):
        assert one == pytest.approx(other)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: gini([]), "nothing_to_share"),
        (lambda: gini([0, 0]), "nothing_to_share"),
        (lambda: gini([1, 2], [0, 0]), "nothing_to_share"),
        (lambda: gini([1, -2]), "too_small"),
        (lambda: gini([1, np.nan]), "not_finite"),
        (lambda: gini([1, 2], [1]), "other_count"),
        (lambda: theil([1, 2], ["a"]), "other_count"),
        (lambda: theil([0]), "nothing_to_share"),
        (lambda: herfindahl([]), "nothing_to_share"),
        (lambda: top_share([1], 0), "not_a_share"),
        (lambda: top_share([1], 5), "not_a_share"),
        (lambda: least_rows([1], np.nan), "not_a_share"),
        (lambda: location_quotient([0], [4]), "nothing_to_share"),
        (lambda: location_quotient([1, 3], [4, 2]), "part_above_whole"),
    ],
)
def test_each_fault_is_named(call: Any, code: str) -> None:
    with pytest.raises(DataError) as raised:
        call()
    assert raised.value.code == code
