"""The dispatch's data on their pages: a rule is made, a stretch handed over, the outcome asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from app.postgres import Cluster
from tests import casework, town
from tests.browser.browsing import SHOTS, chromium, come, findings, served
from tests.people import employ

pytestmark = [pytest.mark.browser, pytest.mark.db]

LON, LAT = town.centre(casework.AREA)
LINE = {"type": "LineString", "coordinates": [[LON, LAT - 0.001], [LON + 0.0004, LAT], [LON, LAT + 0.001]]}


@pytest.fixture(scope="module")
def url(cluster: Cluster) -> Iterator[str]:
    chromium()
    with casework.cloned(cluster) as work:
        made = work.url
        with transaction(made) as connection:
            statement = (
                "INSERT INTO ground_features (district_id, kind, class, rank, name, name_en, geom)"
                " VALUES (1, 'street', 'arterial', 1, '一号路', 'First Road', ST_GeomFromGeoJSON(:line))"
            )
            connection.execute(text(statement), {"line": json.dumps({**LINE, "crs": CRS})})
        yield made


CRS = {"type": "name", "properties": {"name": "EPSG:4490"}}


@pytest.fixture(scope="module")
def site(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(url, tmp_path_factory.mktemp("dispatch"), worker=False) as address:
        yield address


@pytest.fixture(scope="module")
def page(url: str, site: str, chrome: Browser) -> Iterator[Page]:
    person = employ(url, Role.SYS_ADMIN, username="sys")
    made = come(chrome, site, person.username, person.code)
    yield made
    made.context.close()


def shot(page: Page, name: str) -> None:
    """Nothing for axe to find, nothing wider than a telephone; then a picture."""
    assert findings(page) == [], name
    for width in (390, 1366):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), (name, width)
    page.screenshot(path=SHOTS / f"reference-{name}.png", full_page=True)


def saved(url: str, statement: str) -> list[tuple[object, ...]]:
    with transaction(url, read_only=True) as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def sent(page: Page, file: Path, features: list[tuple[str, str, object]]) -> None:
    """Send stretches on the page of files: code, unit and shape."""
    made = [
        {
            "type": "Feature",
            "geometry": shape,
            "properties": {"code": code, "name": "一号路北段", "unit": unit},
        }
        for code, unit, shape in features
    ]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": made}), encoding="utf-8")
    page.get_by_label("文件").set_input_files(file)
    page.get_by_label("只检查").uncheck()
    page.get_by_role("button", name="上传").click()


def test_who_gets_a_case_is_settled_and_asked_for(url: str, site: str, page: Page, tmp_path: Path) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.goto(f"{site}reference/routing_rules?lang=zh-CN")
    page.get_by_role("link", name="新增一行").click()
    page.get_by_label("种类").select_option("C01")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#wrong-area")).to_be_visible()
    shot(page, "rule-faults")
    page.get_by_label("区域").select_option(casework.COMMUNITY)
    page.get_by_label("单位").select_option("water")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_have_text("已新增。")
    page.get_by_label("包含文字").fill("水务")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="暴露垃圾")).to_contain_text("水务局")
    shot(page, "rules")

    page.goto(f"{site}reference/maintenance_areas")
    page.get_by_role("link", name="导入新区段").click()
    sent(page, tmp_path / "a.geojson", [("G-1", "drainage", LINE), ("G-1", "没有的局", None)])
    expect(page.get_by_role("alert")).to_be_visible()
    shot(page, "stretch-faults")
    sent(page, tmp_path / "b.geojson", [("G-1", "drainage", LINE)])
    expect(page.get_by_role("status")).to_be_visible()
    page.goto(f"{site}reference/maintenance_areas")
    shot(page, "stretches")
    page.get_by_role("link", name="G-1", exact=True).click()
    page.wait_for_selector("body[data-map=idle]")
    page.get_by_label("单位").select_option("transport")
    page.get_by_label("容差").fill("12.5")
    later = date.today() + timedelta(days=7)
    page.get_by_label("起始日").fill(later.isoformat())
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_have_text("已保存修改。")
    page.get_by_role("link", name="G-1", exact=True).click()
    page.wait_for_selector("body[data-map=idle]")
    shot(page, "stretch")
    rows = saved(url, "SELECT tolerance_m, valid_to_on, ST_NPoints(geom) FROM maintenance_areas ORDER BY id")
    assert rows == [(10.0, later, 3), (12.5, None, 3)]

    page.goto(f"{site}reference/routing_rules")
    page.get_by_role("link", name="派给谁").click()
    page.get_by_label("小类").fill("C01")
    page.get_by_label("区域").fill(casework.AREA)
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("派往：水务局")
    page.get_by_label("或经度").fill(str(LON + 0.0004))
    page.get_by_label("纬度").fill(str(LAT))
    page.get_by_role("button", name="查看").click()
    expect(page.locator(".why-lines .is-taken")).to_contain_text("一号路北段")
    shot(page, "explain")
