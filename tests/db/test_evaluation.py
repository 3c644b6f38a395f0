"""Indicators against what was played: every count by head, every share by its arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from app import db
from app.cases.store import log
from app.cases.store.filters import CaseFilter
from app.evaluation import store
from app.evaluation.rules import COUNTED, INDICATORS, SECONDS, By, Of
from app.evaluation.store.grouped import add, grouped, none
from app.postgres import Cluster
from tests import casework
from tests.casework import Casework
from tests.stage import Play, at_the_hour, hour

pytestmark = pytest.mark.db

ZONE = "Asia/Shanghai"
WRITTEN_NOW = log.RECORD


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        yield made


@pytest.fixture
def play(work: Casework, monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    """A morning in March: one case handled in time, one late, one late and open, one returned, one declined."""
    at_the_hour(monkeypatch)
    with db.engine(work.url).connect() as connection:
        outer = connection.begin()
        play = Play(connection, work)
        for end in ("2026-03-10 11:00", "2026-03-11 11:00"):
            case = _dispatched(play)
            play.move("sanitation", case, "acknowledge", "2026-03-10 09:30")
            play.move("sanitation", case, "give_feedback", end, evidence=True)
            play.move("officer2", case, "verify_pass", end, evidence=True)
            play.move("operator", case, "close", end, closing_condition=True)
            play.move("operator", case, "call_back", end, solved=True, satisfied=end.endswith("10 11:00"))
        _dispatched(play)
        returned = _dispatched(play)
        play.move("sanitation", returned, "send_back", "2026-03-10 09:40", reason="x")
        play.move("operator", returned, "refuse_return", "2026-03-10 09:50", opinion="x")
        declined = play.report("resident", "C01", "2026-03-10 09:00")
        play.move("station", declined, "decline", "2026-03-10 09:10", reason="x")
        yield play
        outer.rollback()


def _dispatched(play: Play, when: str = "2026-03-10 09:00") -> int:
    case = play.report("supervisor", "C01", when)
    play.move(
        "operator", case, "accept_register_dispatch", condition="C01", unit=play.work.unit("sanitation")
    )
    return case


def rows(play: Play, of: Of, since: str, until: str) -> dict[str, Mapping[str, int]]:
    asked = store.Question(1, of, hour(since), hour(until), hour("2026-11-26 10:00"))
    return {row.key: row.counts for row in store.counted(play.connection, asked, limit=99)}


def test_a_period_counted_by_head(play: Play) -> None:
    (found,) = rows(play, Of.DISTRICT, "2026-03-10 00:00", "2026-03-13 00:00").values()
    expected = {
        "reported": 5, "by_patrol": 4, "well_founded": 4, "registered": 4, "registered_in_time": 4,
        "registered_rightly": 4, "declined": 1, "dispatched": 4, "dispatched_in_time": 4, "dispatched_rightly": 4,
        "handled": 2, "handled_in_time": 1, "handled_late": 1, "late_open": 2, "checked": 2, "checked_in_time": 2,
        "passed": 2, "closed": 2, "closed_in_time": 1, "closed_late": 1, "returned": 1, "returns_refused": 1,
        "asked_satisfied": 2, "satisfied": 1,
    }  # fmt: skip
    assert {name: found[name] for name in COUNTED} == dict.fromkeys(COUNTED, 0) | expected
    assert found[SECONDS] == 2 * 3600 + 26 * 3600, "from nine to eleven, and to eleven the next day"
    shares = {i.code: i.value(found) for i in INDICATORS}
    assert shares["on_time_handling_rate"] == pytest.approx(1 / 4), "open and late stands below the line"
    assert shares["closure_rate"] == 1 and shares["late_closure_rate"] == pytest.approx(1 / 2)
    assert shares["handling_rate"] == pytest.approx(1 / 2) and shares["rework_rate"] == 0
    assert shares["reopening_rate"] == 0 and shares["satisfaction_rate"] == pytest.approx(1 / 2)


def test_what_was_taken_back_was_never_made(play: Play) -> None:
    before = rows(play, Of.DISTRICT, "2026-03-10 00:00", "2026-03-13 00:00")["district"]
    case = _dispatched(play, "2026-03-10 15:00")
    play.move("operator", case, "undo", "2026-03-10 15:01")
    after = rows(play, Of.DISTRICT, "2026-03-10 00:00", "2026-03-13 00:00")["district"]
    more = {name: after[name] - before[name] for name in COUNTED if after[name] != before[name]}
    assert more.pop("undispatched_late") == 1, "registered and with nobody, for two days"
    assert set(more) == {"reported", "by_patrol", "well_founded", "registered", "registered_in_time",
                         "registered_rightly"}  # fmt: skip


def test_whoever_writes_it_down_later_improves_no_deadline(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = _dispatched(play, "2026-03-16 09:00")
    play.move("sanitation", case, "acknowledge", "2026-03-16 09:30")
    monkeypatch.setattr(log, "RECORD", WRITTEN_NOW)
    play.move("sanitation", case, "give_feedback", "2026-03-16 09:40", evidence=True)
    day = Of.DISTRICT, hour("2026-03-16 00:00"), hour("2026-03-17 00:00")
    found = {
        known: store.counted(play.connection, store.Question(1, *day, known), limit=9)[0].counts
        for known in (hour("2026-03-17 08:00"), datetime.now(UTC) + timedelta(minutes=1))
    }
    then, now = found.values()
    assert (then["handled"], then["late_open"]) == (0, 3), "as far as anybody knew, one more than before"
    assert (now["handled"], now["handled_late"], now["late_open"]) == (1, 1, 2), "done that day, and late"


def test_a_wrong_dispatch_is_known_by_the_return_that_is_upheld(play: Play) -> None:
    case = _dispatched(play, "2026-03-17 09:00")
    play.move("sanitation", case, "send_back", "2026-03-17 09:10", reason="不属本单位")
    asked = (Of.DISTRICT, "2026-03-17 00:00", "2026-03-18 00:00")
    assert rows(play, *asked)["district"]["dispatched_rightly"] == 1
    play.move("operator", case, "uphold_return", "2026-03-18 09:20", opinion="属实")
    found = rows(play, *asked)["district"]
    assert (found["dispatched"], found["dispatched_rightly"], found["returned"]) == (1, 0, 1)
    assert rows(play, Of.UNIT, *asked[1:])["sanitation"]["returned"] == 1


def test_as_it_stood_when_the_period_ended(play: Play) -> None:
    (found,) = rows(play, Of.DISTRICT, "2026-03-10 00:00", "2026-03-10 12:00").values()
    assert (found["handled"], found["late_open"]) == (1, 0), "not yet late at noon"
    (found,) = rows(play, Of.DISTRICT, "2026-03-10 12:00", "2026-03-11 00:00").values()
    assert (found["handled"], found["late_open"]) == (0, 3), (
        "three were with the unit, past their time, at midnight"
    )


def test_by_unit_and_by_area(play: Play) -> None:
    units = rows(play, Of.UNIT, "2026-03-10 00:00", "2026-03-13 00:00")
    assert units["sanitation"]["handled"] == 2 and units["sanitation"]["late_open"] == 2
    areas = rows(play, Of.AREA, "2026-03-10 00:00", "2026-03-13 00:00")
    assert set(areas) == {casework.SUBDISTRICT} and areas[casework.SUBDISTRICT]["reported"] == 5


@pytest.mark.parametrize("by", list(By))
def test_every_key_adds_up_to_all_cases(play: Play, by: By) -> None:
    wanted = CaseFilter(now=hour("2026-03-12 10:00"), states="all")
    found = store.counts(play.connection, 1, wanted, by, level="subdistrict", zone=ZONE, limit=999)
    every = play.value("SELECT count(*) FROM cases")
    outside = play.value(
        "SELECT count(*) FROM cases c JOIN areas a ON a.id = c.area_id WHERE a.level = 'district'"
    )
    assert sum(row["cases"] for row in found) == every - (outside if by is By.AREA else 0)
    assert sum(row["open"] for row in found) > 0


def test_marks_of_time(play: Play) -> None:
    wanted = CaseFilter(now=hour("2026-03-10 12:30"), states="open", since=hour("2026-03-10 00:00"),
                        until=hour("2026-03-11 00:00"))  # fmt: skip
    found = {row["key"]: row["cases"] for row in store.counts(
        play.connection, 1, wanted, By.MARK, level="subdistrict", zone=ZONE, limit=9)}  # fmt: skip
    assert found == {"near": 2}, "a quarter of four working hours is left, over noon"


def test_everybody_counts_what_they_see(work: Casework) -> None:
    work.report("supervisor")
    mine = (
        work.client("operator").get("/api/v1/evaluation/counts?by=area&level=community&state=all").get_json()
    )
    assert mine["items"] and all(row["key"].startswith(casework.SUBDISTRICT) for row in mine["items"])
    other = work.client("neighbour").get("/api/v1/evaluation/period?of=area").get_json()
    assert all(row["key"].startswith(casework.ELSEWHERE) for row in other["items"])
    answer = work.client("operator").get("/api/v1/evaluation/period?from=2026-03-02&to=2026-03-01")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "period_unusable")


def test_all_at_once_is_what_is_counted_one_by_one(play: Play) -> None:
    """One pass over the log, grouped, gives the counts of the district, of each area and of each unit."""
    since, until = "2026-03-10 00:00", "2026-03-13 00:00"
    asked = store.Question(1, Of.DISTRICT, hour(since), hour(until), hour("2026-11-26 10:00"))
    found = grouped(play.connection, asked, ZONE)
    assert found.whole == rows(play, Of.DISTRICT, since, until)["district"]
    numbers = play.connection.execute(
        text("SELECT no, last_no, code FROM area_numbers WHERE level = 'community'")
    )
    by_area = {row.code: found.within(row.no, row.last_no) for row in numbers}
    expected = {
        row.key: row.counts
        for row in store.counted(play.connection, replace(asked, of=Of.AREA, level="community"), limit=99)
    }
    assert {code: counts for code, counts in by_area.items() if any(counts.values())} == expected
    codes = {row.id: row.code for row in play.connection.execute(text("SELECT id, code FROM units"))}
    by_unit = {codes[one]: counts for one, counts in found.units.items() if one is not None}
    assert by_unit == rows(play, Of.UNIT, since, until)
    for groups in (found.places, found.days, found.categories, found.units):
        total = none()
        for counts in groups.values():
            add(total, counts)
        assert total == found.whole
    assert found.days[date(2026, 3, 10)]["reported"] == 5
    own = grouped(
        play.connection, asked, ZONE, unit_id=next(one for one, code in codes.items() if code == "sanitation")
    )
    assert own.whole == by_unit["sanitation"]
