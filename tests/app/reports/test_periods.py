"""Periods of reports: how they are written, where they begin and end, what comes before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InvalidError
from app.reports.rules.kinds import Grain
from app.reports.rules.periods import Period, period_of, read

DAYS = st.dates(date(2000, 1, 10), date(2199, 12, 20))


@pytest.mark.parametrize(
    ("written", "grain", "first", "last"),
    [
        ("2026Q3", Grain.QUARTER, date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-q4", Grain.QUARTER, date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-02", Grain.MONTH, date(2026, 2, 1), date(2026, 2, 28)),
        ("2028-02", Grain.MONTH, date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-12", Grain.MONTH, date(2026, 12, 1), date(2026, 12, 31)),
        ("2026-W01", Grain.WEEK, date(2025, 12, 29), date(2026, 1, 4)),
        ("2020W53", Grain.WEEK, date(2020, 12, 28), date(2021, 1, 3)),
        ("2026-09-30", Grain.DAY, date(2026, 9, 30), date(2026, 9, 30)),
        ("2026", Grain.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_read(written: str, grain: Grain, first: date, last: date) -> None:
    assert read(f" {written} ", grain) == Period(grain, first, last)


@pytest.mark.parametrize(
    ("written", "grain"),
    [
        ("", Grain.DAY), ("2026Q5", Grain.QUARTER), ("2026-13", Grain.MONTH), ("2026-W54", Grain.WEEK),
        ("2026-W00", Grain.WEEK), ("2026-02-30", Grain.DAY), ("20260930", Grain.DAY), ("2026Q3", Grain.MONTH),
        ("1999", Grain.YEAR), ("2200", Grain.YEAR), ("2026-9", Grain.MONTH), ("٢٠٢٦", Grain.YEAR),
    ],
)  # fmt: skip
def test_what_is_no_such_period_is_refused(written: str, grain: Grain) -> None:
    with pytest.raises(InvalidError) as error:
        read(written, grain)
    assert error.value.code == "report_period_unreadable"


@given(DAYS, st.sampled_from(list(Grain)))
def test_periods_follow_each_other_without_a_gap(day: date, grain: Grain) -> None:
    there = period_of(day, grain)
    assert there.since_on <= day <= there.until_on
    assert there.after.since_on == there.until_on + timedelta(days=1) and there.after.before == there
    assert read(there.written, grain) == there
