"""An element's card on the one map: what it tells and to whom, 楼栋图 by keyboard, a look for a minute."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from tests.browser.browsing import come, complaints, findings, opened
from tests.browser.test_network_view import drawn
from tests.browser.test_staffing_layer import settled, shoot
from tests.people import employ

pytestmark = [pytest.mark.browser, pytest.mark.db]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is looked at, and who looks."""

    building: int
    name: str
    flats: int
    flat: int
    person: int
    case: int
    concerned: int
    desk: str
    analyst: str


@pytest.fixture(scope="module")
def chosen(staffed: str) -> Chosen:
    with transaction(staffed, read_only=True) as connection:

        def one(said: str, **values: object) -> int:
            return int(connection.execute(text(said), values).scalar_one())

        row = connection.execute(
            text("SELECT b.id, b.name, b.area_no, count(*) AS flats FROM elements b"
                 " JOIN elements d ON d.site_id = b.id AND d.type = 'dwelling' WHERE b.type = 'building'"
                 " AND (b.site_id IS NULL OR EXISTS (SELECT FROM elements s"
                 " WHERE s.id = b.site_id AND s.area_no = b.area_no))"
                 " GROUP BY b.id ORDER BY flats DESC, b.id LIMIT 1")
        ).one()  # fmt: skip
        code = connection.execute(
            text("SELECT code FROM area_numbers WHERE no = :no"), {"no": row.area_no}
        ).scalar_one()
        person = one(
            "SELECT p.id FROM persons p JOIN elements e ON e.id = p.id JOIN elements d ON d.id = e.site_id"
            " WHERE d.site_id = :id AND p.phone IS NOT NULL ORDER BY p.id LIMIT 1",
            id=row.id,
        )
        flat = one("SELECT site_id FROM elements WHERE id = :id", id=person)
        concerned, case = connection.execute(
            text("SELECT r.target_id, r.case_id FROM relations r JOIN elements e ON e.id = r.target_id"
                 " WHERE r.kind = 'concerns' AND r.to_on IS NULL AND e.kind <> 'person' ORDER BY r.id LIMIT 1")
        ).one()  # fmt: skip
    desk = employ(staffed, Role.COMMUNITY_DESK, str(code)[:12], username="card-desk").username
    analyst = employ(staffed, Role.ANALYST, "530103", username="card-analyst").username
    return Chosen(row.id, row.name, row.flats, flat, person, case, concerned, desk, analyst)


@pytest.fixture
def desk(staffed_site: str, chrome: Browser, chosen: Chosen) -> Iterator[Page]:
    """The community's page: its people are read there."""
    page = come(chrome, staffed_site, chosen.desk)
    yield page
    page.context.close()


@pytest.fixture
def analyst(staffed_site: str, chrome: Browser, chosen: Chosen) -> Iterator[Page]:
    """The page of somebody who reads the registry and no people."""
    page = come(chrome, staffed_site, chosen.analyst)
    yield page
    page.context.close()


def told(page: Page, element: int) -> None:
    page.wait_for_selector(f"#element[data-element='{element}']:not([aria-busy])", timeout=30_000)


def test_a_building_is_walked_by_keyboard(staffed_site: str, desk: Page, chosen: Chosen) -> None:
    said, asked = complaints(desk), []
    desk.on("request", lambda request: asked.append(request.url))
    opened(desk, staffed_site)
    assert not [url for url in asked if "/ui/registry/card" in url or "element.css" in url], "not before"
    opened(desk, f"{staffed_site}?element={chosen.building}")
    told(desk, chosen.building)
    expect(desk.locator("#element-title")).to_have_text(chosen.name)
    expect(desk.locator("#element .badge-sim")).to_have_text("模拟")
    desk.locator("#element-map").click()
    expect(desk.locator("#desk")).to_have_attribute("data-layout", "map")
    expect(desk.locator("#element")).to_be_visible()
    cells = desk.locator("#element-flats [data-flat]")
    expect(cells).to_have_count(chosen.flats)
    cells.first.focus()
    top = desk.evaluate("() => document.activeElement.dataset.at")
    desk.keyboard.press("ArrowDown")
    below = desk.evaluate("() => document.activeElement.dataset.at")
    assert int(below.split(":")[0]) > int(top.split(":")[0])
    assert below.split(":")[1] == top.split(":")[1]
    expect(desk.locator("#element-flats [tabindex='0']")).to_have_count(1)
    desk.keyboard.press("ArrowUp")
    assert desk.evaluate("() => document.activeElement.dataset.at") == top
    flat = desk.locator(f"[data-flat='{chosen.flat}']")
    expect(flat).to_contain_text("人")
    flat.press("Enter")
    told(desk, chosen.flat)
    assert f"element={chosen.flat}" in desk.url
    expect(desk.locator("#element-title")).to_be_focused()
    expect(desk.locator("[data-tie='lives_in-in']")).to_contain_text("居住人员")
    desk.locator(f"[data-tie='lives_in-in'] [data-id='{chosen.person}']").press("Enter")
    told(desk, chosen.person)
    desk.go_back()
    told(desk, chosen.flat)
    desk.keyboard.press("Escape")
    expect(desk.locator("#element")).to_have_count(0)
    assert "element=" not in desk.url
    assert said == []


def test_a_look_lasts_a_minute_and_ends_at_once_by_escape(
    staffed: str, staffed_site: str, desk: Page, chosen: Chosen
) -> None:
    desk.clock.install()
    desk.goto(f"{staffed_site}?element={chosen.person}")
    told(desk, chosen.person)
    expect(desk.locator("#element-title")).to_contain_text("*")
    row = desk.locator(".el-secret[data-field=phone]")
    expect(row).not_to_contain_text(re.compile(r"\d{11}"))
    row.locator("button").click()
    desk.locator("#reveal-purpose").fill("看")
    desk.keyboard.press("Enter")
    expect(desk.locator("#reveal-says")).to_contain_text("4")
    desk.locator("#reveal-purpose").fill("上门走访前联系")
    desk.keyboard.press("Enter")
    expect(row.locator(".value")).to_have_text(re.compile(r"^\d{11}$"))
    expect(row.locator(".left")).to_have_text(re.compile(r"^(60|59|58) 秒$"))
    desk.clock.run_for(40_000)
    expect(row.locator(".left")).to_have_text(re.compile(r"^(20|19|18|17) 秒$"))
    desk.clock.run_for(21_000)
    expect(row).not_to_contain_text(re.compile(r"\d"))
    row.locator("button").click()
    desk.locator("#reveal-purpose").fill("上门走访前再次联系")
    desk.keyboard.press("Enter")
    expect(row.locator(".value")).to_have_text(re.compile(r"^\d{11}$"))
    desk.keyboard.press("Escape")
    expect(row).not_to_contain_text(re.compile(r"\d"))
    expect(desk.locator("#element")).to_be_visible()
    with transaction(staffed, read_only=True) as connection:
        purposes = connection.execute(
            text("SELECT facts ->> 'purpose' FROM access_log WHERE action = 'person.read' AND subject_id = :id"
                 " ORDER BY no"), {"id": str(chosen.person)},
        ).scalars().all()  # fmt: skip
    assert purposes == ["上门走访前联系", "上门走访前再次联系"]


def test_who_may_not_read_people_is_told_of_none(staffed_site: str, analyst: Page, chosen: Chosen) -> None:
    opened(analyst, f"{staffed_site}?element={chosen.building}")
    told(analyst, chosen.building)
    expect(analyst.locator("#element-flats [data-flat]")).to_have_count(chosen.flats)
    expect(analyst.locator("#element-flats")).not_to_contain_text("人")
    expect(analyst.locator("#element-flats [data-flat] small")).to_have_count(0)
    opened(analyst, f"{staffed_site}?element={chosen.person}")
    expect(analyst.locator("#element [role=alert]")).to_contain_text("没有这条档案")


def test_found_looked_at_tied_and_back(staffed_site: str, analyst: Page, chosen: Chosen) -> None:
    opened(analyst, staffed_site)
    analyst.locator("#search").fill(chosen.name)
    analyst.locator(".found-row .one[data-group=sites]", has_text=chosen.name).first.click()
    expect(analyst.locator("#element-title")).to_have_text(chosen.name)
    opened(analyst, f"{staffed_site}?element={chosen.concerned}")
    told(analyst, chosen.concerned)
    analyst.locator("#element-network").click()
    drawn(analyst)
    expect(analyst.locator("#element")).to_have_count(0)
    expect(analyst.locator(".chosen-name")).to_have_attribute("data-key", f"element:{chosen.concerned}")
    analyst.locator("#net-open").click()
    told(analyst, chosen.concerned)
    expect(analyst.locator("#net")).to_have_count(0)
    analyst.locator(f"#element-cases [data-case='{chosen.case}']").click()
    expect(analyst.locator(f".case-panel[data-case='{chosen.case}']")).to_be_visible()
    expect(analyst.locator("#element")).to_have_count(0)


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_it_is_finished_in_both_languages_and_themes(
    staffed_site: str, desk: Page, chosen: Chosen, lang: str
) -> None:
    desk.emulate_media(reduced_motion="reduce")
    for name, one in (("building", chosen.building), ("person", chosen.person)):
        opened(desk, f"{staffed_site}?element={one}&lang={lang}")
        told(desk, one)
        settled(desk)
        shoot(desk, f"element-{name}-light-{lang}")
        assert findings(desk) == []
        words = desk.locator("#element").inner_text()
        assert not re.search(r"\b(element|element_state|household|map|network)\.[a-z_0-9]+", words)
        if lang == "en":
            heads = desk.locator(
                "#element h3, #element dt, #element .hint, #element .button"
            ).all_inner_texts()
            assert not re.search(r"[\u4e00-\u9fff]", " ".join(heads))
    desk.locator("[data-reveal=phone]").click()
    assert findings(desk) == []
    desk.keyboard.press("Escape")
    desk.keyboard.press("d")
    expect(desk.locator("html")).to_have_attribute("data-theme", "dark")
    settled(desk)
    shoot(desk, f"element-person-dark-{lang}")
    assert findings(desk) == []
    desk.set_viewport_size({"width": 390, "height": 844})
    expect(desk.locator("#element-title")).to_be_in_viewport()
    assert desk.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert findings(desk) == []
