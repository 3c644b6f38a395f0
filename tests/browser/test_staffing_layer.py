"""The staffing audit on the one map: its switch, address and legend, the colours and hatchings of the cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from app.settings import ROOT
from tests.browser.browsing import READY, come, complaints, findings, opened
from tests.browser.conftest import ALONE
from tests.people import employ

pytestmark = [pytest.mark.browser, pytest.mark.db]

SHOTS = ROOT / "var" / "shots"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SETTLED = "() => window.oneMap.areTilesLoaded() && !window.oneMap.isMoving()"
STATE = "id => window.oneMap.getFeatureState({source: 'areas', sourceLayer: 'cell', id})"


@pytest.fixture
def desk(staffed: str, staffed_site: str, chrome: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page of somebody who sees the whole district and may read staff; axe may run in it."""
    name = f"duty-{request.node.name.split('[')[0][-12:]}-{len(request.node.name)}"
    person = employ(staffed, Role.DUTY_OFFICER, "530103", username=name)
    page = come(chrome, staffed_site, person.username)
    yield page
    page.context.close()


def settled(page: Page) -> None:
    page.wait_for_selector(READY, timeout=30_000)
    page.wait_for_function(SETTLED, timeout=30_000)


def gaps(page: Page, place: str, on: str = "") -> dict[int, Any]:
    answer = page.request.get(f"{place}api/v1/staffing/gaps?on={on}").json()
    return {item["id"]: item for item in answer["items"]}


def kind(missing: list[str]) -> int:
    """The class of a cell, said once more in other words than the page's."""
    if "officer" in missing:
        return 3
    return 2 if {"supervisor", "inspector"} & set(missing) else 1


def legend(page: Page) -> dict[int, int]:
    rows = page.locator("#legend button")
    return {
        int(rows.nth(i).get_attribute("data-class") or ""): int(
            rows.nth(i).locator(".n").inner_text().split()[0]
        )
        for i in range(rows.count())
    }


def shoot(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.wait_for_timeout(800)
    page.screenshot(path=SHOTS / f"{name}.png")


def test_the_switch_paints_what_each_cell_lacks(staffed_site: str, desk: Page) -> None:
    said = complaints(desk)
    opened(desk, staffed_site)
    settled(desk)
    desk.locator("#fill").focus()
    desk.locator("#fill").select_option("staffing")
    desk.wait_for_url(re.compile(r"\?(.*&)?layer=staffing"))
    expect(desk.locator("#fill-name")).to_contain_text("力量缺口")
    expect(desk.locator("#fill")).to_be_focused()
    settled(desk)
    found = gaps(desk, staffed_site)
    kinds = [kind(gap["missing"]) for gap in found.values()]
    expected = {cls: kinds.count(cls) for cls in (1, 2, 3)} | {0: 610 - len(found)}
    assert legend(desk) == expected
    assert min(expected.values()) > 0
    assert desk.locator("#legend .range").all_inner_texts() == [
        "缺专职网格员",
        "缺监督员或巡查员",
        "只缺兼职",
        "配齐",
    ]
    desk.wait_for_function(
        "id => window.oneMap.getFeatureState({source: 'areas', sourceLayer: 'cell', id}).class",
        arg=min(found),
    )
    for cell, gap in found.items():
        assert desk.evaluate(STATE, cell)["class"] == kind(gap["missing"])
    assert desk.evaluate("() => ['gap-1', 'gap-2', 'gap-3'].every(id => window.oneMap.getLayer(id))")
    shoot(desk, "staffing-light")
    desk.locator("#fill").select_option("")
    expect(desk.locator("#legend button")).to_have_count(0)
    assert "layer=" not in desk.url
    desk.wait_for_function("() => !window.oneMap.getLayer('gap-3')")
    assert said == []


def test_the_address_brings_layer_class_and_day_back(staffed_site: str, desk: Page) -> None:
    opened(desk, f"{staffed_site}?layer=staffing")
    expect(desk.locator("#fill")).to_have_value("staffing")
    desk.locator('#legend [data-class="3"]').press("Enter")
    desk.wait_for_url(re.compile("cls=3"))
    expect(desk.locator('#legend [data-class="3"]')).to_be_focused()
    expect(desk.locator(".chip", has_text="缺专职网格员")).to_be_visible()
    for day, expected in (
        ("2020-05-04", {3: 610, 2: 0, 1: 0, 0: 0}),
        ("1990-01-01", dict.fromkeys(range(4), 0)),
    ):
        desk.locator("#staffing-day").fill(day)
        desk.locator("#staffing-day").blur()
        desk.wait_for_url(re.compile(f"on={day}"))
        expect(desk.locator("#fill-name")).to_contain_text(day)
        assert legend(desk) == expected
    expect(desk.locator("#fill-name")).to_contain_text("尚无网格")
    desk.go_back()
    expect(desk.locator("#fill-name")).to_contain_text("2020-05-04")
    expect(desk.locator("#staffing-day")).to_have_value("2020-05-04")
    desk.locator(".chip", has_text="力量缺口").get_by_role("button").click()
    expect(desk.locator("#fill")).to_have_value("")
    assert "cls=" not in desk.url


def test_looking_at_the_past_shows_its_staffing(staffed_site: str, desk: Page) -> None:
    """The day of the instant in the district, not in Greenwich; a day that was chosen goes before it."""
    opened(desk, f"{staffed_site}?layer=staffing&past=2020-05-03T20:00:00Z")
    expect(desk.locator("#fill-name")).to_contain_text("2020-05-04")
    assert legend(desk) == {3: 610, 2: 0, 1: 0, 0: 0}
    opened(desk, f"{staffed_site}?layer=staffing&past=2020-05-03T20:00:00Z&on=1990-01-01")
    expect(desk.locator("#fill-name")).to_contain_text("1990-01-01")


def test_a_cell_says_what_it_lacks_and_opens(staffed: str, staffed_site: str, desk: Page) -> None:
    with transaction(staffed, read_only=True) as connection:
        cell = connection.execute(
            text("SELECT id FROM areas WHERE code = :code"), {"code": ALONE}
        ).scalar_one()
    west, south, east, north = desk.request.get(f"{staffed_site}api/v1/areas/{cell}").json()["bounds"]
    spot = f"15/{(south + north) / 2:.5f}/{(west + east) / 2:.5f}"
    opened(desk, f"{staffed_site}?layer=staffing&at={spot}")
    settled(desk)
    expect(desk.locator("#legend .gap-away")).to_contain_text("休假无人代班 1 格")
    point = desk.evaluate(
        """id => {
          const box = window.oneMap.getCanvas().getBoundingClientRect();
          for (let y = 60; y < box.height - 60; y += 8) for (let x = 60; x < box.width - 60; x += 8) {
            const at = layers => window.oneMap.queryRenderedFeatures([x, y], {layers});
            if (at(['cells'])[0]?.id === id && !at(['late', 'clusters', 'cases']).length) return [box.x + x, box.y + y];
          }
          return null;
        }""",
        cell,
    )
    assert point is not None
    desk.mouse.move(*point)
    expect(desk.locator("#hover")).to_contain_text("休假无人代班")
    expect(desk.locator("#hover")).to_contain_text("缺 1/4 项")
    shoot(desk, "staffing-near")
    desk.mouse.click(*point)
    expect(desk.locator(".card .code")).to_have_text(ALONE)
    assert "layer=staffing" in desk.url


@pytest.mark.parametrize("lang", ["zh-CN", pytest.param("en", marks=pytest.mark.long)])
def test_it_is_finished_in_the_dark_and_in_both_languages(staffed_site: str, desk: Page, lang: str) -> None:
    opened(desk, f"{staffed_site}?layer=staffing&lang={lang}")
    settled(desk)
    desk.keyboard.press("d")
    expect(desk.locator("html")).to_have_attribute("data-theme", "dark")
    settled(desk)
    shoot(desk, f"staffing-dark-{lang}")
    rail = desk.locator("#rail").inner_text()
    assert not re.search(r"\b(map|board)\.[a-z_0-9]+", rail)
    if lang == "en":
        assert not CHINESE.search(rail)
    assert findings(desk) == []


def test_who_may_not_read_staff_has_no_such_layer(staffed: str, staffed_site: str, chrome: Browser) -> None:
    person = employ(staffed, Role.ANALYST, "530103", username="gaps-analyst")
    page = opened(come(chrome, staffed_site, person.username), f"{staffed_site}?layer=staffing&on=2026-01-01")
    expect(page.locator("#fill option[value=staffing]")).to_have_count(0)
    expect(page.locator("#fill")).to_have_value("")
    page.context.close()
