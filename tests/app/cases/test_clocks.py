"""Clocks worked out by hand, and what holds for all of them.

The office works 08–12 and 14–18; 13 March 2026 is a Friday. Times are those of the wall in Shanghai.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cases.rules.calendars import DayOverride, NamedDay
from app.cases.rules.clock_events import ClockEvent, Counting
from app.cases.rules.clocks import Lamp, fold
from app.cases.rules.deadlines import due, worked
from app.cases.rules.extensions import ExtensionRefusal, limit_in_season, may_ask, may_grant, start_both
from app.cases.rules.limits import Limit, LimitUnit
from app.cases.rules.opening import Season
from app.cases.store.almanac import calendars
from app.errors import ConflictError

OFFICE, COMMAND = calendars()["office"], calendars()["command"]
start, pause, resume, hand = ClockEvent.start, ClockEvent.pause, ClockEvent.resume, ClockEvent.hand
extend, credit, stop = ClockEvent.extend, ClockEvent.credit, ClockEvent.stop


def at(text: str) -> datetime:
    """An instant of 2026, `03-13 16:00`, in Shanghai."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=OFFICE.tz)


def hours(amount: int | str) -> Limit:
    return Limit(Fraction(amount), LimitUnit.WORKING_HOURS)


def days(amount: int | str) -> Limit:
    return Limit(Fraction(amount), LimitUnit.WORKING_DAYS)


def urgent(amount: int | str) -> Limit:
    return Limit(Fraction(amount), LimitUnit.URGENT_HOURS)


FRIDAY = start(at("03-13 16:00"), hours(4), "城管局")
TUESDAY = start(at("03-10 08:00"), hours(4), "城管局")
HOLIDAY = start(at("09-30 16:00"), days(1), "城管局")

DUE = [
    # events, when it is due, the sum
    ([FRIDAY], "03-16 10:00", "Fri 2 h, Mon 2 h"),
    # Suspended across a weekend: one hour used, three left on Monday at ten.
    ([FRIDAY, pause(at("03-13 17:00")), resume(at("03-16 10:00"))], "03-16 15:00", "1 h; 10–12, 14–15"),
    (
        [FRIDAY, pause(at("03-13 18:00")), resume(at("03-16 08:00"))],
        "03-16 10:00",
        "stood while all was shut",
    ),
    ([FRIDAY, pause(at("03-14 09:00")), resume(at("03-15 09:00"))], "03-16 10:00", "stood on a weekend"),
    ([FRIDAY, pause(at("03-13 17:00")), resume(at("03-13 17:00"))], "03-16 10:00", "stood for no time"),
    (
        [
            FRIDAY,
            pause(at("03-13 17:00")),
            resume(at("03-13 17:30")),
            pause(at("03-16 08:30")),
            resume(at("03-16 09:00")),
        ],
        "03-16 11:00",
        "half an hour stood on Friday, half on Monday",
    ),
    # Returns: judged, or not.
    ([TUESDAY], "03-10 12:00", "the morning"),
    ([TUESDAY, hand(at("03-10 09:00"), "坐席"), hand(at("03-10 11:00"), "城管局")], "03-10 12:00", "refused"),
    ([TUESDAY, credit(at("03-10 09:00"), at("03-10 11:00"))], "03-10 16:00", "upheld: 8–9, 11–12, 14–16"),
    (
        [TUESDAY, credit(at("03-10 11:00"), at("03-10 15:00"), at=at("03-10 16:00"))],
        "03-10 16:00",
        "8–11 3 h; the noon break is nobody's; 15–16",
    ),
    (
        [TUESDAY, *[credit(at("03-10 09:00"), at("03-10 11:00"))] * 2],
        "03-10 16:00",
        "given back twice, it is given back once",
    ),
    (
        [
            TUESDAY,
            pause(at("03-10 09:00")),
            resume(at("03-10 11:00")),
            credit(at("03-10 08:30"), at("03-10 11:00")),
        ],
        "03-10 16:30",
        "8–8:30; paused time is not given back again; 11–12, 14–16:30",
    ),
    (
        [TUESDAY, credit(at("03-10 08:00"), at("03-11 08:00"), at=at("03-11 09:00"))],
        "03-11 12:00",
        "upheld after it was overdue: Wednesday morning",
    ),
    # Extensions: 30 September 16:00 and a working day is 8 October 16:00.
    ([HOLIDAY], "10-08 16:00", "story 15"),
    ([HOLIDAY, extend(at("10-08 10:00"), days(1))], "10-09 16:00", "Fri 16:00"),
    (
        [HOLIDAY, extend(at("10-08 10:00"), days(1)), extend(at("10-09 10:00"), days(1))],
        "10-10 16:00",
        "Sat 10 October is worked",
    ),
    ([HOLIDAY, extend(at("10-08 10:00"), days("0.5"))], "10-09 10:00", "Thu 16–18 2 h, Fri 08–10 2 h"),
    (
        [start(at("10-04 21:30"), urgent(2)), pause(at("10-04 22:30")), resume(at("10-05 07:00"))],
        "10-05 08:00",
        "1 h left",
    ),
]

LAMPS = [
    # limit from 10 March 08:00, at, lamp, why
    (hours(4), "03-10 10:59", Lamp.GREEN, "over an hour left"),
    (hours(4), "03-10 11:00", Lamp.YELLOW, "a quarter left"),
    (hours(4), "03-10 12:00", Lamp.YELLOW, "due at this very instant is in time"),
    (hours(4), "03-10 12:01", Lamp.RED, "overdue, though at noon nobody works"),
    (hours(4), "03-10 18:00", Lamp.RED, "eight hours used: twice the limit, not yet more"),
    (hours(4), "03-10 18:01", Lamp.DOUBLE_RED, "more than twice"),
    (hours("0.25"), "03-10 08:04", Lamp.GREEN, "11 minutes left"),
    (hours("0.25"), "03-10 08:05", Lamp.YELLOW, "a quarter would be 3:45; at least ten minutes"),
    (hours("0.1"), "03-10 08:00", Lamp.YELLOW, "six minutes are near from the start"),
    (
        days(10),
        "03-20 18:00",
        Lamp.GREEN,
        "due Mon 23 March 18:00; a quarter, 2.5 days, was left on Thursday noon",
    ),
    (days(10), "03-23 08:00", Lamp.YELLOW, "at most one working day before"),
    (days(2), "03-11 11:59", Lamp.GREEN, "a minute before a day and a half is used"),
    (days(2), "03-11 12:00", Lamp.YELLOW, "half a day of two is a quarter"),
    (urgent(24), "03-11 01:59", Lamp.GREEN, "six hours are a quarter"),
    (urgent(24), "03-11 02:00", Lamp.YELLOW, "by night as well"),
    (urgent(24), "03-12 08:01", Lamp.DOUBLE_RED, "48 hours and a minute"),
]

ASKED = [
    # when an extension of HOLIDAY's clock is asked, of how much, what stands against it
    ("10-08 15:45", days(1), ExtensionRefusal.TOO_LATE, "story 15: 15 minutes before due; a quarter is 2 h"),
    ("10-08 14:00", days(1), None, "exactly a quarter, 2 h, is left"),
    ("10-08 14:01", days(1), ExtensionRefusal.TOO_LATE, "1:59 is left"),
    ("10-08 13:00", days("0.5"), None, "in the noon break 14:00 to 16:00 is left, a quarter"),
    ("10-08 09:00", days(2), ExtensionRefusal.TOO_LONG, "more than the first limit"),
    ("10-08 09:00", hours(8), ExtensionRefusal.OTHER_UNIT, "eight hours are not said to be a day"),
]


def test_at_least_forty_cases_are_worked_out_by_hand() -> None:
    assert len(DUE) + len(LAMPS) + len(ASKED) == 40


@pytest.mark.parametrize(("events", "expected", "why"), DUE)
def test_due_time_worked_out_by_hand(events: list[ClockEvent], expected: str, why: str) -> None:
    reading = fold(events, OFFICE, events[-1].at)
    assert reading.due_at == at(expected), why
    # In time to the very instant; late after it; the same due time when it is stopped.
    for lateness in (timedelta(), timedelta(seconds=1)):
        done = fold([*events, stop(at(expected) + lateness)], OFFICE, at("12-01 00:00"))
        assert (done.due_at, done.overdue, done.lamp) == (at(expected), bool(lateness), Lamp.GREY)


@pytest.mark.parametrize(("limit", "when", "lamp", "why"), LAMPS)
def test_lamp_worked_out_by_hand(limit: Limit, when: str, lamp: Lamp, why: str) -> None:
    assert fold([start(at("03-10 08:00"), limit)], OFFICE, at(when)).lamp is lamp, why


@pytest.mark.parametrize(("when", "asked", "refusal", "why"), ASKED)
def test_asking_for_an_extension(when: str, asked: Limit, refusal: ExtensionRefusal | None, why: str) -> None:
    assert may_ask([HOLIDAY], OFFICE, at(when), asked) is refusal, why


def test_the_third_extension_is_one_too_many_and_the_second_is_asked_before_the_new_due_time() -> None:
    once = [HOLIDAY, extend(at("10-08 10:00"), days(1))]
    assert may_ask(once, OFFICE, at("10-09 14:00"), days(1)) is None
    assert may_ask(once, OFFICE, at("10-09 14:01"), days(1)) is ExtensionRefusal.TOO_LATE
    twice = [*once, extend(at("10-09 10:00"), days(1))]
    assert may_ask(twice, OFFICE, at("10-09 11:00"), days(1)) is ExtensionRefusal.TOO_MANY
    assert fold(twice, OFFICE, at("10-09 11:00")).total == 3


def test_who_asks_in_time_may_be_granted_after_the_due_time() -> None:
    asked, late = at("10-08 13:00"), at("10-08 17:00")
    assert may_grant([HOLIDAY], OFFICE, asked, days(1), late) is None
    assert fold([HOLIDAY], OFFICE, late).lamp is Lamp.RED
    assert fold([HOLIDAY, extend(late, days(1))], OFFICE, late).lamp is Lamp.GREEN
    gone = [HOLIDAY, stop(at("10-08 16:30"))]
    assert may_grant(gone, OFFICE, asked, days(1), late) is ExtensionRefusal.NOT_RUNNING
    full = [HOLIDAY, *[extend(at("10-08 15:00"), days(1))] * 2]
    assert may_grant(full, OFFICE, asked, days(1), late) is ExtensionRefusal.TOO_MANY
    standing = [HOLIDAY, pause(at("10-08 12:30"))]
    assert may_grant(standing, OFFICE, asked, days(1), late) is ExtensionRefusal.NOT_RUNNING


def test_a_clock_that_stands_has_no_due_time_but_an_amount_left() -> None:
    events = [FRIDAY, pause(at("03-13 17:00"), "待资金", "指挥中心")]
    reading = fold(events, OFFICE, at("03-20 09:00"))
    assert (reading.running, reading.paused, reading.due_at, reading.near_at) == (False, True, None, None)
    assert (reading.used, reading.left, reading.lamp, reading.overdue) == (1, 3, Lamp.GREY, False)
    # The same log as it was before.
    assert fold(events, OFFICE, at("03-13 16:59")).due_at == at("03-16 10:00")
    late = fold([TUESDAY, pause(at("03-10 15:00"))], OFFICE, at("03-11 09:00"))
    assert (late.due_at, late.left, late.overdue, late.lamp) == (at("03-10 12:00"), -1, True, Lamp.GREY)


def test_segments_say_whose_time_it_was() -> None:
    events = [
        TUESDAY,
        hand(at("03-10 09:00"), "坐席", "退回"),
        hand(at("03-10 11:00"), "城管局"),
        credit(at("03-10 09:00"), at("03-10 11:00"), why="退回成立"),
        pause(at("03-10 15:00"), "待资金"),
    ]
    shown = [
        (segment.begin_at.astimezone(OFFICE.tz).hour, segment.whose, segment.counting, segment.used)
        for segment in fold(events, OFFICE, at("03-11 09:00")).segments
    ]
    assert shown == [
        (8, "城管局", Counting.RUNNING, 1),
        (9, "坐席", Counting.CREDITED, 0),
        (11, "城管局", Counting.RUNNING, 2),
        (15, "城管局", Counting.PAUSED, 0),
    ]


def test_the_due_time_of_a_clock_that_stood_is_explained_from_the_start() -> None:
    events = [FRIDAY, pause(at("03-13 17:00"), "待资金"), resume(at("03-16 10:00"))]
    found = fold(events, OFFICE, at("03-16 10:00")).due
    assert found is not None
    lines = [
        (
            step.begin_at and f"{step.begin_at.astimezone(OFFICE.tz):%d %H}",
            step.used,
            step.why.value,
            step.name,
        )
        for step in found.steps
    ]
    assert lines == [
        ("13 16", 1, "open", ""),
        ("13 17", 0, "paused", "待资金"),
        ("16 10", 2, "open", ""),
        ("16 14", 1, "open", ""),
    ]


def test_two_steps_are_two_clocks_of_one_start() -> None:
    steps = start_both(at("11-20 23:10"), urgent(1), days(3))
    # Friday night: made safe by ten past midnight; repaired by Wednesday evening (Mon, Tue, Wed).
    assert fold(steps.control, OFFICE, at("11-20 23:10")).due_at == at("11-21 00:10")
    assert fold(steps.repair, OFFICE, at("11-20 23:10")).due_at == at("11-25 18:00")
    safe = fold([*steps.control, stop(at("11-21 00:05"))], OFFICE, at("11-23 09:00"))
    assert (safe.overdue, safe.lamp) == (False, Lamp.GREY)


def test_a_calendar_changed_a_week_ahead_moves_the_due_time() -> None:
    week = [start(at("03-09 08:00"), days(5))]
    assert fold(week, OFFICE, at("03-09 08:00")).due_at == at("03-13 18:00")
    shut = replace(OFFICE, overrides=(DayOverride(date(2026, 3, 13), name="停电"),))
    assert fold(week, shut, at("03-09 09:00")).due_at == at("03-16 18:00")


def test_beyond_the_announced_days_it_is_provisional_and_re_dated_when_they_come() -> None:
    events = [start(at("12-31 16:00"), days(1))]
    first = fold(events, OFFICE, at("12-31 16:00"))
    assert first.provisional and first.due_at == at("12-31 16:00") + timedelta(days=1)
    new_year = tuple(NamedDay(date(2027, 1, day), "元旦") for day in (1, 2, 3))
    known = replace(OFFICE, holidays=OFFICE.holidays + new_year, known_until=date(2027, 12, 24))
    then = fold(events, known, at("12-31 17:00"))
    assert not then.provisional and then.due_at == at("12-31 16:00") + timedelta(days=4)


def test_a_limit_of_a_season_goes_by_the_local_date_of_the_start() -> None:
    rain, gulls = Season((5, 1), (10, 31)), Season((11, 1), (3, 31))
    choices = [(rain, urgent(2)), (gulls, hours(2))]
    chosen = {
        "04-30 23:59": hours(4),
        "05-01 00:01": urgent(2),  # still April in UTC
        "10-31 23:59": urgent(2),
        "11-01 00:00": hours(2),
        "01-01 09:00": hours(2),
        "03-31 12:00": hours(2),
        "04-01 00:00": hours(4),
    }
    for when, limit in chosen.items():
        assert limit_in_season(at(when), OFFICE.tz, hours(4), choices) == limit


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([], "clock_not_started"),
        ([pause(at("03-13 17:00"))], "clock_order"),
        ([FRIDAY, FRIDAY], "clock_order"),
        ([FRIDAY, resume(at("03-13 17:00"))], "clock_order"),
        ([FRIDAY, *[pause(at("03-13 17:00"))] * 2], "clock_order"),
        ([FRIDAY, stop(at("03-13 17:00")), pause(at("03-13 18:00"))], "clock_order"),
        ([FRIDAY, extend(at("03-13 17:00"), days(1))], "clock_units"),
    ],
)
def test_events_that_cannot_be(events: list[ClockEvent], code: str) -> None:
    with pytest.raises(ConflictError, match=code):
        fold(events, OFFICE, at("03-20 00:00"))
    with pytest.raises(ConflictError, match="clock_order"):
        credit(at("03-13 17:00"), at("03-13 16:00"))


MINUTES = st.integers(0, 20 * 24 * 60)
LIMITS = st.one_of(
    st.integers(1, 60).map(lambda n: hours(Fraction(n, 4))),
    st.integers(1, 60).map(lambda n: days(Fraction(n, 8))),
)


@st.composite
def logs(draw: st.DrawFn) -> list[ClockEvent]:
    """A clock with pauses, hand-overs, credits and extensions in any order."""
    first = at("09-20 00:00") + timedelta(minutes=draw(MINUTES))
    limit, now = draw(LIMITS), first
    events, standing = [start(first, limit, "甲")], False
    for kind in draw(st.lists(st.sampled_from(["turn", "hand", "credit", "extend"]), max_size=8)):
        before, now = now, now + timedelta(minutes=draw(st.integers(0, 3000)))
        if kind == "turn":
            events.append(resume(now) if standing else pause(now))
            standing = not standing
        elif kind == "hand":
            events.append(hand(now, draw(st.sampled_from("甲乙"))))
        else:
            events.append(credit(before, now) if kind == "credit" else extend(now, limit))
    return events


@settings(max_examples=150, deadline=None)
@given(logs(), st.integers(0, 20_000))
def test_segments_sum_up_to_the_whole(events: list[ClockEvent], more: int) -> None:
    now = events[-1].at + timedelta(minutes=more)
    reading = fold(events, OFFICE, now)
    edges = [reading.started_at, *(segment.end_at for segment in reading.segments)]
    assert edges[:-1] == [segment.begin_at for segment in reading.segments] and edges[-1] == now
    assert sum(segment.used for segment in reading.segments) == reading.used == reading.total - reading.left
    whole = worked(OFFICE, reading.started_at, now, reading.limit.unit)
    assert 0 <= reading.used <= whole
    # Overdue is what has used more than its total; at closing time and at the instant itself nothing more is used.
    assert reading.left >= 0 or reading.overdue
    assert reading.left <= 0 or not reading.overdue
    assert reading.due is None or sum(step.used for step in reading.due.steps) == reading.total


@settings(max_examples=150, deadline=None)
@given(logs(), st.integers(0, 20_000), st.integers(0, 9), st.sampled_from(["refused", "no time", "closed"]))
def test_what_adds_up_to_nothing_changes_nothing(
    events: list[ClockEvent], more: int, place: int, kind: str
) -> None:
    now = events[-1].at + timedelta(minutes=more) + timedelta(days=20)
    known = events[: 1 + place]
    here = known[-1].at
    standing = [event for event in known if event.kind in {"pause", "resume"}][-1:]
    if kind == "closed":
        # National Day: nobody works from 1 to 7 October, so standing there is standing for nothing.
        known = [start(at("09-29 09:00"), events[0].limit or days(1))]
        added = [pause(at("10-01 00:00")), resume(at("10-07 23:00"))]
    elif kind == "refused" or (standing and standing[0].kind == "pause"):
        added = [hand(here, "坐席", "退回"), hand(here, "甲", "驳回")]
    else:
        added = [pause(here), resume(here)]
    rest = [] if kind == "closed" else events[len(known) :]
    plain, changed = fold([*known, *rest], OFFICE, now), fold([*known, *added, *rest], OFFICE, now)
    for name in (
        "due_at",
        "near_at",
        "severe_at",
        "used",
        "left",
        "overdue",
        "lamp",
        "running",
        "provisional",
    ):
        assert getattr(changed, name) == getattr(plain, name), name


@settings(max_examples=100, deadline=None)
@given(LIMITS, st.lists(MINUTES, min_size=1, max_size=8))
def test_any_number_of_refused_returns_leaves_the_due_time(limit: Limit, when: list[int]) -> None:
    first = at("09-20 00:00")
    returns = [
        hand(first + timedelta(minutes=minute), whose)
        for minute, whose in zip(sorted(when), "坐席甲乙丙丁戊", strict=False)
    ]
    reading = fold([start(first, limit), *returns], OFFICE, at("11-01 00:00"))
    assert reading.due_at == due(OFFICE, first, limit).at


@settings(max_examples=100, deadline=None)
@given(LIMITS, MINUTES, st.integers(1, 3000))
def test_time_given_back_is_time_on_top(limit: Limit, begin: int, length: int) -> None:
    first = at("09-20 00:00")
    since = first + timedelta(minutes=begin)
    until = since + timedelta(minutes=length)
    event = credit(since, until, at=at("12-01 00:00"))
    reading = fold([start(first, limit), event], OFFICE, at("12-01 00:00"))
    plain = due(OFFICE, first, limit).at
    assert reading.due_at is not None
    if plain <= since:
        assert reading.due_at == plain
    else:
        given_back = worked(OFFICE, since, until, limit.unit)
        between = worked(OFFICE, plain, reading.due_at, limit.unit)
        assert abs(between - given_back) < Fraction(1, 10**9)
