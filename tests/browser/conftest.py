"""The demo, served and looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, StorageState, sync_playwright
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from app.demo.service import load
from app.demo.service.people import staff
from app.postgres import Cluster
from tests.browser.browsing import WITHOUT_WEBGL, browser, chromium, leave, served, signed_in
from tests.cluster import clone
from tests.people import PASSWORD, employ

UNTIL = date(2026, 11, 20)

STREET, ALONE = "530103005", "530103006001001"
"""In the staffed demo a subdistrict without a supervisor, and a cell whose officer is on leave."""


@pytest.fixture(scope="session")
def site(demo: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the served demo."""
    with served(demo, tmp_path_factory.mktemp("site"), worker=False) as address:
        yield address


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver; a process can have only one."""
    chromium()
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def webgl(playwright: Playwright) -> Iterator[Browser]:
    """A browser that draws the map itself."""
    with browser(playwright) as started:
        yield started


@pytest.fixture(scope="session")
def plain(playwright: Playwright) -> Iterator[Browser]:
    """A browser without WebGL, for which the server draws the map."""
    with browser(playwright, WITHOUT_WEBGL) as started:
        yield started


@pytest.fixture(scope="session")
def chrome(webgl: Browser) -> Browser:
    """The browser of the tests of a folder."""
    return webgl


SMALL = "the_small_demo"


def fill(url: str) -> None:
    load(url, "small", UNTIL, lambda *_: None)


@pytest.fixture(scope="session")
def demo(cluster: Cluster) -> Iterator[str]:
    """Address of the demo's database."""
    chromium()
    with clone(cluster, SMALL, fill) as url:
        yield url


@pytest.fixture(scope="session")
def staffed(cluster: Cluster) -> Iterator[str]:
    """The demo with its people; on leave only a subdistrict's supervisors, and an officer without stand-in."""
    chromium()
    with clone(cluster, SMALL, fill) as url:
        staff(url)
        with transaction(url) as connection:
            connection.execute(text("DELETE FROM leaves"))
            connection.execute(
                text("INSERT INTO leaves (staff_id, from_on, until_on)"
                     " SELECT away.id, district_today(1) - 1, district_today(1) + 30 FROM ("
                     " SELECT h.staff_id AS id FROM post_holders h JOIN posts p ON p.id = h.post_id"
                     " JOIN post_areas a ON a.post_id = p.id JOIN area_numbers n ON n.no = a.area_no"
                     " WHERE p.role = 'supervisor' AND n.code = :street"
                     " UNION SELECT x.staff_id FROM assignments x JOIN area_numbers n ON n.no = x.cell_no"
                     " WHERE x.kind = 'full_time' AND n.code = :cell) away"),
                {"street": STREET, "cell": ALONE},
            )  # fmt: skip
        yield url


@pytest.fixture(scope="session")
def staffed_site(staffed: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the served, staffed demo."""
    with served(staffed, tmp_path_factory.mktemp("staffed"), worker=False) as address:
        yield address


@pytest.fixture(scope="session")
def duty(demo: str, site: str, chrome: Browser) -> StorageState:
    """What a browser keeps that is signed in as the duty officer of the whole district."""
    person = employ(demo, Role.DUTY_OFFICER, "530103", username="duty-officer")
    return signed_in(chrome, site, person.username, PASSWORD)


@pytest.fixture(scope="session")
def duty_seat(chrome: Browser, duty: StorageState) -> Iterator[BrowserContext]:
    """The duty officer's browser, 1440 x 900."""
    context = chrome.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", storage_state=duty)
    yield context
    context.close()


@pytest.fixture
def page(duty_seat: BrowserContext) -> Iterator[Page]:
    """A Chinese duty officer's page of 1440 x 900."""
    made = duty_seat.new_page()
    yield made
    leave(made)
