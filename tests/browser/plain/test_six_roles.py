"""Six who work with the console go round it, in both languages: each state is usable by everybody, none has a fault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.accounts.rules import Role
from tests.browser.browsing import findings
from tests.browser.plain.roles import CELL, DISTRICT, STREET, Come
from tests.browser.test_map import CHINESE, answered

pytestmark = [pytest.mark.browser, pytest.mark.db]

WHO = {
    "duty officer": (Role.DUTY_OFFICER, DISTRICT),
    "subdistrict desk": (Role.SUBCENTRE_OPERATOR, STREET),
    "department dispatcher": (Role.UNIT_DISPATCHER, None),
    "grid officer": (Role.GRID_OFFICER, CELL),
    "analyst": (Role.ANALYST, DISTRICT),
    "leader": (Role.LEADER, DISTRICT),
}
FIRST = {("duty officer", "zh-CN")}
ROUNDS = [
    # One of them; the others come with the long tests.
    pytest.param(who, lang, id=f"{who}-{lang}", marks=[] if (who, lang) in FIRST else pytest.mark.long)
    for who in WHO
    for lang in ("zh-CN", "en")
]

WORDS = """() => [...document.querySelectorAll('body *')]
    .filter(one => one.checkVisibility() && one.children.length === 0).map(one => one.textContent.trim())
    .filter(text => /^[a-z_]+\\.[a-z_]+$/.test(text))"""
"""Names of words that nobody has written."""

SPILT = "() => document.documentElement.scrollWidth - innerWidth"


class Round:
    """A walk around the console; every state that is stopped at is looked at."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: dict[str, list[Any]] = {}
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(f"{error}\n{error.stack}"))

    @contextmanager
    def state(self, name: str) -> Iterator[Page]:
        """Come into a state, and look at it."""
        yield self.page
        answered(self.page)
        found = [*findings(self.page), *self.page.evaluate(WORDS)]
        if self.page.evaluate(SPILT) > 0:
            found.append("wider than the window")
        if found:
            self.faults[name] = found


@pytest.mark.parametrize(("who", "lang"), ROUNDS)
def test_a_round_of_the_console(come: Come, who: str, lang: str) -> None:
    role, area = WHO[who]
    # In a single cell nothing may be open at the moment.
    state = "all" if role is Role.GRID_OFFICER else "open"
    page = come(role, area, query=f"?lang={lang}&lay=map&tab=all&state={state}")
    walk = Round(page)
    with walk.state("map"):
        pass
    if lang == "en":
        frame = page.locator(".bar, .figures, .step-row, .tab-row, .rail h2").all_inner_texts()
        # Names are not translated: of people, and of the language that one could change to.
        said = [line for text in frame for line in text.splitlines() if CHINESE.search(line)]
        assert all(line == "中文" or line == page.locator("#menu > summary").inner_text() for line in said), (
            said
        )
    rows = page.locator(".case[data-case]")
    number = int(re.sub(r"\D", "", page.locator(".queue-head .n").inner_text()))
    assert number > 0, "there is work for everybody in the demo"
    with walk.state("list"):
        page.keyboard.press("l")
        expect(page.locator("#desk")).to_have_attribute("data-layout", "list")
    with walk.state("a case"):
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        expect(rows.first).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".case-panel:not([aria-busy])")).to_be_visible()
    sheet = page.request.get(
        page.url.split("?")[0] + f"api/v1/cases/{rows.first.get_attribute('data-case')}/sheet"
    )
    assert sheet.ok
    with walk.state("the network"):
        page.keyboard.press("n")
        expect(page.locator("#net")).to_be_visible()
    page.keyboard.press("Escape")
    with walk.state("dark"):
        page.keyboard.press("d")
        expect(page.locator("html[data-theme=dark]")).to_be_attached()
    page.keyboard.press("Escape")
    with walk.state("the map again"):
        page.keyboard.press("m")
        expect(page.locator("#card .case-panel")).to_have_count(0)
    with walk.state("what is late"):
        page.locator("[data-figure=overdue]").click()
        expect(page.locator("[data-figure=overdue]")).to_have_attribute("aria-pressed", "true")
    late = int(page.locator("[data-figure=overdue] b").inner_text().replace(",", ""))
    assert int(re.sub(r"\D", "", page.locator(".queue-head .n").inner_text()) or 0) == late
    page.go_back()
    answered(page)
    assert int(re.sub(r"\D", "", page.locator(".queue-head .n").inner_text())) == number
    steps = page.locator(".crumb-step")
    if steps.count():
        with walk.state("an area"):
            steps.last.click()
            page.locator(".siblings:popover-open button").first.click()
            page.wait_for_url("**area=*")
        page.keyboard.press("Escape")
        answered(page)
    with walk.state("several"):
        page.keyboard.press("x")
        expect(page.locator("#batch")).to_be_visible()
        page.locator(".case-box input").first.check()
    page.keyboard.press("x")
    with walk.state("the keys"):
        page.keyboard.press("?")
        expect(page.locator("#help")).to_be_visible()
    page.locator("#help button").click()
    with walk.state("the past"):
        page.goto(re.sub(r"\?.*", f"?lang={lang}&lay=map&past=2026-09-01T04:00:00Z", page.url))
        expect(page.locator("#past-banner")).to_be_visible()
    with walk.state("nothing"):
        page.goto(re.sub(r"\?.*", f"?lang={lang}&q=没有这样的案件", page.url))
        expect(page.locator(".empty")).to_be_visible()
    with walk.state("a telephone"):
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(re.sub(r"\?.*", f"?lang={lang}&tab=all", page.url))
        page.locator(".switch [data-view=map]").click()
    assert not walk.errors
    assert not walk.faults
