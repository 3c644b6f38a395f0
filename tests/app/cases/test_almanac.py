"""The announced holidays of 2026 as the State Council wrote them, and calendars from files."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from app.cases.rules.calendars import Calendar, Why
from app.cases.rules.deadlines import due
from app.cases.rules.limits import Limit, LimitUnit
from app.cases.store.almanac import calendars, known_days
from app.errors import InvalidError, UnavailableError

NOTICE = {
    # 国务院办公厅关于2026年部分节假日安排的通知, 4 November 2025: first and last day off, days worked
    "元旦": ("01-01", "01-03", ["01-04"]),
    "春节": ("02-15", "02-23", ["02-14", "02-28"]),
    "清明": ("04-04", "04-06", []),
    "劳动节": ("05-01", "05-05", ["05-09"]),
    "端午": ("06-19", "06-21", []),
    "中秋": ("09-25", "09-27", []),
    "国庆节": ("10-01", "10-07", ["09-20", "10-10"]),
}


def on(day: str) -> date:
    return date.fromisoformat(f"2026-{day}")


def test_2026_is_as_the_state_council_announced_it() -> None:
    off, worked = {}, {}
    for name, (first, last, days) in NOTICE.items():
        length = (on(last) - on(first)).days
        off |= {on(first) + timedelta(number): name for number in range(length + 1)}
        worked |= {on(day): name for day in days}
    known = known_days("CN", [2026])
    assert {day.on: day.name for day in known.holidays} == off
    assert {day.on: day.name for day in known.make_up_days} == worked
    # 3 + 9 + 3 + 5 + 3 + 3 + 7 days off.
    assert len(off) == 33 and len(worked) == 6


def test_what_is_announced_ends_a_week_before_a_year_does() -> None:
    known = known_days("CN", [])
    assert known.known_until is not None and (known.known_until.month, known.known_until.day) == (12, 24)
    assert known.known_until >= on("12-24")
    assert known_days("CN", [2099]).holidays == ()
    assert known_days("") == type(known)()
    with pytest.raises(InvalidError, match="country_unknown"):
        known_days("XX")


def test_working_days_of_2026() -> None:
    office = calendars()["office"]
    days = [office.day(on("01-01") + timedelta(number)) for number in range(365)]
    # 261 days from Monday to Friday; of the 33 days off 1 + 3 + 2 + 2 + 2 + 2 + 2 = 14 are weekends, so that 19 are
    # lost; 6 are won.
    assert sum(day.length == timedelta(hours=8) for day in days) == 261 - 19 + 6
    assert {day.length for day in days} == {timedelta(0), timedelta(hours=8)}


@pytest.mark.parametrize(("name", "hours"), [("command", 24), ("sub_centre", 14), ("patrol", 14)])
def test_desks_and_patrols_work_every_day(name: str, hours: int) -> None:
    calendar = calendars()[name]
    for day in ("03-10", "03-14", "02-17", "10-01"):
        assert calendar.day(on(day)).length == timedelta(hours=hours)
    assert calendar.known_until is None


HEADS = {
    "calendars": "code,name,name_en,zone,country,known_until_on",
    "calendar_hours": "calendar,season_begin,season_end,weekdays,hours,valid_from_on,valid_to_on",
    "calendar_days": "on,calendar,state,hours,name,name_en",
}
ROWS = {
    "calendars": ["a,甲,A,Asia/Shanghai,CN,2027-12-24", "b,乙,B,Asia/Shanghai,,"],
    "calendar_hours": [
        "a,,,1-5,08:00-12:00 14:00-18:00,,",
        "a,,,1-5,09:00-12:00 13:00-17:00,2026-06-01,",
        "a,11-01,03-31,1-5,10:00-16:00,,",
        "a,11-01,03-31,6,10:00-11:00,,",
        "b,,,1-7,00:00-24:00,,",
    ],
    "calendar_days": [
        "2027-01-01,*,closed,,元旦,New Year",
        "2026-10-02,a,open,10:00-12:00,加班,",
        "2026-10-03,a,open,,加班,",
        "2026-10-02,b,closed,,检修,",
    ],
}


def written(folder: Path, **changed: list[str]) -> Path:
    for name, rows in (ROWS | changed).items():
        (folder / f"{name}.csv").write_text("\n".join([HEADS[name], *rows]) + "\n", encoding="utf-8")
    return folder


def shown(calendar: Calendar, day: date) -> str:
    spans = calendar.day(day).spans
    return " ".join(
        f"{span.begin_at.astimezone(calendar.tz):%H}-{span.end_at.astimezone(calendar.tz):%H}"
        for span in spans
    )


def test_calendars_of_a_district(tmp_path: Path) -> None:
    first, second = calendars(written(tmp_path)).values()
    hours = {
        "03-10": "10-16",  # the season comes before the year
        "03-14": "10-11",
        "04-01": "08-12 14-18",
        "06-01": "09-12 13-17",  # new hours
        "10-01": "",
        "10-02": "10-12",  # settled one by one
        "10-03": "09-12 13-17",  # a Saturday in the holiday, worked at the hours of a normal weekday
    }
    assert {day: shown(first, on(day)) for day in hours} == hours
    assert first.day(on("10-03")).why is Why.MAKE_UP and first.day(on("10-02")).name == "加班"
    assert shown(second, on("10-01")) == "00-00" and second.day(on("10-02")).why is Why.CLOSED
    # A calendar that follows no holidays is not meant by the star.
    new_year = date(2027, 1, 1)
    assert first.day(new_year).name == "元旦" and second.day(new_year).why is Why.OPEN
    # The district has entered 2027 by hand, so its due times are no longer provisional.
    start = datetime(2026, 12, 31, 15, tzinfo=first.tz)
    found = due(first, start, Limit.parse("2", LimitUnit.WORKING_HOURS))
    assert (found.at, found.provisional) == (datetime(2027, 1, 2, 11, tzinfo=first.tz), False)


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("calendars", "a,甲,A,Asia/Kunming,CN,"),
        ("calendars", "c,丙,C,Asia/Shanghai,CN,"),
        ("calendar_hours", "a,,,1-8,08:00-12:00,,"),
        ("calendar_hours", "a,,,1-5,8-12,,"),
        ("calendar_hours", "a,02-30,03-01,1-5,08:00-12:00,,"),
        ("calendar_hours", "a,,,1,09:00-10:00,,"),
        ("calendar_days", "2026-02-30,a,closed,,,"),
        ("calendar_days", "2026-02-03,a,shut,,,"),
        ("calendar_days", "2026-02-03,a,closed,08:00-09:00,,"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(tmp_path: Path, name: str, row: str) -> None:
    rows = [*ROWS[name], row]
    with pytest.raises(InvalidError, match="calendar_row_unusable") as caught:
        calendars(written(tmp_path, **{name: rows}))
    assert caught.value.facts["path"] == f"{name}.csv"


def test_without_the_files(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="reference_missing"):
        calendars(tmp_path)
    assert list(calendars()) == ["office", "command", "sub_centre", "patrol"]
