"""The pages of reference data in use: a condition is replaced by keyboard, a file tried and taken in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from app.postgres import Cluster
from app.settings import ROOT
from tests import casework
from tests.browser.browsing import chromium, come, findings, served
from tests.people import employ

pytestmark = [pytest.mark.browser, pytest.mark.db]

SHOTS = ROOT / "var" / "shots"
PATHS = (
    "reference",
    "reference/filing_conditions",
    "reference/filing_conditions/new",
    "reference/filing_conditions/import",
    "reference/filing_conditions/{condition}",
    "reference/calendar_hours",
    "reference/units",
    "reference/units/{unit}",
    "reference/phrases?when=all",
)


@pytest.fixture(scope="module")
def url(cluster: Cluster) -> Iterator[str]:
    chromium()
    with casework.cloned(cluster) as made:
        yield made.url


@pytest.fixture(scope="module")
def site(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(url, tmp_path_factory.mktemp("reference")) as address:
        yield address


@pytest.fixture(scope="module")
def page(url: str, site: str, chrome: Browser) -> Iterator[Page]:
    person = employ(url, Role.SYS_ADMIN, username="sys")
    made = come(chrome, site, person.username, person.code)
    made.set_default_navigation_timeout(60_000)
    yield made
    made.context.close()


def value(url: str, statement: str, **values: object) -> str:
    with transaction(url, read_only=True) as connection:
        return str(connection.execute(text(statement), values).scalar_one())


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_everybody_can_use_them(url: str, site: str, page: Page, lang: str) -> None:
    """axe finds nothing; nothing is wider than the screen of a telephone."""
    known = {
        "condition": value(url, "SELECT id FROM filing_conditions WHERE number = 'C37'"),
        "unit": value(url, "SELECT id FROM units WHERE code = 'sanitation'"),
    }
    for path in PATHS:
        page.goto(f"{site}{path.format(**known)}{'&' if '?' in path else '?'}lang={lang}")
        assert findings(page) == [], path
        for width in (390, 1366):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), (path, width)
        name = path.format(condition="one", unit="one").replace("/", "-").partition("?")[0]
        page.screenshot(path=SHOTS / f"{name}-{lang}.png")


def test_a_condition_is_replaced_by_keyboard(url: str, site: str, page: Page) -> None:
    page.goto(f"{site}reference/filing_conditions?lang=zh-CN")
    page.get_by_label("包含文字").fill("暴露垃圾")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="C01", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("C01")
    page.get_by_label("时限", exact=False).first.fill("很久")
    page.get_by_role("button", name="保存").focus()
    page.keyboard.press("Enter")
    field = page.locator("input[name=limit]")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#wrong-limit")).to_contain_text("正数")
    assert findings(page) == []
    page.screenshot(path=SHOTS / "reference-faults.png", full_page=True)
    field.fill("6")
    page.get_by_label("起始日").fill((date.today() + timedelta(days=7)).isoformat())
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_have_text("已保存修改。")
    rows = "SELECT string_agg(limit_amount::text, ' ' ORDER BY valid_from_on) FROM filing_conditions"
    assert value(url, f"{rows} WHERE number = 'C01'") == "4.0000 6.0000"


def test_a_file_is_tried_and_taken_in(url: str, site: str, page: Page, tmp_path: Path) -> None:
    file = tmp_path / "时令.csv"
    file.write_text("编码,名称,首日,末日\nrain,汛期,05-15,10-31\nheat,高温,07-01,08-40\n", encoding="utf-8")
    page.goto(f"{site}reference/seasons/import?lang=zh-CN")
    page.get_by_label("文件").set_input_files(file)
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("row", name="2 末日")).to_contain_text("08-40")
    file.write_text("编码,名称,首日,末日\nrain,汛期,05-15,10-31\nheat,高温,07-01,08-31\n", encoding="utf-8")
    page.get_by_label("文件").set_input_files(file)
    page.get_by_role("button", name="上传").click()
    expect(page.locator("del")).to_have_text("05-01")
    assert findings(page) == []
    page.screenshot(path=SHOTS / "reference-tried.png", full_page=True)
    assert value(url, "SELECT count(*) FROM seasons WHERE code = 'heat'") == "0"
    page.get_by_label("文件").set_input_files(file)
    page.get_by_label("只检查").uncheck()
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert value(url, "SELECT count(*) FROM seasons WHERE code = 'heat'") == "1"
