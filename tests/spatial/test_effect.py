"""The effect of an action: as by other people's software, nothing where nothing was done, and what was put in."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.effect import difference_in_differences
from spatial.errors import DataError

CELLS, PERIODS, SINCE = 24, 8, 5
GROUP = np.repeat(np.arange(8), 3)
TREATED = np.arange(CELLS) % 3 == 0


def series(effect: float) -> np.ndarray:
    """Cells with levels and a trend of their own group, and an effect."""
    rng = np.random.default_rng(7)
    own = 10 + rng.normal(0, 2, CELLS)[:, None] + np.arange(PERIODS) * 0.3
    trend = rng.normal(0, 1, 8)[GROUP][:, None] * np.arange(PERIODS) / 4
    chance = rng.normal(0, 1, (CELLS, PERIODS))
    return np.round(own + trend + chance + effect * np.outer(TREATED, np.arange(PERIODS) >= SINCE), 3)


def test_as_by_a_regression_of_others() -> None:
    """statsmodels 0.15.0: ols('y ~ x + C(cell) + C(period)').fit(cov_type='cluster', use_t=True)."""
    found = difference_in_differences(series(-2.0), TREATED, SINCE, GROUP)
    assert found.estimate == pytest.approx(-1.97005, rel=1e-10)
    assert found.error == pytest.approx(0.3109709268352993, rel=1e-10)
    assert found.p == pytest.approx(0.00039074396373866557, rel=1e-9)
    assert (found.low, found.high) == pytest.approx((-2.7053793951350382, -1.2347206048649704), rel=1e-10)
    assert found.clusters == 8


def test_it_is_the_difference_of_four_means() -> None:
    found = difference_in_differences(series(-2.0), TREATED, SINCE, GROUP)
    (before, after), (there_before, there_after) = found.means
    assert found.estimate == pytest.approx((there_after - there_before) - (after - before))


def test_what_happens_everywhere_and_what_differs_always_are_no_effect() -> None:
    values = series(0.0)
    plain = difference_in_differences(values, TREATED, SINCE, GROUP)
    moved = values + 5 * TREATED[:, None] - 3 * (np.arange(PERIODS) >= SINCE)
    assert difference_in_differences(moved, TREATED, SINCE, GROUP).estimate == pytest.approx(plain.estimate)


def test_false_alarms_are_as_rare_as_promised() -> None:
    """Of a thousand actions that did nothing, whose cells share their chance by group, one in twenty seems to help."""
    rng = np.random.default_rng(11)
    group = np.repeat(np.arange(40), 3)
    treated = group % 2 == 0
    found = [
        difference_in_differences(
            rng.normal(0, 1, (120, 1)) + rng.normal(0, 1, (40, 6))[group] + rng.normal(0, 1, (120, 6)),
            treated, 3, group,
        ).p
        for _ in range(1000)
    ]  # fmt: skip
    assert 0.03 < np.mean(np.array(found) <= 0.05) < 0.075


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("not_series", {"values": np.ones(CELLS)}),
        ("not_finite", {"values": np.full((CELLS, PERIODS), np.nan)}),
        ("other_count", {"treated": TREATED[1:]}),
        ("nobody_treated", {"treated": np.zeros(CELLS, bool)}),
        ("not_within", {"since": PERIODS}),
        ("too_few_clusters", {"clusters": np.zeros(CELLS)}),
        ("not_a_share", {"level": 0}),
    ],
)
def test_what_cannot_be_answered(code: str, given: dict[str, object]) -> None:
    asked = {"values": series(0.0), "treated": TREATED, "since": SINCE, "clusters": GROUP, **given}
    with pytest.raises(DataError, match=code):
        difference_in_differences(**asked)  # type: ignore[arg-type]
