"""The console's frame fits: axe finds nothing in it, and on a small screen with large letters nothing is cut off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from app.settings import ROOT
from tests.browser.browsing import findings, opened
from tests.browser.test_map import answered, settled

pytestmark = [pytest.mark.browser, pytest.mark.db]

SHOTS = ROOT / "var" / "shots"
LARGE_LETTERS = (1093, 614)
"""What is left of 1366 x 768 where the letters are a quarter larger."""

CROWDED = """() => {
    const parts = '.bar > :not(.bar-end), .bar-end > *, .figure, .step, .tab, .layouts > *';
    const seen = [...document.querySelectorAll(parts)].map(one => [one, one.getBoundingClientRect()])
        .filter(([one, box]) => box.width > 1 && box.height > 1 && one.checkVisibility({ visibilityProperty: true }));
    const name = one => one.id || one.dataset.figure || one.dataset.tab || one.dataset.step || one.className;
    const faults = [];
    seen.forEach(([one, a], i) => {
        if (a.left < -0.5 || a.top < -0.5 || a.right > innerWidth + 0.5 || a.bottom > innerHeight + 0.5)
            faults.push(`${name(one)} outside`);
        for (const [other, b] of seen.slice(i + 1)) {
            if (one.contains(other) || other.contains(one)) continue;
            const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (wide > 1 && high > 1) faults.push(`${name(one)} over ${name(other)}`);
        }
    });
    return faults;
}"""
"""What of the bar, the figures, the steps and the tabs lies over another of them, or outside the window."""

CUT = """() => [...document.querySelectorAll('.figure .name, .figure .value > b, .step, .step-name, .step b, .tab,'
        + ' .bar-end > *, .brand, .time-head, .time-past')]
    .filter(one => one.checkVisibility({ visibilityProperty: true }) && one.clientWidth > 1)
    .filter(one => one.scrollWidth > one.clientWidth + 1
        || one.getBoundingClientRect().right > one.parentElement.getBoundingClientRect().right + 1)
    .map(one => `${one.className || one.tagName}: ${one.textContent.trim()}`)"""
"""What of them is wider than its own box or than that around it."""

SPILT = "() => document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def desk(chrome: Browser, duty: StorageState) -> Iterator[Page]:
    """A duty officer's page in which axe may run."""
    context = chrome.new_context(
        viewport={"width": 1366, "height": 768}, locale="zh-CN", storage_state=duty, bypass_csp=True,
        reduced_motion="reduce",
    )  # fmt: skip
    yield context.new_page()
    context.close()


def shoot(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"console-{name}.png")


def faults(page: Page) -> list[Any]:
    """What axe finds, and what is wider than the screen."""
    found = findings(page)
    if page.evaluate(SPILT) > 0:
        found.append(["spilt", page.evaluate(SPILT)])
    return found


@pytest.mark.parametrize(
    ("layout", "lang", "theme"),
    [
        # Each layout, language and theme once; every combination of the three comes with the long tests.
        ("map", "zh-CN", "light"),
        ("list", "en", "dark"),
        pytest.param("list", "zh-CN", "dark", marks=pytest.mark.long),
        pytest.param("map", "en", "dark", marks=pytest.mark.long),
        pytest.param("list", "en", "light", marks=pytest.mark.long),
        pytest.param("map", "zh-CN", "dark", marks=pytest.mark.long),
        pytest.param("list", "zh-CN", "light", marks=pytest.mark.long),
        pytest.param("map", "en", "light", marks=pytest.mark.long),
    ],
)
def test_everybody_can_use_it(site: str, desk: Page, layout: str, lang: str, theme: str) -> None:
    found = {}
    opened(desk, f"{site}?lay={layout}&lang={lang}&theme={theme}")
    settled(desk)
    for opening in ("", "case"):
        if opening:
            desk.locator(".case[data-case]").first.click()
            expect(desk.locator(".case-panel:not([aria-busy])")).to_be_visible()
            answered(desk)
        for width, height in ((1366, 768), (390, 844)):
            desk.set_viewport_size({"width": width, "height": height})
            desk.wait_for_timeout(400)
            shoot(desk, "-".join(filter(None, (layout, opening, lang, theme, str(width)))))
            found[opening, width] = faults(desk)
        desk.set_viewport_size({"width": 1366, "height": 768})
    assert not any(found.values()), found


@pytest.mark.parametrize(
    ("layout", "lang", "query"),
    [
        (layout, lang, query)
        # Each layout and language once, one of them with all that can be chosen: the rest comes with the long tests.
        if (layout, lang, bool(query)) in {("list", "zh-CN", False), ("map", "en", True)}
        else pytest.param(layout, lang, query, marks=pytest.mark.long)
        for query in ("", "&area=2&past=2026-11-05T00:00:00Z&from=2026-05-01&state=all")
        for lang in ("zh-CN", "en")
        for layout in ("map", "list")
    ],
)
def test_nothing_is_cut_off_where_the_letters_are_large(
    site: str, desk: Page, layout: str, lang: str, query: str
) -> None:
    found = {}
    for width, height in (LARGE_LETTERS, (1366, 768), (1440, 900)):
        desk.set_viewport_size({"width": width, "height": height})
        opened(desk, f"{site}?lay={layout}&lang={lang}{query}")
        settled(desk)
        for opening in ("", "case"):
            if opening:
                desk.locator(".case[data-case]").first.click()
                expect(desk.locator(".case-panel:not([aria-busy])")).to_be_visible()
                answered(desk)
            shoot(desk, "-".join(filter(None, (layout, opening, lang, str(width), query and "past"))))
            found[opening, width] = desk.evaluate(CROWDED) + desk.evaluate(CUT)
            assert desk.evaluate(SPILT) <= 0
    assert not any(found.values()), found
