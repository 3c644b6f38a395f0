"""Indicators against what was played: every count by head, every share by its arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from app import db
from app.cases.store.filters import CaseFilter
from app.evaluation import store
from app.evaluation.rules import COUNTED, INDICATORS, SECONDS, By, Of
from app.postgres import Cluster
from tests import casework
from tests.casework import Casework
from tests.stage import Play, at_the_hour, hour

pytestmark = pytest.mark.db

ZONE = "Asia/Shanghai"


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


def _dispatched(play: Play) -> int:
    case = play.report("supervisor", "C01", "2026-03-10 09:00")
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
