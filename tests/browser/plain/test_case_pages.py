"""The pages of cases in use: one case through six steps, without a script, by keyboard alone, for everybody."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from app.settings import ROOT
from tests import casework, town
from tests.browser.browsing import findings, signed_in
from tests.casework import Casework
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.db]

SHOTS = ROOT / "var" / "shots"
SCREENS = ((1366, 768), (1440, 900))


@pytest.fixture(scope="module")
def come(chrome: Browser, desk: str, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Pages of people who have signed in, each once; `drawn` where a map has to be drawn."""
    kept: dict[str, Any] = {}
    contexts = []

    def page_of(name: str, *, drawn: bool = False, **more: Any) -> Page:
        if name not in kept:
            kept[name] = signed_in(chrome, desk, name, PASSWORD)
        started = request.getfixturevalue("webgl") if drawn else chrome
        context = started.new_context(
            viewport={"width": 1366, "height": 768}, locale="zh-CN", storage_state=kept[name], bypass_csp=True, **more
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        return page

    yield page_of
    for context in contexts:
        context.close()


def photo(colour: str) -> Any:
    held = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(held, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": held.getvalue()}


def box(page: Page, move: str) -> Locator:
    """The form of a move, opened."""
    found = page.locator(f"#move-{move}")
    if not found.evaluate("box => box.open"):
        found.locator("summary").first.click()
    return found


def attach(form: Locator, label: str, colour: str) -> None:
    form.get_by_label(label, exact=False).first.set_input_files(photo(colour))
    expect(form.locator(".file-list .file")).to_have_count(1)


def send(form: Locator, name: str) -> None:
    form.locator("form").get_by_role("button", name=name, exact=True).click()


def looked_at(page: Page, name: str) -> None:
    """Pictures at both sizes; axe finds nothing, nothing is wider than the screen."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    assert findings(page) == [], name
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), (name, width)
        page.screenshot(path=SHOTS / f"{name}-{width}.png")


def marked(page: Page, cell: str = casework.AREA) -> None:
    """Put the pin into a cell: typed coordinates and the map are one. Each test has its own: three are a 反复件."""
    lon, lat = town.centre(cell)
    page.get_by_label("经度", exact=True).fill(f"{lon}")
    page.get_by_label("纬度", exact=True).fill(f"{lat}")
    page.get_by_label("纬度", exact=True).blur()


def test_a_report_with_a_pin_is_one_case_however_often_it_is_sent(
    work: Casework, desk: str, come: Any
) -> None:
    page = come("officer", drawn=True)
    page.goto(f"{desk}cases/new")
    page.wait_for_selector("body[data-map=idle]")
    page.get_by_label("查找类别").fill("暴露")
    page.get_by_label("查找类别").press("Enter")
    assert page.get_by_label("问题类别").input_value() == "C01"
    page.get_by_label("问题描述").fill("巷口垃圾成堆，约 2 m²")
    marked(page)
    expect(page.locator("[data-near]")).to_contain_text("件在办案件")
    middle = page.locator("#pin-map").bounding_box()
    page.mouse.click(middle["x"] + middle["width"] / 2 + 30, middle["y"] + middle["height"] / 2)
    assert page.get_by_label("经度", exact=True).input_value() != f"{town.centre(casework.AREA)[0]}"
    looked_at(page, "case-new")
    page.get_by_role("button", name="上报", exact=True).dblclick()
    expect(page.get_by_role("status")).to_have_text("已上报。")
    assert work.scalar("SELECT count(*) FROM cases WHERE description LIKE '巷口垃圾成堆%'") == 1


def test_one_case_through_all_six_steps(work: Casework, desk: str, come: Any) -> None:
    officer = come("officer")
    officer.goto(f"{desk}cases/new")
    officer.get_by_label("问题类别").select_option("C01")
    officer.get_by_label("问题描述").fill("桶边垃圾成堆")
    marked(officer, town.cell(1, 3))
    officer.get_by_role("button", name="上报", exact=True).click()
    expect(officer.get_by_role("status")).to_have_text("已上报。")
    address = officer.url
    case = int(address.rsplit("/", 1)[1])

    head = come("head")
    work.move("station", case, "escalate", reason="社区无力清运")
    head.goto(f"{desk}cases")
    expect(head.locator("tr", has_text="暴露垃圾").first).to_contain_text("绿 剩")
    head.goto(address)
    form = box(head, "accept_register_dispatch")
    expect(form.get_by_label("主办单位", exact=True)).to_contain_text("环卫中心（建议）")
    form.get_by_label("常用语").select_option(index=1)
    expect(form.get_by_label("意见", exact=False).first).not_to_have_value("")
    looked_at(head, "case-dispatch")
    send(form, "受理立案派遣")
    expect(head.get_by_role("status")).to_have_text("已办理。")
    assert work.version(case) == 5

    unit = come("sanitation")
    unit.goto(f"{desk}desk")
    unit.locator(f'input[value^="{case}."]').check()
    unit.get_by_label("处置人员").first.select_option(str(work.account("crew")))
    looked_at(unit, "desk")
    unit.get_by_role("button", name="签收并派给").click()
    expect(unit.get_by_role("status")).to_contain_text("1 / 1 件成功")

    crew = come("crew")
    crew.goto(address)
    form = box(crew, "give_feedback")
    attach(form, "证据", "green")
    send(form, "处置反馈")
    expect(crew.get_by_role("status")).to_have_text("已办理。")

    checker = come("officer2")
    checker.goto(address)
    form = box(checker, "verify_pass")
    attach(form, "证据", "blue")
    send(form, "核查通过")

    head.goto(address)
    expect(head.locator(".pictures img").first).to_have_js_property("complete", True)
    form = box(head, "close")
    form.get_by_label("结案条件已满足").check()
    send(form, "结案")
    expect(head.locator(".case-tags")).to_contain_text("已结案")
    expect(head.locator(".story > li")).to_have_count(9)
    looked_at(head, "case-closed")


def test_everything_works_without_a_script(work: Casework, desk: str, come: Any) -> None:
    """A browser that runs no script reports, sends a picture with the form, and moves the case."""
    page = come("supervisor", java_script_enabled=False)
    lon, lat = town.centre(town.cell(0, 2))
    page.goto(f"{desk}cases/new")
    page.get_by_label("问题类别").select_option("C01")
    page.get_by_label("经度", exact=True).fill("东经")
    page.get_by_label("称呼").fill("王师傅")
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("位置")
    expect(page.locator("#report-contact-fault")).to_be_visible()
    assert page.get_by_label("问题类别").input_value() == "C01"
    page.get_by_label("经度", exact=True).fill(f"{lon}")
    page.get_by_label("纬度", exact=True).fill(f"{lat}")
    page.get_by_label("称呼").fill("")
    page.get_by_label("照片或视频").set_input_files(photo("red"))
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("已上报。")
    expect(page.locator(".pictures img")).to_have_count(1)
    case = int(page.url.rsplit("/", 1)[1])
    other = come("operator", java_script_enabled=False)
    other.goto(page.url)
    form = other.locator("#move-decline")
    form.locator("summary").first.click()
    form.get_by_label("常用语").select_option("现场未发现")
    form.locator("form").get_by_role("button", name="不予立案").click()
    expect(other.locator(".case-tags")).to_contain_text("不予立案")
    other.get_by_role("button", name="撤销").click()
    expect(other.locator(".case-tags")).to_contain_text("待受理")
    assert work.version(case) == 3


def test_who_comes_second_is_told_and_loses_nothing(work: Casework, desk: str, come: Any) -> None:
    lon, lat = town.centre(town.cell(1, 2))
    case = int(work.report("supervisor", position={"lon": lon, "lat": lat})["case_id"])
    page = come("head")
    page.goto(f"{desk}cases/{case}")
    form = box(page, "decline")
    form.get_by_label("理由", exact=True).fill("已在施工公示期内，公示牌编号 12")
    work.move("operator", case, "accept")
    expect(page.locator("[data-news]")).to_contain_text("这个案件刚刚有了变化")
    assert form.get_by_label("理由", exact=True).input_value() == "已在施工公示期内，公示牌编号 12"
    send(form, "不予立案")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("第 2 步：受理")
    expect(alert).to_be_focused()
    expect(box(page, "decline").get_by_label("理由", exact=True)).to_have_value(
        "已在施工公示期内，公示牌编号 12"
    )
    looked_at(page, "case-changed")
    send(box(page, "decline"), "不予立案")
    expect(page.locator(".case-tags")).to_contain_text("不予立案")
    expect(page.locator("[data-left]")).to_contain_text("秒")


def test_by_keyboard_alone(work: Casework, desk: str, come: Any) -> None:
    case = int(work.report("supervisor")["case_id"])
    page = come("operator")
    page.goto(f"{desk}cases/{case}")
    page.locator("#move-register summary").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "condition"
    page.keyboard.press("Tab")
    page.keyboard.type("情况属实")
    page.locator("#move-register form button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".case-tags")).to_contain_text("待派遣")
    page.goto(f"{desk}cases?scope=all")
    page.locator("input[data-all]").focus()
    page.keyboard.press("Space")
    assert page.locator("input[name=case]:not(:checked)").count() == 0
    expect(page.get_by_role("button", name="催办")).to_be_enabled()


@pytest.mark.parametrize("lang", ["zh-CN", pytest.param("en", marks=pytest.mark.long)])
def test_everybody_can_use_them(work: Casework, desk: str, come: Any, lang: str) -> None:
    """axe finds nothing on any page; nothing is wider than the screen, down to that of a telephone."""
    case = int(work.report("supervisor", address="金菊路 12 号")["case_id"])
    work.move("operator", case, "accept_register_dispatch", condition="C01", unit=work.unit("sanitation"))
    work.move("sanitation", case, "send_back", reason="地址不清", evidence=[work.file("sanitation")])
    for who, paths in (
        ("head", ("cases?scope=all", f"cases/{case}", "cases/new")),
        ("sanitation", ("desk", f"cases/{case}")),
    ):
        page = come(who, drawn=True)
        for path in paths:
            page.goto(f"{desk}{path}{'&' if '?' in path else '?'}lang={lang}")
            for summary in page.locator("details:not([open]) > summary").all()[:30]:
                if summary.is_visible():
                    summary.click()
            assert findings(page) == [], path
            for width in (390, 1366):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), (
                    path,
                    width,
                )
