"""Due times worked out by hand, each with its sum, and what holds for all of them.

Days of the week in 2026: 1 January is a Thursday, 1 March a Sunday, 1 October a Thursday. The State Council's notice of
4 November 2025 for 2026: 1–3 Jan off, 4 Jan worked; 15–23 Feb off, 14 and 28 Feb worked; 4–6 Apr off; 1–5 May off,
9 May worked; 19–21 Jun off; 25–27 Sep off; 1–7 Oct off, 20 Sep and 10 Oct worked.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cases.rules.calendars import Calendar, DayOverride, NamedDay, Why, spans
from app.cases.rules.deadlines import advance, due, due_at, remaining, retreat, worked
from app.cases.rules.limits import Limit, LimitUnit
from app.cases.rules.opening import Hours, Season, WeekHours, parse_hours
from app.cases.store.almanac import calendars
from app.errors import InvalidError

UNITS = {
    "急时": LimitUnit.URGENT_HOURS,
    "工时": LimitUnit.WORKING_HOURS,
    "工日": LimitUnit.WORKING_DAYS,
    "日": LimitUnit.CALENDAR_DAYS,
}
EIGHT = parse_hours("08:00-12:00 14:00-18:00")
SEVEN = parse_hours("09:00-12:00 13:00-17:00")
NIGHT = parse_hours("22:00-06:00")
NEW_YORK = "America/New_York"
WINTER = Season.parse("11-01", "03-31")

OFFICE = calendars()["office"]
CALENDARS = {
    **calendars(),
    "nights": Calendar("nights", "Asia/Shanghai", (WeekHours((NIGHT,) * 7),)),
    "weeknights": Calendar("weeknights", "Asia/Shanghai", (WeekHours((NIGHT,) * 5 + ((), ())),)),
    # Seven hours from November to March, eight otherwise; no holidays.
    "winter": Calendar(
        "winter",
        "Asia/Shanghai",
        (WeekHours((SEVEN,) * 5 + ((), ()), WINTER), WeekHours((EIGHT,) * 5 + ((), ()))),
    ),
    "york": Calendar("york", NEW_YORK, (WeekHours((parse_hours("00:00-24:00"),) * 7),)),
    # Wednesday 11 March 2026 with a morning only; Thursday 12 March closed.
    "half": replace(OFFICE, overrides=(DayOverride(date(2026, 3, 11), parse_hours("08:00-12:00")),)),
    "shut": replace(OFFICE, overrides=(DayOverride(date(2026, 3, 12), name="停电"),)),
    # What 2027 may be announced as.
    "later": replace(
        OFFICE,
        holidays=(*OFFICE.holidays, *(NamedDay(date(2027, 1, day), "元旦") for day in (1, 2, 3))),
        known_until=date(2027, 12, 24),
    ),
}

HAND_WORKED = [
    # start, limit, calendar, due, the sum (? after the due time: 暂定)
    ("Tue 2026-03-10 09:20", "4 工时", "office", "2026-03-10 15:20", "09:20–12:00 2:40, then 14:00 + 1:20"),
    ("Tue 2026-03-10 10:00", "2 工时", "office", "2026-03-10 12:00", "ends exactly at noon, not at 14:00"),
    ("Tue 2026-03-10 16:00", "2 工时", "office", "2026-03-10 18:00", "ends exactly at closing time"),
    ("Tue 2026-03-10 16:00", "2.5 工时", "office", "2026-03-11 08:30", "16–18 2:00, next morning 0:30"),
    ("Tue 2026-03-10 13:00", "1 工时", "office", "2026-03-10 15:00", "noon break; 14:00 + 1:00"),
    ("Tue 2026-03-10 12:00", "1 工时", "office", "2026-03-10 15:00", "begins at noon; 14:00 + 1:00"),
    ("Tue 2026-03-10 18:00", "1 工时", "office", "2026-03-11 09:00", "begins at closing; Wed 08:00 + 1:00"),
    ("Tue 2026-03-10 07:10", "0.25 工时", "office", "2026-03-10 08:15", "before opening; 08:00 + 0:15"),
    ("Fri 2026-03-13 17:00", "2 工时", "office", "2026-03-16 09:00", "Fri 1:00, weekend, Mon 1:00"),
    ("Sat 2026-03-14 23:30", "4 工时", "office", "2026-03-16 12:00", "Saturday night; Mon 08–12"),
    ("Sun 2026-03-15 00:00", "1 工日", "office", "2026-03-16 18:00", "Mon whole"),
    ("Tue 2026-03-10 00:00", "1 工日", "office", "2026-03-10 18:00", "Tue whole"),
    ("Tue 2026-03-10 08:00", "0.5 工日", "office", "2026-03-10 12:00", "4 of 8 h: the morning"),
    ("Tue 2026-03-10 10:00", "0.5 工日", "office", "2026-03-10 16:00", "10–12 2 h, 14–16 2 h"),
    ("Tue 2026-03-10 16:00", "0.5 工日", "office", "2026-03-11 10:00", "16–18 2 h, Wed 08–10 2 h"),
    ("Tue 2026-03-10 08:00", "1/3 工日", "office", "2026-03-10 10:40", "8 h / 3 = 2:40"),
    ("Thu 2026-03-12 09:00", "3 工日", "office", "2026-03-17 09:00", "Thu 7/8, Fri, Mon, Tue 1/8"),
    ("Mon 2026-03-09 08:00", "5 工日", "office", "2026-03-13 18:00", "Mon to Fri"),
    ("Fri 2026-03-13 18:00", "1 工日", "office", "2026-03-16 18:00", "Fri is over; Mon whole"),
    # National Day; story 15 and its twin, story 9
    ("Wed 2026-09-30 16:00", "1 工日", "office", "2026-10-08 16:00", "Wed 2 h, 1–7 Oct off, Thu 6 h = 16:00"),
    ("Wed 2026-09-30 16:00", "2 急时", "office", "2026-09-30 18:00", "runs through"),
    ("Wed 2026-09-30 17:59", "1 工时", "office", "2026-10-08 08:59", "1 min, then 59 min"),
    ("Sun 2026-10-04 21:30", "4 急时", "office", "2026-10-05 01:30", "day and night in the holiday"),
    ("Sun 2026-10-04 21:30", "4 工时", "office", "2026-10-08 12:00", "Thu 08–12"),
    ("Fri 2026-10-09 16:00", "1 工日", "office", "2026-10-10 16:00", "Fri 2 h, make-up Sat 6 h"),
    ("Sat 2026-10-10 09:00", "1 工日", "office", "2026-10-12 09:00", "make-up Sat 7 h, Sun off, Mon 1 h"),
    ("Fri 2026-09-18 17:00", "2 工时", "office", "2026-09-20 09:00", "Fri 1 h, Sat off, make-up Sun 1 h"),
    ("Thu 2026-09-24 17:00", "4 工时", "office", "2026-09-28 11:00", "Thu 1 h, 25–27 Sep off, Mon 3 h"),
    # Spring Festival
    ("Fri 2026-02-13 16:00", "1 工日", "office", "2026-02-14 16:00", "Fri 2 h, make-up Sat 6 h"),
    ("Sat 2026-02-14 16:00", "1 工日", "office", "2026-02-24 16:00", "Sat 2 h, 15–23 Feb off, Tue 6 h"),
    ("Mon 2026-02-16 12:00", "72 急时", "office", "2026-02-19 12:00", "three times 24 h"),
    ("Fri 2026-02-27 17:00", "2 工时", "office", "2026-02-28 09:00", "Fri 1 h, make-up Sat 1 h"),
    ("Sat 2026-02-28 17:00", "2 工时", "office", "2026-03-02 09:00", "make-up Sat 1 h, Mon 1 h"),
    (
        "Tue 2026-02-10 09:00",
        "7 工日",
        "office",
        "2026-02-26 09:00",
        "Tue 7/8, Wed Thu Fri Sat 4, Tue Wed 2, Thu 1/8",
    ),
    # The other holidays of 2026
    ("Wed 2025-12-31 16:00", "1 工日", "office", "2026-01-04 16:00", "Wed 2 h, 1–3 Jan off, make-up Sun 6 h"),
    ("Fri 2026-04-03 17:30", "1 工时", "office", "2026-04-07 08:30", "0:30, 4–6 Apr off, Tue 0:30"),
    ("Thu 2026-04-30 14:00", "1 工日", "office", "2026-05-06 12:00", "4 h, 1–5 May off, Wed 4 h = noon"),
    ("Fri 2026-05-08 15:00", "1 工日", "office", "2026-05-09 15:00", "Fri 3 h, make-up Sat 08–12, 14–15"),
    ("Thu 2026-06-18 18:00", "0.5 工日", "office", "2026-06-22 12:00", "19–21 Jun off, Mon 4 h"),
    # Calendar days, leap days
    ("Wed 2026-09-30 16:00", "7 日", "office", "2026-10-07 16:00", "holidays do not matter"),
    ("Sat 2026-02-28 09:00", "1 日", "office", "2026-03-01 09:00", "no 29 February in 2026"),
    ("Wed 2024-02-28 09:00", "1 日", "office", "2024-02-29 09:00", "leap day"),
    ("Wed 2024-02-28 16:00", "1 工日", "office", "2024-02-29 16:00", "Wed 2 h, leap Thu 6 h"),
    # Other calendars; story 3
    ("Fri 2026-11-20 23:10", "2 急时", "command", "2026-11-21 01:10", "over midnight"),
    ("Fri 2026-11-20 23:10", "1 工日", "command", "2026-11-21 23:10", "0:50 of 24 h, then 23:10"),
    ("Sat 2026-11-21 23:50", "0.25 工时", "command", "2026-11-22 00:05", "受理 15 min at night"),
    ("Sat 2026-11-21 21:55", "0.25 工时", "sub_centre", "2026-11-22 08:10", "5 min, Sun 08:00 + 10 min"),
    ("Sat 2026-11-21 15:00", "1 工日", "sub_centre", "2026-11-22 15:00", "7 of 14 h, then 7 of 14 h"),
    (
        "Wed 2026-09-30 20:00",
        "2 工时",
        "patrol",
        "2026-10-01 08:00",
        "1 h until 21:00, 07:00 + 1 h, no holiday",
    ),
    # Night shifts: a night is of the day on which it begins
    ("Mon 2026-03-09 23:00", "4 工时", "nights", "2026-03-10 03:00", "over midnight"),
    ("Tue 2026-03-10 03:00", "4 工时", "nights", "2026-03-10 23:00", "until 06:00 3 h, 22:00 + 1 h"),
    (
        "Tue 2026-03-10 05:00",
        "1 工日",
        "nights",
        "2026-03-11 05:00",
        "1/8 of Monday's, 7/8 of Tuesday's night",
    ),
    (
        "Sat 2026-03-14 01:00",
        "8 工时",
        "weeknights",
        "2026-03-17 01:00",
        "Friday's night 5 h, Mon 22:00 + 3 h",
    ),
    # Seasons: seven hours in winter, over New Year
    ("Fri 2026-10-30 17:00", "2 工时", "winter", "2026-11-02 10:00", "1 h, winter Mon 09:00 + 1 h"),
    ("Tue 2026-03-31 16:00", "2 工时", "winter", "2026-04-01 09:00", "winter 1 h, Wed 08:00 + 1 h"),
    ("Thu 2026-12-31 16:00", "1 工日", "winter", "2027-01-01 16:00", "1/7, Fri 6 h: 09–12, 13–16"),
    (
        "Tue 2026-03-31 10:00",
        "1 工日",
        "winter",
        "2026-04-01 09:08:34.285715",
        "6/7, 1/7 of 8 h = 1:08:34.2857",
    ),
    # Clocks put forward (8 March 2026) and back (1 November)
    ("Sat 2026-03-07 09:00", "1 日", "york", "2026-03-08 09:00", "the same clock time, 23 h later"),
    ("Sat 2026-03-07 09:00", "24 急时", "york", "2026-03-08 10:00", "24 h, one of them skipped on the wall"),
    (
        "Sat 2026-03-07 12:00",
        "1 工日",
        "york",
        "2026-03-08 12:30",
        "1/2; Sun has 23 h, half is 11:30, + 1:00",
    ),
    ("Sat 2026-03-07 02:30", "1 日", "york", "2026-03-08 03:00", "02:30 does not come; the jump is at 03:00"),
    ("Sat 2026-10-31 09:00", "1 日", "york", "2026-11-01 09:00", "the same clock time, 25 h later"),
    ("Sat 2026-10-31 09:00", "24 急时", "york", "2026-11-01 08:00", "24 h, one of them twice on the wall"),
    # Days settled one by one
    ("Tue 2026-03-10 16:00", "1 工日", "half", "2026-03-11 11:00", "1/4; 3/4 of Wednesday's 4 h = 3 h"),
    ("Wed 2026-03-11 16:00", "1 工日", "shut", "2026-03-13 16:00", "2 h, Thu closed, Fri 6 h"),
    # Beyond what is announced (sure until 24 December 2026)
    ("Thu 2026-12-24 16:00", "2 工时", "office", "2026-12-24 18:00", "within it"),
    ("Thu 2026-12-24 16:00", "1 工日", "office", "2026-12-25 16:00?", "Fri by its weekday"),
    ("Thu 2026-12-31 16:00", "1 工日", "office", "2027-01-01 16:00?", "nobody has announced 1 January yet"),
    ("Thu 2026-12-31 16:00", "1 工日", "later", "2027-01-04 16:00", "re-dated: 1–3 Jan off, Mon 6 h"),
    ("Thu 2026-12-31 16:00", "24 急时", "office", "2027-01-01 16:00", "needs no announcement"),
]


def at(text: str, calendar: Calendar = OFFICE) -> datetime:
    """An instant by the calendar's wall; a weekday before it must be right."""
    weekday, written = (text[:3], text[4:]) if text[0].isalpha() else ("", text)
    found = datetime.fromisoformat(written).replace(tzinfo=calendar.tz)
    assert not weekday or found.strftime("%a") == weekday
    return found


def limit(text: str) -> Limit:
    amount, unit = text.split()
    return Limit.parse(amount, UNITS[unit])


def test_at_least_forty_cases_are_worked_out_by_hand() -> None:
    assert len(HAND_WORKED) == 70


@pytest.mark.parametrize(("start", "given", "name", "expected", "why"), HAND_WORKED)
def test_due_time_worked_out_by_hand(start: str, given: str, name: str, expected: str, why: str) -> None:
    calendar = CALENDARS[name]
    begin, wanted = at(start, calendar), limit(given)
    found = due(calendar, begin, wanted)
    local = found.at.astimezone(calendar.tz).replace(tzinfo=None)
    assert local == datetime.fromisoformat(expected.rstrip("?")), why
    assert found.provisional == expected.endswith("?")
    assert due_at(calendar, begin, wanted) == found.at
    assert sum(step.used for step in found.steps) == wanted.amount
    # A rounded-up microsecond, and a clock time that the wall skips, are the only things that are not exact.
    used = worked(calendar, begin, found.at, wanted.unit)
    assert abs(used - wanted.amount) * 3600 * 8 < 1 or expected == "2026-03-08 03:00"


def test_story_15_is_explained_line_by_line() -> None:
    found = due(OFFICE, at("Wed 2026-09-30 16:00"), limit("1 工日"))
    clock = [step.begin_at and f"{step.begin_at.astimezone(OFFICE.tz):%H:%M}" for step in found.steps]
    assert [(step.on.day, begin, step.used) for step, begin in zip(found.steps, clock, strict=True)] == [
        (30, "16:00", Fraction(1, 4)),
        *((day, None, 0) for day in range(1, 8)),
        (8, "08:00", Fraction(1, 2)),
        (8, "14:00", Fraction(1, 4)),
    ]
    off = found.steps[1:8]
    assert {(step.why, step.name, step.name_en) for step in off} == {(Why.HOLIDAY, "国庆节", "National Day")}


def test_a_day_that_gives_nothing_says_why() -> None:
    steps = due(CALENDARS["shut"], at("Wed 2026-03-11 19:00"), limit("2 工日")).steps
    assert [(step.on.day, step.why) for step in steps] == [
        (11, Why.OVER),
        (12, Why.CLOSED),
        *((13, Why.OPEN),) * 2,
        (14, Why.WEEKEND),
        (15, Why.WEEKEND),
        *((16, Why.OPEN),) * 2,
    ]
    assert steps[1].name == "停电"
    assert due(OFFICE, at("Sat 2026-10-10 07:00"), limit("1 工时")).steps[0].why is Why.MAKE_UP


def test_a_night_shift_that_still_runs_keeps_its_hours() -> None:
    week = ((Hours(22 * 60, 32 * 60),), EIGHT, *((),) * 5)
    mixed = Calendar("mixed", "Asia/Shanghai", (WeekHours(week),))
    # Monday night lasts until 08:00, when Tuesday's own hours begin; where it lasts until 09:00, they begin then.
    assert [span.length for span in spans(mixed, date(2026, 3, 10))] == [timedelta(hours=4)] * 2
    long = replace(mixed, weeks=(WeekHours(((Hours(22 * 60, 33 * 60),), EIGHT, *((),) * 5)),))
    assert [span.length.seconds // 3600 for span in spans(long, date(2026, 3, 10))] == [3, 4]


def test_new_hours_leave_the_past_as_it_was() -> None:
    old = WeekHours((EIGHT,) * 7, valid_to_on=date(2026, 3, 10))
    new = WeekHours((SEVEN,) * 7, valid_from_on=date(2026, 3, 11))
    calendar = Calendar("changed", "Asia/Shanghai", (new, old))
    # Tuesday 16–18 is 1/4 of eight hours; three quarters of Wednesday's seven are 5:15 = 09–12, 13–15:15.
    assert due(calendar, at("2026-03-10 16:00"), limit("1 工日")).at == at("2026-03-11 15:15")


def test_a_calendar_that_is_never_open_says_so_and_quickly() -> None:
    closed = Calendar("closed", "Asia/Shanghai", (WeekHours(((),) * 7),))
    begun = time.perf_counter()
    for way in (advance, retreat):
        with pytest.raises(InvalidError, match="calendar_never_open"):
            way(closed, at("2026-03-10 16:00"), Fraction(1), LimitUnit.WORKING_HOURS)
    rare = replace(closed, weeks=(WeekHours((EIGHT,) * 7, Season.parse("02-29", "02-29")),))
    assert due(rare, at("2026-03-10 16:00"), limit("2 工日")).at == at("2032-02-29 18:00")
    with pytest.raises(InvalidError, match="limit_too_far"):
        due(rare, at("2026-03-10 16:00"), limit("100 工日"))
    assert time.perf_counter() - begun < 10


def test_ten_years_are_near() -> None:
    fresh = replace(OFFICE)
    begun = time.perf_counter()
    assert due(fresh, at("2026-03-10 16:00"), limit("2600 工日")).at > at("2036-02-01 00:00")
    assert time.perf_counter() - begun < 2  # 0.1 s here


@pytest.mark.parametrize(
    ("amount", "unit"), [("0", "工时"), ("4001", "工日"), ("0.5", "日"), ("-1", "工时"), ("x", "工时")]
)
def test_a_limit_that_cannot_be_used(amount: str, unit: str) -> None:
    with pytest.raises(InvalidError, match="limit_unusable"):
        Limit.parse(amount, UNITS[unit])


def test_values_that_are_no_times() -> None:
    with pytest.raises(InvalidError, match="limit_unusable"):
        Limit(0.1, LimitUnit.WORKING_HOURS)  # type: ignore[arg-type]
    with pytest.raises(InvalidError, match="instant_without_zone"):
        due(OFFICE, datetime(2026, 3, 10), limit("1 工时"))
    with pytest.raises(InvalidError, match="interval_backwards"):
        worked(OFFICE, at("2026-03-11 08:00"), at("2026-03-10 08:00"), LimitUnit.WORKING_HOURS)
    for text in ("8:00-12:00", "08:00-08:00x", "08:00-12:00 11:00-13:00"):
        with pytest.raises(InvalidError, match="hours_unreadable"):
            parse_hours(text)
    with pytest.raises(InvalidError, match="season_unreadable"):
        Season.parse("02-30", "03-01")
    with pytest.raises(InvalidError, match="timezone_unknown"):
        replace(OFFICE, zone="Asia/Kunming")


def test_equal_calendars_are_one_key() -> None:
    assert hash(replace(OFFICE)) == hash(OFFICE) and replace(OFFICE) == OFFICE


NAMES = st.sampled_from(["office", "nights", "winter", "york", "half", "sub_centre"])
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(ZoneInfo("UTC"))).map(
    lambda found: found.replace(microsecond=0)
)
WHOLE = {LimitUnit.URGENT_HOURS: 60, LimitUnit.WORKING_HOURS: 60, LimitUnit.WORKING_DAYS: 8}
LIMITS = st.one_of(
    *(
        st.integers(1, 20 * per).map(lambda n, u=u, per=per: Limit(Fraction(n, per), u))
        for u, per in WHOLE.items()
    ),
    st.integers(1, 30).map(lambda n: Limit(Fraction(n), LimitUnit.CALENDAR_DAYS)),
)


@settings(max_examples=150, deadline=None)
@given(NAMES, INSTANTS, INSTANTS, LIMITS)
def test_who_starts_later_is_due_no_earlier(name: str, one: datetime, two: datetime, given: Limit) -> None:
    first, second = sorted((one, two))
    assert first < due(CALENDARS[name], first, given).at <= due(CALENDARS[name], second, given).at


@settings(max_examples=400, deadline=None)
@given(NAMES, INSTANTS, LIMITS, st.integers(1, 30))
def test_a_due_time_without_explanation_is_the_same(
    name: str, start: datetime, given: Limit, parts: int
) -> None:
    calendar, unit = CALENDARS[name], given.unit
    whole = unit is LimitUnit.CALENDAR_DAYS
    odd = given if whole else Limit(given.amount / parts, unit)
    assert due_at(calendar, start, odd) == due(calendar, start, odd).at


@settings(max_examples=150, deadline=None)
@given(NAMES, INSTANTS, LIMITS, st.integers(1, 20))
def test_more_is_due_later_and_parts_add_up(name: str, start: datetime, given: Limit, more: int) -> None:
    calendar, extra = CALENDARS[name], Fraction(more)
    first = due(calendar, start, given).at
    whole = advance(calendar, start, given.amount + extra, given.unit).at
    assert first < whole
    assert abs(advance(calendar, first, extra, given.unit).at - whole) <= timedelta(microseconds=2)


@settings(max_examples=150, deadline=None)
@given(NAMES, INSTANTS, LIMITS)
def test_what_was_worked_until_the_due_time_is_the_limit(name: str, start: datetime, given: Limit) -> None:
    calendar = CALENDARS[name]
    at_last = due(calendar, start, given).at
    tiny = Fraction(1, 3_600_000_000)
    skipped = Fraction(1, 24) if name == "york" and given.unit is LimitUnit.CALENDAR_DAYS else tiny
    assert abs(worked(calendar, start, at_last, given.unit) - given.amount) <= skipped
    assert abs(remaining(calendar, at_last, start, given.unit) + given.amount) <= skipped
    back = retreat(calendar, at_last, given.amount, given.unit)
    assert abs(worked(calendar, back, at_last, given.unit) - given.amount) <= skipped


@settings(max_examples=100, deadline=None)
@given(NAMES, st.lists(INSTANTS, min_size=3, max_size=3), st.sampled_from(list(LimitUnit)))
def test_working_time_adds_up(name: str, instants: list[datetime], unit: LimitUnit) -> None:
    calendar, (one, two, three) = CALENDARS[name], sorted(instants)
    parts = worked(calendar, one, two, unit) + worked(calendar, two, three, unit)
    assert parts == worked(calendar, one, three, unit)
