"""Rows of reference data are read, planned and refused by the descriptions of their tables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from app.cases.rules.limits import Limit, LimitUnit
from app.cases.rules.loops import Loop
from app.cases.rules.reference import FROM, TO, Column, ReferenceTable
from app.cases.rules.reference_kinds import Kind, read
from app.cases.rules.reference_plan import Fate, Held, Planner, Step, read_row
from app.cases.rules.reference_tables import BY_NAME, TABLES
from app.cases.rules.states import CaseState
from app.cases.rules.timing import Stage, TimedMove, Timetable, clocks
from app.cases.service import reference
from app.cases.service.timetable import timetable
from app.cases.store.almanac import from_rows
from app.web.i18n import LOCALES, catalogue

TODAY = "2026-11-26"
SEASON = {"code": "rain", "name": "汛期", "name_en": "", "begin": "05-01", "end": "10-31"}
LONG_AGO = "2000-01-01"


def planned(name: str, held: list[Held], *rows: dict[str, str]) -> Planner:
    known = {table.name: {"office", "command", "rain", "C01", "sanitation", "cityscape"} for table in TABLES}
    planner = Planner(BY_NAME[name], held, TODAY, known)
    for number, row in enumerate(rows, 2):
        planner.take(number, row)
    return planner


def wrong(planner: Planner) -> list[tuple[int, str, str]]:
    return [(number, fault.field, fault.reason) for number, fault in planner.plan.faults]


def fates(planner: Planner) -> list[Fate]:
    return [step.fate for step in planner.plan.steps]


@pytest.mark.parametrize(
    ("kind", "raw", "kept"),
    [
        (Kind.YES_NO, "是", "yes"),
        (Kind.YES_NO, "FALSE", "no"),
        (Kind.DAY, "2026年3月5日", "2026-03-05"),
        (Kind.DAY, "2026-03-05 00:00:00", "2026-03-05"),
        (Kind.CLOCK, "8:00:00", "08:00"),
        (Kind.WEEKDAYS, "1 2 3 6", "1-3 6"),
        (Kind.HOURS, "14:00-18:00 8:00-12:00", "08:00-12:00 14:00-18:00"),
        (Kind.AMOUNT, "2.50", "2.5"),
        (Kind.AMOUNT, "10", "10"),
        (Kind.FRACTION, "1/3", "1/3"),
        (Kind.MONTH_DAY, "5-1", "05-01"),
        (Kind.LETTER, "Ｃ", "C"),
        (Kind.METRES, "12.50", "12.5"),
        (Kind.METRES, "0", "0"),
        (Kind.TEXT, " 水、电 ", "水、电"),
        (Kind.ZONE, "Asia/Shanghai", "Asia/Shanghai"),
    ],
)
def test_equal_values_are_equal_texts(kind: Kind, raw: str, kept: str) -> None:
    assert read(kind, raw) == kept
    assert read(kind, kept) == kept


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Kind.CODE, "Rain"),
        (Kind.CODE, "a" * 41),
        (Kind.YES_NO, "maybe"),
        (Kind.DAY, "2026-02-30"),
        (Kind.DAY, "1066-10-14"),
        (Kind.CLOCK, "25:00"),
        (Kind.WEEKDAYS, "0-5"),
        (Kind.WEEKDAYS, "5-1"),
        (Kind.HOURS, "08:00-12:00 11:00-13:00"),
        (Kind.AMOUNT, "0"),
        (Kind.AMOUNT, "-1"),
        (Kind.AMOUNT, "1/3"),
        (Kind.AMOUNT, "NaN"),
        (Kind.MONTH_DAY, "02-30"),
        (Kind.METRES, "200.01"),
        (Kind.METRES, "-3"),
        (Kind.PHONE, "call me"),
        (Kind.ZONE, "Mars/Olympus"),
        (Kind.ZONE, "../etc/passwd"),
        (Kind.TEXT, "a\x00b"),
    ],
)
def test_what_is_none_of_its_kind_is_refused(kind: Kind, raw: str) -> None:
    found, faults = read_row(table_with(kind), {"it": raw})
    assert found["it"] == "" and [fault.reason for fault in faults] == [f"not_{kind}"]


def table_with(kind: Kind) -> ReferenceTable:
    """A table of one column."""
    return ReferenceTable("any", ("it",), (Column("it", kind),))


def test_a_change_ends_the_row_and_lets_another_follow() -> None:
    old = Held(7, SEASON, LONG_AGO)
    found = planned("seasons", [old], {"code": "rain", "end": "11-15"})
    assert wrong(found) == []
    new = Held(0, {**SEASON, "end": "11-15"}, TODAY)
    assert found.plan.steps == [Step(Fate.CHANGED, 2, old, new)]


def test_a_change_from_a_later_day_and_one_that_is_already_planned() -> None:
    old = Held(7, SEASON, LONG_AGO)
    found = planned("seasons", [old], {"code": "rain", "end": "11-15", FROM: "2027-01-01"})
    assert found.plan.steps[0].new == Held(0, {**SEASON, "end": "11-15"}, "2027-01-01")
    held = [Held(7, SEASON, LONG_AGO, "2027-01-01"), Held(8, {**SEASON, "end": "11-15"}, "2027-01-01")]
    again = planned("seasons", held, {"code": "rain", "end": "11-15", FROM: "2027-01-01"})
    assert fates(again) == [Fate.UNCHANGED]
    # Today's row ends where the next one begins, also when it is changed once more before that.
    before = planned("seasons", held, {"code": "rain", "end": "10-01"})
    assert before.plan.steps[0].new == Held(0, {**SEASON, "end": "10-01"}, TODAY, "2027-01-01")


def test_a_row_of_a_file_that_was_taken_out_comes_in_as_it_was() -> None:
    held = [Held(7, SEASON, LONG_AGO, "2025-01-01"), Held(8, {**SEASON, "end": "11-15"}, "2025-01-01")]
    rows = [{**row.values, FROM: row.since, TO: row.until} for row in held]
    assert fates(planned("seasons", held, *rows)) == [Fate.UNCHANGED] * 2


def test_an_end_is_set_and_the_past_stays() -> None:
    old = Held(7, SEASON, LONG_AGO)
    ends = {"code": "rain", FROM: LONG_AGO, TO: "2026-12-01"}
    assert planned("seasons", [old], ends).plan.steps == [
        Step(Fate.ENDED, 2, old, Held(7, SEASON, LONG_AGO, "2026-12-01"))
    ]
    assert wrong(planned("seasons", [old], {**ends, TO: "2026-11-25"})) == [(2, TO, "in_the_past")]
    over = Held(7, SEASON, LONG_AGO, "2026-01-01")
    assert wrong(planned("seasons", [over], ends)) == [(2, TO, "is_over")]
    assert wrong(planned("seasons", [over], {**SEASON, "end": "11-15", FROM: LONG_AGO})) == [
        (2, FROM, "is_over")
    ]
    # What has not begun ends before it does, and never was.
    ahead = Held(9, SEASON, "2027-01-01")
    never = planned("seasons", [ahead], {"code": "rain", FROM: "2027-01-01", TO: "2027-01-01"})
    assert fates(never) == [Fate.ENDED]


def test_all_faults_are_told_at_once() -> None:
    found = planned(
        "filing_conditions",
        [],
        {"number": "Z99", "category": "nowhere", "limit": "4", "limit_unit": "weeks", "risk": "low"},
        {
            "number": "C01", "category": "C01", "condition": "有垃圾", "closing_condition": "清净", "limit": "1.5",
            "limit_unit": "calendar_days", "control_limit": "1", "season": "rain", "unit": "nobody",
            "lowest_loop": "community", "risk": "low", "verification": "by_photo", "self_handle": "yes",
        },
        {"number": "", "limit": "much"},
    )  # fmt: skip
    assert set(wrong(found)) == {
        (2, "limit_unit", "not_choice"),
        (2, "category", "unknown"),
        (3, "control_unit", "goes_together"),
        (3, "season_limit", "goes_together"),
        (3, "season_unit", "goes_together"),
        (3, "limit", "not_limit"),
        (3, "unit", "unknown"),
        (4, "number", "missing"),
        (4, "limit", "not_amount"),
    }
    assert found.plan.steps == []


def test_a_row_twice_one_that_overlaps_and_two_that_clash() -> None:
    twice = planned("seasons", [], SEASON, {**SEASON, "end": "11-15"})
    assert wrong(twice) == [(3, "code", "twice")]
    held = [Held(7, SEASON, LONG_AGO, "2027-01-01"), Held(8, SEASON, "2027-06-01")]
    gap = planned("seasons", held, {**SEASON, FROM: "2027-02-01"})
    assert wrong(gap) == [(2, FROM, "overlaps")]
    fits = planned("seasons", held, {**SEASON, FROM: "2027-02-01", TO: "2027-06-01"})
    assert fates(fits) == [Fate.ADDED]
    week = {
        "calendar": "office",
        "season_begin": "",
        "season_end": "",
        "weekdays": "1-5",
        "hours": "08:00-12:00",
    }
    clash = planned("calendar_hours", [Held(1, week, LONG_AGO)], {**week, "weekdays": "5-6"})
    assert wrong(clash) == [(2, "weekdays", "clashes")]
    assert wrong(planned("calendar_hours", [Held(1, week, LONG_AGO)], {**week, "weekdays": "6"})) == []


def test_a_day_may_be_of_every_calendar() -> None:
    day = {"on": "2027-02-05", "calendar": "*", "state": "closed", "name": "春节"}
    assert fates(planned("calendar_days", [], day)) == [Fate.ADDED]
    assert wrong(planned("calendar_days", [], {**day, "hours": "08:00-12:00"})) == [
        (2, "hours", "closed_has_hours")
    ]


def test_a_unit_is_changed_itself_but_not_into_another_kind() -> None:
    unit = {column.name: "" for column in BY_NAME["units"].columns}
    unit |= {"code": "sanitation", "name": "环卫中心", "kind": "crew"}
    held = Held(3, unit, LONG_AGO)
    found = planned("units", [held], {"code": "sanitation", "day_phone": "0871-65000000"})
    assert fates(found) == [Fate.CHANGED]
    assert found.plan.steps[0].new == Held(3, {**unit, "day_phone": "0871-65000000"}, LONG_AGO)
    assert wrong(planned("units", [held], {"code": "sanitation", "kind": "command"})) == [
        (2, "kind", "is_fixed")
    ]
    assert (2, "kind", "not_made") in wrong(
        planned("units", [], {"code": "other", "name": "甲", "kind": "command"})
    )
    assert wrong(planned("units", [held], {"code": "sanitation", "opens_at": "08:00"})) == [
        (2, "closes_at", "goes_together")
    ]


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_the_files_of_the_repository_can_be_read(name: str) -> None:
    table = BY_NAME[name]
    # Rules begin from a file of their own name; what a unit looks after, and settled dates, from none.
    rows = (
        ()
        if name in {"calendar_days", "maintenance_areas"}
        else reference({"routing_rules": "routes"}.get(name, name))
    )
    for row in rows:
        if name == "phrases" and row["kind"].startswith("description_"):
            continue
        found, faults = read_row(table, row)
        assert faults + list(table.check(found)) == [], row
    assert not rows or set(table.key) <= set(rows[0])


@pytest.mark.parametrize("locale", LOCALES)
def test_everything_has_words(locale: str) -> None:
    words = catalogue(locale)
    for table in TABLES:
        assert {f"reference.table_{table.name}", f"reference.about_{table.name}"} <= set(words)
        for column in table.columns:
            assert f"reference.column_{column.name}" in words
            said = {column.words + ("every" if choice == "*" else choice) for choice in column.choices}
            assert said <= set(words), column.name


def test_hours_follow_each_other_by_weekday_and_a_withdrawn_day_never_was() -> None:
    def week(
        number: int, weekdays: str, hours: str, since: str = "", until: str = ""
    ) -> tuple[int, dict[str, str]]:
        row = {"calendar": "a", "season_begin": "", "season_end": "", "weekdays": weekdays, "hours": hours}
        return number, {**row, FROM: since, TO: until}

    def day(on: str, since: str = "", until: str = "") -> tuple[int, dict[str, str]]:
        row = {"on": on, "calendar": "a", "state": "closed", "hours": "", "name": "", "name_en": ""}
        return 1, {**row, FROM: since, TO: until}

    rows = [(1, {"code": "a", "zone": "Asia/Shanghai", "country": "", "known_until_on": ""})]
    hours = [
        week(1, "1-5", "08:00-12:00", until="2026-12-03"),
        week(2, "1-5", "09:00-12:00", since="2026-12-03"),
        week(3, "6", "10:00-11:00"),
    ]
    days = [day("2026-12-08", until="2026-12-01"), day("2026-12-09", until="2026-12-20")]
    calendar = from_rows(rows, hours, days)["a"]
    lengths = {on: calendar.day(date.fromisoformat(f"2026-{on}")).length.total_seconds() / 3600 for on in (
        "12-02", "12-03", "12-05", "12-06", "12-08", "12-09")}  # fmt: skip
    # Wednesday before, Thursday after; Saturday goes on; Sunday is closed; withdrawn before its day; held on its day.
    assert lengths == {"12-02": 4, "12-03": 3, "12-05": 1, "12-06": 0, "12-08": 3, "12-09": 0}


def test_a_stage_keeps_the_limit_with_which_it_began() -> None:
    files = timetable()
    until = datetime(2026, 12, 1, tzinfo=UTC)
    doubled = {key: Limit(limit.amount * 2, limit.unit) for key, limit in files.limits.items()}
    later = Timetable(files.calendars, doubled, {**files.desks, Loop.DISTRICT: "office"})
    table = Timetable(files.calendars, files.limits, files.desks, ((until, later),))
    for at, factor, calendar in (
        (datetime(2026, 11, 30, 23, 59, tzinfo=UTC), 1, "command"),
        (until, 2, "office"),
    ):
        row = TimedMove(1, "report", at, Loop.DISTRICT, CaseState.REPORTED, {})
        clock = clocks([row], table)[0]
        assert clock.stage is Stage.ACCEPTANCE and clock.calendar.code == calendar
        assert clock.events[0].limit == Limit(Fraction(factor, 4), LimitUnit.WORKING_HOURS)


RULE = {"kind": "C01", "area": "cell", "unit": "sanitation", "note": ""}
STRETCH = {
    "code": "G-1", "name": "一段", "kind": "", "unit": "sanitation", "tolerance_m": "10", "source": "import",
    "ended_because": "",
}  # fmt: skip


def planned_among(name: str, held: list[Held], *rows: dict[str, str]) -> Planner:
    """Planned where the kind C01, the area cell and the units sanitation and water are known."""
    known = {"kinds": {"C01", "cityscape"}, "areas": {"cell"}, "units": {"sanitation", "water"}}
    planner = Planner(BY_NAME[name], held, TODAY, known)
    for number, row in enumerate(rows, 2):
        planner.take(number, row)
    return planner


def test_a_rule_is_known_by_kind_and_area() -> None:
    held = [Held(4, RULE, LONG_AGO)]
    found = planned_among("routing_rules", held, {**RULE, "unit": "water"}, {**RULE, "kind": "cityscape"})
    assert fates(found) == [Fate.CHANGED, Fate.ADDED]
    refused = planned_among(
        "routing_rules",
        held,
        {**RULE, "kind": "C77", "area": "nowhere", "unit": "nobody"},
        {**RULE, "kind": "cityscape", "unit": "residents_committee", FROM: "2026-01-01"},
    )
    assert wrong(refused) == [
        (2, "kind", "unknown"), (2, "area", "unknown"), (2, "unit", "unknown"), (3, FROM, "in_the_past"),
    ]  # fmt: skip


def test_a_stretch_is_changed_but_comes_by_file_alone() -> None:
    held = [Held(5, STRETCH, LONG_AGO)]
    found = planned_among("maintenance_areas", held, {"code": "G-1", "unit": "water", FROM: "2026-12-01"})
    assert fates(found) == [Fate.CHANGED] and found.plan.steps[0].new is not None
    assert found.plan.steps[0].new.values["unit"] == "water" and found.plan.steps[0].new.since == "2026-12-01"
    # Where a row comes from is nobody's to write.
    told = planned_among("maintenance_areas", held, {"code": "G-1", "source": "ruling", "ended_because": "x"})
    assert fates(told) == [Fate.UNCHANGED]
    new = planned_among("maintenance_areas", held, {**STRETCH, "code": "G-2"})
    assert wrong(new) == [(2, "code", "by_file")]


def test_a_ruling_ends_with_a_reason_and_is_not_changed() -> None:
    held = [Held(6, {**STRETCH, "code": "ruling-1-7", "source": "ruling"}, LONG_AGO)]
    end = {"code": "ruling-1-7", FROM: LONG_AGO, TO: "2026-12-01"}
    assert wrong(planned_among("maintenance_areas", held, end)) == [(2, "ended_because", "missing")]
    found = planned_among("maintenance_areas", held, {**end, "ended_because": "道路已移交"})
    assert fates(found) == [Fate.ENDED] and found.plan.steps[0].new is not None
    assert found.plan.steps[0].new.values["ended_because"] == "道路已移交"
    changed = planned_among("maintenance_areas", held, {"code": "ruling-1-7", "unit": "water"})
    assert wrong(changed) == [(2, "code", "only_ends")]
    own = [Held(5, STRETCH, LONG_AGO)]
    assert fates(planned_among("maintenance_areas", own, {**end, "code": "G-1"})) == [Fate.ENDED]
