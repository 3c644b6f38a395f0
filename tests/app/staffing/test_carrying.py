"""1+1+1+N when cells change: who goes on where, and who is named."""

from __future__ import annotations

from datetime import date, timedelta

from app.staffing.rules import AssignmentKind
from app.staffing.rules.carrying import Held, Why, carry

TODAY = date(2026, 11, 28)
BEGAN = date(2026, 1, 1)
ONE, OTHER, WEST, EAST, WHOLE = 1, 2, 11, 12, 21


def held(n: int, kind: str, duty: str, cell: int = ONE, **more: object) -> Held:
    values = {"from_on": BEGAN, "until_on": None, **more}
    return Held(n, values.pop("staff", n), f"s{n}", f"n{n}", cell, AssignmentKind(kind), duty, **values)  # type: ignore[arg-type]


def split(*given: Held) -> tuple[set[tuple[int, int]], list[tuple[int, Why]]]:
    found = carry(given, {ONE: (WEST, EAST)}, {ONE: EAST}, [ONE], TODAY)
    return {(one.id, one.cell_no) for one in found.given}, [(one.id, why) for one, why in found.ended]


def merged(*given: Held, kept: int = ONE) -> tuple[list[Held], list[tuple[int, Why]]]:
    into, lead = {ONE: (WHOLE,), OTHER: (WHOLE,)}, {ONE: WHOLE, OTHER: WHOLE}
    found = carry(given, into, lead, [kept], TODAY)
    return list(found.given), [(one.id, why) for one, why in found.ended]


def test_an_officer_has_the_leading_part_and_professionals_have_all() -> None:
    assert split(held(1, "full_time", "grid_officer"), held(2, "professional", "supervisor")) == (
        {(1, EAST), (2, WEST), (2, EAST)},
        [],
    )


def test_part_time_follows_its_place() -> None:
    near = held(1, "part_time", "building_head", place="楼1", place_no=WEST)
    assert split(near, held(2, "part_time", "volunteer")) == ({(1, WEST), (2, WEST), (2, EAST)}, [])


def test_a_stand_in_stays_with_the_absent_one() -> None:
    officer = held(1, "full_time", "grid_officer")
    stand_in = held(
        2, "stand_in", "grid_officer", leave_id=5, absent_id=1, until_on=TODAY + timedelta(days=3)
    )
    assert split(officer, stand_in) == ({(1, EAST), (2, EAST)}, [])
    other = held(3, "full_time", "grid_officer", OTHER)
    given, ended = merged(officer, stand_in, other, kept=OTHER)
    assert [one.id for one in given] == [3]
    assert ended == [(1, Why.OTHER_OFFICER), (2, Why.OFFICER_GONE)]


def test_who_covers_a_vacant_cell_covers_no_more_where_it_has_an_officer() -> None:
    cover = held(2, "stand_in", "grid_officer", OTHER, until_on=TODAY + timedelta(days=3))
    assert merged(held(1, "full_time", "grid_officer"), cover)[1] == [(2, Why.COVERED)]
    assert [one.id for one in merged(cover)[0]] == [2]


def test_nobody_has_one_duty_twice_on_a_day() -> None:
    soon = TODAY + timedelta(days=10)
    first = held(1, "part_time", "building_head", place="楼1", until_on=soon, staff=7)
    again = held(2, "part_time", "building_head", OTHER, place="楼2", staff=7)
    given, ended = merged(first, again)
    assert [(one.id, one.from_on, one.until_on, one.place) for one in given] == [
        (1, TODAY, soon, "楼1、楼2"),
        (2, soon, None, "楼2"),
    ]
    assert ended == []
    assert merged(
        held(1, "professional", "inspector", staff=7), held(2, "professional", "inspector", OTHER, staff=7)
    )[1] == [(2, Why.ALREADY)]


def test_what_begins_later_begins_then() -> None:
    later = TODAY + timedelta(days=5)
    given, _ = merged(held(1, "full_time", "grid_officer", from_on=later))
    assert given[0].from_on == later
