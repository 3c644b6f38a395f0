"""Reports for programs: asked for, fetched, edited, signed, issued; by whom, and what speaks against it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.db import transaction
from app.postgres import Cluster
from app.reports.service import placing, running
from tests import casework, town
from tests.casework import ELSEWHERE, SUBDISTRICT, Casework
from tests.reporting import API, Desk, plainly, sha256, work, written_plainly

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def town_at_work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        made.report("supervisor")
        yield made


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    written_plainly(monkeypatch, tmp_path)
    monkeypatch.setattr(placing, "MOST_AN_HOUR", 1000)


@pytest.fixture(scope="module")
def desks(town_at_work: Casework) -> dict[str, Desk]:
    names = ("supervisor", "operator", "head", "duty", "neighbour", "sanitation", "inspector")
    return {name: Desk(town_at_work, name) for name in names}


def notices(work_: Casework, name: str, run: int) -> list[tuple[str, int]]:
    statement = (
        "SELECT kind, version FROM notices WHERE account_id = :who AND report_run_id = :run ORDER BY id"
    )
    with transaction(work_.url, read_only=True) as connection:
        rows = connection.execute(text(statement), {"who": work_.account(name), "run": run})
        return [(row.kind, row.version) for row in rows]


def test_it_is_asked_for_once_made_and_fetched(town_at_work: Casework, desks: dict[str, Desk]) -> None:
    desk, client = desks["operator"], str(uuid.uuid4())
    one = desk.ask(client_id=client, scope=SUBDISTRICT, formats=["pdf", "xlsx"])
    assert (one["state"], one["acts"], one["editions"]) == ("waiting", ["cancel"], [])
    assert desk.ask(client_id=client, scope=SUBDISTRICT)["id"] == one["id"], "what is sent again is one run"
    assert desks["neighbour"].ask(409, client_id=client)["code"] == "client_id_used"
    work(desk.url)
    one = desk.get(f"/{one['id']}")
    assert (one["state"], one["part"], one["acts"]) == ("done", 1, ["edit", "circulate", "again"])
    kept = one["editions"][0]["files"]
    assert [file["format"] for file in kept] == ["pdf", "xlsx"]
    answer = desk.file(one)
    assert sha256(answer.data) == kept[0]["sha256"] and len(answer.data) == kept[0]["size_bytes"]
    assert answer.content_type == "application/pdf" and answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.get_etag() == (kept[0]["sha256"], False)
    disposition = answer.headers["Content-Disposition"]
    assert (
        disposition.startswith('attachment; filename="daily-') and "filename*=UTF-8''%E5%90%8D" in disposition
    )
    again = desk.file(one, **{"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and not again.data
    logged = "SELECT count(*) FROM access_log WHERE action = 'report.download' AND subject_id = :id"
    assert town_at_work.scalar(logged, id=str(one["id"])) == 2
    assert desk.client.get(f"{API}/{one['id']}/editions/0/other.pdf").status_code == 404
    assert ("report_done", 0) in notices(town_at_work, "operator", one["id"])


def test_a_page_of_html_is_never_shown_as_ours(desks: dict[str, Desk]) -> None:
    answer = desks["operator"].file(desks["operator"].made(formats=["html"]))
    assert answer.content_type == "text/html; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_made_again_it_has_the_same_bytes(desks: dict[str, Desk]) -> None:
    desk = desks["operator"]
    one = desk.made(scope=SUBDISTRICT)
    then = desk.post(f"/{one['id']}/again", 202, client_id=str(uuid.uuid4()), as_of="then")
    assert (
        desk.post(f"/{then['id']}/again", 409, client_id=str(uuid.uuid4()), as_of="now")["code"]
        == "report_not_over"
    )
    work(desk.url)
    then = desk.get(f"/{then['id']}")
    assert then["known_at"] == one["known_at"]
    assert desk.file(then).data == desk.file(one).data
    found = desk.get(f"/verify?sha256={sha256(desk.file(one).data)}")["items"]
    assert {one["id"], then["id"]} <= {each["id"] for each in found if each["stands"]}
    assert desks["neighbour"].get(f"/verify?sha256={sha256(desk.file(one).data)}")["items"] == []
    assert desk.get("/verify?sha256=00", 400)["code"] == "parameter_invalid"


@pytest.mark.parametrize(
    ("said", "faults"),
    [
        ({"definition": "quarterly", "period": "2026-09"}, {"period": "not_report_period"}),
        ({"period": "2190-01-01", "formats": ["pdf", "exe"]}, {"period": "not_begun", "formats": "not_report_format"}),
        ({"known_at": "2099-01-01T00:00:00+08:00"}, {"known_at": "not_begun"}),
        ({"known_at": "yesterday", "locale": "xx"}, {"known_at": "not_instant", "locale": "unknown_choice"}),
        ({"whatever": 1}, {"whatever": "unknown_field"}),
    ],
)  # fmt: skip
def test_all_that_is_wrong_is_said_at_once(desks: dict[str, Desk], said: dict[str, Any], faults: Any) -> None:
    told = desks["operator"].ask(400, **said)
    assert {fault["field"]: fault["reason"] for fault in told["faults"]} == faults


def test_beyond_the_wall_there_is_nothing(desks: dict[str, Desk]) -> None:
    assert desks["operator"].ask(404, scope=ELSEWHERE)["code"] == "report_scope_missing"
    assert desks["operator"].ask(404, scope=town.DISTRICT)["code"] == "report_scope_missing"
    assert desks["operator"].ask(404, definition="nothing")["code"] == "report_definition_missing"
    one = desks["operator"].made(scope=SUBDISTRICT)
    for name in ("head", "duty", "neighbour"):
        assert desks[name].get(f"/{one['id']}", 404)["code"] == "report_missing"
        assert desks[name].file(one).status_code == 404
        assert desks[name].post(f"/{one['id']}/again", 404, client_id=str(uuid.uuid4()), as_of="now")
        assert one["id"] not in {each["id"] for each in desks[name].get("?limit=100")["items"]}


def test_only_so_many_an_hour(desks: dict[str, Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    desk = desks["inspector"]
    monkeypatch.setattr(placing, "MOST_AN_HOUR", 2)
    for _ in range(2):
        desk.ask()
    answer = desk.client.post(API, json={"client_id": str(uuid.uuid4()), "definition": "daily"})
    assert (answer.status_code, answer.get_json()["code"]) == (429, "reports_too_many")
    assert int(answer.headers["Retry-After"]) > 0


def test_it_is_cancelled_while_it_waits(desks: dict[str, Desk]) -> None:
    desk = desks["operator"]
    one = desk.ask()
    assert desk.post(f"/{one['id']}/cancel")["state"] == "cancelled"
    assert desk.post(f"/{one['id']}/cancel", 409)["code"] == "report_over"
    work(desk.url)
    one = desk.get(f"/{one['id']}")
    assert (one["state"], one["editions"], one["acts"]) == ("cancelled", [], ["again"])


def test_what_went_wrong_is_told(desks: dict[str, Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> Any:
        raise OSError(28, "No space left on device", "/somewhere")

    monkeypatch.setattr(running, "writer", lambda form: full)
    desk = desks["operator"]
    run = desk.ask()["id"]
    work(desk.url)
    one = desk.get(f"/{run}")
    assert (one["state"], one["problem"]["code"], one["editions"]) == ("failed", "files_unwritable", [])
    assert "/somewhere" in one["problem"]["said"]


def test_pages_of_the_list(desks: dict[str, Desk]) -> None:
    desk = desks["sanitation"]
    ids = [desk.ask()["id"] for _ in range(3)]
    first = desk.get("?limit=2")
    assert [one["id"] for one in first["items"]] == ids[:0:-1] and first["next"] == ids[1]
    assert [one["id"] for one in desk.get(f"?limit=2&before={first['next']}")["items"]] == ids[:1]
    assert desk.get("?kind=monthly")["items"] == [] == desk.get("?which=issued")["items"]
    assert len(desk.get("?which=own&kind=daily")["items"]) == 3
    assert desk.get("?which=other", 400)["code"] == "parameter_invalid"


def test_who_may_do_what_stands_in_the_territory(town_at_work: Casework, desks: dict[str, Desk]) -> None:
    """送签, 会签, 签发: seen by whoever answers for all of the area, signed once, issued by a post that issues."""
    desk, run = desks["operator"], desks["operator"].made(scope=SUBDISTRICT)["id"]
    for path, body in (("signatures", {"agreed": True}), ("words", {"words": []}), ("issue", {})):
        desks["head"].post(f"/{run}/{path}", 400 if path == "words" else 404, edition=0, **body)
    assert desk.post(f"/{run}/circulate", edition=0)["circulated_name"]
    assert desk.post(f"/{run}/circulate", 409, edition=0)["code"] == "report_circulated"
    assert [
        len(notices(town_at_work, name, run)) for name in ("head", "duty", "supervisor", "neighbour")
    ] == [1, 1, 0, 0]
    desks["neighbour"].get(f"/{run}", 404)
    assert desks["supervisor"].get(f"/{run}")["acts"] == ["sign", "again"]
    assert desks["head"].get(f"/{run}")["acts"] == ["sign", "issue", "again"]
    assert desk.post(f"/{run}/signatures", 403, edition=0, agreed=True)["code"] == "report_own"
    assert desk.client.post(f"{API}/{run}/issue", json={"edition": 0}).status_code == 403
    words = [{"section": "summary", "paragraph": "text", "text": "x"}]
    assert desks["head"].post(f"/{run}/words", 403, edition=0, words=words)["code"] == "report_not_own"
    assert (
        desks["supervisor"].post(f"/{run}/signatures", 400, edition=0, agreed=False)["code"]
        == "fields_invalid"
    )
    signed = desks["supervisor"].post(f"/{run}/signatures", edition=0, agreed=False, remark="数字对不上")
    assert [(each["agreed"], each["remark"]) for each in signed["signatures"]] == [(False, "数字对不上")]
    assert (
        desks["supervisor"].post(f"/{run}/signatures", 409, edition=0, agreed=True)["code"] == "report_signed"
    )
    assert ("report_objected", 0) in notices(town_at_work, "operator", run)
    told = desks["head"].post(f"/{run}/issue", 409, edition=0)
    assert (told["code"], told["count"]) == ("report_objected", 1)
    issued = desks["head"].post(f"/{run}/issue", edition=0, reason="已核对，口径不同")
    assert (issued["issue_remark"], issued["acts"]) == ("已核对，口径不同", ["again"])
    assert {"report_issued"} <= {kind for kind, _ in notices(town_at_work, "supervisor", run)}
    assert town_at_work.scalar("SELECT count(*) FROM access_log WHERE action = 'report.issue'") == 1
    for name, path, body in (
        ("duty", "issue", {}), ("duty", "signatures", {"agreed": True}), ("operator", "words", {"words": words}),
    ):  # fmt: skip
        assert desks[name].post(f"/{run}/{path}", 409, edition=0, **body)["code"] == "report_issued"


def test_words_are_edited_and_all_editions_kept(town_at_work: Casework, desks: dict[str, Desk]) -> None:
    desk = desks["operator"]
    made = desk.made(scope=SUBDISTRICT, formats=["pdf", "xlsx"])
    run, before = made["id"], desk.file(made).data
    desk.post(f"/{run}/circulate", edition=0)
    desks["supervisor"].post(f"/{run}/signatures", edition=0, agreed=True)
    one = desk.reword(run, 0, "改过的第一段。\r\n第二行")
    assert (one["edition"], one["rewording"], len(one["editions"])) == (1, False, 2)
    assert desk.paragraph(run)["text"] == "改过的第一段。\n第二行"
    assert [word["text"] for word in one["editions"][1]["words"]] == ["改过的第一段。\n第二行"]
    assert [file["format"] for file in one["editions"][1]["files"]] == ["pdf", "xlsx"]
    assert one["editions"][1]["files"][0]["called"].endswith("-v2.pdf")
    assert desk.file(one).data == before, "what was made stays as it was"
    assert "改过的第一段" in desk.file(one, 1).data.decode()
    assert one["editions"][0]["digest"] != one["editions"][1]["digest"]
    assert desk.get(f"/verify?sha256={sha256(before)}")["items"][-1]["stands"] is False
    # Who has signed what was said before has not signed this, and hears of it.
    assert "sign" in desks["supervisor"].get(f"/{run}")["acts"]
    assert ("report_circulated", 1) in notices(town_at_work, "supervisor", run)
    assert (
        desks["supervisor"].post(f"/{run}/signatures", 409, edition=0, agreed=True)["code"]
        == "report_edited_since"
    )
    assert desks["head"].post(f"/{run}/issue", 409, edition=0)["edition"] == 1
    assert desk.reword(run, 0, "x", 409)["code"] == "report_edited_since"
    assert desk.reword(run, 1, "改过的第一段。\n第二行", 409)["code"] == "report_words_same"
    first = desk.paragraph(run)
    words = [{"section": "none", "paragraph": "x", "text": "x"},
             {"section": first["section"], "paragraph": first["code"], "text": "长" * 4001}]  # fmt: skip
    told = desk.post(f"/{run}/words", 400, edition=1, words=words)
    assert [fault["reason"] for fault in told["faults"]] == ["unknown_paragraph", "text_too_long"]


def test_nothing_is_signed_while_it_is_rewritten(desks: dict[str, Desk]) -> None:
    desk = desks["operator"]
    run = desk.made(scope=SUBDISTRICT)["id"]
    first = desk.paragraph(run)
    words = [{"section": first["section"], "paragraph": first["code"], "text": "新"}]
    assert desk.post(f"/{run}/words", 202, edition=0, words=words)["rewording"]
    for path, body in (("circulate", {}), ("words", {"words": words})):
        assert desk.post(f"/{run}/{path}", 409, edition=0, **body)["code"] == "report_rewording"
    work(desk.url)
    assert desk.get(f"/{run}")["edition"] == 1


def test_words_that_cannot_be_set_are_not_lost(
    desks: dict[str, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desks["operator"]
    run = desk.made(scope=SUBDISTRICT)["id"]

    def refuse(*_: Any) -> Any:
        raise OSError(28, "No space left on device", "/somewhere")

    monkeypatch.setattr(running, "writer", lambda form: refuse)
    one = desk.reword(run, 0, "写好的话")
    assert (one["edition"], one["rewording"], len(one["editions"])) == (0, False, 1)
    assert one["unwritten"]["words"][0]["text"] == "写好的话"
    assert one["unwritten"]["problem"]["code"] == "files_unwritable"
    monkeypatch.setattr(running, "writer", plainly)
    one = desk.reword(run, 0, "写好的话")
    assert (one["edition"], one["unwritten"]) == (1, None)


def test_a_unit_has_its_own(desks: dict[str, Desk]) -> None:
    one = desks["sanitation"].made(scope="sanitation")
    desks["sanitation"].post(f"/{one['id']}/circulate", edition=0)
    assert desks["duty"].get(f"/{one['id']}")["acts"] == ["sign", "issue", "again"]
    desks["head"].get(f"/{one['id']}", 404)
    assert desks["duty"].post(f"/{one['id']}/issue", edition=0)["issued_name"]


def test_who_issues_may_issue_their_own(desks: dict[str, Desk]) -> None:
    one = desks["duty"].made(scope=SUBDISTRICT)
    desks["head"].get(f"/{one['id']}", 404)
    assert desks["duty"].post(f"/{one['id']}/issue", edition=0)["circulated_at"]
    assert desks["head"].get(f"/{one['id']}")["issued_name"]
