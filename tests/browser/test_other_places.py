"""The page where there is no district, and one of another kind."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app.accounts.rules import Role
from tests.browser.browsing import opened, served, signed_in
from tests.cli import Command
from tests.db.town import GOOD, cells, table, write
from tests.people import PASSWORD, employ

pytestmark = [pytest.mark.browser, pytest.mark.db]


def test_no_district_says_what_to_do(database: str, chrome: Browser, tmp_path: Path) -> None:
    page = chrome.new_page()
    with served(database, tmp_path) as address:
        page.goto(address)
        expect(page.locator("main")).to_contain_text("./panlong run --demo small")
    page.close()


def test_city_of_two_levels(panlong: Command, database: str, chrome: Browser, tmp_path: Path) -> None:
    made = ("--code", "t", "--name", "玩具城", "--timezone", "Asia/Shanghai", "--levels", "district,cell")
    assert panlong("district", "create", *made).status == 0
    panlong("import", "areas", write(tmp_path / "t.geojson", cells()), "--level", "cell")
    assert panlong("import", "cases", table(tmp_path / "t.csv", GOOD)).status == 0
    chief = employ(database, Role.DUTY_OFFICER, "t")
    with served(database, tmp_path) as address:
        page = chrome.new_context(
            locale="zh-CN", storage_state=signed_in(chrome, address, chief.username, PASSWORD)
        ).new_page()
        opened(page, address)
        page.wait_for_function("() => window.oneMap.areTilesLoaded()")
        ids = page.evaluate("() => window.oneMap.queryRenderedFeatures({layers: ['cells']}).map(f => f.id)")
        assert len(set(ids)) == 4
        expect(page.locator(".brand")).to_be_visible()
        expect(page.locator(".crumb")).to_have_text("玩具城")
        assert page.locator(".badge-sim").count() == 0
        expect(page.locator("#layers")).not_to_contain_text("街道界")
