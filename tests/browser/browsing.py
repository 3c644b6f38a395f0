"""A real server on a real database, and a real browser before it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, StorageState, expect

from app.cli import serving
from app.settings import ROOT, settings
from app.web.pages import LANGUAGE_COOKIE
from tests.people import PASSWORD

FLAGS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    # Else the whole page is put together by the software renderer too, many times a second while nothing happens.
    "--disable-gpu-compositing",
]
WITHOUT_WEBGL = ["--no-sandbox", "--disable-3d-apis", "--disable-gpu"]
# Maps are drawn without a graphics card, beside the other tests: what takes one second elsewhere may take ten here.
expect.set_options(timeout=30_000)

SHOTS = ROOT / "var" / "shots"
AXE = ROOT / "var/tools/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

READY = "body[data-page=ready][data-map=idle]"


def chromium() -> str:
    """Path of a Chromium; without one the test is skipped, or fails where a browser is required."""
    found = os.environ.get("PANLONG_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        _go_without("no Chromium: apt install chromium, or set PANLONG_CHROMIUM")
    driver = subprocess.run(
        [compute_driver_executable()[0], "--version"], capture_output=True, text=True, check=False
    )
    if driver.returncode:
        _go_without(f"Playwright's driver does not run: apt install libatomic1 ({driver.stderr.strip()})")
    return str(found)


def _go_without(reason: str) -> NoReturn:
    if os.environ.get("PANLONG_REQUIRE_BROWSER"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def browser(playwright: Playwright, flags: list[str] = FLAGS) -> Iterator[Browser]:
    """A running Chromium; the usual flags draw WebGL without a graphics card."""
    started = playwright.chromium.launch(executable_path=chromium(), args=flags)
    yield started
    started.close()


@contextmanager
def served(url: str, folder: Path, *, worker: bool = True) -> Iterator[str]:
    """The address of a server on a database; without a worker the cases of an old demo stay as they are."""
    given = replace(settings(), var=folder, workspace="browser")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with serving.lock(given), pytest.MonkeyPatch.context() as patch:
        patch.setenv("PANLONG_PROCESSES", "1")  # for one browser; `watching` tries several
        if not worker:
            patch.setenv("PANLONG_WORKER", "elsewhere")
        server, process = serving.start(given, url, "127.0.0.1", port)
    try:
        yield server.url
    finally:
        serving.stop(given)
        process.wait(20)


def opened(page: Page, address: str) -> Page:
    """The page when map and figures are there."""
    page.goto(address)
    page.wait_for_selector(READY, timeout=60_000)
    return page


def signed_in(
    chrome: Browser, address: str, username: str, password: str, code: str | None = None
) -> StorageState:
    """Sign in on the page, as a person does; what the browser then keeps."""
    context = chrome.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(address)
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    if code is not None:
        page.get_by_label("验证码").fill(code)
        page.get_by_role("button", name="继续").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    state = context.storage_state()
    context.close()
    return state


def findings(page: Page) -> list[Any]:
    """What axe finds against WCAG 2.2 AA."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    script = "async rules => (await axe.run(document, {runOnly: rules})).violations.map(v => [v.id, v.nodes[0].html])"
    return page.evaluate(script, RULES)  # type: ignore[no-any-return]


def complaints(page: Page) -> list[str]:
    """What a page says is wrong from now on; how fast the driver of this machine's graphics is, is not its matter."""
    found: list[str] = []

    def said(message: ConsoleMessage) -> None:
        if (
            message.type in {"error", "warning"}
            and "GL Driver Message (OpenGL, Performance" not in message.text
        ):
            found.append(message.text)

    page.on("console", said)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def come(chrome: Browser, site: str, username: str, code: str | None = None) -> Page:
    """A Chinese page of 1440 x 900 of somebody who has signed in; `axe` may run on it."""
    kept = signed_in(chrome, site, username, PASSWORD, code)
    context = chrome.new_context(
        viewport={"width": 1440, "height": 900}, locale="zh-CN", storage_state=kept, bypass_csp=True
    )
    return context.new_page()


def leave(page: Page) -> None:
    """Close all pages of a browser, which goes on; how they were arranged and in which language is forgotten."""
    context = page.context
    context.clear_cookies(name=LANGUAGE_COOKIE)
    if not page.is_closed():
        page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    for one in context.pages:
        one.close()
