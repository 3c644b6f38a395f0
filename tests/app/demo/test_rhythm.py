"""The rhythm of simulated cases can be measured: by hour, weekday, season, and source."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from app.demo.service.rhythm import GROWTH, in_season, span

SUMMER = {"begin": "05-01", "end": "10-31"}
WINTER = {"begin": "12-01", "end": "06-15"}


def months(cases: pd.DataFrame, *numbers: int) -> pd.Series:
    return cases["local"].dt.month.isin(numbers)


def share(cases: pd.DataFrame, category: str, chosen: pd.Series) -> float:
    """Cases of a category in the chosen days, as a share of all cases of those days."""
    return float((cases.loc[chosen, "category"] == category).mean())


def test_two_humps_a_day_and_quiet_nights(cases: pd.DataFrame) -> None:
    hours = cases["local"].dt.hour.value_counts(normalize=True).reindex(range(24), fill_value=0.0)
    assert hours[9] > 2 * hours[12] and hours[15] > 2 * hours[12]
    assert hours[:6].sum() < 0.02


def test_hotlines_ring_in_the_evening_and_officers_walk_by_day(cases: pd.DataFrame) -> None:
    evening = cases["local"].dt.hour.isin([18, 19, 20, 21])
    by_source = evening.groupby(cases["source"]).mean()
    assert by_source["hotline_12345"] > 0.25
    assert by_source["grid_officer"] < 0.2


def test_weekends_are_quieter_but_not_for_everybody(cases: pd.DataFrame) -> None:
    weekend = cases["local"].dt.day_of_week >= 5
    days = pd.date_range(cases["local"].min().date(), cases["local"].max().date())
    days_off = int((days.day_of_week >= 5).sum())

    def ratio(chosen: pd.Series) -> float:
        inside = chosen & weekend
        return (inside.sum() / days_off) / ((chosen & ~weekend).sum() / (len(days) - days_off))

    assert 0.6 < ratio(cases["row"] > 0) < 0.8
    assert ratio(cases["source"] == "inspector") < 0.2
    assert ratio(cases["source"] == "resident_code") > 1.0


@pytest.mark.parametrize(
    ("category", "high", "low", "factor"),
    [
        ("C37", (6, 7, 8, 9), (1, 2, 3, 4), 3.0),
        ("C43", (6, 7, 8, 9), (1, 2, 3, 4), 8.0),
        ("A22", (1, 2, 3, 4), (7, 8, 9, 10), 4.0),
        ("A27", (6, 7, 8, 9), (1, 2, 3, 4), 20.0),
        ("C63", (12, 1, 2), (6, 7, 8), 20.0),
        ("C23", (6, 7, 8, 9), (1, 2, 3, 4), 0.7),
    ],
)
def test_seasons(
    cases: pd.DataFrame, category: str, high: tuple[int, ...], low: tuple[int, ...], factor: float
) -> None:
    in_low = share(cases, category, months(cases, *low))
    assert share(cases, category, months(cases, *high)) > factor * in_low


def test_fireworks_are_stored_before_spring_festival(cases: pd.DataFrame) -> None:
    assert share(cases, "A16", months(cases, 2)) > 3 * share(cases, "A16", months(cases, 5, 6, 7))


def test_floods_come_on_some_days_and_not_on_others(cases: pd.DataFrame) -> None:
    floods = cases[(cases["category"] == "C43") & months(cases, 6, 7, 8, 9)]
    per_day = floods.groupby(floods["local"].dt.date).size()
    assert per_day.nlargest(len(per_day) // 5 + 1).sum() > 0.4 * len(floods)


def test_reporting_grows(cases: pd.DataFrame) -> None:
    year = timedelta(days=365)
    first = (cases["local"] < cases["local"].min() + year).sum()
    assert (len(cases) - first) / first == pytest.approx(GROWTH**0.5, rel=0.2)


@pytest.mark.parametrize(
    ("until", "first", "days"),
    [
        (date(2026, 6, 30), date(2024, 7, 1), 730),
        (date(2025, 2, 28), date(2023, 3, 1), 731),
        (date(2024, 2, 28), date(2022, 2, 28), 731),
        (date(2024, 2, 29), date(2022, 3, 1), 731),
        (date(2025, 12, 31), date(2024, 1, 1), 731),
    ],
)
def test_two_years_end_with_the_day_that_was_named(until: date, first: date, days: int) -> None:
    assert span(until) == (first, days)


def test_a_season_has_its_first_and_its_last_day_and_may_go_over_the_new_year() -> None:
    days = [date(2025, 4, 30), date(2025, 5, 1), date(2025, 10, 31), date(2025, 11, 1), date(2025, 12, 31)]
    np.testing.assert_array_equal(in_season(SUMMER, days), [False, True, True, False, False])
    np.testing.assert_array_equal(in_season(WINTER, days), [True, True, False, False, True])
