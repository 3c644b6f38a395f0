"""The pages of reports without a script: what they offer, what their forms do, and what they tell of."""

from __future__ import annotations

import io
import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.accounts.rules import Permission
from app.factory import menus
from app.postgres import Cluster
from app.reports.service import offering, placing
from tests import casework
from tests.casework import AREA, ELSEWHERE, SUBDISTRICT, Casework
from tests.reporting import Desk, sha256, work, written_plainly

pytestmark = pytest.mark.db

CODES = re.compile(r"\b(?:reports?|error|wrong|notice)\.[a-z][a-z_]+\b")
"""A word that nobody has translated."""
UNREAD = re.compile(r'(?:src|href|action)="[^"]*"|<script.*?</script>', re.DOTALL)
"""What of a page nobody reads."""


@pytest.fixture(scope="module")
def town_at_work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        yield made


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    written_plainly(monkeypatch, tmp_path)
    monkeypatch.setattr(placing, "MOST_AN_HOUR", 1000)


@pytest.fixture(scope="module")
def operator(town_at_work: Casework) -> Desk:
    return Desk(town_at_work, "operator")


@pytest.fixture(scope="module")
def duty(town_at_work: Casework) -> Desk:
    return Desk(town_at_work, "duty")


HEAD = {"Accept": "text/html", "Accept-Language": "zh-CN"}


def see(desk: Desk, path: str, status: int = 200, language: str = "zh-CN") -> str:
    answer = desk.client.get(path, query_string={"lang": language} if "?" not in path else None, headers=HEAD)
    assert answer.status_code == status, answer.text
    assert not CODES.findall(UNREAD.sub("", answer.text)), "words are missing"
    return answer.text


def send(desk: Desk, path: str, status: int = 303, **fields: Any) -> TestResponse:
    answer = desk.client.post(path, data=fields, headers=HEAD)
    assert answer.status_code == status, answer.text
    return answer


def asked(desk: Desk, **fields: Any) -> str:
    """The address of a report that was asked for by the form, and made."""
    usual = {"client_id": str(uuid.uuid4()), "definition": "daily", "scope": SUBDISTRICT, "formats": ["pdf"]}
    address = send(desk, "/reports", **{**usual, **fields}).location
    work(desk.url)
    return address


def test_the_form_offers_what_one_answers_for(operator: Desk, duty: Desk) -> None:
    page = see(operator, "/reports?definition=quarterly")
    assert f'value="{SUBDISTRICT}"' in page and f'value="{ELSEWHERE}"' not in page
    offered = re.findall(r'<option value="(\d{4}Q\d)"', page)
    assert len(offered) == offering.BEFORE + 1 and offered[0] > offered[1] and offered[-1] > offered[0]
    assert "未满" in page
    assert re.findall(r'value="(\w+)" checked', page) == ["pdf", "html", "xlsx"]
    assert f'value="{ELSEWHERE}"' in see(duty, "/reports") and 'value="sanitation"' in see(duty, "/reports")
    assert "Make a report" in see(operator, "/reports", language="en")
    see(operator, "/reports?which=none", 400)


def test_it_is_asked_for_followed_and_cancelled(operator: Desk) -> None:
    said = {
        "client_id": str(uuid.uuid4()),
        "definition": "daily",
        "scope": "",
        "code": AREA,
        "formats": ["pdf"],
    }
    address = send(operator, "/reports", **said).location
    assert send(operator, "/reports", **said).location == address, "what is sent again is one run"
    page = see(operator, address)
    assert '<meta http-equiv="refresh"' in page and "<progress" in page and "等待" in page
    assert send(operator, f"{address}/cancel").location == address
    assert "已取消" in see(operator, address)
    assert "这份报告已经结束" in send(operator, f"{address}/cancel", 409).text


def test_what_is_wrong_stands_by_its_field(operator: Desk) -> None:
    usual = {"client_id": str(uuid.uuid4()), "definition": "quarterly", "scope": "", "formats": ["pdf"]}
    page = send(operator, "/reports", 400, **{**usual, "period": "2026-99"}).text
    assert 'id="wrong-period"' in page and 'value="quarterly" selected' in page
    assert "没有代码为" in send(operator, "/reports", 404, **{**usual, "code": ELSEWHERE}).text
    send(operator, "/reports", 400, **{**usual, "client_id": "x"})


def test_a_report_with_all_that_is_done_with_it(operator: Desk, duty: Desk) -> None:
    address = asked(operator)
    page = see(operator, address)
    assert "数据截至" in page and "送签" in page and "签发第" not in page
    name, text_ = re.findall(r'<textarea name="(words:[^"]+)"[^>]*>([^<]*)', page)[0]
    assert text_
    assert "没有变化" in send(operator, f"{address}/words", 409, edition=0, **{name: text_}).text
    kept = send(operator, f"{address}/words", 400, edition=0, **{name: "长" * 4001, "words:x/y": "x"}).text
    assert "长" * 4001 in kept, "nothing that was written is lost"
    send(operator, f"{address}/words", edition=0, **{name: "改过"})
    assert "改稿中" in see(operator, address) or "<progress" in see(operator, address)
    work(operator.url)
    page = see(operator, address)
    assert "第 2 稿" in page and page.count("/editions/0/") == 1 and page.count("/editions/1/") == 2
    send(operator, f"{address}/circulate", edition=1)
    assert f'href="{address}"' in see(duty, "/inbox") and "报告送签" in see(duty, "/inbox")
    assert address in see(duty, "/reports?which=circulated")
    page = send(duty, f"{address}/sign", 400, edition=1, agreed="no", remark="").text
    assert "必须填" in page or "意见: " in page
    send(duty, f"{address}/sign", edition=1, agreed="no", remark="口径不同")
    assert "有不同意见；仍要签发" in send(duty, f"{address}/issue", 409, edition=1, reason="").text
    assert 'name="reason"' in see(duty, address)
    send(duty, f"{address}/issue", edition=1, reason="已说明")
    page = see(operator, address)
    assert "已签发" in page and "已说明" in page and "words:" not in page
    assert "报告已签发" in see(operator, "/inbox")
    see(operator, address, language="en")


def test_it_is_made_again(operator: Desk) -> None:
    address = asked(operator)
    for as_of in ("then", "now"):
        again = send(operator, f"{address}/again", client_id=str(uuid.uuid4()), as_of=as_of).location
        work(operator.url)
        assert again != address and "下载 PDF" in see(operator, again)


def test_a_file_is_held_against_what_was_made(operator: Desk, duty: Desk) -> None:
    address = asked(operator, scope=AREA)
    run = int(address.rpartition("/")[2])
    content = operator.file(operator.get(f"/{run}")).data

    def verify(desk: Desk, said: bytes) -> str:
        fields = {"file": (io.BytesIO(said), "某.pdf")}
        answer = desk.client.post("/reports/verify", data=fields, headers=HEAD)
        assert answer.location.endswith(sha256(said))
        return see(desk, answer.location)

    assert f'href="{address}"' in verify(operator, content)
    assert "不是您能看到的任何一份报告" in verify(operator, content + b" ")
    assert "不是您能看到的任何一份报告" in verify(duty, content), (
        "what was not circulated is the asker's alone"
    )
    assert 'role="alert"' in send(operator, "/reports/verify", 400).text


def test_a_definition_is_composed_in_an_order(duty: Desk, operator: Desk) -> None:
    said = {
        "code": "street",
        "version": 0,
        "kind": "weekly",
        "title": "街道周报",
        "title_en": "Street weekly",
    }
    parts = {"sections": ["summary", "overdue"], "place_summary": 2, "place_overdue": 1, "formats": ["pdf"]}
    address = send(duty, "/reports/definitions", **said, **parts).location
    page = see(duty, address)
    assert re.findall(r'name="sections" value="(\w+)" checked', page) == ["overdue", "summary"]
    assert "刚有人改过" in send(duty, "/reports/definitions", 409, **said, **parts).text
    wrong = send(duty, "/reports/definitions", 400, **{**said, "code": "Bad"}, formats=["pdf"]).text
    assert 'id="wrong-code"' in wrong and 'id="wrong-sections"' in wrong
    assert 'value="street"' in see(operator, "/reports")
    see(operator, "/reports/definitions", 403)
    send(duty, "/reports/definitions/street/retire")
    assert 'value="street"' not in see(operator, "/reports")


def test_a_report_is_scheduled_and_stopped(operator: Desk) -> None:
    said = {"client_id": str(uuid.uuid4()), "definition": "weekly", "scope": SUBDISTRICT, "at": "06:30"}
    assert 'id="wrong-at"' in send(operator, "/reports/schedules", 400, **{**said, "at": "x"}).text
    send(operator, "/reports/schedules", **said, formats=["pdf"])
    page = see(operator, "/reports/schedules")
    assert "06:30" in page and "网格治理周报" in page
    send(operator, re.findall(r'action="(/reports/schedules/\d+/stop)"', page)[0])
    assert "还没有定时报告" in see(operator, "/reports/schedules")


def test_doors_stand_where_a_report_can_be_made(
    operator: Desk, town_at_work: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = town_at_work.report("supervisor")["case_id"]
    doors = [kind for kinds in offering.DOORS.values() for kind in kinds]
    for made in (False, True):
        monkeypatch.setattr(offering, "makeable", lambda kind, made=made: made or kind not in doors)
        page, console = see(operator, f"/cases/{case}"), see(operator, "/?lay=map")
        told = json.loads(re.findall(r'id="report-doors">(.*?)</script>', console)[0])
        assert ('value="supervision_order"' in page) is made
        assert told == {
            "cell": [["cell", "网格单"], ["sign", "公示牌"]] if made else [],
            "selection": [["selection", "导出报告"]] if made else [],
        }


def test_a_door_leads_to_its_report_in_one_step(operator: Desk, town_at_work: Casework) -> None:
    case = town_at_work.report("supervisor")["case_id"]
    page = see(operator, f"/cases/{case}")
    scope = re.findall(
        r'name="definition" value="case"><input type="hidden" name="scope" value="([^"]+)"', page
    )[0]
    for definition, about in (("case", scope), ("cell", AREA), ("selection", "state=open")):
        said = {"client_id": str(uuid.uuid4()), "definition": definition, "scope": about}
        address = send(operator, "/reports", **said).location
        work(operator.url)
        one = operator.get(f"/{address.rpartition('/')[2]}")
        assert (one["state"], one["failed"], one["kind"]) == ("done", [], definition), one["problem"]
        see(operator, address)


def test_many_pages_stand_under_few_words() -> None:
    duty = dict(menus(lambda permission: permission != Permission.SET_POLICY))
    assert "reports.reports" in dict(duty["nav.figures"])
    assert menus(lambda permission: permission == Permission.MAKE_REPORTS) == [
        (None, [("reports.reports", "reports.title")])
    ]
