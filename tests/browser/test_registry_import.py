"""The import page in use: a faulty workbook is sent, mended, decided on and written; and everybody can use it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from app.postgres import Cluster
from tests import registered, town
from tests.browser.browsing import chromium, come, complaints, served
from tests.browser.test_registry_pages import judge
from tests.cluster import clone
from tests.people import employ
from tests.prepared import workbook
from tests.registered import CELLS, identity, phone

pytestmark = [pytest.mark.browser, pytest.mark.db]

HERE = [code for code in CELLS if code.startswith(town.community("a"))]
HEADER = ("类型", "名称", "地址", "经度", "纬度", "地面以上几层", "备忘")
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[str]:
    chromium()
    with clone(cluster) as url:
        town.build(url)
        registered.register(url)
        yield url


@pytest.fixture(scope="module")
def site(built: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(built, tmp_path_factory.mktemp("import")) as address:
        yield address


@pytest.fixture(scope="module")
def page(built: str, site: str, chrome: Browser) -> Iterator[Page]:
    person = employ(built, Role.COMMUNITY_DESK, town.community("a"), username="import-desk")
    made = come(chrome, site, person.username, person.code)
    made.set_default_navigation_timeout(60_000)
    yield made
    made.context.close()


def ask(url: str, statement: str) -> list[Any]:
    with transaction(url, read_only=True) as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def send(page: Page, site: str, kind: str, content: bytes, name: str) -> None:
    page.goto(f"{site}registry/import?lang=zh-CN")
    page.locator(f"input[name=kind][value={kind}]").check()
    page.locator("input[name=file]").set_input_files({"name": name, "mimeType": EXCEL, "buffer": content})
    page.get_by_role("button", name="上传并识别列").click()
    expect(page.get_by_role("heading", name="文件里的列")).to_be_visible()


def check(page: Page) -> None:
    page.get_by_role("button", name="核对（不写入）").click()
    expect(page.get_by_role("heading", name="写入后会是")).to_be_visible()


def write(page: Page) -> None:
    page.get_by_role("button", name="写入登记库").click()
    expect(page.locator("#h-done")).to_be_visible()


def figures(page: Page) -> list[str]:
    return page.locator(".import-figures dd").all_inner_texts()


def houses(floors: Any, called: str = "春和苑二号楼") -> bytes:
    lon, lat = town.centre(HERE[1])
    return workbook(
        HEADER,
        ("楼栋", called, "青年路 8 号", lon, lat, floors, "甲"),
        ("楼栋", "春和苑九号楼", "青年路 30 号", lon, lat, 6, "乙"),
    )


def test_a_file_is_mended_decided_on_and_written(built: str, site: str, page: Page, tmp_path: Path) -> None:
    said = complaints(page)
    send(page, site, "place", houses(5), "一.xlsx")
    page.get_by_label("地面以上几层").select_option("floors")
    check(page)
    write(page)
    assert figures(page) == ["2", "2", "0", "0", "0", "0"]
    # The same buildings, one under another name, the other with floors that no building has.
    lon, lat = town.centre(HERE[1])
    again = workbook(
        HEADER,
        ("楼栋", "春和苑二号大楼", "青年路 8 号", lon, lat, 5, ""),
        ("楼栋", "春和苑九号楼", "青年路 30 号", lon, lat, 999, ""),
    )
    send(page, site, "place", again, "二.xlsx")
    remembered = page.locator("tr", has_text="地面以上几层")
    expect(remembered).to_contain_text("按上次的对应")
    expect(page.get_by_label("地面以上几层")).to_have_value("floors")
    expect(page.locator("tr", has_text="备忘")).to_contain_text("不导入")
    judge(page, "import-columns")
    check(page)
    assert figures(page) == ["2", "0", "0", "0", "2", "1"]
    judge(page, "import-checked")
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载标注了错误的表格").click()
    book = load_workbook(io.BytesIO(coming.value.path().read_bytes()))
    cell = book.worksheets[0]["F3"]
    assert cell.value == 999
    assert cell.comment is not None
    cell.value = 7
    mended = io.BytesIO()
    book.save(mended)
    send(page, site, "place", mended.getvalue(), "二改.xlsx")
    check(page)
    assert figures(page) == ["2", "0", "1", "0", "1", "0"]
    expect(page.get_by_text("待判断 1")).to_be_visible()
    page.get_by_role("button", name="是同一个").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("待判断 0")).to_be_visible()
    expect(page.get_by_role("button", name="是同一个")).to_have_attribute("aria-pressed", "true")
    judge(page, "import-decided")
    # Whoever leaves finds it again where it stood.
    page.goto(f"{site}registry/import")
    page.get_by_role("link", name="二改.xlsx").click()
    expect(page.get_by_role("button", name="是同一个")).to_have_attribute("aria-pressed", "true")
    write(page)
    assert figures(page) == ["2", "0", "2", "0", "0", "0"]
    judge(page, "import-done")
    rows = "SELECT e.name, p.floors FROM elements e JOIN places p USING (id) WHERE e.name LIKE '春和苑%' ORDER BY 1"
    assert ask(built, rows) == [("春和苑九号楼", 7), ("春和苑二号大楼", 5)]
    assert said == []


def test_columns_that_are_kept_of_nobody_are_dropped_and_said(site: str, page: Page) -> None:
    content = workbook(
        ("姓名", "身份证号", "手机", "网格编码", "民族", "宗教信仰"),
        ("无名氏", identity(700), phone(700), HERE[0], "汉", "无"),
    )
    send(page, site, "person", content, "人.xlsx")
    refused = page.locator(".is-refused")
    expect(refused).to_have_count(2)
    expect(refused.first).to_contain_text("民族")
    expect(refused.first).to_contain_text("不登记，已丢弃")
    judge(page, "import-refused")
    page.get_by_role("button", name="核对（不写入）").click()
    expect(page.get_by_role("heading", name="有错误的行")).to_be_visible()
    assert identity(700) not in page.content()
    page.get_by_role("button", name="丢弃这次导入").click()
    expect(page.get_by_role("status")).to_contain_text("已丢弃")


def test_a_column_that_is_needed_is_asked_for(site: str, page: Page) -> None:
    send(page, site, "place", houses(5), "三.xlsx")
    page.get_by_label("名称", exact=True).select_option("")
    page.get_by_role("button", name="核对（不写入）").click()
    expect(page.get_by_role("alert")).to_contain_text("必须有一列读作它")
    judge(page, "import-column-needed")


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_it(site: str, page: Page, lang: str, theme: str) -> None:
    page.goto(f"{site}registry/import?lang={lang}&theme={theme}")
    judge(page, f"import-{lang}-{theme}")
    first = page.locator("td a[href*='/registry/import/']").last.get_attribute("href") or ""
    for link in {first, page.locator("td a[href*='/registry/import/']").first.get_attribute("href") or ""}:
        page.goto(f"{site}{link.lstrip('/')}?lang={lang}&theme={theme}")
        judge(page, f"import-one-{lang}-{theme}-{link.rpartition('/')[2]}")


def test_only_those_who_may_are_led_there(built: str, site: str, page: Page, chrome: Browser) -> None:
    page.goto(f"{site}registry?lang=zh-CN")
    expect(page.get_by_role("link", name="批量导入")).to_be_visible()
    officer = employ(built, Role.GRID_OFFICER, HERE[0], username="import-officer")
    seen = come(chrome, site, officer.username, officer.code)
    seen.goto(f"{site}registry")
    expect(seen.get_by_role("link", name="批量导入")).to_have_count(0)
    answer = seen.goto(f"{site}registry/import")
    assert answer is not None
    assert answer.status == 403
    seen.context.close()
