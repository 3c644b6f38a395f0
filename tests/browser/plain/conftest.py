"""What is not about the map: the browser has no WebGL here, and draws a page in a fifth of the time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from app.accounts.rules import Role
from app.postgres import Cluster
from tests import casework
from tests.browser.browsing import leave, opened, served, signed_in
from tests.browser.plain.roles import DISTRICT, Come
from tests.casework import Casework
from tests.people import PASSWORD, employ


@pytest.fixture(scope="session")
def chrome(plain: Browser) -> Browser:
    """A browser for which the server draws the map."""
    return plain


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    """The toy town and its people, anew for each file."""
    with casework.cloned(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def desk(work: Casework, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the served town."""
    with served(work.url, tmp_path_factory.mktemp("desk")) as address:
        yield address


@pytest.fixture(scope="session")
def kept() -> dict[tuple[str, str | None], StorageState]:
    """What browsers keep of the people who have signed in, each once."""
    return {}


@pytest.fixture(scope="session")
def seats() -> Iterator[dict[Any, BrowserContext]]:
    """Browsers of people who have signed in: what they have loaded once they keep, as those of real people do."""
    found: dict[Any, BrowserContext] = {}
    yield found
    for context in found.values():
        context.close()


@pytest.fixture
def come(
    demo: str,
    site: str,
    chrome: Browser,
    kept: dict[tuple[str, str | None], StorageState],
    seats: dict[Any, BrowserContext],
    request: pytest.FixtureRequest,
) -> Iterator[Come]:
    """Pages of roles; `drawn` is for those whose browser draws the map."""
    pages: list[Page] = []

    def page_of(
        role: Role, area: str | None = DISTRICT, query: str = "", *, drawn: bool = False, **more: Any
    ) -> Page:
        if (role, area) not in kept:
            unit = "sanitation" if role is Role.UNIT_DISPATCHER else "command_centre"
            person = employ(demo, role, area, unit=unit, username=f"console-{role}-{area}")
            kept[role, area] = signed_in(chrome, site, person.username, PASSWORD)
        given = {"viewport": {"width": 1440, "height": 900}, "locale": "zh-CN", **more}
        seat = (role, area, drawn, repr(given))
        if seat not in seats:
            started = request.getfixturevalue("webgl") if drawn else chrome
            seats[seat] = started.new_context(storage_state=kept[role, area], bypass_csp=True, **given)
        pages.append(seats[seat].new_page())
        return opened(pages[-1], f"{site}{query}")

    yield page_of
    for page in pages:
        leave(page)
