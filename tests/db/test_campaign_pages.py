"""The pages of campaigns as people get them: who sees which, what a list may be, what stays when it is wrong."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.postgres import Cluster
from tests import casework, town
from tests.casework import Casework
from tests.db.test_campaigns import asked, opened, places, visit

pytestmark = pytest.mark.db

PAGE = {"Accept": "text/html"}
LON, LAT = town.centre(casework.AREA)
TABLE = f"名称,经度,纬度\n映象社区 1 栋,{LON},{LAT}\n映象社区 2 栋,{LON},{LAT + 0.001}\n"


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def today(work: Casework) -> date:
    found: date = work.scalar("SELECT district_today(1)")
    return found


def got(work: Casework, who: str, path: str, status: int = 200) -> str:
    answer = work.client(who).get(path, headers=PAGE)
    assert answer.status_code == status, answer.text[-2000:]
    return answer.text


def sent(work: Casework, today: date, who: str = "head", **fields: Any) -> TestResponse:
    form = {
        "client_id": str(uuid.uuid4()), "name": "楼道电动车充电", "admission": f"准入-{uuid.uuid4().hex[:8]}",
        "category": "A01", "area": casework.SUBDISTRICT, "first_on": str(today),
        "last_on": str(today + timedelta(days=9)), "places": TABLE, **fields,
    }  # fmt: skip
    return work.client(who).post(
        "/campaigns/new", data=form, headers=PAGE, content_type="multipart/form-data"
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_read_in_the_encoding_of_an_office(work: Casework, today: date, encoding: str) -> None:
    answer = sent(work, today, places="", file=(io.BytesIO(TABLE.encode(encoding)), "清单.csv"))
    assert answer.status_code == 303, answer.text
    campaign = int(answer.location.rpartition("/")[2])
    assert [place["label"] for place in places(work, campaign)] == ["映象社区 1 栋", "映象社区 2 栋"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04 a workbook", "upload_kind"),
        (b"\x00\x01\x02\xff\xfe", "upload_kind"),
        (b"  \n ", "upload_empty"),
    ],
)
def test_what_is_no_list_is_refused(work: Casework, today: date, content: bytes, told: str) -> None:
    answer = sent(work, today, file=(io.BytesIO(content), "清单.csv"))
    assert answer.status_code == 400
    words = {"upload_kind": "不是", "upload_empty": "空"}
    assert re.search(rf'role="alert"[^>]*><p>[^<]*{words[told]}', answer.text), answer.text


def test_a_wrong_list_comes_back_to_be_mended(work: Casework, today: date) -> None:
    wrong = TABLE + "<b>远处</b>,103.5,25\n"
    answer = sent(work, today, file=(io.BytesIO(wrong.encode()), "清单.csv"), name="")
    assert answer.status_code == 400
    assert "有 2 处问题" in answer.text
    assert re.search(r"<td>4</td><td>位置</td><td class=\"long\">&lt;b&gt;远处&lt;/b&gt;</td>", answer.text)
    assert "&lt;b&gt;远处&lt;/b&gt;,103.5,25" in answer.text and "<b>远处" not in answer.text
    assert "映象社区 2 栋" in answer.text


def test_without_a_number_the_form_says_so_and_keeps_what_was_typed(work: Casework, today: date) -> None:
    answer = sent(work, today, "bureau", admission="", name="专项甲")
    assert answer.status_code == 409
    assert "没有准入编号" in answer.text and "专项甲" in answer.text
    assert not work.scalar("SELECT count(*) FROM campaigns WHERE name = '专项甲'")


def test_a_form_sent_twice_is_one_campaign(work: Casework, today: date) -> None:
    form = {"client_id": str(uuid.uuid4()), "admission": "准入-一次"}
    first, second = sent(work, today, **form), sent(work, today, **form)
    assert first.status_code == second.status_code == 303 and first.location == second.location


def test_who_comes_to_which_page(work: Casework, today: date) -> None:
    campaign = opened(work, asked(today, unit=work.unit("urban_management")))["id"]
    for who in ("officer", "operator", "duty", "bureau"):
        assert "楼道电动车充电" in got(work, who, f"/campaigns/{campaign}")
        assert 'href="/campaigns"' in got(work, who, "/campaigns")
    assert "提前结束" in got(work, "bureau", f"/campaigns/{campaign}")
    assert "提前结束" not in got(work, "operator", f"/campaigns/{campaign}")
    got(work, "neighbour", f"/campaigns/{campaign}", 404)
    got(work, "neighbour", f"/m/campaigns/{campaign}", 404)
    for path in ("/campaigns", f"/campaigns/{campaign}", "/m/campaigns", f"/m/campaigns/{campaign}"):
        got(work, "resident", path, 403)
    got(work, "operator", "/campaigns/new", 403)
    got(work, "head", f"/campaigns/{2**31}", 404)
    # A department opens for itself, a desk for whoever asked.
    units = [
        re.findall(r'<option value="(\d+)"', got(work, who, "/campaigns/new")) for who in ("bureau", "head")
    ]
    assert (
        units[0].count(str(work.unit("urban_management"))) == 1 and str(work.unit("drainage")) not in units[0]
    )
    assert str(work.unit("drainage")) in units[1]


def test_the_telephone_leads_there_while_something_runs(work: Casework, today: date) -> None:
    campaign = opened(work, asked(today))["id"]
    assert 'href="/m/campaigns"' in got(work, "officer", "/m")
    assert 'href="/m/campaigns"' not in got(work, "neighbour", "/m")
    assert 'href="/m/campaigns"' not in got(work, "resident", "/m")
    round_of_officer = got(work, "officer", f"/m/campaigns/{campaign}")
    assert "2 单元" in round_of_officer and "3 单元" not in round_of_officer
    visit(work, campaign, places(work, campaign)[0]["id"])
    answer = work.client("head").post(f"/campaigns/{campaign}/end", data={"reason": ""}, headers=PAGE)
    assert answer.status_code == 400
    answer = work.client("head").post(f"/campaigns/{campaign}/end", data={"reason": "提前完成"}, headers=PAGE)
    assert answer.status_code == 303
    over = got(work, "officer", f"/m/campaigns/{campaign}")
    assert "现在不能查访" in over and 'data-outcome="clear"' not in over


def test_the_list_on_the_page_is_paged_and_filtered_by_state(work: Casework, today: date) -> None:
    rows = [{"label": f"单元 {n:04}", "lon": LON + n * 1e-6, "lat": LAT} for n in range(450)]
    campaign = opened(work, asked(today, places=rows))["id"]
    last = places(work, campaign)[-1]["id"]
    visit(work, campaign, last)
    page = got(work, "head", f"/campaigns/{campaign}")
    assert page.count("data-place=") == 200
    following = re.search(rf'href="(/campaigns/{campaign}\?after=\d+)"', page)
    assert following is not None
    assert "单元 0200" in got(work, "head", following[1])
    assert re.findall(r"单元 \d{4}", got(work, "head", f"/campaigns/{campaign}?state=clear")) == ["单元 0449"]
    # By telephone what waits comes first, however far down the list it is.
    for place in places(work, campaign)[:3]:
        visit(work, campaign, place["id"])
    cards = re.findall(r"<b>(单元 \d{4})</b>", got(work, "officer", f"/m/campaigns/{campaign}"))
    assert cards == [f"单元 {n:04}" for n in (*range(3, 203), 0, 1, 2, 449)]
