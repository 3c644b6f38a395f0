"""The demo, served and looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from app.demo.service import load
from app.postgres import Cluster
from tests.browser.browsing import browser, chromium, served
from tests.cluster import clone

UNTIL = date(2026, 11, 20)


@pytest.fixture(scope="session")
def site(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the served demo."""
    chromium()
    with clone(cluster) as url:
        load(url, "small", UNTIL, lambda *_: None)
        with served(url, tmp_path_factory.mktemp("site")) as address:
            yield address


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver; a process can have only one."""
    chromium()
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chrome(playwright: Playwright) -> Iterator[Browser]:
    with browser(playwright) as started:
        yield started


@pytest.fixture
def page(chrome: Browser) -> Iterator[Page]:
    """A Chinese reader's page of 1440 x 900."""
    context = chrome.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    made = context.new_page()
    yield made
    context.close()
