"""Local time and instants."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np

from app.demo.service.office import FIRST_MONDAY, to_utc


def local(text: str) -> int:
    return int(
        (datetime.fromisoformat(text) - datetime.combine(FIRST_MONDAY, datetime.min.time())).total_seconds()
    )


def test_instants_follow_the_clocks_of_the_zone() -> None:
    days = np.array([local("2026-01-15 12:00"), local("2026-07-15 12:00"), local("2026-01-15 13:00")])
    found = to_utc(days, "America/New_York").astype("datetime64[s]").astype(str).tolist()
    assert found == ["2026-01-15T17:00:00", "2026-07-15T16:00:00", "2026-01-15T18:00:00"]
    assert to_utc(days, "Asia/Shanghai")[0] == np.datetime64("2026-01-15T04:00:00")


def test_the_week_begins_on_monday() -> None:
    assert FIRST_MONDAY.weekday() == 0
    assert date.fromordinal(FIRST_MONDAY.toordinal() + local("2026-03-09 00:00") // 86_400).weekday() == 0
