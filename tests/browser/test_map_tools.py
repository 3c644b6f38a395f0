"""Tools of the one map: the inset, the raised map, dots and heat, rings, the keyboard, another map below."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, StorageState, expect

from tests.browser.browsing import opened
from tests.browser.test_map import CORE, drawn, settled

pytestmark = [pytest.mark.browser, pytest.mark.db]

HIDDEN = """() => {
    const map = window.oneMap;
    const at = (f) => { const p = map.project(f.geometry.coordinates); return [p.x, p.y]; };
    const numbers = map.queryRenderedFeatures({layers: ['clusters']}).map(at);
    const late = map.querySourceFeatures('late').map((f) => {
        const offset = typeof f.properties.offset === 'string' ? JSON.parse(f.properties.offset) : f.properties.offset;
        return at(f).map((v, i) => v + offset[i]);
    });
    return late.filter(([x, y]) => numbers.some(([a, b]) => Math.abs(x - a) < 10 && Math.abs(y + 2 - b) < 9)).length;
}"""
"""How many triangles lie on a number."""

NEAR = "?at=16.20/25.06600/102.72500"
LIT = "() => document.querySelector('.inset canvas').getContext('2d').getImageData(0, 0, 200, 200).data.some(v => v)"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c63606060f80f0001040100c5d7f5ad0000000049454e44ae426082"
)


def zoom(page: Page) -> float:
    return float(page.evaluate("() => window.oneMap.getZoom()"))


def appears(page: Page, layer: str) -> None:
    """Wait until something of a layer is drawn: a new style takes effect some frames after it is asked for."""
    drawn_now = (
        "id => window.oneMap.getLayer(id) && window.oneMap.queryRenderedFeatures({layers: [id]}).length > 0"
    )
    page.wait_for_function(drawn_now, arg=layer, timeout=30_000)


def box_of(page: Page, selector: str) -> dict[str, float]:
    found = page.locator(selector).bounding_box()
    assert found is not None
    return dict(found)


def test_the_inset_shows_what_the_map_does_not(site: str, page: Page) -> None:
    opened(page, site)
    inset = page.locator(".inset")
    expect(inset).to_have_attribute("data-mode", "lens")
    expect(inset).to_have_attribute("aria-label", re.compile("主城区小图，超期 [1-9]\\d* 件"))
    page.wait_for_function(LIT)
    frame, lens = box_of(page, "#map"), box_of(page, ".inset")
    corner = [lens["x"] - frame["x"], lens["y"] - frame["y"]]
    under = [corner, [corner[0] + lens["width"], corner[1] + lens["height"]]]
    covered = "box => window.oneMap.queryRenderedFeatures(box, {layers: ['cells']}).length"
    assert page.evaluate(covered, under) == 0, "the lens covers nothing of the district"
    before = zoom(page)
    inset.focus()
    page.keyboard.press("Enter")
    settled(page)
    assert zoom(page) > before + 1
    expect(inset).to_have_attribute("data-mode", "overview")
    expect(page.locator(".inset .view")).to_be_visible()
    assert box_of(page, ".inset")["width"] < lens["width"]
    page.keyboard.press("Enter")
    expect(inset).to_have_attribute("data-mode", "lens")
    settled(page)
    inset.click(position={"x": 110, "y": 150})
    settled(page)
    assert zoom(page) > 13


def test_the_raised_map_and_back(site: str, page: Page) -> None:
    opened(page, site + CORE)
    settled(page)
    place = page.evaluate("() => [window.oneMap.getCenter().lng, window.oneMap.getZoom()]")
    page.keyboard.press("3")
    page.wait_for_function(
        "() => Math.abs(window.oneMap.getPitch() - 58) < 0.01 && !window.oneMap.isMoving()"
    )
    settled(page)
    assert "solid=0" in page.url
    expect(page.locator("[data-way=solid]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".map-notes")).to_contain_text("楼高按类别假定：低层 6 米")
    assert len(drawn(page, ["buildings"])) > 50
    assert {mark["urgency"] for mark in drawn(page, ["cases"])} <= {"near"}
    page.locator("[data-way=solid]").click()
    page.wait_for_function("() => window.oneMap.getPitch() === 0 && !window.oneMap.isMoving()")
    assert page.evaluate("() => [window.oneMap.getCenter().lng, window.oneMap.getZoom()]") == pytest.approx(
        place
    )
    assert "solid" not in page.url
    appears(page, "clusters")


def test_a_building_is_chosen_by_a_click_and_nothing_is_asked_elsewhere(site: str, page: Page) -> None:
    elsewhere: list[str] = []
    page.on(
        "request", lambda r: None if r.url.startswith((site, "data:", "blob:")) else elsewhere.append(r.url)
    )
    opened(page, f"{site}{NEAR}&solid=-20")
    settled(page)
    assert page.evaluate("() => [window.oneMap.getPitch(), window.oneMap.getBearing()]") == pytest.approx(
        [58, -20]
    )
    spot = page.evaluate(
        """() => {
            const map = window.oneMap, marks = ['late', 'clusters', 'cases'];
            for (let y = 340; y < 560; y += 12) for (let x = 330; x < 560; x += 12) {
                const [house] = map.queryRenderedFeatures([x, y], {layers: ['buildings']});
                if (house && !map.queryRenderedFeatures([x, y], {layers: marks}).length) return [x, y, house.id];
            }
        }"""
    )
    frame = box_of(page, "#map")
    page.mouse.click(frame["x"] + spot[0], frame["y"] + spot[1])
    state = "id => window.oneMap.getFeatureState({source: 'ground', sourceLayer: 'building', id}).chosen"
    page.wait_for_function(f"() => ({state})({spot[2]})")
    assert "area=" not in page.url
    assert elsewhere == []
    assert page.request.get(f"{site}tiles/basemap/9/402/219").status == 404


def test_clusters_dots_and_heat(site: str, page: Page) -> None:
    opened(page, site)
    settled(page)
    clustered = len(drawn(page, ["clusters", "cases"]))
    late = sum(mark["count"] for mark in drawn(page, ["late"]))
    assert late
    assert page.evaluate(HIDDEN) == 0
    page.get_by_role("button", name="点", exact=True).click()
    page.wait_for_function(
        "most => window.oneMap.getLayer('dots')"
        " && window.oneMap.queryRenderedFeatures({layers: ['dots']}).length > most",
        arg=2 * clustered,
    )
    settled(page)
    assert sum(mark["count"] for mark in drawn(page, ["late"])) == late
    page.get_by_role("button", name="热力").click()
    page.wait_for_function("() => window.oneMap.getLayer('heat')")
    settled(page)
    assert "marks=heat" in page.url
    appears(page, "late")
    assert page.evaluate("() => window.oneMap.getLayer('clusters') === undefined")
    expect(page.locator(".heat-key")).to_be_visible()
    page.go_back()
    page.wait_for_function("() => window.oneMap.getLayer('dots')")


def drag(page: Page, corners: list[tuple[float, float]]) -> None:
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=5)
    page.mouse.up()


def ring(page: Page) -> list[Any]:
    script = (
        "() => window.oneMap.getSource('drawn').serialize().data.features.map(f => f.geometry.coordinates)"
    )
    return page.evaluate(script)  # type: ignore[no-any-return]


def test_lasso_box_and_window_select(site: str, page: Page) -> None:
    opened(page, site + CORE)
    settled(page)
    centre = page.evaluate("() => window.oneMap.getCenter().lng")
    expect(page.locator(".map-notes")).not_to_contain_text("已选范围")
    page.locator("[data-way=lasso]").click()
    drag(page, [(560, 320), (820, 330), (840, 600), (600, 620)])
    expect(page.locator(".map-notes")).to_contain_text(re.compile("已选范围 [\\d.]+ km² · [1-9]\\d* 格"))
    (lasso,) = ring(page)
    assert lasso[0] == lasso[-1]
    assert 4 <= len(lasso) <= 12
    assert "area=" not in page.url, "the end of a drag is no click on the map"
    assert page.evaluate("() => window.oneMap.getCenter().lng") == centre
    page.keyboard.press("Escape")
    assert ring(page) == []
    page.keyboard.down("Shift")
    drag(page, [(560, 320), (800, 560)])
    page.keyboard.up("Shift")
    assert len(ring(page)[0]) == 5
    page.locator(".map-notes button").click()
    assert ring(page) == []
    page.keyboard.press("v")
    assert len(ring(page)[0]) == 5
    expect(page.locator(".map-notes")).to_contain_text("已选范围")


def test_a_finger_draws_too(site: str, chrome: Browser, duty: StorageState) -> None:
    context = chrome.new_context(
        viewport={"width": 1180, "height": 820}, locale="zh-CN", has_touch=True, storage_state=duty
    )
    page = opened(context.new_page(), site + CORE)
    settled(page)
    page.locator("[data-way=lasso]").tap()
    client = context.new_cdp_session(page)
    points = [(420, 330), (620, 340), (640, 560), (430, 580)]
    for i, (x, y) in enumerate(points):
        kind = "touchStart" if i == 0 else "touchMove"
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator(".map-notes")).to_contain_text("已选范围")
    assert len(ring(page)[0]) == 5
    context.close()


def test_the_map_without_a_mouse(site: str, page: Page) -> None:
    opened(page, site + CORE)
    settled(page)
    canvas = page.locator(".map canvas.maplibregl-canvas")
    page.locator("#whole").focus()
    canvas.focus()
    says = page.locator(".cross-says")
    expect(says).to_be_visible()
    before, near = page.evaluate("() => window.oneMap.getCenter().lng"), zoom(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"() => window.oneMap.getCenter().lng > {before} && !window.oneMap.isMoving()")
    page.keyboard.press("+")
    page.wait_for_function(f"() => window.oneMap.getZoom() > {near} && !window.oneMap.isMoving()")
    assert zoom(page) == pytest.approx(near + 1, abs=0.05), (
        "one step, not one of the map's and one of the page's"
    )
    settled(page)
    for _ in range(40):
        page.keyboard.press("n")
        if "1 件" in says.inner_text():
            break
    expect(says).to_contain_text(re.compile("1 件"))
    page.keyboard.press("Enter")
    expect(page.locator(".card[data-case]")).to_be_visible()
    assert "case=" in page.url


def test_another_map_below(site: str, page: Page) -> None:
    def with_basemap(route: Route) -> None:
        answer = route.fetch()
        basemap = {"tiles": "/tiles/basemap/{z}/{x}/{y}", "attribution": "底图 GS(2026)1 号", "last_zoom": 18}
        plain = answer.text()
        told = plain.replace('"basemap": null', f'"basemap": {json.dumps(basemap)}')
        assert told != plain
        route.fulfill(response=answer, body=told)

    def with_picture(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=PIXEL, content_type="image/png")

    asked: list[str] = []
    page.route(re.compile(rf"^{re.escape(site)}/?\?"), with_basemap)
    page.route("**/tiles/basemap/**", with_picture)
    opened(page, site + CORE)
    settled(page)
    assert asked
    expect(page.locator(".credit")).to_contain_text("GS(2026)1 号")
    assert drawn(page, ["road"]) == []
    page.get_by_label("外部底图").uncheck()
    appears(page, "road")
    expect(page.locator(".basemap-credit")).to_be_hidden()
