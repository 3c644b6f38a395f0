"""Cases moved by people of every seat, through the doors, against the real database."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.cases.rules.folding import LoggedMove, fold, from_stand
from app.db import ACT, Actor, transaction
from app.postgres import Cluster
from tests import casework
from tests.casework import Casework

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        yield made


def through(work: Casework) -> int:
    """A case of the subdistrict that has been closed."""
    case = int(work.report("supervisor")["case_id"])
    work.move("operator", case, "accept")
    work.move("operator", case, "register", condition="C01")
    work.move("operator", case, "dispatch", unit=work.unit("sanitation"))
    work.move("sanitation", case, "acknowledge", crew=work.account("crew"))
    work.move("crew", case, "give_feedback", evidence=[work.file("crew")], opinion="已清运")
    work.move("officer", case, "verify_pass", evidence=[work.file("officer")])
    told = work.move("operator", case, "close", 400, closing_condition=False)
    assert told["faults"] == [{"field": "closing_condition", "reason": "not_met", "value": ""}]
    told = work.move("operator", case, "close", closing_condition=True)
    assert told["state"] == "closed" and told["version"] == 8
    return case


def folded(work: Casework, case: int) -> None:
    """The row is what its log gives, and the chain holds."""
    with transaction(work.url, read_only=True) as connection:
        rows = connection.execute(
            text("SELECT * FROM case_transitions WHERE case_id = :case ORDER BY version"), {"case": case}
        ).all()
        row = connection.execute(text("SELECT * FROM cases WHERE id = :case"), {"case": case}).one()
        broken = connection.execute(
            text("SELECT count(*) FROM case_transitions t WHERE hash <> transition_hash(t)")
        ).scalar()
    log = [LoggedMove(r.move, r.account_id, {**r.given, **r.facts}, r.at) for r in rows]
    now = from_stand(
        {"state": row.state, "loop": row.loop, "version": row.version, "unit": row.unit_id}, row.stand
    )
    assert fold(log) == now
    assert broken == 0


def test_all_six_steps_by_seven_people(work: Casework) -> None:
    case = through(work)
    folded(work, case)
    assert work.scalar("SELECT number FROM cases WHERE id = :case", case=case).startswith("玩-")
    log = work.client("operator").get(f"/api/v1/cases/{case}/log").get_json()["items"]
    assert [row["move"] for row in log] == [
        "report", "accept", "register", "dispatch", "acknowledge", "give_feedback", "verify_pass", "close",
    ]  # fmt: skip
    assert log[5]["given"]["opinion"] == "已清运"
    assert log[0]["given"]["description"] == "垃圾成堆"
    clocks = work.client("operator").get(f"/api/v1/cases/{case}/clocks").get_json()["items"]
    assert [clock["stage"] for clock in clocks] == [
        "acceptance", "dispatch", "acknowledgement", "handling", "check",
    ]  # fmt: skip
    assert all(clock["ended_at"] for clock in clocks)


def test_the_log_holds_no_word_of_what_was_written(work: Casework) -> None:
    case = through(work)
    written = work.scalar(
        "SELECT string_agg(given::text || facts::text, ' ') FROM case_transitions WHERE case_id = :case",
        case=case,
    )
    assert "垃圾" not in written and "清运" not in written and "sha256" in written


def test_a_stale_version_is_told_what_has_happened(work: Casework) -> None:
    case = int(work.report("supervisor")["case_id"])
    work.move("operator", case, "accept")
    told = work.move("operator", case, "register", 409, version=1, condition="C01")
    assert told["code"] == "case_changed" and [s["move"] for s in told["since"]] == ["accept"]
    assert work.version(case) == 2


def test_the_same_request_twice_is_one_move_and_one_answer(work: Casework) -> None:
    case = int(work.report("supervisor")["case_id"])
    key = str(uuid.uuid4())
    first = work.move("operator", case, "register", client_id=key, condition="C01")
    work.move("operator", case, "dispatch", unit=work.unit("sanitation"))
    again = work.move("operator", case, "register", client_id=key, version=1, condition="C01")
    assert again == first
    assert work.version(case) == 3
    assert (
        work.move("head", case, "register", 409, client_id=key, condition="C01")["code"] == "client_id_used"
    )


def test_a_report_sent_twice_is_one_case(work: Casework) -> None:
    key = str(uuid.uuid4())
    first, again = work.report("officer", client_id=key), work.report("officer", client_id=key)
    assert first == again
    assert work.report("officer2", 409, client_id=key)["code"] == "client_id_used"


def test_one_key_for_three_steps(work: Casework) -> None:
    case = int(work.report("supervisor")["case_id"])
    told = work.move(
        "operator", case, "accept_register_dispatch", condition="C01", unit=work.unit("sanitation")
    )
    assert (told["state"], told["version"]) == ("dispatched", 4)
    folded(work, case)


def test_all_faults_at_once_and_nothing_changed(work: Casework) -> None:
    case = int(work.report("supervisor")["case_id"])
    told = work.move(
        "operator",
        case,
        "accept_register_dispatch",
        400,
        condition="nix",
        colour="red",
        opinion="x" * 100_000,
    )
    assert work.version(case) == 1
    assert {(f["field"], f["reason"]) for f in told["faults"]} >= {("condition", "unknown")}
    told = work.move("operator", case, "decline", 400, opinion="a\x00b", colour="red")
    assert {(f["field"], f["reason"]) for f in told["faults"]} == {
        ("opinion", "text_controls"), ("colour", "unknown_field"), ("reason", "missing"),
    }  # fmt: skip


def test_a_report_names_all_its_faults(work: Casework) -> None:
    told = work.report(
        "officer", 400, category="ZZ", position={"lon": 100, "lat": 20}, source="moon", contact={"phone": "12"},
        files=[999_999], colour="red",
    )  # fmt: skip
    assert {(f["field"], f["reason"]) for f in told["faults"]} == {
        ("category", "unknown"), ("position", "outside_district"), ("source", "unknown"),
        ("contact", "not_phone"), ("files", "unknown"), ("colour", "unknown_field"),
    }  # fmt: skip


def test_rare_characters_are_kept(work: Casework) -> None:
    rare = "𠮷家门口👩‍🔧漏水 ㎡ \u200b𰻞"
    case = int(work.report("officer", description=rare)["case_id"])
    log = work.client("officer").get(f"/api/v1/cases/{case}/log").get_json()["items"]
    assert log[0]["given"]["description"] == rare


def test_somebody_elses_case_is_not_there(work: Casework) -> None:
    case = int(work.report("supervisor")["case_id"])
    for path in ("", "/moves", "/log", "/clocks", "/similar"):
        assert work.client("neighbour").get(f"/api/v1/cases/{case}{path}").status_code == 404, path
    assert work.move("neighbour", case, "accept", 404)["code"] == "case_missing"


def test_what_one_may_do_is_what_is_offered(work: Casework) -> None:
    case = int(work.report("supervisor")["case_id"])
    offered = work.client("operator").get(f"/api/v1/cases/{case}/moves").get_json()["items"]
    moves = {item["move"] for item in offered}
    assert {"accept", "register", "decline", "request_confirmation", "merge", "comment"} <= moves
    assert not {"dispatch", "acknowledge", "close", "void"} & moves
    needs = next(item for item in offered if item["move"] == "register")["needs"]
    assert needs == [{"name": "condition", "kind": "condition"}]


def test_a_returned_case_is_ruled_on(work: Casework) -> None:
    case = int(work.report("supervisor")["case_id"])
    work.move("operator", case, "accept_register_dispatch", condition="C01", unit=work.unit("sanitation"))
    due = work.scalar("SELECT due_at FROM cases WHERE id = :case", case=case)
    work.move("sanitation", case, "send_back", reason="不属本单位职责")
    work.move("operator", case, "refuse_return", opinion="属于")
    assert work.scalar("SELECT due_at FROM cases WHERE id = :case", case=case) == due
    assert work.move("sanitation", case, "send_back", 409, reason="不是")["reason"] == "too_often"
    told = work.move("head", case, "adjudicate", 409, unit=work.unit("urban_management"), reason="裁定")
    assert told["reason"] == "not_returned_twice"
    folded(work, case)


def test_upheld_and_given_to_another_unit(work: Casework) -> None:
    case = int(work.report("supervisor")["case_id"])
    work.move("operator", case, "accept_register_dispatch", condition="C01", unit=work.unit("sanitation"))
    work.move("sanitation", case, "send_back", reason="不属本单位职责")
    work.move("operator", case, "uphold_return", opinion="确实")
    work.move("operator", case, "dispatch", unit=work.unit("urban_management"))
    work.move("bureau", case, "send_back", reason="也不是")
    work.move("operator", case, "uphold_return", opinion="确实")
    work.move("head", case, "adjudicate", unit=work.unit("sanitation"), reason="裁定")
    assert work.move("sanitation", case, "send_back", 409, reason="不是")["reason"] == "too_often"
    clocks = work.client("operator").get(f"/api/v1/cases/{case}/clocks").get_json()["items"]
    handling = [clock for clock in clocks if clock["stage"] == "handling"]
    assert len(handling) == 1, "one clock, whoever has the case"
    counting = [part["counting"] for part in handling[0]["segments"]]
    assert {"credited", "paused"} <= set(counting) and counting.index("credited") == 0
    assert handling[0]["used"] < 0.001
    folded(work, case)


def test_up_and_down_the_loops_and_down_to_a_community_only_with_a_number(work: Casework) -> None:
    case = int(work.report("officer", category="C08")["case_id"])
    assert work.scalar("SELECT loop FROM cases WHERE id = :case", case=case) == "subdistrict", (
        "its category's lowest"
    )
    work.move("operator", case, "register", condition="C08")
    work.move("operator", case, "escalate", reason="跨街道")
    assert work.move("acceptor", case, "escalate", 409, reason="x")["reason"] == "highest_loop"
    work.move("duty", case, "delegate", reason="属地")
    assert work.move("head", case, "delegate", 409, reason="推下去")["reason"] == "not_admitted"
    work.move("head", case, "delegate", reason="已准入", admission="准入-2026-07")
    assert work.move("station", case, "delegate", 409, reason="x")["reason"] == "lowest_loop"
    work.move("station", case, "dispatch", unit=work.unit("sanitation"))
    folded(work, case)


def test_suspended_and_resumed(work: Casework) -> None:
    case = int(work.report("supervisor", category="C57")["case_id"])
    work.move("operator", case, "accept_register_dispatch", condition="C57", unit=work.unit("sanitation"))
    work.move("sanitation", case, "acknowledge")
    told = work.move(
        "sanitation", case, "request_suspension", 400, reason="待种植季", interim="围护", evidence=[],
        review_on="2020-01-01",
    )  # fmt: skip
    assert {(f["field"], f["reason"]) for f in told["faults"]} == {
        ("review_on", "not_within_30_days"), ("evidence", "missing"),
    }  # fmt: skip
    soon = work.scalar("SELECT (current_date + 20)::text")
    work.move("sanitation", case, "request_suspension", reason="待种植季", interim="围护",
              evidence=[work.file("sanitation")], review_on=soon)  # fmt: skip
    assert work.move("head", case, "grant_suspension")["state"] == "suspended"
    assert work.scalar("SELECT due_at FROM cases WHERE id = :case", case=case) is None
    work.move("sanitation", case, "resume", reason="苗木到了")
    assert work.scalar("SELECT due_at FROM cases WHERE id = :case", case=case) is not None
    folded(work, case)


def test_undone_within_two_minutes(work: Casework) -> None:
    case = int(work.report("supervisor")["case_id"])
    before = work.scalar("SELECT due_at FROM cases WHERE id = :case", case=case)
    work.move("operator", case, "decline", reason="未达立案条件")
    assert work.move("head", case, "undo", 409)["reason"] == "nothing_to_undo"
    assert work.move("operator", case, "undo")["state"] == "reported"
    assert work.scalar("SELECT due_at FROM cases WHERE id = :case", case=case) == before
    folded(work, case)


def test_merged_and_taken_apart_again(work: Casework) -> None:
    first, second = (int(work.report("supervisor")["case_id"]) for _ in "12")
    near = work.client("operator").get(f"/api/v1/cases/{second}/similar").get_json()["items"]
    assert first in {item["id"] for item in near}
    assert work.move("operator", second, "merge", 400, into=second)["faults"][0]["reason"] == "unknown"
    work.move("operator", second, "merge", into=first)
    assert work.move("operator", second, "unmerge")["state"] == "reported"


def test_split_into_two(work: Casework) -> None:
    case = int(work.report("supervisor")["case_id"])
    work.move("operator", case, "register", condition="C01")
    told = work.move("operator", case, "split", reason="两处垃圾")
    folded(work, told["split_id"])
    assert work.version(told["split_id"]) == 1


def test_a_case_from_elsewhere_begins_its_log_when_it_is_moved(work: Casework) -> None:
    ref = f"ref-{casework.AREA}"
    case = int(work.scalar("SELECT id FROM cases WHERE external_ref = :ref", ref=ref))
    work.move("operator", case, "remind", version=1, opinion="请抓紧")
    folded(work, case)
    log = work.client("operator").get(f"/api/v1/cases/{case}/log").get_json()["items"]
    assert [row["move"] for row in log] == ["imported", "remind"]
    assert work.scalar("SELECT due_at FROM cases WHERE id = :case", case=case) is not None


def test_a_batch_tells_each_by_itself(work: Casework) -> None:
    good, bad = (int(work.report("supervisor")["case_id"]) for _ in "12")
    moves = [
        {"case_id": case, "move": "accept", "version": version, "client_id": str(uuid.uuid4())}
        for case, version in ((good, 1), (bad, 7), (10, 1))
    ]
    results = (
        work.client("operator")
        .post("/api/v1/cases/moves", json={"moves": [*moves, {"x": 1}]})
        .get_json()["results"]
    )
    assert [r["status"] for r in results] == [200, 409, 404, 400]
    assert results[1]["code"] == "case_changed"
    assert [bool(r.get("title")) for r in results] == [False, True, True, True]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases SET state = 'closed'",
        "UPDATE cases SET state = 'closed', version = version + 1",
        "UPDATE case_transitions SET move = 'x'",
        "DELETE FROM case_transitions",
        "DELETE FROM cases",
        "INSERT INTO case_transitions (case_id, version, move, target, loop, area_no, account_id, at)"
        " SELECT id, version + 1, 'close', 'closed', loop, area_no, 1, now() FROM cases LIMIT 1",
        "INSERT INTO case_transitions (case_id, version, move, target, loop, area_no, at, previous, hash)"
        " SELECT id, version + 1, 'close', 'closed', loop, area_no, now(), '', '' FROM cases LIMIT 1",
    ],
)
def test_nobody_changes_a_case_past_its_log(work: Casework, statement: str) -> None:
    whole = work.scalar(
        "SELECT '{' || int8range(no, last_no, '[]') || '}' FROM areas WHERE level = 'district'"
    )
    actor = Actor(work.account("duty"), ("duty_officer",), whole)
    with pytest.raises(DBAPIError), transaction(work.url) as connection:
        connection.execute(ACT, actor.settings)
        connection.execute(text(statement))


@pytest.mark.parametrize("statement", ["UPDATE case_transitions SET move = 'x'", "DELETE FROM case_transitions",
                                       "TRUNCATE case_transitions", "TRUNCATE case_transitions_live"])  # fmt: skip
def test_not_even_the_owner_changes_the_log(work: Casework, statement: str) -> None:
    through(work)
    with pytest.raises(DBAPIError, match="only added to"), transaction(work.url) as connection:
        connection.execute(text(statement))


def test_a_unit_may_check_its_own_work_before_the_desk_hears_of_it(work: Casework) -> None:
    """内部核验: handed in by the crew, sent back once, then passed."""
    switch = text("UPDATE units SET inner_check = :on WHERE id = :unit")
    unit = work.unit("sanitation")
    with transaction(work.url) as connection:
        connection.execute(switch, {"on": True, "unit": unit})
    case = int(work.report("supervisor")["case_id"])
    work.move("operator", case, "accept")
    work.move("operator", case, "register", condition="C01")
    work.move("operator", case, "dispatch", unit=unit)
    work.move("sanitation", case, "acknowledge", crew=work.account("crew"))
    told = work.move("crew", case, "give_feedback", 409, evidence=[work.file("crew")])
    assert told["code"] == "move_checked_inside"
    work.move("crew", case, "submit_inside", evidence=[work.file("crew")], opinion="已清运")
    work.move("sanitation", case, "fail_inside", reason="还有积水")
    told = work.move("sanitation", case, "pass_inside", 409)
    assert told["code"] == "move_not_asked"
    work.move("crew", case, "submit_inside", evidence=[work.file("crew")])
    told = work.move("sanitation", case, "pass_inside", opinion="看过")
    assert told["state"] == "handled"
    with transaction(work.url) as connection:
        connection.execute(switch, {"on": False, "unit": unit})
    folded(work, case)


def test_an_id_that_is_known_does_not_let_in_what_cannot_be_read(work: Casework) -> None:
    known = str(uuid.uuid4())
    first = work.report("officer", client_id=known)
    assert work.report("officer", client_id=known)["case_id"] == first["case_id"]
    refused = work.report("officer", 400, client_id=known, position="nowhere", colour="red")
    assert {fault["field"] for fault in refused["faults"]} == {"position", "colour"}
