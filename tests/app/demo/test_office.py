"""Working time: forwards, backwards, and over weekends."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pytest

from app.demo.service.office import FIRST_MONDAY, SPAN, WORKING, after, at_worked, to_utc, worked


def local(text: str) -> int:
    return int(
        (datetime.fromisoformat(text) - datetime.combine(FIRST_MONDAY, datetime.min.time())).total_seconds()
    )


@pytest.mark.parametrize(
    ("reported", "amount", "unit", "due"),
    [
        ("2026-03-10 09:20", 4, "working_hours", "2026-03-10 15:20"),
        ("2026-03-10 09:20", 1, "working_days", "2026-03-11 09:20"),
        ("2026-03-10 08:00", 4, "working_hours", "2026-03-10 12:00"),
        ("2026-03-10 08:00", 1, "working_days", "2026-03-10 18:00"),
        ("2026-03-13 17:30", 2, "working_hours", "2026-03-16 09:30"),
        ("2026-03-14 11:00", 2, "working_hours", "2026-03-16 10:00"),
        ("2026-03-10 12:30", 1, "working_hours", "2026-03-10 15:00"),
        ("2026-03-10 20:00", 10, "working_days", "2026-03-24 18:00"),
        ("2026-11-20 23:10", 2, "urgent_hours", "2026-11-21 01:10"),
        ("2026-03-13 17:30", 30, "calendar_days", "2026-04-12 17:30"),
    ],
)
def test_due_times_worked_out_by_hand(reported: str, amount: int, unit: str, due: str) -> None:
    found = after(np.array([local(reported)]), np.array([amount * SPAN[unit]]), np.array([unit in WORKING]))
    assert found[0] == local(due)


def test_looking_back_finds_the_working_time_again() -> None:
    passed = np.arange(1, 400_000, 997)
    np.testing.assert_array_equal(worked(at_worked(passed)), passed)


def test_instants_follow_the_clocks_of_the_zone() -> None:
    days = np.array([local("2026-01-15 12:00"), local("2026-07-15 12:00"), local("2026-01-15 13:00")])
    found = to_utc(days, "America/New_York").astype("datetime64[s]").astype(str).tolist()
    assert found == ["2026-01-15T17:00:00", "2026-07-15T16:00:00", "2026-01-15T18:00:00"]
    assert to_utc(days, "Asia/Shanghai")[0] == np.datetime64("2026-01-15T04:00:00")


def test_the_week_begins_on_monday() -> None:
    assert FIRST_MONDAY.weekday() == 0
    assert date.fromordinal(FIRST_MONDAY.toordinal() + local("2026-03-09 00:00") // 86_400).weekday() == 0
