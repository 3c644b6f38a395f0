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
CUT = """
[...document.querySelectorAll('.case-panel *')]
    .filter(one => one.clientWidth && getComputedStyle(one).overflowX === 'visible' && !one.closest('svg'))
    .filter(one => one.scrollWidth > one.clientWidth + 2).map(one => one.className || one.tagName)
"""
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
    errors: list[str] = []

    def page_of(name: str, case: int, width: int = 1440, height: int = 900, **query: str) -> Page:
        if name not in kept:
            kept[name] = signed_in(chrome, desk, name, PASSWORD)
        context = chrome.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            storage_state=kept[name],
            bypass_csp=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        more = "".join(f"&{key}={value}" for key, value in query.items())
        opened(page, f"{desk}?case={case}{more}")
        expect(page.locator(".case-panel:not([aria-busy])")).to_be_visible()
        return page

    yield page_of
    for context in contexts:
        context.close()
    assert not errors


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
    told = work.report(
        "operator",
        address="金菊路 12 号菜市场东门",
        contact=CONTACT,
        description="垃圾成堆，占了半条人行道。",
        files=[work.file("operator")],
    )
    return int(told["case_id"])


def press(page: Page, move: str) -> None:
    page.locator(f".cp-keys > [data-move={move}]").click()


def submit(page: Page) -> None:
    page.locator(".cp-send .button").click()


def test_a_case_is_dispatched_handled_and_taken_back_beside_the_map(
    work: Casework, case: int, come: Any
) -> None:
    page = come("operator", case)
    expect(page.locator(".cp-due")).to_contain_text(re.compile("街道分中心 须在.*前受理，剩"))
    expect(page.locator(".cp-keys .button.primary")).to_have_count(1)
    press(page, "accept_register_dispatch")
    form = page.locator(".cp-form")
    form.get_by_label("立案条件").select_option(index=1)
    submit(page)
    expect(page.locator(".cp-due")).to_contain_text("须先签收")
    expect(page.locator(".cp-undo")).to_contain_text("还可撤销")
    page.locator(".cp-undo button").click()
    expect(page.locator(".cp-due")).to_contain_text("须在")
    assert work.scalar("SELECT state FROM cases WHERE id = :case", case=case) == "registered"


def test_what_was_typed_outlives_a_reload_and_all_that_is_missing_is_said_at_once(
    case: int, come: Any
) -> None:
    page = come("operator", case)
    press(page, "decline")
    form = page.locator(".cp-form")
    submit(page)
    expect(form.locator(".fault:visible")).to_have_text("必填")
    form.get_by_label("理由").fill("不属于本区")
    page.keyboard.press("Escape")
    expect(page.locator(".cp-keys")).to_be_visible()
    page.reload()
    expect(page.locator(".cp-keys [data-move=decline] small")).to_have_text("已填未发")
    press(page, "decline")
    expect(form.get_by_label("理由")).to_have_value("不属于本区")
    page.keyboard.press("Alt+1")
    expect(form.get_by_label("理由")).to_have_value(re.compile("不属于本区\n."))


def test_whoever_is_quicker_is_named_and_the_words_are_kept(work: Casework, case: int, come: Any) -> None:
    page = come("operator", case)
    press(page, "comment")
    form = page.locator(".cp-form")
    form.get_by_label("意见").fill("已电话核对位置")
    page.route("**/live*", lambda route: route.abort())
    work.move("operator", case, "accept")
    submit(page)
    trouble = page.locator(".cp-trouble.is-conflict")
    expect(trouble).to_contain_text("受理")
    expect(form.get_by_label("意见")).to_have_value("已电话核对位置")
    submit(page)
    expect(page.locator(".cp-log")).to_contain_text("已电话核对位置")


def test_a_case_that_moves_elsewhere_is_brought_up_to_date_around_the_form(
    work: Casework, case: int, come: Any
) -> None:
    page = come("operator", case)
    press(page, "comment")
    page.locator(".cp-form").get_by_label("意见").fill("写了一半")
    work.move("operator", case, "accept")
    expect(page.locator(".cp-trouble.is-conflict")).to_be_visible()
    expect(page.locator(".cp-steps [aria-current]")).to_contain_text(
        "派遣" if work.scalar("SELECT state FROM cases WHERE id=:c", c=case) == "registered" else "上报"
    )
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
    submit(page)
    expect(page.locator(".cp-trouble.is-lost")).to_contain_text("没有送出")
    page.screenshot(path=_shot("panel-lost"))
    expect(page.locator(".cp-trouble.is-lost")).to_contain_text("意见")
    expect(page.locator(".cp-log")).to_contain_text("只记一遍")
    assert (
        work.scalar("SELECT count(*) FROM case_transitions WHERE case_id = :c AND move = 'comment'", c=case)
        == 1
    )


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
    page.on(
        "request", lambda request: asked.append(request.url) if f"/cases/{other}" in request.url else None
    )
    page.evaluate(
        f"history.pushState(null, '', '/?case={other}'); dispatchEvent(new PopStateEvent('popstate'))"
    )
    expect(page.locator(f".case-panel[data-case='{other}']:not([aria-busy])")).to_be_visible()
    assert len(set(asked)) <= 3, asked


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


@pytest.fixture(scope="module")
def rich(work: Casework, desk: str) -> int:
    """A case with a bit of everything."""
    told = work.report(
        "operator",
        address="金菊路 12 号菜市场东门",
        contact=CONTACT,
        description="垃圾成堆，占了半条人行道，早晚高峰行人走上机动车道。",
        files=[taken(work, "operator", "#8fa3a0"), taken(work, "operator", "#a39a8f")],
    )
    case = int(told["case_id"])
    again = int(work.report("officer")["case_id"])
    work.move("operator", case, "accept_register_dispatch", condition="C01", unit=work.unit("sanitation"))
    work.move("sanitation", case, "acknowledge", crew=work.account("crew"))
    work.move("sanitation", case, "send_back", reason="地址不清，请补充门牌。")
    work.move("operator", case, "refuse_return", opinion="地址已补充：东门左侧第二个垃圾桶。")
    work.move("sanitation", case, "request_extension", reason="需调机械", amount="2")
    work.move("head", case, "grant_extension")
    work.move(
        "crew",
        case,
        "give_feedback",
        evidence=[taken(work, "crew", "#b9c7b0")],
        opinion="已清运 2 车，地面冲洗。",
    )
    work.move(
        "officer",
        case,
        "verify_fail",
        reason="只清一处，桶后仍有积存。",
        evidence=[taken(work, "officer", "#9d8f76")],
    )
    work.move("operator", case, "comment", opinion="已电话告知报案人。")
    assert again
    return case


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1366, 768), (390, 844)])
def test_the_panel_is_for_everybody(rich: int, come: Any, theme: str, width: int, height: int) -> None:
    page = come("sanitation", rich, width, height, theme=theme)
    page.screenshot(path=_shot(f"panel-{width}-{theme}"))
    assert not findings(page)
    page.locator(".cp-body").evaluate("body => body.scrollTo(0, 480)")
    page.screenshot(path=_shot(f"panel-{width}-{theme}-below"))
    press(page, "give_feedback")
    submit(page)
    expect(page.locator(".fault:visible").first).to_be_visible()
    page.screenshot(path=_shot(f"panel-{width}-{theme}-form"))
    assert not findings(page)
    assert page.evaluate("[scrollX, scrollY, document.body.scrollTop]") == [0, 0, 0]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [360, 430, 520, 640])
def test_nothing_is_cut_off_at_any_width(rich: int, come: Any, width: int) -> None:
    page = come("operator", rich)
    page.add_style_tag(
        content=f".desk:has(.case-panel) {{ grid-template-columns: 0 minmax(0, 1fr) {width}px !important; }}"
    )
    page.evaluate("document.documentElement.lang = 'en'")
    page.screenshot(path=_shot(f"panel-at-{width}"))
    cut = page.evaluate(CUT)
    assert not cut


def test_photos_open_larger_by_key(rich: int, come: Any) -> None:
    page = come("operator", rich)
    page.locator(".cp-shot").first.focus()
    page.keyboard.press("Enter")
    viewer = page.locator("dialog.viewer")
    expect(viewer).to_contain_text("1 / 4")
    page.keyboard.press("ArrowRight")
    expect(viewer).to_contain_text("2 / 4")
    page.screenshot(path=_shot("panel-viewer"))
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    expect(page.locator(".cp-shot").first).to_be_focused()
    expect(page.locator(".case-panel")).to_be_visible()


def test_on_paper_it_is_a_work_order(rich: int, come: Any) -> None:
    page = come("operator", rich, theme="dark")
    page.emulate_media(media="print")
    order = page.locator("#order")
    expect(order).to_be_visible()
    expect(page.locator("main")).to_be_hidden()
    for word in ("案件交办单", "金菊路 12 号菜市场东门", "签收人", "承办单位", "垃圾成堆"):
        expect(order).to_contain_text(word)
    assert order.evaluate("one => getComputedStyle(one).color") == "rgb(0, 0, 0)"
    page.set_viewport_size({"width": 794, "height": 1123})
    page.screenshot(path=_shot("panel-order"))
    from_panel = order.inner_text()
    page.goto(page.url.replace("/?case=", "/cases/").partition("&")[0])
    expect(order).to_be_visible()
    expect(page.locator("main")).to_be_hidden()
    assert _without_hour(order.inner_text()) == _without_hour(from_panel)


def _without_hour(text: str) -> str:
    return re.sub(r"打印：.*", "", text)


def _shot(name: str) -> str:
    SHOTS.mkdir(parents=True, exist_ok=True)
    return str(SHOTS / f"{name}.png")
