"""The list as a table: what the list has, in words, for whoever asks, and nothing that a spreadsheet reckons with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest

from app.cube.api import exporting
from app.postgres import Cluster
from app.web.i18n import translate
from tests.casework import Casework, cloned

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with cloned(cluster) as made:
        for number in range(3):
            made.report("supervisor", address=f"=1+{number}", description="甲")
        yield made


def table(work: Casework, who: str, query: str = "", lang: str = "zh-CN") -> list[dict[str, str]]:
    answer = work.client(who).get(f"/api/v1/view/cases.csv?{query}&lang={lang}")
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


@pytest.mark.parametrize("who", ["operator", "officer", "neighbour"])
@pytest.mark.parametrize("query", ["state=open", "state=all", "state=closed", "state=open&step=1"])
def test_it_has_the_cases_of_the_list(work: Casework, who: str, query: str) -> None:
    listed = work.client(who).get(f"/api/v1/view?{query}&limit=200").get_json()["queue"]
    rows = table(work, who, query)
    assert len(rows) == listed["total"]
    assert [row["案件号"] or None for row in rows] == [
        item["number"] or item["ref"] for item in listed["items"]
    ]


def test_it_says_all_in_words_and_the_times_of_the_district(work: Casework) -> None:
    case = work.report("supervisor")["case_id"]
    item = next(
        one
        for one in work.client("operator")
        .get("/api/v1/view?state=open&limit=200")
        .get_json()["queue"]["items"]
        if one["id"] == case
    )
    row = next(
        row
        for row in table(work, "operator", "state=open")
        if row["案件号"] == (item["number"] or item["ref"])
    )
    english = table(work, "operator", "state=open", "en")[0]
    assert row["状态"] == translate("zh_CN", f"state.{item['state']}")
    assert row["小类"] == item["category"]
    assert {"Case", "State", "Reported", "Due"} <= set(english)
    hour = int(row["上报时间"][11:13])
    assert hour == (int(item["reported_at"][11:13]) + 8) % 24


def test_no_text_is_a_formula(work: Casework) -> None:
    addresses = {row["地址"] for row in table(work, "operator", "state=open")}
    assert {"'=1+0", "'=1+1", "'=1+2"} <= addresses


def test_more_than_a_person_looks_through_is_refused(work: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST", 2)
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    answer = work.client("operator").get("/api/v1/view/cases.csv?state=open")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "export_too_large")
    assert "2" in answer.get_json()["title"]
