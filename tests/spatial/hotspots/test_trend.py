"""Mann and Kendall's test: published answers, ties by hand, and chance."""

from __future__ import annotations

import csv
import itertools

import numpy as np
import pytest
from scipy import stats

from spatial.errors import DataError
from spatial.hotspots import mann_kendall
from tests.spatial.hotspots.samples import DATA


def test_rainfall_is_as_published() -> None:
    """pyMannKendall, tests/test_pymannkendall.py: test_original_test, months without a measure left out."""
    with (DATA / "bogra.csv").open(encoding="ascii") as file:
        rain = [float(cell) for row in list(csv.reader(file))[1:] for cell in row[1:] if cell]
    found = mann_kendall(rain)
    assert len(rain) == 353 and found.s.tolist() == [-1959.0]
    assert found.tau[0] == pytest.approx(-0.03153167653875869, rel=1e-12)
    assert found.variance[0] == pytest.approx(4889800.333333333, rel=1e-12)
    assert found.z[0] == pytest.approx(-0.8854562842589916, rel=1e-12)
    assert found.p[0] == pytest.approx(0.37591058740506833, rel=1e-12)


def test_ties_by_hand() -> None:
    """1 2 2 3: five of six pairs rise, one is level. Without ties the variance is 4 * 3 * 13 / 18 = 156 / 18.

    A pair of equal values takes 2 * 1 * 9 / 18 = 18 / 18 from it; z = (5 - 1) / sqrt(138 / 18).
    """
    found = mann_kendall([[1, 2, 2, 3], [3, 2, 2, 1]])
    assert found.s.tolist() == [5, -5] and found.tau == pytest.approx([5 / 6, -5 / 6])
    assert found.variance == pytest.approx([138 / 18] * 2)
    assert found.z == pytest.approx([4 / np.sqrt(138 / 18), -4 / np.sqrt(138 / 18)])


@pytest.mark.parametrize("values", [(1, 2, 3, 4, 5), (1, 1, 2, 3, 4), (1, 1, 2, 2, 2)])
def test_variance_is_that_of_every_order(values: tuple[int, ...]) -> None:
    found = mann_kendall(np.array(list(itertools.permutations(values))))
    assert found.s.mean() == pytest.approx(0) and found.s.var() == pytest.approx(found.variance[0])


def test_a_level_series_has_no_trend() -> None:
    found = mann_kendall([[4.0] * 12, list(range(12))])
    assert (found.s[0], found.tau[0], found.variance[0], found.z[0], found.p[0]) == (0, 0, 0, 0, 1)
    assert found.s[1] == 66 and found.tau[1] == 1 and found.p[1] < 1e-4
    assert mann_kendall([[4.0] * 12], alternative="greater").p[0] == 0.5


def test_sides() -> None:
    rising = list(range(10))
    more, less = (mann_kendall(rising, alternative=side).p[0] for side in ("greater", "less"))
    assert mann_kendall(rising).p[0] == pytest.approx(2 * more) and more + less == pytest.approx(1)


def test_without_a_trend_every_p_is_as_likely() -> None:
    found = mann_kendall(np.random.default_rng(6).normal(size=(4000, 24)))
    # S goes by steps of 2, which are worth up to 0.04 of p.
    assert stats.kstest(found.p, "uniform").statistic < 0.05
    assert np.mean(found.p <= 0.05) == pytest.approx(0.05, abs=0.012)


def test_no_series_and_other_faults() -> None:
    assert mann_kendall(np.empty((0, 12))).p.shape == (0,)
    for call, code, facts in (
        (lambda: mann_kendall([]), "too_few_periods", {"count": 0}),
        (lambda: mann_kendall([1, 2]), "too_few_periods", {"count": 2, "wanted": 3}),
        (lambda: mann_kendall([[1, 2, 3], [1, np.nan, 3]]), "not_finite", {"rows": (1,)}),
        (lambda: mann_kendall(np.zeros((2, 2, 2))), "not_series", {"shape": (2, 2, 2)}),
        (lambda: mann_kendall(["a", "b", "c"]), "not_numbers", {}),
        (lambda: mann_kendall([1, 2, 3], alternative="up"), "not_one_of", {}),
    ):
        with pytest.raises(DataError) as raised:
            call()
        assert raised.value.code == code
        assert facts.items() <= raised.value.facts.items()
