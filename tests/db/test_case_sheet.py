"""What a screen is told of a case: the sheet, the forms of its moves, and the telephone of whoever reported it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.ledger import service as watching
from app.postgres import Cluster
from tests import casework
from tests.casework import Casework

pytestmark = pytest.mark.db

CONTACT = {"name": "王先生", "phone": "13800001234"}


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        yield made


@pytest.fixture
def case(work: Casework) -> int:
    told = work.report("operator", address="金菊路 12 号", contact=CONTACT, files=[work.file("operator")])
    return int(told["case_id"])


def read(work: Casework, who: str, case: int, what: str, status: int = 200) -> Any:
    answer = work.client(who).get(f"/api/v1/cases/{case}/{what}")
    assert answer.status_code == status, answer.text
    return answer.get_json()


def call(work: Casework, who: str, case: int, status: int = 200) -> Any:
    answer = work.client(who).post(f"/api/v1/cases/{case}/call")
    assert answer.status_code == status, answer.text
    return answer.get_json()


def handle(work: Casework, case: int) -> None:
    work.move("operator", case, "accept_register_dispatch", condition="C01", unit=work.unit("sanitation"))
    work.move("sanitation", case, "acknowledge", crew=work.account("crew"))


def test_the_sheet_says_whose_turn_it_is_and_by_when(work: Casework, case: int) -> None:
    told = read(work, "operator", case, "sheet")
    assert told["holder"] == {"kind": "desk", "name": told["loop"], "name_en": None}
    assert [one["step"] for one in told["reached"]] == [1]
    handle(work, case)
    told = read(work, "operator", case, "sheet")
    assert told["holder"]["kind"] == "unit" and told["holder"]["name"] == told["unit"]
    assert told["face"]["near_at"] < told["face"]["due_at"] and told["face"]["stage"] == "handling"
    assert [one["step"] for one in told["reached"]] == [1, 2, 3]
    assert told["path"][-1]["level"] == "cell"
    assert told["crew"] is None and read(work, "sanitation", case, "sheet")["crew"] == "crew"


def test_pictures_are_told_by_what_they_show(work: Casework, case: int) -> None:
    handle(work, case)
    work.move("crew", case, "give_feedback", evidence=[work.file("crew")])
    work.move("officer", case, "verify_fail", reason="只清一处", evidence=[work.file("officer")])
    assert [one["phase"] for one in read(work, "operator", case, "sheet")["files"]] == [
        "before",
        "after",
        "check",
    ]


def test_going_back_a_step_forgets_the_steps_ahead(work: Casework, case: int) -> None:
    handle(work, case)
    work.move("crew", case, "give_feedback", evidence=[work.file("crew")])
    assert [one["step"] for one in read(work, "operator", case, "sheet")["reached"]] == [1, 2, 3, 4]
    work.move("officer", case, "verify_fail", reason="只清一处", evidence=[work.file("officer")])
    assert [one["step"] for one in read(work, "operator", case, "sheet")["reached"]] == [1, 2, 3]


def test_a_sheet_is_not_told_beyond_the_wall(work: Casework, case: int) -> None:
    read(work, "neighbour", case, "sheet", 404)
    read(work, "neighbour", case, "forms", 404)
    read(work, "operator", 2**63, "sheet", 404)


def test_forms_are_those_of_the_moves_that_are_available(work: Casework, case: int) -> None:
    forms, moves = (read(work, "operator", case, what) for what in ("forms", "moves"))
    offered = {one["move"]: one for one in forms["items"]}
    assert set(offered) - {"accept_register_dispatch"} == {one["move"] for one in moves["items"]}
    assert forms["items"][0]["move"] == "accept_register_dispatch" and forms["items"][0]["place"] == "first"
    for one in moves["items"]:
        fields = {field["name"]: field["needed"] for field in offered[one["move"]]["fields"]}
        assert fields == {**{f["name"]: True for f in one["needs"]}, **{f["name"]: False for f in one["may"]}}
    unit = next(f for f in forms["items"][0]["fields"] if f["name"] == "unit")
    assert [one["suggested"] for one in forms["lists"][unit["list"]]].count(True) == 1
    assert unit["why"]
    assert forms["version"] == work.version(case)


def test_a_list_is_told_once(work: Casework, case: int) -> None:
    forms = read(work, "operator", case, "forms")
    fields = [field for one in forms["items"] for field in one["fields"] if field["list"] is not None]
    assert len(fields) > len(forms["lists"]) == len({str(one) for one in forms["lists"]})


def test_nobody_is_offered_what_is_not_theirs(work: Casework, case: int) -> None:
    handle(work, case)
    names = {one["move"] for one in read(work, "crew", case, "forms")["items"]}
    assert "give_feedback" in names and "dispatch" not in names


def test_a_telephone_is_masked_until_it_is_called(work: Casework, case: int) -> None:
    shown = read(work, "operator", case, "sheet")["contact"]
    assert shown["phone"] != CONTACT["phone"] and shown["phone"].endswith("1234")
    assert call(work, "operator", case) == CONTACT
    logged = work.scalar(
        "SELECT facts || jsonb_build_object('who', account_name, 'case', subject_id, 'outcome', outcome)"
        " FROM access_log WHERE action = 'personal.read' ORDER BY no DESC LIMIT 1"
    )
    assert logged == {"field": "contact", "who": "operator", "case": str(case), "outcome": "done"}


def test_a_unit_neither_sees_nor_calls_whoever_reported(work: Casework, case: int) -> None:
    handle(work, case)
    assert read(work, "sanitation", case, "sheet")["contact"] is None
    assert call(work, "sanitation", case, 404)["code"] == "contact_missing"
    nobody = int(work.report("officer")["case_id"])
    assert call(work, "operator", nobody, 404)["code"] == "contact_missing"


def test_more_calls_than_anybody_makes_are_refused_and_logged(
    work: Casework, case: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = int(
        work.scalar(
            "SELECT count(*) FROM access_log WHERE account_name = 'acceptor' AND action LIKE 'personal%'"
        )
    )
    monkeypatch.setattr(watching, "MOST_AN_HOUR", before + 2)
    call(work, "acceptor", case)
    call(work, "acceptor", case)
    told = call(work, "acceptor", case, 429)
    assert told["code"] == "calls_too_many" and "phone" not in told
    assert (
        work.scalar("SELECT outcome FROM access_log WHERE account_name = 'acceptor' ORDER BY no DESC LIMIT 1")
        == "refused"
    )
    page = work.client("acceptor").post(f"/cases/{case}/contact", headers={"Accept": "text/html"})
    assert page.status_code == 429 and CONTACT["phone"] not in page.text
    call(work, "operator", case)
