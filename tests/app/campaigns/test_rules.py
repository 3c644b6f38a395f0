"""专项任务: days, places, and lists as people keep them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.campaigns.rules import (
    MOST_PLACES,
    MOST_TOLD,
    Phase,
    Place,
    Wrong,
    day_faults,
    days_left,
    must_run,
    phase,
    read_places,
    refuse,
    rows_of_table,
)
from app.errors import ConflictError, InvalidError

FIRST, LAST = date(2026, 9, 1), date(2026, 9, 14)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("today", "ended", "expected"),
    [
        (FIRST - DAY, False, Phase.COMING),
        (FIRST, False, Phase.OPEN),
        (LAST, False, Phase.OPEN),
        (LAST + DAY, False, Phase.OVER),
        (FIRST, True, Phase.OVER),
        (FIRST - DAY, True, Phase.OVER),
    ],
)
def test_its_last_day_is_one_of_its_days(today: date, ended: bool, expected: Phase) -> None:
    assert phase(FIRST, LAST, ended, today) is expected


def test_days_left_count_today() -> None:
    assert [days_left(LAST, LAST + n * DAY) for n in (-1, 0, 1, 9)] == [2, 1, 0, 0]


def test_what_does_not_run_says_why() -> None:
    must_run(FIRST, LAST, False, LAST)
    for today, ended, told in (
        (LAST + DAY, False, ("campaign_over", "last_day_gone")),
        (FIRST, True, ("campaign_over", "ended")),
        (FIRST - DAY, False, ("campaign_not_begun", None)),
    ):
        with pytest.raises(ConflictError) as error:
            must_run(FIRST, LAST, ended, today)
        assert (error.value.code, error.value.facts.get("reason")) == told


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        (FIRST, FIRST, None),
        (FIRST, FIRST + timedelta(days=366), None),
        (FIRST, FIRST + timedelta(days=367), "too_long"),
        (LAST, FIRST, "before_first"),
        (FIRST - 9 * DAY, FIRST - DAY, "over_already"),
        (None, FIRST - DAY, "over_already"),
        (FIRST, None, None),
    ],
)
def test_days_of_a_new_campaign(first: date | None, last: date | None, reason: str | None) -> None:
    assert [fault.reason for fault in day_faults(first, last, FIRST)] == ([reason] if reason else [])


def test_every_row_says_all_that_is_wrong_with_it() -> None:
    good = {"label": " 3 栋 ", "lon": 102.7, "lat": 25}
    rows = [
        (2, good),
        (3, {"label": "x" * 121, "lon": True, "lat": float("nan")}),
        (4, {"label": "a\x00b", "lon": 180.1, "lat": -90, "colour": 1}),
        (5, {"label": 7, "lon": "102.7", "lat": None}),
        (9, {**good, "label": "3 栋"}),
    ]
    places, faults = read_places(rows)
    assert places == [Place(2, "3 栋", 102.7, 25.0), Place(9, "3 栋", 102.7, 25.0)]
    assert [(fault.row, fault.field, fault.reason) for fault in faults] == [
        (3, "label", "name_too_long"), (3, "lon", "not_degrees"), (3, "lat", "not_degrees"),
        (4, "label", "text_controls"), (4, "lon", "not_degrees"), (4, "colour", "unknown_field"),
        (5, "label", "not_text"), (5, "lon", "not_degrees"), (5, "lat", "missing"),
        (9, "label", "twice"),
    ]  # fmt: skip


def test_a_list_has_an_end_and_a_beginning() -> None:
    assert read_places([])[1] == [Wrong("places", "missing")]
    rows = [(n, {"label": str(n), "lon": 1.0, "lat": 1.0}) for n in range(MOST_PLACES + 1)]
    assert read_places(rows[1:])[1] == []
    assert [fault.reason for fault in read_places(rows)[1]] == ["too_many_places"]


@pytest.mark.parametrize(
    "table",
    [
        "名称,经度,纬度\n映象 1 栋,102.7,25.1\n",
        "\ufeffLabel;LON;Lat\r\n映象 1 栋;102.7;25.1\r\n",
        "序号\t纬度\t经度\t楼栋\n1\t25.1\t102.7\t映象 1 栋\n",
        "映象 1 栋,102.7,25.1",
        "名称，经度，纬度\n映象 1 栋，１０２．７，25.1°",
        'label,lon,lat\n"映象 1 栋", 102.7, 25.1',
    ],
)
def test_a_table_is_read_as_people_keep_it(table: str) -> None:
    places, faults = read_places(rows_of_table(table))
    assert faults == []
    assert [(place.label, place.lon, place.lat) for place in places] == [("映象 1 栋", 102.7, 25.1)]


def test_rows_of_a_table_keep_the_numbers_of_its_lines() -> None:
    table = 'label,lon,lat\n\n一,102.7,25.1\n二,abc,25.1\n"三,102.7,25.1\n四,102.7\n'
    places, faults = read_places(rows_of_table(table))
    assert [place.row for place in places] == [3]
    assert {(fault.row, fault.field, fault.reason) for fault in faults} == {
        (4, "lon", "not_degrees"),
        (5, "lon", "missing"),
        (5, "lat", "missing"),
        (6, "lat", "missing"),
    }


def test_no_more_rows_are_read_than_a_list_may_have() -> None:
    rows = rows_of_table("\n".join(f"{n},1,1" for n in range(10 * MOST_PLACES)))
    assert [fault.reason for fault in read_places(rows)[1]] == ["too_many_places"]


def test_many_faults_are_counted_and_some_told() -> None:
    refuse([])
    with pytest.raises(InvalidError) as error:
        refuse([Wrong("lon", "missing", "", row) for row in range(MOST_TOLD + 5)])
    assert len(error.value.facts["faults"]) == MOST_TOLD
    assert error.value.facts["count"] == MOST_TOLD + 5 and error.value.facts["fields"] == "lon"
