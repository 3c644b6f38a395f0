"""First screens: the shift in the bar, what a duty officer decides, a leader's one page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.accounts.rules import Role
from app.postgres import Cluster
from tests import casework, town
from tests.browser.browsing import opened, served, signed_in
from tests.browser.test_people import findings
from tests.casework import Casework
from tests.people import PASSWORD, employ

pytestmark = [pytest.mark.browser, pytest.mark.db]

HEARD = """window.heard = []; class Heard {
  constructor() { this.state = 'running'; this.currentTime = 0; this.destination = {}; }
  resume() { return Promise.resolve(); }
  createOscillator() {
    return { frequency: {}, connect: (to) => to, start() { window.heard.push(this.frequency.value); }, stop() {} };
  }
  createGain() { return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: (to) => to }; }
}
window.AudioContext = Heard;"""


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        made.people["mayor"] = employ(made.url, Role.LEADER, town.DISTRICT, username="mayor")
        yield made


@pytest.fixture(scope="module")
def desk(work: Casework, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(work.url, tmp_path_factory.mktemp("first")) as address:
        yield address


@pytest.fixture
def come(chrome: Browser, desk: str) -> Iterator[Any]:
    contexts = []

    def page_of(name: str, width: int = 1440, height: int = 900, query: str = "") -> Page:
        state = signed_in(chrome, desk, name, PASSWORD)
        contexts.append(
            chrome.new_context(viewport={"width": width, "height": height}, locale="zh-CN", storage_state=state,
                               bypass_csp=True)
        )  # fmt: skip
        page = contexts[-1].new_page()
        page.add_init_script(HEARD)
        page.goto(f"{desk}{query}") if name == "mayor" else opened(page, f"{desk}{query}")
        return page

    yield page_of
    for context in contexts:
        context.close()


def heard(page: Page) -> int:
    return int(page.evaluate("window.heard.length"))


def test_a_decision_is_one_press_from_its_form_and_the_queue_stays_in_sight(
    come: Any, work: Casework
) -> None:
    case = int(work.report("supervisor")["case_id"])
    work.move("operator", case, "accept_register_dispatch", condition="C01", unit=work.unit("sanitation"))
    page = come("head")
    row = page.locator(f"#first [data-case='{case}'][data-matter=return]")
    expect(page.locator("[data-part=decisions]")).to_be_visible()
    expect(row).to_have_count(0)
    work.move("sanitation", case, "send_back", reason="不属本单位职责")
    expect(row).to_be_visible()
    queue = page.locator("#queue").bounding_box()
    assert queue is not None and queue["y"] < 640 and queue["height"] >= 200
    assert not findings(page)
    row.locator("[data-move=refuse_return]").press("Enter")
    expect(page.locator(".cp-acts textarea, .cp-acts input").first).to_be_focused()
    assert f"case={case}" in page.url
    page.keyboard.press("Escape")
    expect(page.locator(".cp-keys [data-move=refuse_return]")).to_be_visible()
    page.keyboard.press("Escape")
    tile = page.locator(".first-tile").first
    tile.click()
    expect(tile).to_have_attribute("aria-pressed", "true")
    assert f"area={tile.get_attribute('data-area')}" in page.url
    page.locator("#first-tiles").click()
    page.reload()
    expect(page.locator("#first-tiles")).to_be_visible()
    expect(page.locator("[data-part=tiles]")).not_to_have_attribute("open", re.compile(""))


def test_nothing_sounds_before_the_duty_begins_and_the_most_urgent_calls_until_note_is_taken(
    come: Any, work: Casework
) -> None:
    severe = work.scalar("SELECT number FROM filing_conditions WHERE risk = 'severe' ORDER BY number LIMIT 1")
    category = work.scalar(
        "SELECT k.code FROM case_categories k JOIN filing_conditions f ON f.category_id = k.id WHERE f.number = :n",
        n=severe,
    )
    page = come("operator")
    work.report("supervisor")
    expect(page.locator("#shift-turn")).to_have_text("上岗")
    expect(page.locator("#calling-note")).to_have_count(0)
    assert heard(page) == 0
    page.locator("#shift-turn").press("Enter")
    expect(page.locator("#shift-turn")).to_have_text("下岗")
    page.wait_for_timeout(1500)
    assert heard(page) == 0, "what waited already is nothing new"
    work.report("supervisor")
    page.wait_for_function("window.heard.length > 0")
    case = int(work.report("supervisor", category=category)["case_id"])
    work.move("operator", case, "accept")
    work.move("operator", case, "register", condition=severe)
    expect(page.locator("#calling")).to_contain_text("特急")
    assert not findings(page)
    before = heard(page)
    page.wait_for_function("before => window.heard.length > before", arg=before, timeout=12_000)
    page.locator("#calling-note").press("Enter")
    expect(page.locator("#calling-note")).to_have_count(0)
    page.reload()
    page.wait_for_selector("body[data-page=ready]")
    expect(page.locator("#shift-turn")).to_have_text("下岗")
    page.wait_for_timeout(1500)
    expect(page.locator("#calling-note")).to_have_count(0)
    page.locator("#shift-who").press("Enter")
    expect(page.locator(".shift-body")).to_contain_text("operator")
    assert not findings(page)
    page.locator("#shift-who").press("Escape")
    page.locator("#shift-turn").press("Enter")
    expect(page.locator("#shift-turn")).to_have_text("上岗")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_a_leader_s_page_is_for_everybody(come: Any, width: int, height: int) -> None:
    page = come("mayor", width, height)
    assert page.url.endswith("/brief")
    expect(page.locator("h1")).to_contain_text("今日简报")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".brief-trend rect").count() == 14
    assert not findings(page)
