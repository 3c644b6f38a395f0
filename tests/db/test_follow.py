"""关注: one's own tab, and nobody else's business."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.cases.store import following
from app.db import Actor, transaction
from app.postgres import Cluster
from tests.casework import Casework, cloned

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with cloned(cluster) as made:
        yield made


def follow(work: Casework, who: str, case: int, method: str = "put", status: int = 200) -> dict[str, Any]:
    answer = getattr(work.client(who), method)(f"/api/v1/cases/{case}/follow")
    assert answer.status_code == status, answer.text
    return dict(answer.get_json())


def tab(work: Casework, who: str) -> list[int]:
    view = work.client(who).get("/api/v1/view?tab=followed").get_json()
    assert view["tabs"]["followed"] == view["queue"]["total"]
    return [item["id"] for item in view["queue"]["items"]]


def test_what_is_followed_is_under_its_tab_for_oneself_alone(work: Casework) -> None:
    one, other = (work.report("supervisor")["case_id"] for _ in range(2))
    assert follow(work, "operator", one) == follow(work, "operator", one) == {"followed": True}
    assert tab(work, "operator") == [one]
    assert tab(work, "head") == []
    seen = {
        who: work.client(who).get(f"/api/v1/cases/{one}").get_json()["followed"]
        for who in ("operator", "head")
    }
    assert seen == {"operator": True, "head": False}
    follow(work, "operator", other)
    assert set(tab(work, "operator")) == {one, other}
    assert follow(work, "operator", one, "delete") == {"followed": False}
    assert tab(work, "operator") == [other]


def test_nobody_follows_what_they_do_not_see(work: Casework) -> None:
    case = work.report("supervisor")["case_id"]
    assert follow(work, "neighbour", case, status=404)["code"] == "case_missing"
    assert follow(work, "neighbour", 2**53 - 1, status=404)["code"] == "case_missing"
    actor = Actor(work.account("neighbour"))
    with pytest.raises(DBAPIError), transaction(work.url, actor=actor) as connection:
        connection.execute(
            text("INSERT INTO case_followers (account_id, case_id) VALUES (:me, :case)"),
            {"me": work.account("operator"), "case": case},
        )


def test_it_ends_somewhere(work: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [work.report("supervisor")["case_id"] for _ in range(3)]
    monkeypatch.setattr(following, "MOST", 2)
    follow(work, "dispatcher", cases[0])
    follow(work, "dispatcher", cases[1])
    assert follow(work, "dispatcher", cases[2], status=409)["code"] == "follows_too_many"
    follow(work, "dispatcher", cases[1])
