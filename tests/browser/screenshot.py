"""The picture of the README: the running demo around its busiest cell."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import sync_playwright

from app.cli import serving
from app.cli.accounts import kept_accounts
from app.errors import UnavailableError
from app.settings import settings
from tests.browser.browsing import browser, opened, signed_in

ZOOM = 12.45
DUTY = "duty_officer"


def shoot(out: Path) -> None:
    """Write the picture of the workspace's running server.

    Raises
    ------
    UnavailableError
        `server_missing`: it does not run.
    """
    server = serving.running(settings())
    if server is None:
        raise UnavailableError("server_missing")
    out.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, browser(playwright) as started:
        kept = signed_in(started, server.url, DUTY, kept_accounts(settings())[DUTY])
        context = started.new_context(
            viewport={"width": 1440, "height": 900}, locale="zh-CN", storage_state=kept
        )
        page = context.new_page()
        counts = page.request.get(f"{server.url}api/v1/cells/counts").json()["counts"]
        busiest = max(counts, key=counts.__getitem__)
        west, south, east, north = page.request.get(f"{server.url}api/v1/areas/{busiest}").json()["bounds"]
        place = f"{ZOOM}/{(south + north) / 2:.5f}/{(west + east) / 2:.5f}"
        opened(page, f"{server.url}?at={place}")
        page.wait_for_function("() => window.oneMap.areTilesLoaded()")
        page.wait_for_timeout(2500)
        page.mouse.move(5, 5)
        page.screenshot(path=str(out))
