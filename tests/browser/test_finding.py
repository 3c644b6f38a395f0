"""Searching and going by a code, the card of a cell, and what fills the cells."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from tests.browser.browsing import READY, come, findings, opened
from tests.browser.conftest import ALONE
from tests.people import employ

pytestmark = [pytest.mark.browser, pytest.mark.db]

PHONE = "13887654321"


@pytest.fixture
def desk(staffed: str, staffed_site: str, chrome: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page of a duty officer of the whole district; one officer has a telephone, and so has a unit."""
    person = employ(staffed, Role.DUTY_OFFICER, "530103", username=f"finds-{len(request.node.name)}")
    with transaction(staffed) as connection:
        connection.execute(
            text("UPDATE staff_members SET phone = :phone WHERE id = (SELECT staff_id FROM assignments"
                 " JOIN area_numbers n ON n.no = cell_no WHERE kind = 'full_time' AND n.code = :cell)"),
            {"phone": PHONE, "cell": ALONE},
        )  # fmt: skip
        connection.execute(text("UPDATE units SET day_phone = '0871-65150000' WHERE code = 'sanitation'"))
    page = come(chrome, staffed_site, person.username)
    yield page
    page.context.close()


def value(url: str, statement: str) -> str:
    with transaction(url, read_only=True) as connection:
        return str(connection.execute(text(statement), {"cell": ALONE}).scalar_one())


def officer(url: str) -> str:
    """工号 of the officer who has a telephone."""
    return value(
        url,
        "SELECT s.code FROM staff_members s JOIN assignments x ON x.staff_id = s.id AND x.kind = 'full_time'"
        " JOIN area_numbers n ON n.no = x.cell_no WHERE n.code = :cell",
    )


def test_search_finds_in_groups_and_calls(staffed: str, staffed_site: str, desk: Page) -> None:
    opened(desk, staffed_site)
    found = desk.locator("#found")
    desk.keyboard.press("/")
    desk.keyboard.type(value(staffed, "SELECT name FROM units WHERE code = 'sanitation'"))
    expect(found.get_by_role("group", name="单位与值班电话").locator("a.dial")).to_have_attribute(
        "href", "tel:0871-65150000"
    )
    desk.locator("#search").fill(officer(staffed))
    people = found.get_by_role("group", name="人员与岗位")
    expect(people).to_be_visible()
    assert PHONE not in found.inner_text()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(people.locator("a.dial")).to_have_attribute("href", f"tel:{PHONE}")
    expect(desk.locator("#search")).to_be_focused()
    assert findings(desk) == []
    desk.keyboard.press("ArrowUp")
    desk.keyboard.press("Enter")
    expect(desk.locator(".card .code")).to_have_text(ALONE)
    number = value(staffed, "SELECT max(external_ref) FROM cases")
    desk.keyboard.press("/")
    desk.locator("#search").fill(number)
    expect(found.get_by_role("group", name="案件").locator(".digits")).to_contain_text(number[-4:])
    desk.keyboard.press("Enter")
    expect(desk.locator(".card[data-case]")).to_be_visible()


def test_a_code_leads_straight_to_its_cell_whose_card_tells_who_is_lacking(
    staffed_site: str, desk: Page
) -> None:
    opened(desk, staffed_site)
    desk.keyboard.press("g")
    desk.keyboard.type("530103999")
    desk.keyboard.press("Enter")
    expect(desk.locator("#found")).to_contain_text("没有编码或编号是“530103999”")
    desk.locator("#search").fill(ALONE)
    desk.keyboard.press("Enter")
    card = desk.locator(".card[data-area]")
    expect(card.locator(".code")).to_have_text(ALONE)
    expect(card.locator("[data-part=officer] .vacant")).to_have_text("休假无人代班")
    expect(card.locator("[data-element=object]")).to_contain_text(re.compile(r"部件）\s*\d+"))
    expect(card.locator(".spark rect")).to_have_count(12)
    expect(card.locator(".spark")).to_have_attribute("aria-label", re.compile("逐月"))
    card.get_by_role("button", name="的工作电话").first.click()
    expect(card.locator(f"a[href='tel:{PHONE}']")).to_be_focused()
    assert findings(desk) == []


def test_a_share_fills_the_cells_and_a_class_of_it_filters(staffed_site: str, desk: Page) -> None:
    opened(desk, staffed_site)
    expect(desk.locator("#legend button")).to_have_count(0)
    desk.locator("#fill").select_option("late")
    desk.wait_for_url(re.compile("layer=late"))
    rows = desk.locator("#legend button")
    expect(rows.last).to_contain_text("没有在办案件")
    cells = [int(said.split()[0]) for said in desk.locator("#legend .n").all_inner_texts()]
    assert sum(cells) == 610
    whole = desk.locator(".queue-head .n").inner_text()
    rows.nth(rows.count() - 2).click()
    desk.wait_for_url(re.compile(r"per=[\d.]+-"))
    desk.wait_for_selector(READY)
    narrow = desk.locator(".queue-head .n").inner_text()
    assert narrow != whole
    expect(desk.locator(".chip", has_text="超期占比")).to_be_visible()
    again = opened(desk, desk.url)
    assert again.locator(".queue-head .n").inner_text() == narrow
    expect(again.locator("#legend [aria-pressed=true]")).to_have_count(1)
    again.wait_for_function(
        "() => window.oneMap.querySourceFeatures('areas', {sourceLayer: 'cell'}).some(cell =>"
        " window.oneMap.getFeatureState({source: 'areas', sourceLayer: 'cell', id: cell.id}).faded)"
    )
    assert findings(again) == []
