"""The panel of a case as it looks: in both themes, at every width, its photos larger, and on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.browsing import findings
from tests.browser.plain.panels import CONTACT, panels, press, shot, submit, taken
from tests.casework import Casework

pytestmark = [pytest.mark.browser, pytest.mark.db]

CUT = """
[...document.querySelectorAll('.case-panel *')]
    .filter(one => one.clientWidth && getComputedStyle(one).overflowX === 'visible' && !one.closest('svg'))
    .filter(one => one.scrollWidth > one.clientWidth + 2).map(one => one.className || one.tagName)
"""


@pytest.fixture(scope="module")
def come(chrome: Browser, desk: str) -> Iterator[Any]:
    with panels(chrome, desk) as page_of:
        yield page_of


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


@pytest.mark.parametrize(
    ("width", "height", "theme"),
    [
        (1440, 900, "light"),
        (390, 844, "dark"),
        *(
            pytest.param(*size, theme, marks=pytest.mark.long)
            for size, theme in (
                ((1440, 900), "dark"),
                ((1366, 768), "light"),
                ((1366, 768), "dark"),
                ((390, 844), "light"),
            )
        ),
    ],
)
def test_the_panel_is_for_everybody(rich: int, come: Any, theme: str, width: int, height: int) -> None:
    page = come("sanitation", rich, width, height, theme=theme)
    page.screenshot(path=shot(f"panel-{width}-{theme}"))
    assert not findings(page)
    page.locator(".cp-body").evaluate("body => body.scrollTo(0, 480)")
    page.screenshot(path=shot(f"panel-{width}-{theme}-below"))
    press(page, "give_feedback")
    submit(page)
    expect(page.locator(".fault:visible").first).to_be_visible()
    page.screenshot(path=shot(f"panel-{width}-{theme}-form"))
    assert not findings(page)
    assert page.evaluate("[scrollX, scrollY, document.body.scrollTop]") == [0, 0, 0]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [360, 430, 520, 640])
def test_nothing_is_cut_off_at_any_width(rich: int, come: Any, width: int) -> None:
    page = come("operator", rich, lang="en")
    page.add_style_tag(
        content=f".desk:has(.case-panel) {{ grid-template-columns: 0 minmax(0, 1fr) {width}px !important; }}"
    )
    page.screenshot(path=shot(f"panel-at-{width}"))
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
    page.screenshot(path=shot("panel-viewer"))
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
    page.screenshot(path=shot("panel-order"))
    from_panel = order.inner_text()
    page.goto(urljoin(page.url, f"/cases/{rich}"))
    expect(order).to_be_visible()
    expect(page.locator("main")).to_be_hidden()
    assert _without_hour(order.inner_text()) == _without_hour(from_panel)


def _without_hour(text: str) -> str:
    return re.sub(r"打印：.*", "", text)
