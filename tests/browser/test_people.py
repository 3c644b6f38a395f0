"""Who sees what on the screen: two roles beside each other, the seat's lock, and pages that everybody can use."""

from __future__ import annotations

from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from tests.browser.browsing import READY, SHOTS, come, findings, opened
from tests.people import PASSWORD, employ

pytestmark = [pytest.mark.browser, pytest.mark.db]


@pytest.mark.parametrize(
    ("role", "code", "level"),
    [(Role.SUPERVISOR, "530103005", "subdistrict"), (Role.GRID_OFFICER, "530103005001001", "cell")],
)
def test_each_sees_their_own(
    demo: str, site: str, chrome: Browser, role: Role, code: str, level: str
) -> None:
    person = employ(demo, role, code)
    with transaction(demo, read_only=True) as connection:
        name, cells = connection.execute(
            text("SELECT a.name, (SELECT count(*) FROM cells_below(a.id)) FROM areas a WHERE a.code = :code"),
            {"code": code},
        ).one()
        cases = connection.execute(
            text("SELECT count(*) FROM cases c JOIN areas a ON c.area_no BETWEEN a.no AND a.last_no"
                 " WHERE a.code = :code AND open_state(c.state)"), {"code": code}
        ).scalar_one()  # fmt: skip
    page = opened(come(chrome, site, person.username), site)
    page.wait_for_function("() => window.oneMap.areTilesLoaded() && !window.oneMap.isMoving()")
    drawn = page.evaluate(
        "() => window.oneMap.queryRenderedFeatures({layers: ['cells']}).map(f => [f.id, f.properties.code])"
    )
    assert len({number for number, _ in drawn}) == cells
    assert all(found.startswith(code) for _, found in drawn)
    expect(page.locator(".crumb").last).to_have_text(name if level == "subdistrict" else "网格 001")
    expect(page.locator(".crumb").first).to_have_text("盘龙区")
    expect(page.locator(".queue-head .n")).to_have_text(f"{cases} 件")
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{role}.png")
    page.context.close()


def test_the_seat_locks_over_the_page_and_keeps_what_was_typed(demo: str, site: str, chrome: Browser) -> None:
    person = employ(demo, Role.SUPERVISOR, "530103005", username="sleeper")
    page = opened(come(chrome, site, person.username), site)
    page.locator("#search").fill("金")
    page.locator("#search").blur()
    with transaction(demo) as connection:
        connection.execute(
            text("UPDATE sessions SET seen_at = now() - interval '31 minutes' WHERE account_id = :a"),
            {"a": person.account_id},
        )
    page.wait_for_timeout(1100)
    page.locator("[data-figure=overdue]").click()
    expect(page.locator("#lock")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#lock")).to_be_visible()
    page.locator("#unlock-password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.locator("#unlock-wrong")).to_be_visible()
    page.locator("#unlock-password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#lock")).to_be_hidden()
    page.wait_for_selector(READY)
    assert page.locator("#search").input_value() == "金"
    assert "tab=overdue" in page.url
    page.context.close()


def test_signing_out(demo: str, site: str, chrome: Browser) -> None:
    person = employ(demo, Role.SUPERVISOR, "530103005", username="leaver")
    page = opened(come(chrome, site, person.username), site)
    page.locator("#menu summary").click()
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/sign-in**")
    page.goto(site)
    assert "/sign-in" in page.url
    page.context.close()


@pytest.mark.parametrize("lang", ["zh-CN", pytest.param("en", marks=pytest.mark.long)])
def test_everybody_can_use_the_pages(demo: str, site: str, chrome: Browser, lang: str) -> None:
    """axe finds nothing on any page, as those who have it see it."""
    out = chrome.new_context(locale=lang, bypass_csp=True).new_page()
    out.goto(f"{site}sign-in?lang={lang}")
    assert findings(out) == []
    out.context.close()
    for role, area, paths in (
        (
            Role.SUBCENTRE_HEAD,
            "530103005",
            ("", "people", "units", "account", "account/password", "account/second-factor"),
        ),
        (Role.SYS_ADMIN, None, ("people", "staffing", "account")),
        (Role.SEC_ADMIN, None, ("people", "policy")),
        (Role.AUDIT_ADMIN, None, ("access-log",)),
    ):
        person = employ(demo, role, area, username=f"{role}-{lang}".lower())
        page = come(chrome, site, person.username, person.secret and pyotp.TOTP(person.secret).now())
        for path in paths:
            page.goto(f"{site}{path}?lang={lang}")
            if not path:
                page.wait_for_selector(READY, timeout=60_000)
            assert findings(page) == [], (role, path)
            wide = page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
            assert wide, (role, path)
        page.context.close()


def test_the_checker_finds_what_is_wrong(chrome: Browser, tmp_path: Path) -> None:
    page = chrome.new_context(bypass_csp=True).new_page()
    page.set_content("<html><body><img src='x.png'><input></body></html>")
    assert {"image-alt", "label"} <= {name for name, _ in findings(page)}
    page.context.close()
