"""Notices: a move told to whom it concerns and to nobody else, once; an inbox that is one's own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.cases.rules.moves import Move
from app.cases.rules.notices import KINDS, MOVES, told_of
from app.cases.service.notices import forget_old, notices_for, notices_of_time
from app.db import Actor, transaction
from app.postgres import Cluster
from app.web.i18n import catalogue
from tests import casework
from tests.casework import Casework

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        yield made


def tell(work: Casework, case: int, *versions: int) -> int:
    """Give the rows of a case to whoever writes notices, as the reader of the log does; how many were new."""
    last = work.version(case)
    rows = [SimpleNamespace(case_id=case, version=version) for version in versions or range(1, last + 1)]
    with transaction(work.url) as connection:
        return len(notices_for(connection, rows))


def told(work: Casework, case: int) -> set[tuple[str, str]]:
    """Who was told what of a case."""
    names = {person.account_id: name for name, person in work.people.items()}
    with transaction(work.url, read_only=True) as connection:
        rows = connection.execute(
            text("SELECT account_id, kind FROM notices WHERE case_id = :case"), {"case": case}
        )
        return {(names[row.account_id], row.kind) for row in rows}


def handled(work: Casework, reporter: str = "resident") -> int:
    """A resident's report that a crew has handled."""
    case = int(work.report(reporter)["case_id"])
    work.move("station", case, "accept")
    work.move("station", case, "register", condition="C01")
    work.move("station", case, "dispatch", unit=work.unit("sanitation"))
    work.move("sanitation", case, "acknowledge", crew=work.account("crew"))
    work.move("crew", case, "give_feedback", evidence=[work.file("crew")], opinion="已清运")
    return case


def test_each_hears_of_what_concerns_them_and_nobody_of_the_rest(work: Casework) -> None:
    case = handled(work)
    work.move("officer", case, "verify_pass", evidence=[work.file("officer")])
    work.move("station", case, "close", closing_condition=True)
    assert tell(work, case) > 0
    assert told(work, case) == {
        ("sanitation", "to_handle"),
        ("resident", "dispatched"),
        ("crew", "to_do"),
        ("station", "to_check"),
        ("station", "to_close"),
        ("resident", "closed"),
    }


def test_a_row_that_is_read_again_tells_nobody_again(work: Casework) -> None:
    case = handled(work)
    first = tell(work, case)
    assert first == 4
    assert tell(work, case) == 0
    assert len(told(work, case)) == first


def test_who_asked_hears_the_answer_and_the_head_hears_the_question(work: Casework) -> None:
    case = int(work.report("supervisor")["case_id"])
    work.move("operator", case, "register", condition="C01")
    work.move("operator", case, "dispatch", unit=work.unit("sanitation"))
    work.move("sanitation", case, "acknowledge")
    work.move("sanitation", case, "request_extension", reason="需采购配件", amount="1")
    work.move("head", case, "grant_extension")
    tell(work, case)
    assert {("head", "extension_asked"), ("sanitation", "answered")} <= told(work, case)
    assert not any(name in {"bureau", "neighbour", "officer2", "duty"} for name, _ in told(work, case))


def test_whoever_confirms_is_told_and_the_desk_hears_the_result(work: Casework) -> None:
    case = int(work.report("resident")["case_id"])
    work.move("station", case, "request_confirmation", confirmer=work.account("officer2"))
    work.move("officer2", case, "confirm_false", reason="现场未发现")
    tell(work, case)
    assert told(work, case) == {("officer2", "to_confirm"), ("station", "not_confirmed")}


def test_who_reported_what_was_merged_follows_the_case_that_goes_on(work: Casework) -> None:
    first, second = (int(work.report(who)["case_id"]) for who in ("officer", "resident"))
    work.move("station", second, "merge", into=first)
    work.move("station", first, "register", condition="C01")
    work.move("station", first, "dispatch", unit=work.unit("sanitation"))
    tell(work, second)
    tell(work, first)
    assert told(work, second) == {("resident", "merged")}
    assert {("resident", "dispatched"), ("officer", "dispatched")} <= told(work, first)


def test_an_undone_move_is_taken_back_and_who_has_read_it_is_told(work: Casework) -> None:
    case = int(work.report("resident")["case_id"])
    work.move("station", case, "register", condition="C01")
    work.move("station", case, "dispatch", unit=work.unit("sanitation"))
    tell(work, case)
    unread = work.client("sanitation").get("/api/v1/inbox").get_json()["items"][0]
    work.client("sanitation").post("/api/v1/inbox/read", json={"ids": [unread["id"]]})
    work.move("station", case, "undo")
    tell(work, case, work.version(case))
    assert told(work, case) == {("sanitation", "to_handle"), ("sanitation", "undone")}
    assert tell(work, case, work.version(case)) == 0


def test_a_clock_that_has_run_out_is_told_to_the_heads(work: Casework) -> None:
    case = handled(work)
    rows = [SimpleNamespace(case_id=case, version=work.version(case))]
    for _ in range(2):
        with transaction(work.url) as connection:
            notices_of_time(connection, "overdue", rows, datetime.now(UTC))
    late = {name for name, kind in told(work, case) if kind == "overdue"}
    assert late == {"sanitation", "crew", "head"}
    assert (
        work.scalar("SELECT count(*) FROM notices WHERE case_id = :case AND kind = 'overdue'", case=case) == 3
    )


def test_a_notice_holds_no_word_and_no_name(work: Casework) -> None:
    case = int(work.report("resident", contact={"phone": "13800001234", "name": "张三"})["case_id"])
    work.move("station", case, "decline", reason="不属平台范围（已告知去处）")
    tell(work, case)
    facts = work.scalar("SELECT string_agg(facts::text, ' ') FROM notices WHERE case_id = :case", case=case)
    assert "平台范围" not in facts and "张三" not in facts and "1234" not in facts
    assert work.scalar("SELECT number FROM cases WHERE id = :case", case=case) in facts


def test_an_inbox_is_ones_own(work: Casework) -> None:
    case = handled(work)
    tell(work, case)
    mine = work.client("crew").get("/api/v1/inbox").get_json()
    assert next(item for item in mine["items"] if item["case_id"] == case)["kind"] == "to_do"
    someone = work.scalar(
        "SELECT id FROM notices WHERE account_id = :who AND read_at IS NULL LIMIT 1", who=work.account("crew")
    )
    other = work.client("bureau").post("/api/v1/inbox/read", json={"ids": [someone]}).get_json()
    assert other["read"] == 0
    assert work.scalar("SELECT read_at IS NULL FROM notices WHERE id = :id", id=someone)
    actor = Actor(work.account("bureau"), ("unit_dispatcher",))
    for statement in (
        "INSERT INTO notices (account_id, kind, case_id, version, at) VALUES (1, 'x', 1, 1, now())",
        "DELETE FROM notices",
        "UPDATE notices SET kind = 'closed'",
    ):
        with pytest.raises(DBAPIError), transaction(work.url, actor=actor) as connection:
            connection.execute(text(statement))
    with transaction(work.url, actor=actor, read_only=True) as connection:
        assert (
            connection.execute(text("SELECT count(*) FROM notices WHERE id = :id"), {"id": someone}).scalar()
            == 0
        )


def test_read_all_counts_and_pages(work: Casework) -> None:
    for _ in range(3):
        tell(work, handled(work))
    client = work.client("sanitation")
    first = client.get("/api/v1/inbox?limit=2").get_json()
    assert len(first["items"]) == 2 and first["next"] is not None and first["unread"] >= 3
    second = client.get(f"/api/v1/inbox?limit=2&before={first['next']}").get_json()
    ids = [item["id"] for item in [*first["items"], *second["items"]]]
    assert ids == sorted(ids, reverse=True) and len(set(ids)) == len(ids)
    newest = first["items"][0]["id"]
    assert client.post("/api/v1/inbox/read", json={"upto": newest}).get_json()["unread"] == 0
    assert client.get("/api/v1/inbox?unread=1").get_json()["items"] == []


@pytest.mark.parametrize(
    "body", [{}, {"ids": "x"}, {"ids": [0]}, {"ids": [True]}, {"upto": -1}, {"ids": list(range(1, 300))},
             {"upto": 2**70}],
)  # fmt: skip
def test_bad_input_is_named(work: Casework, body: dict[str, Any]) -> None:
    answer = work.client("crew").post("/api/v1/inbox/read", json=body)
    assert answer.status_code == 400 and answer.get_json()["code"] == "fields_invalid", answer.text


def test_the_page_shows_them_in_both_languages_and_marks_them(work: Casework) -> None:
    case = handled(work)
    tell(work, case)
    client = work.client("crew")
    number = work.scalar("SELECT number FROM cases WHERE id = :case", case=case)
    for lang, word in (("zh-CN", "派给您处置"), ("en", "Given to you to handle")):
        page = client.get(f"/inbox?lang={lang}", headers={"Accept": "text/html"})
        assert page.status_code == 200 and number in page.text and word in page.text
    unread = client.get("/api/v1/inbox").get_json()["unread"]
    assert f">{unread}<" in client.get("/account", headers={"Accept": "text/html"}).text
    token = client.get("/api/v1/session").get_json()["csrf_token"]
    done = client.post(
        "/inbox/read", data={"csrf_token": token, "upto": str(2**40)}, headers={"Accept": "text/html"}
    )
    assert done.status_code == 303
    assert client.get("/api/v1/inbox").get_json()["unread"] == 0


def test_what_is_old_is_forgotten(work: Casework) -> None:
    tell(work, handled(work))
    with transaction(work.url) as connection:
        connection.execute(text("UPDATE notices SET at = now() - interval '181 days' WHERE id % 2 = 0"))
        before = connection.execute(text("SELECT count(*) FROM notices")).scalar_one()
        gone = forget_old(connection)
        assert 0 < gone < before


def test_every_kind_has_its_word_and_every_move_its_rule() -> None:
    assert {f"notice.{kind}" for kind in KINDS} <= set(catalogue("zh_CN"))
    assert set(MOVES) <= set(Move)
    assert told_of("imported") == [] and told_of("comment") == []
