"""A report as somebody sees it made: asked for by the keyboard, followed until it is there, fetched and verified."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.accounts.rules import Role
from app.postgres import Cluster
from tests import town
from tests.browser.browsing import chromium, come, complaints, served
from tests.browser.test_registry_pages import judge
from tests.cluster import clone
from tests.people import employ

pytestmark = [pytest.mark.browser, pytest.mark.db]


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[str]:
    chromium()
    with clone(cluster) as url:
        town.build(url)
        yield url


@pytest.fixture(scope="module")
def page(built: str, chrome: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with served(built, tmp_path_factory.mktemp("reports")) as site:
        person = employ(built, Role.SUBCENTRE_HEAD, town.subdistrict("a"), username="reports-head")
        made = come(chrome, site, person.username, person.code)
        made.goto(f"{site}reports?definition=daily&lang=zh-CN")
        yield made
        made.context.close()


def test_a_report_is_made_under_somebodys_eyes(page: Page) -> None:
    said = complaints(page)
    expect(page.get_by_role("button", name="选定")).to_be_hidden()
    judge(page, "reports")
    for box in ("html", "xlsx"):
        page.get_by_label(box, exact=True).uncheck()
    page.get_by_label("PDF").focus()
    page.get_by_role("button", name="生成").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="下载 PDF")).to_be_visible()
    assert page.locator(".report-run").count() == 0, "the page has come anew by itself"
    page.locator("summary", has_text="修改文字").focus()
    page.keyboard.press("Enter")
    expect(page.locator("textarea").first).to_be_visible()
    judge(page, "report")
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载 PDF").click()
    fetched = coming.value
    assert fetched.suggested_filename.endswith("日报.pdf")
    page.get_by_role("link", name="报告", exact=True).first.click()
    page.get_by_role("link", name="核验").click()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.get_by_label("文件").set_input_files(fetched.path())
    page.get_by_role("button", name="核验").click()
    expect(page.get_by_role("heading", name="是本平台生成的原件")).to_be_visible()
    assert "POST" not in sent, "it was hashed where it lies"
    assert said == []
