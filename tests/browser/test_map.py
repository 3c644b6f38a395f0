"""The one map, as somebody at a screen meets it."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, Route, StorageState, expect

from tests.browser.browsing import READY, complaints, findings, opened

pytestmark = [pytest.mark.browser, pytest.mark.db]

CHINESE = re.compile(r"[\u4e00-\u9fff]")
CORE = "?at=13.5/25.066/102.725"
SETTLED = "() => window.oneMap.areTilesLoaded() && !window.oneMap.isMoving()"


def answered(page: Page) -> None:
    """Wait until what the page shows is what its address asks."""
    page.wait_for_selector(READY, timeout=30_000)


def settled(page: Page) -> None:
    answered(page)
    page.wait_for_function(SETTLED, timeout=30_000)


def total(page: Page) -> int:
    return int(page.locator(".chip b").first.inner_text().replace(",", ""))


def drawn(page: Page, layers: list[str]) -> list[dict[str, Any]]:
    script = "layers => window.oneMap.queryRenderedFeatures({layers}).map(f => ({id: f.id, ...f.properties}))"
    return page.evaluate(script, layers)  # type: ignore[no-any-return]


def test_it_draws_every_cell_in_chinese_from_its_own_server(site: str, page: Page) -> None:
    elsewhere: list[str] = []
    page.on(
        "request",
        lambda r: elsewhere.append(r.url) if not r.url.startswith((site, "data:", "blob:")) else None,
    )
    said = complaints(page)
    opened(page, site)
    settled(page)
    assert len({cell["id"] for cell in drawn(page, ["cells"])}) == 610
    names = {label["name"] for label in drawn(page, ["name-subdistrict"])}
    assert len(names) >= 4
    assert all(CHINESE.search(name) for name in names)
    marks = drawn(page, ["clusters", "cases", "late"])
    assert sum(mark["count"] for mark in marks) > 100
    assert elsewhere == []
    assert said == []


def test_figures_legend_and_list_are_one_set(site: str, page: Page) -> None:
    opened(page, site)
    expect(page.locator("#legend button")).to_have_count(0)
    opened(page, f"{site}?layer=cases")
    figure = int(page.locator("[data-figure=open] b").inner_text().replace(",", ""))
    assert page.locator(".queue-head .n").inner_text() == f"{figure} 件"
    cells = [int(text.split()[0]) for text in page.locator("#legend .n").all_inner_texts()]
    assert sum(cells) == 610
    ramp = page.evaluate("() => window.oneMap.getPaintProperty('cells', 'fill-color')")
    assert ramp[0] == "match"


def test_drill_down_and_back(site: str, page: Page) -> None:
    opened(page, site)
    settled(page)
    page.mouse.click(720, 520)
    expect(page.locator(".card")).to_be_visible()
    expect(page.locator(".crumb")).to_have_count(2)
    assert "area=" in page.url
    answered(page)
    page.locator("#whole").click()
    page.locator(".crumb").first.click()
    expect(page.locator(".card")).to_have_count(0)
    page.go_back()
    expect(page.locator(".card")).to_be_visible()


def test_cell_card(site: str, page: Page) -> None:
    opened(page, site + CORE)
    settled(page)
    page.mouse.click(700, 560)
    expect(page.locator(".card .code")).to_have_text(re.compile(r"^530103\d{9}$"))
    expect(page.locator(".card h2")).to_have_text(re.compile("社区 · 网格 \\d{3}"))
    expect(page.locator(".crumb")).to_have_count(4)
    page.keyboard.press("Escape")
    expect(page.locator(".crumb")).to_have_count(3)


def test_case_opens_and_closes(site: str, page: Page) -> None:
    opened(page, site)
    page.locator(".case[data-case]").first.click()
    expect(page.locator(".card[data-case]")).to_be_visible()
    assert "case=" in page.url
    expect(page.locator(".card .badge-sim")).to_have_text("模拟数据")
    page.keyboard.press("Escape")
    expect(page.locator(".card")).to_have_count(0)


def test_filters_narrow_and_the_address_keeps_them(site: str, page: Page) -> None:
    opened(page, f"{site}?layer=cases")
    before = total(page)
    page.locator("#filter-state").select_option("closed")
    expect(page.locator(".chip").nth(1)).to_contain_text("已结")
    page.locator("#filter-category").click()
    page.locator("dialog.pick input[type=search]").fill("垃圾")
    page.locator("dialog.pick label:visible input").first.check()
    page.get_by_role("button", name="确定").click()
    expect(page.locator("#filter-category")).not_to_have_text(re.compile("全部"))
    page.locator("#filter-span").select_option("year")
    page.wait_for_url(re.compile(r"state=closed.*category=\d+.*from="))
    answered(page)
    page.locator("#legend button").nth(1).click()
    page.wait_for_url(re.compile(r"per=\d+-"))
    answered(page)
    address, after = page.url, total(page)
    assert after != before
    again = opened(page, address)
    assert total(again) == after
    assert again.locator("#filter-state").input_value() == "closed"
    assert again.locator("#legend button[aria-pressed=true]").count() == 1
    for left in reversed(range(4)):
        again.locator(".chip button").first.click()
        expect(again.locator(".chip button")).to_have_count(left)
        answered(again)


def in_english(page: Page, *places: str) -> None:
    """Each of the places is there, and no Chinese word in it."""
    for place in places:
        texts = [text for text in page.locator(place).all_inner_texts() if text.strip()]
        assert texts, place
        for text in texts:
            assert not CHINESE.search(text.replace("中文", "")), (place, text)


def test_english_is_complete(site: str, chrome: Browser, duty: StorageState) -> None:
    context = chrome.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", storage_state=duty)
    page = opened(context.new_page(), f"{site}?lang=en")
    in_english(page, ".crumbs", ".search", ".brand", ".rail", ".figures", ".queue-head", ".group")
    in_english(page, ".step", ".tab", ".time")
    page.locator(".case[data-case]").first.click()
    expect(page.locator(".case-panel[data-case]:not([aria-busy])")).to_be_visible()
    in_english(page, ".crumbs", ".cp-due", ".cp-steps", ".case-panel h3", ".case-panel dt", ".cp-acts")
    context.close()


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_no_word_is_missing(site: str, page: Page, lang: str) -> None:
    opened(page, f"{site}?lang={lang}&where=unlocated&state=all")
    body = page.locator("body").inner_text()
    assert not re.search(r"\b(map|state|step|case_source|line|major)\.[a-z_0-9]+", body)


def test_keys(site: str, page: Page) -> None:
    opened(page, site)
    page.keyboard.press("j")
    page.keyboard.press("j")
    focused = page.evaluate("() => document.activeElement.dataset.case")
    assert focused == page.locator(".case[data-case]").nth(1).get_attribute("data-case")
    page.keyboard.press("Enter")
    expect(page.locator(".card[data-case]")).to_be_visible()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("联盟")
    expect(page.locator("#found [role=option]").first).to_contain_text("联盟")
    page.keyboard.press("Enter")
    expect(page.locator(".crumb").last).to_contain_text("联盟")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    page.keyboard.press("d")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_an_answer_that_comes_after_one_has_left_the_search_stays_out_of_the_way(
    site: str, page: Page
) -> None:
    """Its list would lie over the figures, and take the clicks that are meant for them."""
    opened(page, site)
    held: list[Route] = []
    page.route("**/api/v1/find?*", lambda route: held.append(route))  # noqa: PLW0108 - the driver takes no built-in
    with page.expect_request("**/api/v1/find?*"):
        page.locator("#search").fill("金")
    page.locator("#search").blur()
    for route in held:
        with suppress(Error):  # the page may have given it up
            area = {
                "id": 1,
                "kind": "community",
                "name": "金菊路",
                "name_en": None,
                "code": "1",
                "path": None,
            }
            route.fulfill(json={"areas": [area], "cases": [], "units": [], "staff": [], "places": []})
    page.wait_for_timeout(500)
    expect(page.locator("#found")).to_be_hidden()


def test_phone(site: str, chrome: Browser, duty: StorageState) -> None:
    context = chrome.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True, storage_state=duty
    )
    page = opened(context.new_page(), site)
    expect(page.locator(".case[data-case]").first).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    page.locator(".switch [data-view=map]").click()
    expect(page.locator("#map")).to_be_visible()
    expect(page.locator("#figures")).to_be_visible()
    context.close()


def test_without_webgl_the_server_draws(site: str, plain: Browser, duty: StorageState) -> None:
    context = plain.new_context(locale="zh-CN", storage_state=duty)
    page = opened(context.new_page(), site)
    told = page.locator("#no-map")
    expect(told).to_be_visible()
    assert not findings(page)
    told.get_by_role("button").click()
    cells = int(page.locator("#chips b").nth(1).inner_text())
    assert page.locator(".d-cell").count() == cells
    marked = """located => [...document.querySelectorAll('.d-mark')]
        .reduce((sum, one) => sum + Number(one.dataset.count), 0) === located"""

    def located(query: str) -> int:
        """How many cases of a filter have a position."""
        ask = f"{site}api/v1/view?state=open&limit=1{query}"
        whole, lost = (
            page.request.get(ask + more).json()["queue"]["total"] for more in ("", "&where=unlocated")
        )
        return int(whole - lost)

    page.wait_for_function(marked, arg=located(""))
    page.locator("#map").focus()
    before = page.url
    page.keyboard.press("ArrowRight")
    page.keyboard.press("+")
    page.wait_for_url(lambda url: url != before)
    page.wait_for_selector("body[data-map=idle]")
    page.keyboard.press("0")
    page.wait_for_selector("body[data-map=idle]")
    page.locator("[data-figure=overdue]").click()
    expect(page.locator("[data-figure=overdue]")).to_have_attribute("aria-pressed", "true")
    page.wait_for_selector(READY)
    page.wait_for_function(marked, arg=located("&tab=overdue"))
    page.locator(".case[data-case]").first.click()
    expect(page.locator(".card[data-case]")).to_be_visible()
    expect(page.locator(".d-ring").first).to_be_attached()
    page.reload()
    expect(page.locator(".d-cell").first).to_be_attached(timeout=30_000)
    expect(told).to_be_hidden()
    context.close()


def test_server_gone_is_told_and_heals(site: str, page: Page) -> None:
    opened(page, site)
    page.route("**/api/v1/**", lambda route: route.abort())
    page.locator("[data-figure=overdue]").click()
    expect(page.locator("#banner")).to_be_visible()
    page.unroute("**/api/v1/**")
    expect(page.locator("#banner")).to_be_hidden(timeout=15_000)
