"""找居民…: from the search box to a resident, by keyboard, for a purpose, with no name or number in any address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from tests import registered
from tests.browser.browsing import come, complaints, findings, opened
from tests.browser.test_staffing_layer import shoot
from tests.people import employ

pytestmark = [pytest.mark.browser, pytest.mark.db]

PURPOSE = "上门送餐前联系"
SEEK = "#found [data-group=residents]"


@dataclass(frozen=True, slots=True)
class Sought:
    """A resident, and who looks for one."""

    person: int
    name: str
    desk: str
    analyst: str


@pytest.fixture(scope="module")
def sought(staffed: str) -> Sought:
    with transaction(staffed, read_only=True) as connection:
        row = connection.execute(
            text("SELECT p.id, p.name, n.code FROM persons p JOIN elements e ON e.id = p.id"
                 " JOIN area_numbers n ON n.no = e.area_no WHERE e.merged_into IS NULL AND n.level = 'cell'"
                 " AND p.restricted_at IS NULL ORDER BY p.id LIMIT 1")
        ).one()  # fmt: skip
    desk = employ(staffed, Role.COMMUNITY_DESK, row.code[:12], username="seeks-desk").username
    analyst = employ(staffed, Role.ANALYST, "530103", username="seeks-analyst").username
    return Sought(row.id, row.name, desk, analyst)


@pytest.fixture
def desk(staffed_site: str, chrome: Browser, sought: Sought) -> Iterator[Page]:
    page = come(chrome, staffed_site, sought.desk)
    yield page
    page.context.close()


def test_a_resident_is_looked_for_by_keyboard(staffed_site: str, desk: Page, sought: Sought) -> None:
    said, asked = complaints(desk), []
    desk.on("request", lambda request: asked.append(unquote(request.url)))
    opened(desk, staffed_site)
    box = desk.locator("#search")
    desk.keyboard.press("/")
    expect(desk.locator(SEEK)).to_contain_text("找居民…")
    expect(desk.locator(SEEK)).to_have_attribute("aria-selected", "false")
    assert findings(desk) == []
    shoot(desk, "find-resident")
    desk.keyboard.press("Enter")
    expect(desk.locator(SEEK)).to_be_visible()
    box.fill(sought.name)
    expect(desk.locator("#found .none, #found .one:not([data-group=residents])").first).to_be_visible()
    desk.keyboard.press("ArrowUp")
    expect(desk.locator(SEEK)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", str(desk.locator(SEEK).get_attribute("id")))
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="查找居民", level=1)).to_be_visible()
    expect(desk.get_by_label("姓名或号码")).to_have_value(sought.name)
    expect(desk.get_by_label("用途")).to_be_focused()
    expect(desk.get_by_role("alert")).to_have_count(0)
    desk.keyboard.type(PURPOSE)
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("status")).to_contain_text("人")
    assert sought.name not in desk.get_by_role("table").inner_text()
    assert findings(desk) == []
    shoot(desk, "find-resident-found")
    desk.locator(f"a[href$='/registry/elements/{sought.person}']").press("Enter")
    desk.wait_for_url(f"**/registry/elements/{sought.person}")
    here = staffed_site.rstrip("/")
    typed = [url for url in asked if sought.name in url and not url.startswith(f"{here}/api/v1/find?")]
    assert not typed, typed
    assert not said


def test_a_number_is_sent_nowhere_and_comes_along(staffed_site: str, desk: Page) -> None:
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url))
    opened(desk, staffed_site)
    desk.keyboard.press("g")
    desk.keyboard.type(registered.identity(77))
    desk.keyboard.press("Enter")
    expect(desk.locator("#found .none")).to_be_visible()
    for number, by in ((registered.identity(77), "identity"), (registered.phone(77), "phone")):
        opened(desk, staffed_site)
        desk.locator("#search").fill(number)
        expect(desk.locator("#found .none")).to_be_visible()
        assert findings(desk) == []
        desk.keyboard.press("ArrowDown")
        desk.keyboard.press("Enter")
        expect(desk.get_by_label("姓名或号码")).to_have_value(number)
        expect(desk.get_by_label("按什么查")).to_have_value(by)
        assert not [url for url in asked if number in url]


@pytest.mark.parametrize("width", [390, 1440])
def test_the_page_in_english(staffed_site: str, desk: Page, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 844})
    desk.goto(f"{staffed_site.rstrip('/')}/registry?lang=en")
    desk.get_by_role("link", name="Find a resident").click()
    expect(desk.get_by_role("heading", name="Find a resident", level=1)).to_be_visible()
    desk.get_by_label("Name or number").fill("无此人")
    desk.get_by_label("Purpose").fill("to bring a meal")
    desk.get_by_role("button", name="Find a resident").click()
    expect(desk.get_by_role("status")).to_have_text("Nobody in the area that you serve.")
    assert findings(desk) == []
    wide = desk.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    shoot(desk, f"find-resident-en-{width}")


def test_who_may_not_is_not_led_there(staffed_site: str, chrome: Browser, sought: Sought) -> None:
    page = come(chrome, staffed_site, sought.analyst)
    opened(page, staffed_site)
    page.keyboard.press("/")
    page.keyboard.type(sought.name)
    expect(page.locator("#found")).to_be_visible()
    expect(page.locator(SEEK)).to_have_count(0)
    page.context.close()
