"""The pages of cases: what each role is shown, what the forms do, and that faults stand at their fields."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from app.cases.store import reported
from app.db import transaction
from app.postgres import Cluster
from tests import casework, town
from tests.casework import AREA, Casework

pytestmark = pytest.mark.db

PAGE = {"Accept": "text/html"}
WORDS = (
    "(?:casework|move|done|lamp|urgency|risk|stage|loop|asked|link|whose|clock|clock_why|clock_day|counting|desk|field"
    "|wrong|error|state|step|line|major|case_source|verification|calendar|limit_unit|map|people|board|role|route)"
)


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        yield made


def in_chinese(path: str) -> str:
    """A path that asks for Chinese, unless it asks for something else: a browser keeps what was asked for last."""
    return path if "lang=" in path else f"{path}{'&' if '?' in path else '?'}lang=zh-CN"


def told(page: str) -> list[str]:
    """What a page says of what went wrong."""
    return re.findall(r"<h1>(.*?)</h1>", page, re.DOTALL) + re.findall(
        r'class="fault"[^>]*>(.*?)</p>', page, re.DOTALL
    )


def look(work: Casework, who: str, path: str, status: int = 200) -> str:
    answer = work.client(who).get(in_chinese(path), headers=PAGE)
    assert answer.status_code == status, told(answer.text)
    return str(answer.text)


def fill(work: Casework, who: str, path: str, status: int = 303, **fields: Any) -> Any:
    answer = work.client(who).post(in_chinese(path), data=fields, headers=PAGE)
    assert answer.status_code == status, told(answer.text)
    return answer


def move(work: Casework, who: str, case: int, name: str, status: int = 303, **fields: Any) -> Any:
    given = {"move": name, "version": work.version(case), "client_id": str(uuid.uuid4()), **fields}
    return fill(work, who, f"/cases/{case}", status, **given)


def offered(page: str) -> set[str]:
    return set(re.findall(r'<form class="move-form"[^>]*data-move="([a-z_]+)"', page))


def state(work: Casework, case: int) -> str:
    return str(work.scalar("SELECT state FROM cases WHERE id = :case", case=case))


def missing(page: str) -> set[str]:
    """Ids of words that no catalogue has."""
    shown = re.sub(r"<script.*?</script>|<[^>]+>", " ", page, flags=re.DOTALL)
    return set(re.findall(rf"\b{WORDS}\.[a-z_]+\b", shown))


@pytest.fixture(scope="module")
def handled(work: Casework) -> int:
    """A case with a bit of everything: returned, refused, extended, made again."""
    case = int(work.report("supervisor", address="金菊路 12 号")["case_id"])
    work.move("operator", case, "accept_register_dispatch", condition="C01", unit=work.unit("sanitation"))
    work.move("sanitation", case, "acknowledge", crew=work.account("crew"))
    work.move("sanitation", case, "send_back", reason="地址不清", evidence=[work.file("sanitation")])
    work.move("operator", case, "refuse_return", opinion="地址已补充")
    work.move("sanitation", case, "request_extension", reason="需采购配件", amount="2")
    work.move("head", case, "grant_extension")
    work.move("operator", case, "remind", called="调度员", called_at="2020-01-01T00:00:00+08:00", status=400)
    work.move("crew", case, "give_feedback", evidence=[work.file("crew")], opinion="已清运")
    work.move("officer", case, "verify_fail", reason="只清一处", evidence=[work.file("officer")])
    return case


SEEN = {
    "officer": (200, 200, 200),
    "operator": (200, 200, 200),
    "head": (200, 200, 200),
    "duty": (200, 200, 200),
    "sanitation": (200, 200, 200),
    "overseer": (200, 200, 200),
    "neighbour": (200, 200, 404),
}


@pytest.mark.parametrize("who", SEEN)
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_each_role_sees_its_pages_with_every_word(work: Casework, handled: int, who: str, lang: str) -> None:
    for path, status in zip(("/cases", "/cases/new", f"/cases/{handled}"), SEEN[who], strict=True):
        page = look(work, who, f"{path}?lang={lang}", status)
        assert not missing(page), (path, who)
    for scope in ("todo", "mine", "unit", "all"):
        page = look(work, who, f"/cases?scope={scope}&lang={lang}")
        assert not missing(page)
        assert (f"/cases/{handled}" in page) is (who != "neighbour" and scope == "all") or scope != "all"
    assert not missing(look(work, who, f"/desk?lang={lang}"))


def test_a_resident_reports_and_sees_no_case(work: Casework, handled: int) -> None:
    look(work, "resident", "/cases", 403)
    look(work, "resident", f"/cases/{handled}", 403)
    page = look(work, "resident", "/cases/new")
    assert 'name="source"' not in page
    lon, lat = town.centre(AREA)
    answer = fill(work, "resident", "/cases/new", 200, client_id=str(uuid.uuid4()), category="C02", lon=lon, lat=lat,
                  description="桶满了", contact_phone="13900001234")  # fmt: skip
    assert re.search(r"玩-.*-\d{8}-\d{4}", answer.text)


def test_what_lies_outside_is_not_found_in_any_way(work: Casework, handled: int) -> None:
    number = work.scalar("SELECT number FROM cases WHERE id = :case", case=handled)
    assert number in look(work, "operator", f"/cases?q={number[-4:]}")
    assert "金菊路" in look(work, "operator", f"/cases?q={number}")
    for q in (number, number[-4:]):
        assert f"/cases/{handled}" not in look(work, "neighbour", f"/cases?q={q}&scope=all")
    move(work, "neighbour", handled, "comment", 404, opinion="看看")
    look(work, "operator", "/cases/9223372036854775807", 404)
    look(work, "operator", "/cases/99999999999999999999", 404)


def test_the_buttons_are_the_moves_that_the_table_allows(work: Casework, handled: int) -> None:
    for who in ("officer", "operator", "head", "sanitation", "crew", "overseer", "duty"):
        items = work.client(who).get(f"/api/v1/cases/{handled}/moves").get_json()["items"]
        assert offered(look(work, who, f"/cases/{handled}")) == {item["move"] for item in items} - {"undo"}


def test_the_story_tells_who_did_what_and_why(work: Casework, handled: int) -> None:
    page = look(work, "operator", f"/cases/{handled}")
    for word in (
        "垃圾成堆",
        "地址不清",
        "地址已补充",
        "需采购配件",
        "已清运",
        "只清一处",
        "环卫中心",
        "受理",
        "核查不通过",
    ):
        assert word in page
    assert "退 1 次" in page and "延期 1 次" in page and "到期时间怎么算出来的" in page
    english = look(work, "operator", f"/cases/{handled}?lang=en")
    assert "checked it: to be done again" in english and "sent back 1×" in english


def test_all_faults_of_a_report_stand_at_their_fields_and_nothing_is_lost(work: Casework) -> None:
    key = str(uuid.uuid4())
    answer = fill(work, "officer", "/cases/new", 400, client_id=key, category="Z99", lon="东经", lat="25.01",
                  description="井盖响\r\n夜里也响", contact_name="王", source="nobody", condition="C01")  # fmt: skip
    page = answer.text.replace("\r\n", "\n")
    for field in ("category", "position", "contact", "source"):
        assert f'id="report-{field}-fault"' in page, field
    assert 'value="东经"' in page and "井盖响\n夜里也响" in page and 'value="王"' in page and key in page
    lon, lat = town.centre(AREA)
    outside = fill(
        work, "officer", "/cases/new", 400, client_id=key, category="C01", lon=90, lat=lat, description="x"
    )
    assert "不在本区范围内" in outside.text
    good = {"client_id": key, "category": "C01", "lon": lon, "lat": lat, "description": "井盖响\r\n夜里也响"}
    first = fill(work, "officer", "/cases/new", **good)
    assert fill(work, "officer", "/cases/new", **good).location == first.location
    case = int(first.location.rsplit("/", 1)[1])
    assert work.scalar("SELECT description FROM cases WHERE id = :case", case=case) == "井盖响\n夜里也响"
    assert work.scalar("SELECT count(*) FROM case_report_keys WHERE client_id = :key", key=key) == 1


def test_a_report_without_a_position_is_on_the_desk_of_an_area(work: Casework) -> None:
    answer = fill(work, "operator", "/cases/new", client_id=str(uuid.uuid4()), category="C01", area=casework.COMMUNITY,
                  description="电话里说不清在哪里", source="hotline_12345")  # fmt: skip
    page = look(work, "operator", answer.location)
    assert "待定位" in page and "12345 工单" in page


def test_six_steps_through_the_forms(work: Casework) -> None:
    case = int(work.report("supervisor")["case_id"])
    move(work, "operator", case, "register", 400)
    page = move(work, "operator", case, "register", 400, condition="A01", opinion="先看看").text
    assert 'id="register-condition-fault"' in page and ">先看看</textarea>" in page
    move(work, "operator", case, "register", condition="C01")
    move(work, "operator", case, "dispatch", unit=work.unit("sanitation"), co_units=[work.unit("drainage")],
         opinion_phrase="请先到场围护，再行修复，修复前后各拍一张同一角度。")  # fmt: skip
    assert "请先到场围护" in look(work, "operator", f"/cases/{case}")
    move(work, "sanitation", case, "acknowledge", crew=work.account("crew"))
    move(work, "crew", case, "give_feedback", evidence=[work.file("crew")], opinion="已清运")
    move(work, "officer", case, "verify_pass", evidence=[work.file("officer")], place="102.705， 25.035")
    move(work, "operator", case, "close", 400)
    move(work, "operator", case, "close", closing_condition="yes")
    assert state(work, case) == "closed"
    assert not missing(look(work, "operator", f"/cases/{case}"))


def test_who_is_late_is_told_what_happened_and_keeps_what_was_typed(work: Casework) -> None:
    case = int(work.report("supervisor")["case_id"])
    work.move("operator", case, "accept")
    page = move(work, "head", case, "decline", 409, version=1, reason="已在施工公示期内，详见公示牌").text
    assert "第 2 步：受理" in page and "已在施工公示期内，详见公示牌</textarea>" in page
    assert f'name="version" value="{work.version(case)}"' in page
    work.move("operator", case, "decline", reason="现场未发现")
    page = move(work, "head", case, "register", 409, version=2, condition="C01", opinion="可以立案").text
    assert "可以立案" in page and "请自行保存" in page
    assert state(work, case) == "declined"


def test_the_last_step_is_taken_back_for_two_minutes(work: Casework) -> None:
    case = int(work.report("supervisor")["case_id"])
    move(work, "operator", case, "decline", reason="现场未发现")
    assert "data-undo=" in look(work, "operator", f"/cases/{case}")
    assert "data-undo=" not in look(work, "head", f"/cases/{case}")
    move(work, "operator", case, "undo")
    assert state(work, case) == "reported"
    assert "已撤销" in look(work, "operator", f"/cases/{case}")


def test_a_batch_has_a_result_for_each(work: Casework) -> None:
    cases = [int(work.report("supervisor")["case_id"]) for _ in range(3)]
    work.move("operator", cases[0], "decline", reason="现场未发现")
    ticked = [f"{case}.1" for case in cases]
    key = str(uuid.uuid4())
    page = fill(
        work, "operator", "/cases/batch", 200, move="accept", batch=key, case=[*ticked, "x", "1.y"]
    ).text
    assert "2 / 3 件成功" in page and "案件在您打开之后有了变化" in page
    again = fill(work, "operator", "/cases/batch", 200, move="accept", batch=key, case=ticked[1:]).text
    assert "2 / 2 件成功" in again
    reloaded = work.client("operator").get("/cases/batch?scope=all&lang=en", headers=PAGE)
    assert reloaded.location == "/cases?scope=all&lang=en"
    assert [work.version(case) for case in cases[1:]] == [2, 2]
    for case in cases[1:]:
        work.move("operator", case, "register", condition="C01")
    page = fill(work, "operator", "/cases/batch", 200, move="dispatch", batch=str(uuid.uuid4()),
                case=[f"{case}.3" for case in cases[1:]]).text  # fmt: skip
    assert "0 / 2 件成功" in page and "主办单位：必填" in page
    fill(work, "operator", "/cases/batch", 200, move="dispatch", unit=work.unit("sanitation"), batch=str(uuid.uuid4()),
         case=[f"{case}.3" for case in cases[1:]])  # fmt: skip
    desk = look(work, "sanitation", "/desk")
    assert all(f'value="{case}.4"' in desk for case in cases[1:])
    page = fill(work, "sanitation", "/cases/batch", 200, move="acknowledge", crew=work.account("crew"), back="desk",
                batch=str(uuid.uuid4()), case=[f"{case}.4" for case in cases[1:]]).text  # fmt: skip
    assert "2 / 2 件成功" in page and "/desk" in page
    assert "<b>crew</b>" in look(work, "sanitation", "/desk")
    fill(work, "neighbour", "/cases/batch", 200, move="remind", batch=key, case=[f"{cases[1]}.5"])
    assert work.version(cases[1]) == 5


def test_filters_and_pages(work: Casework) -> None:
    for _ in range(3):
        work.report("supervisor", category="C02")
    kind = work.scalar("SELECT id FROM case_categories WHERE code = 'C02'")
    unit = work.unit("sanitation")
    all_of = look(work, "duty", f"/cases?scope=all&category={kind}")
    assert len(set(re.findall(r'href="/cases/(\d+)"', all_of))) >= 3
    for path in (
        "step=1",
        "step=5",
        "mark=overdue",
        "mark=near&step=3",
        f"unit={unit}",
        "state=declined",
        "area=1",
    ):
        look(work, "duty", f"/cases?scope=all&{path}")
    for bad in ("step=9", "mark=x", "scope=y", "state=z", "after=1~2", "category=a", "q=%00"):
        look(work, "duty", f"/cases?{bad}", 400)
    strange = look(work, "duty", "/cases?scope=all&endpoint=x&_scheme=javascript&_anchor=y&values=1")
    assert "javascript" not in strange
    after = look(work, "duty", f"/cases?scope=all&category={kind}&after=2~infinity~9223372036854775807")
    assert "没有这样的案件" in after


def test_moves_by_words_that_are_none(work: Casework) -> None:
    case = int(work.report("supervisor")["case_id"])
    move(work, "operator", case, "fly", 409)
    fill(work, "operator", f"/cases/{case}", 400, move="accept", version="x", client_id="y")
    move(work, "operator", case, "decline", 400, reason="长" * 2001)
    assert work.version(case) == 1
    answer = work.app.test_client().post(f"/cases/{case}", data={"move": "accept"}, headers=PAGE)
    assert answer.status_code == 303 and "/sign-in" in answer.location


def test_the_reporter_is_called_by_those_who_answer_and_that_is_logged(work: Casework) -> None:
    case = int(work.report("supervisor", contact={"name": "王师傅", "phone": "13900005678"})["case_id"])
    page = look(work, "operator", f"/cases/{case}")
    assert "王师傅" in page and "139****5678" in page and "13900005678" not in page
    assert "王师傅" not in look(work, "officer", f"/cases/{case}")
    fill(work, "officer", f"/cases/{case}/contact", 404)
    fill(work, "neighbour", f"/cases/{case}/contact", 404)
    assert 'href="tel:13900005678"' in fill(work, "operator", f"/cases/{case}/contact", 200).text
    logged = "SELECT count(*) FROM access_log WHERE action = 'personal.read' AND subject_id = :case"
    assert work.scalar(logged, case=str(case)) == 1


def test_words_are_found_past_no_wall(work: Casework) -> None:
    case = int(work.report("supervisor", address="白龙寺 88 号", description="井盖异响扰民")["case_id"])
    for q in ("白龙寺", "异响", "白龙寺 异响"):
        assert f"/cases/{case}" in look(work, "operator", f"/cases?q={q}")
        assert f"/cases/{case}" not in look(work, "neighbour", f"/cases?q={q}&scope=all")
    assert "没有找到" in look(work, "operator", "/cases?q=没有这样的话")


def test_a_case_from_elsewhere_has_its_page(work: Casework) -> None:
    case = work.scalar("SELECT id FROM cases WHERE external_ref = :ref", ref=f"ref-{AREA}")
    page = look(work, "operator", f"/cases/{case}")
    assert "自外部平台导入" in page and "没有时钟" in page and not missing(page)
    move(work, "operator", case, "comment", opinion="已联系")
    assert "已联系" in look(work, "operator", f"/cases/{case}")


def test_what_is_told_in_confidence_is_for_those_who_deal_with_it(work: Casework) -> None:
    with transaction(work.url) as connection:
        reported.restrict(connection, 1, ["Z07"])
    secret = {"description": "深夜常有陌生人进出仓库", "address": "金沙路 3 号仓库"}
    case = int(work.report("officer", category="Z07", **secret)["case_id"])
    for who, seen in (("officer", True), ("acceptor", True), ("officer2", False), ("overseer", False)):
        page = look(work, who, f"/cases/{case}")
        assert "限知" in page and all((word in page) is seen for word in secret.values()), who
        assert secret["address"] not in look(work, who, "/cases?scope=all")
