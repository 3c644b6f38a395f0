"""The twelve months of an area's card, and the four parts of its roster."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.console.card.rules import by_month, first_of
from app.console.card.service import MOST_NAMED, parts


def test_the_first_of_a_month_so_many_months_before() -> None:
    assert first_of(date(2026, 3, 31), 0) == date(2026, 3, 1)
    assert first_of(date(2026, 3, 31), 3) == date(2025, 12, 1)
    assert first_of(date(2026, 1, 1), 12) == date(2025, 1, 1)


def test_cases_fall_into_the_months_of_their_days() -> None:
    # From 30 January to 2 March 2026: what lies before the twelve months, or after the day, is left out.
    found = by_month(date(2026, 1, 30), [1] * 32, date(2026, 2, 28))
    assert [month for month, _ in found][:2] == [date(2025, 3, 1), date(2025, 4, 1)]
    assert len(found) == 12
    assert found[-2:] == [(date(2026, 1, 1), 2), (date(2026, 2, 1), 28)]
    assert sum(n for _, n in by_month(date(2024, 1, 1), [3], date(2026, 2, 28))) == 0


def somebody(code: str, **more: Any) -> dict[str, Any]:
    plain = {"name": code, "simulated": False, "role": None, "duty": None, "kind": "post", "place": None}
    return {"code": code, **plain, "away": False, "has_phone": True, **more}


def test_people_stand_under_their_part_once_each_and_gaps_are_marked() -> None:
    people = [
        somebody("officer", duty="grid_officer", kind="full_time"),
        somebody("both", role="inspector"),
        somebody("both", duty="inspector", kind="professional"),
        somebody("desk", role="community_desk"),
        *(somebody(f"head{n}", duty="building_head", kind="part_time") for n in range(MOST_NAMED + 2)),
    ]
    found = {part["part"]: part for part in parts(people, ["supervisor"])}
    assert list(found) == ["inspector", "supervisor", "officer", "part_time"]
    assert [one["code"] for one in found["inspector"]["people"]] == ["both"]
    assert (found["supervisor"]["missing"], found["supervisor"]["people"]) == (True, [])
    assert not found["officer"]["missing"]
    assert (len(found["part_time"]["people"]), found["part_time"]["more"]) == (MOST_NAMED, 2)
