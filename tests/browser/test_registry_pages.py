"""The registry's pages in use: everybody can, on a telephone too, and a building is registered by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.accounts.rules import Role
from app.postgres import Cluster
from app.settings import ROOT
from tests import registered, town
from tests.browser.browsing import chromium, come, findings, served
from tests.people import employ
from tests.registered import CELLS, HERE, Registered

pytestmark = [pytest.mark.browser, pytest.mark.db]

SHOTS = ROOT / "var" / "shots"
PATHS = (
    "registry",
    "registry?kind=person",
    "registry/elements/{building}",
    "registry/elements/{person}",
    "registry/new?kind=place",
    "registry/new?kind=person",
    "registry/new?kind=organisation",
    "registry/elements/{building}/edit",
    "registry/elements/{person}/edit",
    "registry/elements/{building}/merge",
    "registry/elements/{building}/merge?into={other}",
    "registry/persons",
    "registry/persons/{person}/care",
)


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[tuple[str, Registered]]:
    chromium()
    with registered.built(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def site(built: tuple[str, Registered], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(built[0], tmp_path_factory.mktemp("registry")) as address:
        yield address


@pytest.fixture(scope="module")
def page(built: tuple[str, Registered], site: str, chrome: Browser) -> Iterator[Page]:
    person = employ(built[0], Role.COMMUNITY_DESK, town.community("a"), username="reg-desk")
    made = come(chrome, site, person.username, person.code)
    made.set_default_navigation_timeout(60_000)
    yield made
    made.context.close()


def judge(page: Page, name: str) -> None:
    """axe finds nothing, and nothing is wider than the screen."""
    assert findings(page) == [], name
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), (name, width)
        page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_everybody_can_use_them(built: tuple[str, Registered], site: str, page: Page, lang: str) -> None:
    made = built[1]
    known = {
        "building": int(made.buildings[HERE[0]]),
        "other": int(made.buildings[HERE[1]]),
        "person": int(made.persons[3 * HERE[0]]),
    }
    for path in PATHS:
        page.goto(f"{site}{path.format(**known)}{'&' if '?' in path else '?'}lang={lang}")
        name = path.format(building="place", other="other", person="person")
        judge(page, name.replace("/", "-").replace("?", "-").replace("=", "-") + f"-{lang}")


def test_what_is_wrong_stands_at_its_field(site: str, page: Page) -> None:
    page.goto(f"{site}registry/new?kind=place&lang=zh-CN")
    page.locator("[name=name]").fill("键盘登记的楼")
    page.locator("[name=floors]").fill("六百")
    page.get_by_role("button", name="登记", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("类型")
    expect(page.locator("[name=name]")).to_have_value("键盘登记的楼")
    expect(page.locator("[name=floors]")).to_have_attribute("aria-invalid", "true")
    judge(page, "registry-new-faulty")
    page.locator("[name=floors]").fill("6")
    page.locator("[name=type]").select_option("building")
    page.locator("[name=area]").fill(CELLS[HERE[0]])
    page.get_by_role("button", name="登记", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("键盘登记的楼")
    expect(page.get_by_role("status")).to_contain_text("已登记")


def test_a_record_is_exported_to_the_person(built: tuple[str, Registered], site: str, page: Page) -> None:
    page.goto(f"{site}registry/persons/{int(built[1].persons[3 * HERE[0]])}/care?lang=zh-CN")
    page.get_by_label("用途").fill("本人申请查阅")
    page.get_by_role("button", name="打开可打印的页面").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("的个人信息")
    judge(page, "registry-export")
