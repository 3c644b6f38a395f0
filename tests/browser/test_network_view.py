"""关系网络 on the one map: opened from a cell, walked by keyboard, put in another middle, thinned out, closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from tests.browser.browsing import come, complaints, findings, opened, signed_in
from tests.browser.conftest import ALONE
from tests.browser.test_staffing_layer import settled, shoot
from tests.people import PASSWORD, employ

pytestmark = [pytest.mark.browser, pytest.mark.db]

LIT = "level => window.oneMap.getFilter(`lit-${level}-line`)[2][1]"


@pytest.fixture(scope="module")
def cell(staffed: str) -> int:
    """A cell without an officer."""
    with transaction(staffed, read_only=True) as connection:
        return int(
            connection.execute(text("SELECT id FROM areas WHERE code = :code"), {"code": ALONE}).scalar_one()
        )


@pytest.fixture(scope="module")
def officer(staffed: str) -> str:
    return employ(staffed, Role.DUTY_OFFICER, "530103", username="network-duty").username


@pytest.fixture
def desk(staffed_site: str, chrome: Browser, officer: str) -> Iterator[Page]:
    """The page of somebody who sees all of the district, under the policy that everybody's page has."""
    kept = signed_in(chrome, staffed_site, officer, PASSWORD)
    context = chrome.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", storage_state=kept)
    yield context.new_page()
    context.close()


def drawn(page: Page) -> None:
    page.wait_for_selector("#net:not([aria-busy]) canvas", timeout=30_000)
    expect(page.locator("#net-list button").first).to_be_visible()


def focused(page: Page) -> str:
    return str(page.evaluate("() => document.activeElement.dataset.key ?? ''"))


def asked(page: Page, place: str, of: str, depth: int = 2) -> Any:
    return page.request.get(f"{place}api/v1/network", params={"of": of, "depth": depth}).json()


def test_from_a_cell_and_back(staffed_site: str, desk: Page, cell: int) -> None:
    said, asked_for = complaints(desk), []
    desk.on("request", lambda request: asked_for.append(request.url))
    opened(desk, f"{staffed_site}?area={cell}")
    assert not [url for url in asked_for if "cytoscape" in url or "network.css" in url], (
        "not before it is opened"
    )
    desk.locator("#card-network").click()
    drawn(desk)
    assert f"net=cell:{cell}" in desk.url
    found = asked(desk, staffed_site, f"cell:{cell}")
    expect(desk.locator(".net-says")).to_contain_text(
        f"{found['elements']} 个要素 · {len(found['edges'])} 条关系"
    )
    expect(desk.locator("#queue")).to_be_hidden()
    expect(desk.locator("#net-list .vacant")).to_contain_text("空缺")
    desk.locator("#net-list .vacant").focus()
    assert desk.evaluate(LIT, "cell") == [cell]
    desk.keyboard.press("Escape")
    expect(desk.locator("#net")).to_have_count(0)
    assert "net=" not in desk.url
    expect(desk.locator("#card-network")).to_be_focused()
    assert desk.evaluate(LIT, "cell") == []
    desk.go_back()
    drawn(desk)
    desk.go_back()
    expect(desk.locator("#net")).to_have_count(0)
    assert said == []


def test_walked_by_keyboard_alone(staffed_site: str, desk: Page, cell: int) -> None:
    opened(desk, f"{staffed_site}?area={cell}")
    desk.keyboard.press("n")
    drawn(desk)
    rows = desk.locator("#net-list button")
    keys = [rows.nth(i).get_attribute("data-key") for i in range(rows.count())]
    desk.wait_for_function("() => document.activeElement.closest('#net-list')")
    assert focused(desk) == keys[0]
    desk.keyboard.press("ArrowDown")
    assert focused(desk) == keys[1]
    desk.keyboard.press("End")
    assert focused(desk) == keys[-1]
    community = next(key for key in keys if key and key.startswith("area:"))
    desk.locator(f'#net-list [data-key="{community}"]').focus()
    assert desk.evaluate(LIT, "community") == [int(community.split(":")[1])], "what is pointed at is lit"
    desk.keyboard.press("ArrowRight")
    expect(desk.locator(".chosen-name")).to_have_attribute("data-key", community)
    assert f"net=cell:{cell}" in desk.url, "looked at, not put in the middle"
    desk.keyboard.press("ArrowLeft")
    expect(desk.locator(".chosen-name")).to_have_attribute("data-key", f"cell:{cell}")
    assert focused(desk) == community
    desk.keyboard.press("Enter")
    desk.wait_for_url(re.compile(f"net={community}"))
    expect(desk.locator(".chosen-name")).to_have_attribute("data-key", community)
    drawn(desk)
    desk.go_back()
    expect(desk.locator(".chosen-name")).to_have_attribute("data-key", f"cell:{cell}")
    desk.keyboard.press("n")
    expect(desk.locator("#net")).to_have_count(0)


def test_a_relation_and_a_kind_are_switched_off(staffed_site: str, desk: Page, cell: int) -> None:
    opened(desk, f"{staffed_site}?net=cell:{cell}&hops=1")
    drawn(desk)
    expect(desk.locator("[data-hops='1']")).to_have_attribute("aria-pressed", "true")
    before = desk.locator("#net-list button").count()
    people = desk.locator('#net-list [data-key^="staff:"], #net-list .vacant').count()
    assert people > 1
    desk.locator("[data-relation=answers]").focus()
    desk.keyboard.press("Space")
    desk.wait_for_url(re.compile("off=answers"))
    expect(desk.locator("#net-list button")).to_have_count(before - people)
    expect(desk.locator("[data-relation=answers]")).to_be_focused()
    shown = before + 1 - people
    expect(desk.locator(".net-says")).to_contain_text(f"{shown} 个要素")
    desk.locator(".kind[data-kind=cell]").press("Enter")
    desk.wait_for_url(re.compile("off=answers,cell"))
    expect(desk.locator(".kind[data-kind=cell]")).to_have_attribute("aria-pressed", "false")
    desk.reload()
    drawn(desk)
    expect(desk.locator("[data-relation=answers]")).not_to_be_checked()
    expect(desk.locator('#net-list [data-key^="area:"]')).to_have_count(0)
    desk.locator("[data-relation=answers]").focus()
    desk.keyboard.press("Escape")
    expect(desk.locator("#net")).to_have_count(0)
    assert "off=" not in desk.url


def test_the_map_and_the_picture_light_each_other(staffed_site: str, desk: Page, cell: int) -> None:
    opened(desk, f"{staffed_site}?area={cell}&net=cell:{cell}")
    drawn(desk)
    settled(desk)
    street = desk.locator('#net-list [data-key^="stretch:"]').first
    street.hover()
    desk.wait_for_function("() => window.oneMap.getStyle().sources.lit.data.features.length === 1")
    expect(desk.locator(".net-lit")).to_have_text("地图上亮起 1 处")
    box = desk.locator("#map").bounding_box()
    assert box is not None
    picture = desk.locator(".net-picture")
    plain = picture.screenshot()
    desk.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(desk.locator("#hover")).to_be_visible()
    desk.wait_for_timeout(300)
    assert picture.screenshot() != plain
    desk.locator("#map").click()
    expect(desk.locator("#net")).to_be_visible()
    assert "net=" in desk.url


@pytest.mark.parametrize("lang", ["zh-CN", pytest.param("en", marks=pytest.mark.long)])
def test_it_is_finished_in_both_languages_and_themes(
    staffed_site: str, chrome: Browser, officer: str, cell: int, lang: str
) -> None:
    page = come(chrome, staffed_site, officer)
    page.emulate_media(reduced_motion="reduce")
    opened(page, f"{staffed_site}?net=cell:{cell}&lang={lang}")
    drawn(page)
    settled(page)
    shoot(page, f"network-light-{lang}")
    assert findings(page) == []
    page.keyboard.press("d")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    settled(page)
    shoot(page, f"network-dark-{lang}")
    assert findings(page) == []
    words = page.locator("#net").inner_text() + page.locator("#net-side").inner_text()
    assert not re.search(r"\b(map|network|state)\.[a-z_0-9]+", words)
    if lang == "en":
        heads = page.locator("#net-side h3, .kind, .check, .how, .chosen-do, .hint").all_inner_texts()
        assert not re.search(r"[\u4e00-\u9fff]", " ".join(heads))
    page.context.close()


def test_a_telephone_has_the_list(staffed_site: str, chrome: Browser, officer: str, cell: int) -> None:
    page = come(chrome, staffed_site, officer)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{staffed_site}?net=cell:{cell}")
    expect(page.locator("#net-list button").first).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert findings(page) == []
    page.context.close()


def test_what_is_out_of_sight_is_said_and_not_shown(
    staffed: str, staffed_site: str, chrome: Browser, cell: int
) -> None:
    person = employ(staffed, Role.SUPERVISOR, "530103004", username="network-street")
    page = come(chrome, staffed_site, person.username)
    opened(page, f"{staffed_site}?net=cell:{cell}")
    expect(page.locator("#net [role=alert]")).to_contain_text("没有这个对象，或你看不到它")
    expect(page.locator("#net-side")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#net")).to_have_count(0)
    page.context.close()
