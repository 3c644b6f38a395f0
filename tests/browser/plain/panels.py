"""People who have a case open in the panel beside the map."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

from app.settings import ROOT
from tests.browser.browsing import opened, signed_in
from tests.casework import Casework
from tests.people import PASSWORD

SHOTS = ROOT / "var" / "shots"
CONTACT = {"name": "王先生", "phone": "13800001234"}


@contextmanager
def panels(chrome: Browser, desk: str) -> Iterator[Any]:
    """Pages of people who have signed in, each once, with a case open; none of them may have had an error."""
    kept: dict[str, Any] = {}
    contexts = []
    errors: list[str] = []

    def page_of(name: str, case: int, width: int = 1440, height: int = 900, **query: str) -> Page:
        if name not in kept:
            kept[name] = signed_in(chrome, desk, name, PASSWORD)
        context = chrome.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            storage_state=kept[name],
            bypass_csp=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        more = "".join(f"&{key}={value}" for key, value in query.items())
        opened(page, f"{desk}?case={case}{more}")
        expect(page.locator(".case-panel:not([aria-busy])")).to_be_visible()
        return page

    yield page_of
    for context in contexts:
        context.close()
    assert not errors


def photo(colour: str) -> bytes:
    held = io.BytesIO()
    picture = Image.new("RGB", (640, 480), colour)
    ImageDraw.Draw(picture).rectangle((180, 200, 460, 480), fill="#4a3f35")
    picture.save(held, "JPEG")
    return held.getvalue()


def taken(work: Casework, who: str, colour: str) -> int:
    answer = work.client(who).post("/api/v1/files", data=photo(colour), content_type="image/jpeg")
    assert answer.status_code == 201, answer.text
    return int(answer.get_json()["id"])


def press(page: Page, move: str) -> None:
    """Press the key of a move, which may wait behind 更多."""
    key = page.locator(f".cp-acts [data-move={move}]")
    if not key.is_visible():
        page.locator(".cp-more summary").click()
    key.click()


def submit(page: Page) -> None:
    page.locator(".cp-send .button").click()


def shot(name: str) -> str:
    SHOTS.mkdir(parents=True, exist_ok=True)
    return str(SHOTS / f"{name}.png")
