"""Fifteen stories 演练 (invented): each drives the real rules, log and clocks by the hours of its own days."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from app import db
from app.campaigns import store
from app.campaigns.service import looking, opening, visiting
from app.cases.rules.clocks import Lamp
from app.cases.rules.deciding import MoveError
from app.cases.rules.timing import Stage
from app.cases.service import repeats
from app.cases.store import log, reported, story
from app.db import ACT
from app.errors import ConflictError, InvalidError
from app.postgres import Cluster
from tests import casework, town
from tests.casework import Casework
from tests.stage import KUNMING, Play, at_the_hour

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        yield made


@pytest.fixture
def play(work: Casework, monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    at_the_hour(monkeypatch)
    with db.engine(work.url).connect() as connection:
        outer = connection.begin()
        yield Play(connection, work)
        outer.rollback()


def refused(play: Play, who: str, case: int, move: str, **given: object) -> str:
    with pytest.raises(MoveError) as error, play.connection.begin_nested():
        play.move(who, case, move, **given)
    return error.value.reason.value


def test_01_the_broken_lane_waits_for_money_and_is_thanked_for(play: Play) -> None:
    case = play.report("officer", "C39", "2026-03-10 09:20")
    assert play.value("SELECT loop FROM cases WHERE id = :c", c=case) == "community"
    play.move("station", case, "register", "2026-03-10 09:30", condition="C39")
    play.move("station", case, "dispatch", unit=play.work.unit("sanitation"))
    assert play.due(case) == "2026-03-31 09:30", "15 working days"
    play.move("sanitation", case, "acknowledge", "2026-03-10 10:00")
    play.move(
        "sanitation", case, "request_suspension", "2026-03-12 10:00",
        reason="待资金", interim="铺设垫板", evidence=True, review_on="2026-04-10",
    )  # fmt: skip
    assert refused(play, "sanitation", case, "give_feedback", evidence=True) == "already_asked"
    play.move("head", case, "grant_suspension", "2026-03-12 11:00")
    assert play.due(case) == "", "a clock that stands has no due time"
    play.move("head", case, "resume", "2026-04-10 09:00", reason="三方出资已到位")
    play.move("sanitation", case, "give_feedback", "2026-04-15 16:00", evidence=True)
    play.move("officer2", case, "verify_pass", "2026-04-16 09:00", evidence=True, opinion="居民签认")
    play.move("station", case, "close", "2026-04-16 10:00", closing_condition=True)
    play.move("station", case, "call_back", "2026-04-17 10:00", solved=True, satisfied=True)
    reading = play.reading(case, Stage.HANDLING)
    assert not reading.overdue and {part.whose.split(":")[0] for part in reading.segments} == {"unit"}


def test_02_the_same_stall_three_evenings_running(play: Play) -> None:
    cases = []
    for day in ("2026-05-11", "2026-05-12", "2026-05-13"):
        case = play.report("officer", "C23", f"{day} 18:40")
        play.move("officer", case, "self_handle", condition="C23", before=True, after=True)
        cases.append(case)
    near = story.similar(play.connection, cases[2], metres=50, days=7, limit=9)
    assert {row["id"] for row in near} == set(cases[:2])
    assert [repeats.tie(play.connection, case) for case in (*cases, cases[2])] == [
        None,
        None,
        cases[0],
        cases[0],
    ]
    assert play.value("SELECT other_id FROM case_links WHERE case_id = :c", c=cases[2]) == cases[0]
    assert play.log(cases[2])[-1] == "link_root" and play.log(cases[2]).count("link_root") == 1
    assert refused(play, "officer", cases[0], "verify_pass", evidence=True) == "own_handling"


def test_03_five_calls_one_burst_pipe_at_night(play: Play) -> None:
    first = play.report("duty", "C50", "2026-11-20 23:10", source="hotline_12345")
    others = [play.report("duty", "C50", f"2026-11-20 23:1{n}") for n in range(2, 6)]
    play.move("duty", first, "register", "2026-11-20 23:10", condition="C50")
    play.move("duty", first, "dispatch", unit=play.work.unit("drainage"))
    assert play.due(first) == "2026-11-21 01:10", "先控 2 急时 runs at night"
    for other in others:
        play.move("duty", other, "merge", "2026-11-20 23:20", into=first)
    merged = play.value(
        "SELECT count(*) FROM case_links WHERE other_id = :c AND kind = 'merged_into'", c=first
    )
    assert merged == 4
    play.move("drains", first, "acknowledge", "2026-11-20 23:18")
    play.move("drains", first, "control", "2026-11-21 00:40", evidence=True)
    assert play.due(first) == "2026-11-22 23:10", "两日 for the repair"
    assert not play.reading(first, Stage.CONTROL).overdue
    assert not play.reading(first, Stage.ACKNOWLEDGEMENT).overdue, "特急: within ten minutes"


def test_04_whose_lid_is_it(play: Play) -> None:
    case = play.report("supervisor", "C35", "2026-06-01 09:00")
    play.move("operator", case, "register", condition="C35")
    for n, (code, who) in enumerate((("sanitation", "sanitation"), ("urban_management", "bureau"))):
        play.move("operator", case, "dispatch", f"2026-06-01 1{n}:00", unit=play.work.unit(code))
        play.move(who, case, "send_back", f"2026-06-01 1{n}:20", reason="不属本单位职责")
        assert refused(play, who, case, "send_back", reason="again") == "already_asked"
        play.move("operator", case, "uphold_return", f"2026-06-01 1{n}:30", opinion="确实")
    assert play.value("SELECT stand ->> 'returns' FROM cases WHERE id = :c", c=case) == "2"
    play.move(
        "head", case, "adjudicate", "2026-06-01 14:00", unit=play.work.unit("drainage"), reason="现场确权"
    )
    assert refused(play, "drains", case, "send_back", reason="x") == "too_often"
    assert play.due(case) == "2026-06-04 12:00", (
        "three working days from the ruling: the time before is given back"
    )


def test_04b_an_unjustified_return_costs_whoever_sent_it(play: Play) -> None:
    case = play.report("supervisor", "C01", "2026-06-01 09:00")
    play.move(
        "operator", case, "accept_register_dispatch", condition="C01", unit=play.work.unit("sanitation")
    )
    due = play.due(case)
    play.move("sanitation", case, "send_back", "2026-06-01 09:30", reason="地址不清")
    play.move("operator", case, "refuse_return", "2026-06-01 10:30", opinion="地址清楚")
    assert play.due(case) == due == "2026-06-01 15:00"


def test_06_an_old_neighbour_does_not_answer(play: Play) -> None:
    case = play.report("officer", "M01", "2026-07-06 10:05")
    play.move("station", case, "register", "2026-07-06 10:07", condition="M01")
    play.move("station", case, "dispatch", "2026-07-06 10:08", unit=play.work.unit("sanitation"))
    assert play.due(case) == "2026-07-06 11:08"
    play.move("sanitation", case, "acknowledge", "2026-07-06 10:10", crew=play.work.account("crew"))
    play.move("crew", case, "give_feedback", "2026-07-06 10:50", evidence=True, opinion="已送医")
    play.move("officer2", case, "verify_pass", "2026-07-06 10:58", evidence=True)
    play.move("station", case, "close", "2026-07-06 11:00", closing_condition=True)
    assert all(clock.read(play.at).lamp is Lamp.GREY for clock in play.clocks(case))
    assert not any(clock.read(play.at).overdue for clock in play.clocks(case))


def test_07_found_within_twenty_two_minutes(play: Play) -> None:
    case = play.report("officer", "Z10", "2026-07-07 15:00", source="resident_code")
    play.move("station", case, "register", condition="Z10")
    play.move("station", case, "dispatch", unit=play.work.unit("sanitation"))
    play.move("sanitation", case, "acknowledge", "2026-07-07 15:03")
    play.move("sanitation", case, "give_feedback", "2026-07-07 15:18", evidence=True)
    play.move("officer", case, "verify_pass", "2026-07-07 15:20", evidence=True)
    told = play.move("station", case, "close", "2026-07-07 15:22", closing_condition=True)
    assert told["state"] == "closed"


def test_08_from_a_question_to_eleven_unpaid_workers(play: Play) -> None:
    case = play.report("officer", "M17", "2026-08-03 09:00")
    play.move("station", case, "register", condition="M17")
    play.move("station", case, "reclassify", condition="Z03", reason="反映欠薪")
    play.move("station", case, "escalate", "2026-08-03 10:00", reason="须由街道办理")
    play.move("operator", case, "reclassify", condition="Z04", reason="11 人共同反映")
    play.move("operator", case, "escalate", "2026-08-03 10:30", reason="10 人以上，区级接谈")
    assert play.value("SELECT loop FROM cases WHERE id = :c", c=case) == "district"
    assert refused(play, "duty", case, "escalate", reason="x") == "highest_loop"
    play.move("dispatcher", case, "dispatch", "2026-08-03 10:40", unit=play.work.unit("urban_management"))
    assert play.due(case) == "2026-08-03 12:40", "先控 2 急时"


def test_09_gas_first_by_telephone_then_filed(play: Play) -> None:
    case = play.report("duty", "A11", "2026-10-04 21:40")
    play.move(
        "duty", case, "phone_order", "2026-10-04 21:45", unit=play.work.unit("drainage"), condition="A11",
        ordered_at="2026-10-04T21:32:00+08:00",
    )  # fmt: skip
    assert play.due(case) == "2026-10-04 22:32", "from when they were told, through the holiday"
    for when, final in (("21:50", None), ("22:10", None), ("23:00", True)):
        play.move("duty", case, "reply_source", f"2026-10-04 {when}", opinion="报告", final=final)
    assert play.log(case).count("reply_source") == 3
    with pytest.raises(InvalidError, match="not_in_the_last_week"), play.connection.begin_nested():
        other = play.report("duty", "A11")
        play.move("duty", other, "phone_order", unit=play.work.unit("drainage"), condition="A11",
                  ordered_at="2026-10-05T09:00:00+08:00")  # fmt: skip


def test_10_no_campaign_without_its_number(play: Play) -> None:
    case = play.report("inspector", "A02", "2026-09-01 09:00")
    play.move("acceptor", case, "register", condition="A02")
    play.move("duty", case, "delegate", reason="专项")
    assert refused(play, "head", case, "delegate", reason="专项") == "not_admitted"
    play.move("head", case, "delegate", reason="专项", admission="准入-2026-09")


def test_10b_sixty_stairwells_are_one_task(play: Play) -> None:
    lon, lat = town.centre(casework.AREA)
    play.at = play.value("SELECT now()").astimezone(KUNMING)
    stairwells = [
        {"label": f"映象社区 {n} 单元", "lon": lon + n % 10 * 0.0003, "lat": lat + n // 10 * 0.0003}
        for n in range(60)
    ]
    task = {
        "name": "楼道电动车充电", "category": "A01", "area": casework.COMMUNITY, "places": stairwells,
        "first_on": str(play.at.date() - timedelta(days=13)), "last_on": str(play.at.date()),
    }  # fmt: skip
    admitted = {**task, "admission": "准入-2026-09"}
    campaign = opening.open_campaign(play.connection, 1, play.act("bureau"), admitted, uuid.uuid4())
    with pytest.raises(ConflictError, match="not_admitted"):
        opening.open_campaign(play.connection, 1, play.act("drains"), task, uuid.uuid4())
    assert play.value("SELECT count(*) FROM campaigns") == 1, "the second department is refused at the door"
    assert store.places(play.connection, campaign, after=0, limit=60) == [], (
        "nor does it see the other's places"
    )
    officer, found = play.act("officer"), []
    for n, place in enumerate(store.places(play.connection, campaign, after=0, limit=60)):
        said = {"outcome": "found", "description": "飞线充电"} if n < 41 else {"outcome": "clear"}
        told = visiting.visit(play.connection, officer, campaign, place["id"], said, uuid.uuid4())
        found += [told["case_id"]] if told["case_id"] else []
    for case in found[:38]:
        play.move("officer", case, "self_handle", condition="A01", before=True, after=True)
    for case in found[38:]:
        play.move("station", case, "register", condition="A01")
        play.move("station", case, "dispatch", unit=play.work.unit("sanitation"))
    play.act("bureau")
    told = looking.one(play.connection, campaign)
    assert told["counts"] == {
        "places": 60, "visited": 60, "clear": 19, "found": 41, "on_the_spot": 38, "handed_on": 3,
    }  # fmt: skip
    assert (told["state"], told["days_left"], told["case_ids"]) == ("open", 1, found)
    shown = store.places(play.connection, campaign, after=0, limit=60)
    states = [place["state"] for place in shown]
    assert states == ["on_the_spot"] * 38 + ["handed_on"] * 3 + ["clear"] * 19, "the coverage, place by place"
    pictures = [(place["before_id"], place["after_id"]) for place in shown]
    assert all(before and after for before, after in pictures[:38]) and not any(map(any, pictures[38:]))
    # What was found goes on as any case, with its own log and clock.
    assert play.due(found[38]) != "" and play.log(found[0]) == ["report", "self_handle"]


def test_11_smoke_that_was_none_closes_honestly(play: Play) -> None:
    case = play.report("officer", "A21", "2026-01-14 14:12")
    play.move(
        "acceptor", case, "request_confirmation", "2026-01-14 14:13", confirmer=play.work.account("officer2")
    )
    assert play.reading(case, Stage.ACCEPTANCE).paused
    play.move("officer2", case, "confirm_false", "2026-01-14 14:30", reason="农户炊烟")
    told = play.move("acceptor", case, "decline", "2026-01-14 14:32", reason="现场未发现")
    assert told["state"] == "declined"
    assert not any(clock.read(play.at).overdue for clock in play.clocks(case))


def test_11b_sent_up_while_somebody_looks(play: Play) -> None:
    case = play.report("officer", "C01", "2026-01-14 14:12")
    play.move(
        "station", case, "request_confirmation", "2026-01-14 14:13", confirmer=play.work.account("officer2")
    )
    play.move("station", case, "escalate", "2026-01-14 14:20", reason="跨社区")
    assert play.reading(case, Stage.ACCEPTANCE).paused
    play.move("officer2", case, "confirm_true", "2026-01-14 14:30", evidence=True)
    assert not play.reading(case, Stage.ACCEPTANCE).paused


def test_12_grey_water_one_lead_two_helpers_one_deadline(play: Play) -> None:
    case = play.report("inspector", "C14", "2026-02-03 10:00")
    units = [play.work.unit(code) for code in ("urban_management", "sanitation", "drainage")]
    play.move("acceptor", case, "register", condition="C14")
    play.move("dispatcher", case, "dispatch", unit=units[0], co_units=units[1:])
    due = play.due(case)
    assert due == "2026-02-03 12:00", "先控 2 急时"
    assert refused(play, "neighbour", case, "co_feedback", opinion="x") in {"wrong_unit", "wrong_seat"}
    play.move("sanitation", case, "co_feedback", "2026-02-03 10:30", opinion="已打捞")
    play.move("drains", case, "co_feedback", "2026-02-03 10:40", opinion="已封堵")
    assert play.due(case) == due, "one deadline, whoever helps"
    play.move("bureau", case, "acknowledge", "2026-02-03 10:08")
    play.move("bureau", case, "control", "2026-02-03 11:00", evidence=True)
    assert play.due(case) == "2026-02-10 10:00", "five working days"
    assert play.move("bureau", case, "give_feedback", "2026-02-09 10:00", evidence=True)["state"] == "handled"


def test_13_sent_twice_recorded_once_and_how_far_away_it_was_taken(play: Play) -> None:
    lon, lat = town.centre(casework.AREA)
    picture = play.file("officer", (lon, lat + 38 / 111_000))
    case = play.report("officer", "C59", "2026-08-15 10:00", files=[picture])
    (shown,) = story.files(play.connection, case, limit=9)
    assert 36 < shown["distance_m"] < 40


def test_14_mushrooms_on_a_market_and_three_ill_elsewhere(play: Play) -> None:
    market = play.report("supervisor", "A27", "2026-07-18 08:30")
    ill = play.report("acceptor", "A28", "2026-07-20 09:00", place=town.centre(town.cell(3, 3)))
    assert play.value("SELECT loop FROM cases WHERE id = :c", c=ill) == "district"
    play.move("acceptor", ill, "link_root", root=market)
    play.move("duty", ill, "register", condition="A28")
    assert play.value("SELECT facts ->> 'risk' FROM case_transitions WHERE case_id = :c AND move = 'register'",
                      c=ill) == "severe"  # fmt: skip


def test_15_filed_before_the_holiday(play: Play) -> None:
    case = play.report("supervisor", "C06", "2026-09-30 16:00")
    play.move(
        "operator", case, "accept_register_dispatch", condition="C06", unit=play.work.unit("sanitation")
    )
    assert play.due(case) == "2026-10-08 16:00", "one working day over National Day"
    due = play.reading(case, Stage.HANDLING).due
    assert due is not None and not due.provisional
    assert [str(step.on) for step in due.steps if step.used] == ["2026-09-30", "2026-10-08", "2026-10-08"]
    assert len(due.steps) >= 9, "each day of the holiday is a line"
    twin = play.report("supervisor", "C04", "2026-09-30 16:00")
    play.move(
        "duty", twin, "accept_register_dispatch", condition="C04", unit=play.work.unit("urban_management")
    )
    assert play.due(twin) == "2026-09-30 18:00", "急时 run through"
    play.move("sanitation", case, "acknowledge", "2026-09-30 16:10")


def test_15b_an_extension_asked_in_time(play: Play) -> None:
    case = play.report("supervisor", "C06", "2026-09-30 16:00")
    play.move(
        "operator", case, "accept_register_dispatch", condition="C06", unit=play.work.unit("sanitation")
    )
    play.move("sanitation", case, "acknowledge", "2026-09-30 16:10")
    play.move("sanitation", case, "request_extension", "2026-09-30 17:00", reason="需采购配件", amount="0.5")
    play.move("head", case, "grant_extension", "2026-10-08 15:59")
    assert play.due(case) == "2026-10-09 10:00", "half a working day more"


def test_15c_asked_fifteen_minutes_before_it_is_due(play: Play) -> None:
    case = play.report("supervisor", "C06", "2026-09-30 16:00")
    play.move(
        "operator", case, "accept_register_dispatch", condition="C06", unit=play.work.unit("sanitation")
    )
    play.move("sanitation", case, "acknowledge", "2026-09-30 16:10")
    play.at = play.at.replace(year=2026, month=10, day=8, hour=15, minute=45)
    assert refused(play, "sanitation", case, "request_extension", reason="x", amount="0.5") == "too_late"


def test_05_a_lead_is_kept_by_those_who_follow_it(play: Play) -> None:
    reported.restrict(play.connection, 1, ["Z07"])
    lon, lat = town.centre(casework.AREA)
    case = play.report(
        "officer", "Z07", "2026-04-20 22:00", description="夜里常有车辆往来", place=(lon + 0.001, lat)
    )
    row = play.connection.execute(
        text("SELECT description, address, ST_X(geom) AS lon, cell_id FROM cases WHERE id = :c"), {"c": case}
    ).one()
    assert row.description is None and row.cell_id is not None and abs(row.lon - lon - 0.001) > 1e-6
    seen = {}
    for who in ("officer", "officer2", "head", "duty", "bureau"):
        actor = play.act(who)
        play.connection.execute(ACT, actor.settings)
        rows = story.log(play.connection, case, after=0, limit=9)
        seen[who] = [r["given"].get("description") for r in rows]
        play.connection.execute(text("RESET ROLE"))
    assert seen["officer"] == seen["duty"] == ["夜里常有车辆往来"]
    assert seen["officer2"] == seen["head"] == [None], "that it is there, and no more"
    assert seen["bureau"] == []
    kept = play.value("SELECT body FROM case_remarks WHERE case_id = :c AND field = 'kept_place'", c=case)
    assert kept == f"{lon + 0.001:.6f}, {lat:.6f}"


def test_a_clock_that_was_set_back_turns_nothing_round(play: Play) -> None:
    case = play.report("supervisor", "C01", "2026-06-01 09:00")
    play.move("operator", case, "register", "2026-06-01 09:05", condition="C01")
    play.move("operator", case, "dispatch", "2026-06-01 08:30", unit=play.work.unit("sanitation"))
    times = [row.at for row in log.rows(play.connection, case)]
    assert times == sorted(times) and times[-1] == times[-2], "never before the move before it"
    assert play.due(case) == "2026-06-01 15:05"
