"""What clocks are read by: calendars, the limits of desks' stages, whose calendar is whose."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from app.cases.rules.limits import Limit
from app.cases.rules.loops import Loop
from app.cases.rules.opening import Season
from app.cases.rules.timing import Stage, Timetable
from app.cases.service.reference_data import reference
from app.cases.store.almanac import calendars


@cache
def timetable() -> Timetable:
    """The timetable of the reference data.

    Raises
    ------
    InvalidError, UnavailableError
        As `calendars` and `reference`; `limit_unusable`.
    """
    return Timetable(
        calendars=calendars(),
        limits={
            (Stage(row["stage"]), row["urgent"] == "yes"): Limit.parse(row["amount"], row["unit"])
            for row in reference("stage_limits")
        },
        desks={Loop(row["code"]): row["calendar"] for row in reference("loops")},
    )


def season_is_on(code: str | None, now: datetime, timezone: str) -> bool:
    """Whether a season 时令 is on, by the local date."""
    row: Any = next((row for row in reference("seasons") if row["code"] == code), None)
    return row is not None and Season.parse(row["begin"], row["end"]).holds(
        now.astimezone(ZoneInfo(timezone)).date()
    )
