"""Elements on the one map: switched on and counted, gathered and parted, opened by a press, raised by their height."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from tests.browser.browsing import READY, come, complaints, findings, opened
from tests.browser.test_map import CHINESE, drawn, in_english, settled
from tests.people import employ

pytestmark = [pytest.mark.browser, pytest.mark.db]

FAR, NEAR = "at=11.00/25.06000/102.73000", "at=17.60/25.06600/102.72500"
MARKS = ["el-far", "el-place", "el-object", "el-organisation"]
TILE = re.compile(r"/tiles/(elements|buildings)/\d")
SPOT = """wanted => {
    const map = window.oneMap, {width, height} = map.getCanvas().getBoundingClientRect();
    const cases = ['late', 'clusters', 'cases', 'dots'].filter(id => map.getLayer(id));
    for (const f of map.queryRenderedFeatures({layers: [wanted.layer]})) {
        if (wanted.one !== (f.properties.count === 1)) continue;
        const at = map.project(f.geometry.coordinates), {offset} = f.properties;
        const [east, south] = typeof offset === 'string' ? JSON.parse(offset) : offset ?? [0, 0];
        const [x, y] = [at.x + east, at.y + south];
        const inside = x > 260 && y > 120 && x < width - 60 && y < height - 60;
        const [top] = inside ? map.queryRenderedFeatures([x, y], {layers: [...cases, ...wanted.all]}) : [];
        if (top && top.layer.id === wanted.layer && top.properties.element_id === f.properties.element_id)
            return {x, y, ...f.properties};
    }
    return null;
}"""
"""A mark that nothing else lies on, with what it says."""


SUM = """all => {
    const marks = new Map(window.oneMap.queryRenderedFeatures({layers: ['el-far']})
        .map(f => [f.geometry.coordinates.join() + f.properties.count, f.properties.count]));
    return [...marks.values()].reduce((sum, n) => sum + n, 0) === all;
}"""
"""Whether the marks in view stand for so many."""

TWICE = """() => {
    const map = window.oneMap, own = map.querySourceFeatures('registered', {sourceLayer: 'buildings'});
    const twice = new Set(own.map(f => f.properties.ground).filter(Boolean));
    const said = id => map.getFeatureState({source: 'ground', sourceLayer: 'building', id}).registered;
    return twice.size > 3 && [...twice].every(said);
}"""
"""Whether the map's own houses know which of them are registered."""

HOUSE = """() => {
    const layers = ['registered-roofs', 'registered-buildings', 'late', 'cases', 'clusters'];
    for (let y = 160; y < 560; y += 10) for (let x = 160; x < 700; x += 10) {
        const [top] = window.oneMap.queryRenderedFeatures([x, y], {layers});
        if (top && top.source === 'registered') return {x, y, id: top.id};
    }
}"""


@pytest.fixture
def desk(page: Page) -> Page:
    page.emulate_media(reduced_motion="reduce")
    return page


def shows(page: Page, layer: str) -> None:
    page.wait_for_function(
        "id => window.oneMap.getLayer(id) && window.oneMap.queryRenderedFeatures({layers: [id]}).length > 0",
        arg=layer, timeout=30_000,
    )  # fmt: skip
    settled(page)


def spot(page: Page, layer: str, *, one: bool) -> dict[str, Any]:
    there = [each for each in MARKS if page.evaluate("id => Boolean(window.oneMap.getLayer(id))", each)]
    found = page.evaluate(SPOT, {"layer": layer, "one": one, "all": there})
    assert found is not None, layer
    return dict(found)


def press(page: Page, at: dict[str, Any]) -> None:
    frame = page.locator("#map").bounding_box()
    assert frame is not None
    page.mouse.click(frame["x"] + at["x"], frame["y"] + at["y"])


def counted(url: str, condition: str) -> int:
    with transaction(url, read_only=True) as connection:
        said = f"SELECT count(*) FROM elements WHERE merged_into IS NULL AND {condition}"
        return int(connection.execute(text(said)).scalar_one())


def test_nothing_comes_before_it_is_switched_on(demo: str, site: str, desk: Page) -> None:
    said, asked = complaints(desk), []
    desk.on("request", lambda request: asked.append(request.url))
    opened(desk, f"{site}?{FAR}")
    settled(desk)
    assert not [url for url in asked if "/tiles/elements" in url or "/tiles/buildings" in url]
    desk.locator("#elements summary").click()
    buildings, objects = (counted(demo, condition) for condition in ("type = 'building'", "kind = 'object'"))
    row = desk.locator("#elements label", has=desk.locator("[data-sort=object]"))
    expect(row.locator(".n")).to_have_text(f"{objects:,}")
    expect(desk.locator("#elements label").first.locator(".n")).to_have_text(f"{buildings:,}")
    assert not [url for url in asked if TILE.search(url)]
    desk.locator("#elements [data-sort=object]").focus()
    desk.keyboard.press("Space")
    shows(desk, "el-far")
    assert "els=object" in desk.url
    assert {mark["of"] for mark in drawn(desk, ["el-far"])} == {"object"}
    desk.locator("#whole").click()
    settled(desk)
    desk.wait_for_function(SUM, arg=objects)
    desk.keyboard.press("Escape")
    desk.locator("#elements [data-sort=object]").uncheck()
    desk.wait_for_function("() => !window.oneMap.getSource('elements')")
    assert "els" not in desk.url
    assert said == []


def test_a_link_shows_them_and_several_part_until_one_opens_its_card(site: str, desk: Page) -> None:
    opened(desk, f"{site}?{FAR}&els=object,organisation")
    shows(desk, "el-far")
    expect(desk.locator("#elements [data-sort=organisation]")).to_be_checked()
    expect(desk.locator("#elements [data-sort=building]")).not_to_be_checked()
    before = float(desk.evaluate("() => window.oneMap.getZoom()"))
    assert {mark["of"] for mark in drawn(desk, ["el-far"])} == {"object", "organisation"}
    several = spot(desk, "el-far", one=False)
    press(desk, several)
    desk.wait_for_function("z => window.oneMap.getZoom() > z + 1", arg=before)
    opened(desk, f"{site}?{NEAR}&els=object")
    shows(desk, "el-object")
    single = spot(desk, "el-object", one=True)
    press(desk, single)
    desk.wait_for_selector(f"#element[data-element='{single['element_id']}']:not([aria-busy])")
    assert f"element={single['element_id']}" in desk.url
    ring = drawn(desk, ["el-ring-object"])
    assert {mark["element_id"] for mark in ring} == {single["element_id"]}
    desk.keyboard.press("Escape")
    expect(desk.locator("#element")).to_have_count(0)
    desk.wait_for_function("() => !window.oneMap.queryRenderedFeatures({layers: ['el-ring-object']}).length")


def test_several_in_one_building_lead_to_it(demo: str, site: str, desk: Page) -> None:
    with transaction(demo, read_only=True) as connection:
        row = connection.execute(
            text("SELECT b.id, ST_X(b.geom) AS lon, ST_Y(b.geom) AS lat"
                 " FROM elements b JOIN elements o ON o.site_id = b.id AND o.kind = 'organisation'"
                 " GROUP BY b.id HAVING count(*) > 2 ORDER BY b.id LIMIT 1")
        ).one()  # fmt: skip
    opened(desk, f"{site}?at=18.50/{row.lat:.6f}/{row.lon:.6f}&els=organisation")
    shows(desk, "el-organisation")
    mine = [mark for mark in drawn(desk, ["el-organisation"]) if mark.get("site_id") == row.id]
    assert len({mark["count"] for mark in mine}) == 1
    frame = desk.locator("#map").bounding_box()
    assert frame is not None
    desk.mouse.click(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    desk.wait_for_selector(f"#element[data-element='{row.id}']:not([aria-busy])")
    expect(desk.locator("[data-tie='located_in-in'] [data-id]")).to_have_count(mine[0]["count"])


def test_outlines_are_pressed_flat_and_raised_by_their_height(demo: str, site: str, desk: Page) -> None:
    opened(desk, f"{site}?{NEAR}&els=building")
    shows(desk, "el-buildings")
    assert not drawn(desk, ["el-place"])
    opened(desk, f"{site}?{NEAR}&solid=0")
    shows(desk, "registered-buildings")
    expect(desk.locator(".map-notes")).to_contain_text("没有高度的每层按 3 米")
    told = {house["id"]: house["height"] for house in drawn(desk, ["registered-buildings"])}
    assert len(told) > 5
    with transaction(demo, read_only=True) as connection:
        rows = connection.execute(
            text("SELECT id, height_m FROM places WHERE id = ANY (:ids)"), {"ids": list(told)}
        )
        assert {row.id: row.height_m for row in rows} == told
    desk.wait_for_function(TWICE)
    house = desk.evaluate(HOUSE)
    press(desk, house)
    desk.wait_for_selector(f"#element[data-element='{house['id']}']:not([aria-busy])")
    state = "id => window.oneMap.getFeatureState({source: 'registered', sourceLayer: 'buildings', id}).chosen"
    desk.wait_for_function(state, arg=house["id"])


def test_the_crosshair_names_them(site: str, desk: Page) -> None:
    opened(desk, f"{site}?{NEAR}&els=object")
    shows(desk, "el-object")
    desk.locator("canvas.maplibregl-canvas").focus()
    desk.keyboard.press("Tab")
    desk.keyboard.press("Shift+Tab")
    for _ in range(40):
        desk.keyboard.press("n")
        if "部件" in desk.locator(".cross-says").inner_text():
            break
    expect(desk.locator(".cross-says")).to_contain_text("部件")


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_it_is_finished_in_both_languages(
    staffed: str, staffed_site: str, chrome: Browser, lang: str
) -> None:
    person = employ(staffed, Role.DUTY_OFFICER, "530103", username=f"layers-{lang.lower()}")
    page = come(chrome, staffed_site, person.username)
    opened(page, f"{staffed_site}?{FAR}&els=building,object,organisation&lang={lang}")
    shows(page, "el-far")
    expect(page.locator("#elements .n").first).to_have_text(re.compile("^[1-9]"))
    assert findings(page) == []
    if lang == "en":
        in_english(page, "#elements")
    else:
        assert CHINESE.search(page.locator("#elements").inner_text())
    assert not re.search(r"\bmap\.[a-z_]+", page.locator("body").inner_text())
    page.context.close()


def test_who_does_not_read_the_registry_has_no_switch(
    staffed: str, staffed_site: str, chrome: Browser
) -> None:
    person = employ(staffed, Role.GROUP_LEADER, "530103", username="layers-none")
    page = come(chrome, staffed_site, person.username)
    page.goto(f"{staffed_site}?els=object")
    expect(page.locator("#elements")).to_have_count(0)
    assert page.request.get(f"{staffed_site}tiles/elements/9/402/219.mvt").status == 403
    page.context.close()


def test_without_webgl_it_is_said(site: str, plain: Browser, duty: StorageState) -> None:
    context = plain.new_context(locale="zh-CN", storage_state=duty)
    page = opened(context.new_page(), f"{site}?els=object")
    page.wait_for_selector(READY)
    expect(page.locator("#elements-no-webgl")).to_contain_text("WebGL")
    expect(page.locator("#elements input")).to_have_count(0)
    expect(page.locator(".d-cell").first).to_be_attached()
    context.close()


def test_several_at_one_place_are_told_apart(staffed: str, staffed_site: str, chrome: Browser) -> None:
    person = employ(staffed, Role.DUTY_OFFICER, "530103", username="layers-together")
    with transaction(staffed) as connection:
        ids = connection.execute(
            text("INSERT INTO elements (district_id, kind, type, name, geom, area_no, valid_from_on, source, simulated)"
                 " SELECT 1, 'object', '0305', '模拟箱' || n, ST_SetSRID(ST_MakePoint(102.72507, 25.06607), 4490), 0,"
                 " DATE '2020-01-01', 'test', true FROM generate_series(1, 2) n RETURNING id")
        ).scalars().all()  # fmt: skip
        connection.execute(text("UPDATE data_versions SET version = version + 1 WHERE topic = 'registry'"))
    page = come(chrome, staffed_site, person.username)
    page.emulate_media(reduced_motion="reduce")
    opened(page, f"{staffed_site}?at=18.90/25.06607/102.72507&els=object")
    shows(page, "el-object")
    frame = page.locator("#map").bounding_box()
    assert frame is not None
    page.mouse.click(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    rows = page.locator("dialog.el-together [data-id]")
    expect(rows).to_have_count(2)
    assert findings(page) == []
    rows.filter(has_text="模拟箱2").press("Enter")
    page.wait_for_selector(f"#element[data-element='{ids[1]}']:not([aria-busy])")
    expect(page.locator("dialog.el-together")).to_have_count(0)
    page.context.close()
    with transaction(staffed) as connection:
        connection.execute(text("DELETE FROM elements WHERE id = ANY (:ids)"), {"ids": ids})
        connection.execute(text("UPDATE data_versions SET version = version + 1 WHERE topic = 'registry'"))
