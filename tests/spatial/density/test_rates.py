"""Rates and their limits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import poisson

from spatial.errors import DataError
from spatial.rates import crude, excess_risk, poisson_limits, standardised


@pytest.mark.parametrize(
    ("cases", "lower", "upper"), [(0, "0.000", "3.689"), (1, "0.0253", "5.572"), (10, "4.795", "18.39")]
)
def test_limits_of_the_tables(cases: int, lower: str, upper: str) -> None:
    """Garwood, Fiducial limits for the Poisson distribution, Biometrika 28 (1936); 95 %."""
    low, high = poisson_limits([cases])
    for value, printed in ((low[0], lower), (high[0], upper)):
        assert f"{value:.{len(printed.split('.')[1])}f}" == printed


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_limits_leave_half_of_the_rest_on_either_side(level: float) -> None:
    """By what they mean: at the lower limit so many cases or more, at the upper so many or fewer, are that rare."""
    cases = np.array([1, 2, 5, 10, 40, 1000])
    low, high = poisson_limits(cases, level)
    assert poisson.sf(cases - 1, low) == pytest.approx(np.full(6, (1 - level) / 2))
    assert poisson.cdf(cases, high) == pytest.approx(np.full(6, (1 - level) / 2))


def test_rates_by_hand() -> None:
    found = crude([0, 1, 10, 3, 2], [100, 500, 2000, 0, np.nan])
    assert found.per_1000[:3].tolist() == [0, 2, 5]
    assert found.lower[:3] == pytest.approx([0, 2 * 0.0253178, 4.795389 / 2], rel=1e-5)
    assert found.upper[:3] == pytest.approx([36.88879, 2 * 5.571643, 18.390356 / 2], rel=1e-5)
    assert found.known.tolist() == [True, True, True, False, False]
    assert np.isnan(found.per_1000[3:]).all() and np.isnan(found.upper[3:]).all()


def test_excess_risk_by_hand() -> None:
    """12 cases among 600 people whose number is known are 0.02 each: of 100, 200 and 300 people, 2, 4 and 6."""
    found = excess_risk([4, 2, 6, 9, 9], [100, 200, 300, 0, np.nan])
    assert found.expected[:4].tolist() == [2, 4, 6, 0] and np.isnan(found.expected[4])
    assert found.ratio[:3].tolist() == [2, 0.5, 1] and np.isnan(found.ratio[3:]).all()
    assert found.per_1000[:3] == pytest.approx([40, 10, 20])
    assert found.lower[0] == pytest.approx(poisson_limits([4])[0][0] / 2)
    assert found.known.tolist() == [True, True, True, False, False]


def test_standardised_published() -> None:
    """Documentation of esda 2.9, `standardized_mortality_ratio` and `indirect_age_standardization`."""
    population = [[100, 100, 110, 90], [100, 90, 110, 90]]
    reference = np.array([[100, 45, 120, 100], [1000, 900, 1000, 900]])
    other = np.array([[50, 30, 200, 80], [1000, 900, 1000, 900]])
    both = np.hstack((reference, other))
    wide = np.array([[*population[0], 0, 0, 0, 0], [0, 0, 0, 0, *population[1]]])
    found = standardised([95, 104], wide, both[0], both[1])
    assert found.ratio.round(4).tolist() == [2.4869, 2.7368]
    assert found.per_1000 / 1000 == pytest.approx([0.23723821989528798, 0.2610803324099723], rel=1e-12)


def test_standardised_by_hand() -> None:
    """Rates of 0.1 and 0.02: of 10 and 50 people 1 + 1 are expected, of nobody none, of unknown people nobody knows."""
    found = standardised([3, 1, 1], [[10, 50], [0, 0], [np.nan, 5]], [10, 10], [100, 500])
    assert found.expected[:2].tolist() == [2, 0] and np.isnan(found.expected[2])
    assert found.ratio[0] == 1.5 and np.isnan(found.ratio[1:]).all()
    assert found.per_1000[0] == pytest.approx(1.5 * 20 / 600 * 1000)


def test_no_cases_and_nobody() -> None:
    none = excess_risk([0, 0], [10, 20])
    assert none.expected.tolist() == [0, 0] and not none.known.any() and np.isnan(none.ratio).all()
    nobody = excess_risk([1, 2], [0, np.nan])
    assert not nobody.known.any() and np.isnan(nobody.per_1000).all()
    assert len(crude([], []).per_1000) == 0 and len(excess_risk([], []).ratio) == 0


def test_order_of_rows_is_kept() -> None:
    rng = np.random.default_rng(3)
    cases, people = rng.poisson(5, 50), rng.integers(0, 900, 50)
    order = rng.permutation(50)
    for verb in (crude, excess_risk):
        first, second = verb(cases, people), verb(cases[order], people[order])
        assert np.allclose(first.per_1000[order], second.per_1000, equal_nan=True)
        assert np.allclose(first.upper[order], second.upper, equal_nan=True)


@pytest.mark.parametrize(
    ("call", "code", "facts"),
    [
        (lambda: crude([-1], [5]), "too_small", {"name": "cases", "rows": (0,)}),
        (lambda: crude([np.nan], [5]), "not_finite", {"name": "cases"}),
        (lambda: crude([1], [-5]), "too_small", {"name": "population"}),
        (lambda: crude([1], [np.inf]), "not_finite", {"name": "population"}),
        (lambda: crude([1], ["many"]), "not_numbers", {"name": "population"}),
        (lambda: crude([1], [5, 6]), "other_count", {}),
        (lambda: crude([1], [5], level=0), "not_a_share", {"name": "level"}),
        (lambda: standardised([1], [[1, 2]], [1], [5]), "other_strata", {"wanted": (1, 1)}),
        (lambda: standardised([1], [["x"]], [1], [5]), "not_numbers", {}),
        (lambda: standardised([1], [[1, 2]], [1, 1], [5, 0]), "stratum_without_population", {"strata": (1,)}),
    ],
)
def test_each_fault_is_named(call: Any, code: str, facts: dict[str, Any]) -> None:
    with pytest.raises(DataError) as raised:
        call()
    assert raised.value.code == code
    assert facts.items() <= raised.value.facts.items()
