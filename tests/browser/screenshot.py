"""The picture of the README: the running demo at the district's core, a cell's card beside it."""

from __future__ import annotations

from pathlib import Path

from app.cli import serving
from app.errors import UnavailableError
from app.settings import settings
from tests.browser.browsing import browser, opened

VIEW = "?at=13.1/25.062/102.726"
ANY_CELL = (700, 560)


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
    with browser() as started:
        context = started.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        page = opened(context.new_page(), server.url + VIEW)
        page.wait_for_function("() => window.oneMap.areTilesLoaded()")
        page.mouse.click(*ANY_CELL)
        page.wait_for_selector(".card")
        page.goto(f"{server.url}{VIEW}&{page.url.partition('?')[2].partition('&')[2]}")
        page.wait_for_selector(".card")
        page.wait_for_timeout(2500)
        page.mouse.move(5, 5)
        page.screenshot(path=str(out))
