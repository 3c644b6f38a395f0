"""网格调整: a cell is split by a line on the map, others merged by keys, proposed, approved by another, in force."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.db import transaction
from app.postgres import Cluster
from app.proposals.service import applying
from app.settings import ROOT
from tests import proposed, town
from tests.browser.browsing import come, findings, served
from tests.proposed import Office

pytestmark = [pytest.mark.browser, pytest.mark.db]

SHOTS = ROOT / "var" / "shots"
FIRST = town.cell(0, 1)
OTHERS = (town.cell(0, 2), town.cell(1, 2))
MARGIN_PX = 28
SETTLED = "body[data-busy=no][data-page=ready]"


@pytest.fixture(scope="module")
def office(cluster: Cluster) -> Iterator[Office]:
    with proposed.office(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def place(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the served town; what the worker does, the test does."""
    with served(office.url, tmp_path_factory.mktemp("proposals"), worker=False) as address:
        yield address


def shot(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"proposal-{name}.png", full_page=True)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), name
    assert findings(page) == [], name


def begun(page: Page, place: str, office: Office) -> int:
    """What is wrong is told beside its field and nothing is lost; mended, it begins."""
    page.goto(f"{place}grid/proposals")
    page.get_by_label("名称").fill("西片调整")
    page.get_by_label("范围").select_option(proposed.AREA)
    page.get_by_label("每格最少户数").fill("900")
    page.get_by_label("每格最多户数").fill("400")
    page.get_by_role("button", name="新建").click()
    expect(page.get_by_role("alert")).to_contain_text("没有建成")
    expect(page.get_by_label("名称")).to_have_value("西片调整")
    page.get_by_label("每格最少户数").fill("300")
    page.get_by_label("每格最多户数").fill("600")
    shot(page, "list")
    page.get_by_role("button", name="新建").click()
    expect(page.locator("#working")).to_be_visible()
    made = int(page.url.rsplit("/", 1)[1])
    office.work(made)
    expect(page.locator("#body")).to_be_visible()
    page.wait_for_selector(SETTLED)
    return made


def split_by_a_line(page: Page) -> None:
    """A cell is chosen in the table, and a line drawn over it on the map."""
    page.locator(f"#cells input[data-key='{FIRST}']").check()
    page.wait_for_selector("body[data-map=idle]")
    page.get_by_role("button", name="画切分线").click()
    box = page.locator("#map-frame canvas").bounding_box()
    assert box is not None
    # The area is two cells wide and four high, and fills the map from top to bottom but for a margin.
    side = (box["height"] - 2 * MARGIN_PX) / 4
    x, y = box["x"] + box["width"] / 2 - 0.4 * side, box["y"] + box["height"] / 2 + side / 2
    page.mouse.move(x, y - 0.8 * side)
    page.mouse.down()
    page.mouse.move(x + 2, y, steps=6)
    page.mouse.move(x, y + 0.8 * side, steps=6)
    page.mouse.up()
    expect(page.locator(f"#cells tr[data-cell='{FIRST[:12]}+1']")).to_be_visible()
    page.wait_for_selector(SETTLED)


def merged_by_keys(page: Page) -> None:
    """Without a hand on the map: two cells are chosen with the keyboard, and merged by a button."""
    for code in OTHERS:
        box = page.locator(f"#cells input[data-key='{code}']")
        box.focus()
        page.keyboard.press("Space")
        expect(box).to_be_checked()
    first = page.locator(f"#cells input[data-key='{FIRST}']")
    if first.is_checked():
        first.uncheck()
    page.locator("#merge").press("Enter")
    expect(page.locator("#cells tr", has_text="1000")).to_be_visible()
    page.wait_for_selector(SETTLED)


def test_from_the_form_to_the_day_on_which_it_holds(office: Office, place: str, chrome: Browser) -> None:
    head = come(chrome, place, "head")
    head.set_default_timeout(20_000)
    made = begun(head, place, office)
    split_by_a_line(head)
    expect(head.locator("#sums")).to_contain_text("网格 9")
    head.get_by_role("button", name="撤销").click()
    expect(head.locator("#sums")).to_contain_text("网格 8")
    head.get_by_role("button", name="重做").click()
    expect(head.locator("#sums")).to_contain_text("网格 9")
    merged_by_keys(head)
    # Out of bounds is said by a mark and a word.
    expect(head.locator("#cells tr", has_text="1000")).to_contain_text("▲ 偏多")
    expect(head.locator("#findings")).to_contain_text("多于 600 户")
    head.locator("#findings .as-link").first.click()
    head.locator("[data-act=compare]").click()
    expect(head.locator("#working")).to_be_visible()
    office.work(made)
    expect(head.locator("#comparison")).to_contain_text("重放")
    head.wait_for_selector(SETTLED)
    shot(head, "drawn")
    head.locator("[data-act=propose]").click()
    expect(head.locator("#state")).to_have_text("待批准")
    expect(head.locator("#told")).to_contain_text("另一人")
    expect(head.locator("[data-act=approve]")).to_have_count(0)

    duty = come(chrome, place, "duty")
    duty.set_default_timeout(20_000)
    duty.goto(f"{place}inbox")
    duty.get_by_role("link", name="西片调整").first.click()
    duty.locator("[data-act=approve]").click()
    expect(duty.locator("#state")).to_have_text("已批准")
    duty.wait_for_selector(SETTLED)
    office.come(made)
    with transaction(office.url) as connection:
        applying.apply_due(connection)
    duty.reload()
    expect(duty.locator("#state")).to_have_text("已生效")
    duty.goto(f"{place}grid/proposals?lang=en")
    expect(duty.locator("main")).to_contain_text(re.compile("In force"))
    codes = office.rows("SELECT code FROM areas_on(1, district_today(1)) WHERE level = 'cell' AND code LIKE :of"
                        " ORDER BY 1", of=f"{proposed.AREA}%")  # fmt: skip
    assert len(codes) == 8
    assert not {FIRST, *OTHERS} & {row.code for row in codes}
    for page in (head, duty):
        page.context.close()
