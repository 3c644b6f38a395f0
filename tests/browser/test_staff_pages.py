"""The pages of staffing in use: a shift from 上岗 to the countersigned hand-over, and for everybody."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from app.settings import ROOT
from app.staffing.service import sub_centre_code
from tests.browser.browsing import come, findings
from tests.people import PASSWORD, employ

pytestmark = [pytest.mark.browser, pytest.mark.db]

SHOTS = ROOT / "var" / "shots"
DISTRICT, STREET = "530103", "530103004"
PAGES = (
    "staffing",
    "staffing/import",
    "neighbourhood",
    "leaves",
    "duty",
    "handovers",
    "handovers/new",
    "people",
    "units",
)
UNIT = sub_centre_code(STREET)


def number(url: str, statement: str, **values: object) -> int:
    with transaction(url, read_only=True) as connection:
        return int(connection.execute(text(statement), values).scalar_one())


@pytest.mark.parametrize("lang", ["zh-CN", pytest.param("en", marks=pytest.mark.long)])
def test_everybody_can_use_them(staffed: str, staffed_site: str, chrome: Browser, lang: str) -> None:
    """axe finds nothing; nothing is wider than the screen of a telephone."""
    of = "SELECT id FROM areas WHERE code = :code AND valid_to_on IS NULL ORDER BY id DESC LIMIT 1"
    areas = [number(staffed, of, code=code) for code in (STREET, f"{STREET}001", f"{STREET}001001")]
    paths = [*(f"staffing/areas/{area}" for area in areas), f"neighbourhood/{areas[1]}", *PAGES]
    person = employ(staffed, Role.SUBCENTRE_HEAD, STREET, unit=UNIT, username=f"head-{lang}".lower())
    page = come(chrome, staffed_site, person.username)
    page.set_default_navigation_timeout(60_000)
    for path in paths:
        page.goto(f"{staffed_site}{path}?lang={lang}")
        assert findings(page) == [], path
        for width in (390, 1366):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), (path, width)
    page.context.close()


def test_a_shift_from_beginning_to_end(staffed: str, staffed_site: str, chrome: Browser) -> None:
    """上岗, a leave, the stand-in that is suggested, a hand-over signed by two."""
    head = employ(staffed, Role.SUBCENTRE_HEAD, STREET, unit=UNIT, username="head")
    mate = employ(staffed, Role.SUBCENTRE_OPERATOR, STREET, unit=UNIT, username="mate")
    page = come(chrome, staffed_site, head.username)
    page.goto(f"{staffed_site}duty")
    page.get_by_role("button", name="上岗").click()
    expect(page.get_by_role("status")).to_have_text("已上岗。")
    with transaction(staffed, read_only=True) as connection:
        officer = connection.execute(
            text("SELECT s.code FROM assignments a JOIN staff_members s ON s.id = a.staff_id"
                 " JOIN area_numbers n ON n.no = a.cell_no WHERE n.code LIKE :code AND a.kind = 'full_time'"
                 " ORDER BY n.code LIMIT 1"), {"code": f"{STREET}%"}
        ).scalar_one()  # fmt: skip
    page.goto(f"{staffed_site}leaves")
    page.get_by_label("编号").first.fill(officer)
    page.get_by_label("到（含当日）").fill((date.today() + timedelta(days=5)).isoformat())
    page.get_by_role("button", name="登记休假").click()
    row = page.locator("tr", has_text=officer)
    expect(row.get_by_text("无人代班")).to_be_visible()
    row.get_by_role("button", name="代班").first.click()
    expect(page.get_by_role("status")).to_have_text("已安排代班。")
    expect(page.locator("tr", has_text=officer).get_by_text("无人代班")).to_be_hidden()
    page.goto(f"{staffed_site}handovers/new")
    page.get_by_label("有什么隐患").fill("三岔口路面塌陷")
    page.get_by_label("登录密码").fill("not it")
    page.get_by_role("button", name="签字交班").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.get_by_label("有什么隐患").input_value() == "三岔口路面塌陷"
    page.get_by_label("登录密码").fill(PASSWORD)
    page.get_by_role("button", name="签字交班").click()
    expect(page.get_by_text("待接班签字").first).to_be_visible()
    address = page.url
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / "handover.png", full_page=True)
    page.context.close()
    other = come(chrome, staffed_site, mate.username)
    other.goto(address)
    expect(other.get_by_text("三岔口路面塌陷")).to_be_visible()
    other.get_by_label("登录密码").fill(PASSWORD)
    other.get_by_role("button", name="签字接班").click()
    expect(other.get_by_role("status")).to_have_text("已接班。")
    expect(other.get_by_role("button", name="签字接班")).to_be_hidden()
    other.context.close()
