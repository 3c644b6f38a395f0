"""The panel in which a case is worked beside the map: moves, forms that lose nothing, telephones, paper."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

from app.postgres import Cluster
from app.settings import ROOT
from tests import casework
from tests.browser.browsing import opened, served, signed_in
from tests.browser.test_people import findings
from tests.casework import Casework
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.db]

SHOTS = ROOT / "var" / "shots"
CONTACT = {"name": "王先生", "phone": "13800001234"}


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def desk(work: Casework, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the served town."""
    with served(work.url, tmp_path_factory.mktemp("panel")) as address:
        yield address


@pytest.fixture(scope="module")
def come(chrome: Browser, desk: str) -> Iterator[Any]:
    """The map page with a case open, of people who have signed in, each once."""
    kept: dict[str, Any] = {}
    contexts = []

    def page_of(name: str, case: int, width: int = 1440, height: int = 900, **query: str) -> Page:
        if name not in kept:
            kept[name] = signed_in(chrome, desk, name, PASSWORD)
        context = chrome.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", storage_state=kept[name], bypass_csp=True
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: print("PAGE ERROR", error, error.stack))
        more = "".join(f"&{key}={value}" for key, value in query.items())
        opened(page, f"{desk}?case={case}{more}")
        expect(page.locator(".case-panel:not([aria-busy])")).to_be_visible()
        return page

    yield page_of
    for context in contexts:
        context.close()


def photo(colour: str) -> bytes:
    held = io.BytesIO()
    picture = Image.new("RGB", (640, 480), colour)
    ImageDraw.Draw(picture).rectangle((180, 200, 460, 480), fill="#4a3f35")
    picture.save(held, "JPEG")
    return held.getvalue()


def taken(work: Casework, who: str, colour: str) -> int:
    answer = work.client(who).post("/api/v1/files", data=photo(colour), content_type="image/jpeg")
    assert answer.status_code == 201, answer.text
    return int(answer.get_json()["id"])


@pytest.fixture
def case(work: Casework, desk: str) -> int:
    told = work.report("operator", address="金菊路 12 号菜市场东门", contact=CONTACT, description="垃圾成堆，占了半条人行道。", files=[work.file("operator")])
    return int(told["case_id"])


def press(page: Page, move: str) -> None:
    page.locator(f".cp-keys > [data-move={move}]").click()


def test_a_case_is_dispatched_handled_and_taken_back_beside_the_map(work: Casework, case: int, come: Any) -> None:
    page = come("operator", case)
    expect(page.locator(".cp-due")).to_contain_text(re.compile("街道分中心 须在.*前受理，剩"))
    expect(page.locator(".cp-keys .button.primary")).to_have_count(1)
    press(page, "accept_register_dispatch")
    form = page.locator(".cp-form")
    form.get_by_label("立案条件").select_option(index=1)
    form.get_by_role("button", name="受理立案派遣").click()
    expect(page.locator(".cp-due")).to_contain_text("须先签收")
    expect(page.locator(".cp-undo")).to_contain_text("还可撤销")
    page.locator(".cp-undo button").click()
    expect(page.locator(".cp-due")).to_contain_text("须在")
    assert work.scalar("SELECT state FROM cases WHERE id = :case", case=case) == "registered"


def test_what_was_typed_outlives_a_reload_and_all_that_is_missing_is_said_at_once(case: int, come: Any) -> None:
    page = come("operator", case)
    page.locator(".cp-more summary").click()
    page.locator(".cp-menu [data-move=void]").click()
    form = page.locator(".cp-form")
    form.get_by_role("button", name="作废").click()
    expect(form.locator(".fault:visible")).to_have_text("必填")
    form.get_by_label("理由").fill("重复录入，经核对")
    page.keyboard.press("Escape")
    expect(page.locator(".cp-keys")).to_be_visible()
    page.reload()
    expect(page.locator(".cp-more")).to_be_visible()
    page.locator(".cp-more summary").click()
    expect(page.locator(".cp-menu [data-move=void] small")).to_have_text("已填未发")
    page.locator(".cp-menu [data-move=void]").click()
    expect(form.get_by_label("理由")).to_have_value("重复录入，经核对")


def test_whoever_is_quicker_is_named_and_the_words_are_kept(work: Casework, case: int, come: Any) -> None:
    page = come("operator", case)
    press(page, "comment")
    form = page.locator(".cp-form")
    form.get_by_label("意见").fill("已电话核对位置")
    page.route("**/live*", lambda route: route.abort())
    work.move("operator", case, "accept")
    form.get_by_role("button", name="备注").click()
    trouble = page.locator(".cp-trouble.is-conflict")
    expect(trouble).to_contain_text("受理")
    expect(form.get_by_label("意见")).to_have_value("已电话核对位置")
    form.get_by_role("button", name="备注").click()
    expect(page.locator(".cp-log")).to_contain_text("已电话核对位置")


def test_a_case_that_moves_elsewhere_is_brought_up_to_date_around_the_form(work: Casework, case: int, come: Any) -> None:
    page = come("operator", case)
    press(page, "comment")
    page.locator(".cp-form").get_by_label("意见").fill("写了一半")
    work.move("operator", case, "accept")
    expect(page.locator(".cp-trouble.is-conflict")).to_be_visible()
    expect(page.locator(".cp-steps [aria-current]")).to_contain_text("派遣" if work.scalar("SELECT state FROM cases WHERE id=:c", c=case) == "registered" else "上报")
    expect(page.locator(".cp-form").get_by_label("意见")).to_have_value("写了一半")


def test_a_move_is_made_once_though_the_answer_was_lost(work: Casework, case: int, come: Any) -> None:
    page = come("operator", case)
    press(page, "comment")
    page.locator(".cp-form").get_by_label("意见").fill("只记一遍")
    lost: list[bool] = []

    def lose(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(True)
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/moves", lose)
    page.locator(".cp-form").get_by_role("button", name="备注").click()
    expect(page.locator(".cp-trouble.is-lost")).to_contain_text("没有送出")
    page.screenshot(path=_shot("panel-lost"))
    page.get_by_role("button", name="重新送出").click()
    expect(page.locator(".cp-log")).to_contain_text("只记一遍")
    assert work.scalar("SELECT count(*) FROM case_transitions WHERE case_id = :c AND move = 'comment'", c=case) == 1


def test_calling_back_is_one_key(case: int, come: Any) -> None:
    page = come("operator", case)
    place = page.locator(".cp-place")
    expect(place).to_contain_text("1234")
    expect(place).not_to_contain_text(CONTACT["phone"])
    place.get_by_role("button", name="拨打").click()
    expect(place.get_by_role("link", name=CONTACT["phone"])).to_be_visible()


def test_opening_a_case_asks_for_three_things_at_most(work: Casework, case: int, come: Any) -> None:
    page = come("operator", case)
    other = int(work.report("operator")["case_id"])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if f"/cases/{other}" in request.url else None)
    page.evaluate(f"history.pushState(null, '', '/?case={other}'); dispatchEvent(new PopStateEvent('popstate'))")
    expect(page.locator(f".case-panel[data-case='{other}']:not([aria-busy])")).to_be_visible()
    assert len(asked) <= 3, asked


def test_next_and_previous_by_key(work: Casework, case: int, come: Any) -> None:
    work.report("operator")
    page = come("operator", case)
    before = page.locator(".cp-position").inner_text()
    page.locator(".cp-body").focus()
    step = "k" if before.split(" ")[1] != "1" else "j"
    page.keyboard.press(step)
    expect(page.locator(f".case-panel[data-case='{case}']")).to_have_count(0)
    page.keyboard.press("j" if step == "k" else "k")
    expect(page.locator(f".case-panel[data-case='{case}']")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".case-panel")).to_have_count(0)
    expect(page.locator("#order")).to_have_count(0)


def _shot(name: str) -> str:
    SHOTS.mkdir(parents=True, exist_ok=True)
    return str(SHOTS / f"{name}.png")
