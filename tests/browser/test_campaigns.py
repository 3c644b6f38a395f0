"""专项任务: a round by telephone, nearest first, with two keys a place; the desk with figures, coverage and end."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.postgres import Cluster
from app.settings import ROOT
from tests import casework
from tests.browser.browsing import come, findings, served
from tests.browser.test_phone import LAT, LON, looked_at, opened, phone, take
from tests.casework import Casework

pytestmark = [pytest.mark.browser, pytest.mark.db]

SHOTS = ROOT / "var" / "shots"
FAR_FIRST = "".join(
    f"映象社区 {n} 栋,{LON + 0.0004 * n * (-1) ** n:.6f},{LAT + 0.0003 * (n % 5):.6f}\n"
    for n in range(12, 0, -1)
)


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def place(work: Casework, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the served town."""
    with served(work.url, tmp_path_factory.mktemp("campaigns"), worker=False) as address:
        yield address


def test_a_campaign_from_its_list_to_its_end(work: Casework, place: str, chrome: Browser) -> None:
    desk = come(chrome, place, "head")
    desk.set_default_timeout(30_000)
    campaign = opened_by_form(desk, place)
    walked(work, place, chrome, campaign)
    looked_at_the_desk(work, desk, place, campaign)
    desk.context.close()


def shot(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"campaign-{name}.png", full_page=True)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), name
    assert findings(page) == [], name


def opened_by_form(page: Page, place: str) -> int:
    """What is wrong is told by row and nothing is lost; mended, it opens."""
    page.goto(f"{place}campaigns")
    page.get_by_role("link", name="开展专项任务").click()
    page.get_by_label("任务名称").fill("楼道电动车充电专项")
    page.get_by_label("小类").select_option("A01")
    page.get_by_label("区域").select_option(casework.SUBDISTRICT)
    page.get_by_label("最后一天").fill(page.get_by_label("第一天").input_value())
    page.get_by_label("粘贴").fill("名称,经度,纬度\n" + FAR_FIRST + "远处,103.5,25.0\n没有纬度,102.7\n")
    page.get_by_role("button", name="开展").click()
    expect(page.get_by_role("alert")).to_contain_text("没有准入编号")
    page.get_by_label("准入编号").fill("准入-2026-09")
    page.get_by_role("button", name="开展").click()
    expect(page.get_by_role("alert")).to_contain_text("有 2 处问题")
    expect(page.get_by_role("row", name="14 位置 远处 不在专项任务的区域内")).to_be_visible()
    shot(page, "faults")
    page.get_by_label("粘贴").fill("名称,经度,纬度\n" + FAR_FIRST)
    page.get_by_role("button", name="开展").click()
    expect(page.get_by_role("status").filter(has_text="已开展")).to_be_visible()
    match = re.search(r"/campaigns/(\d+)", page.url)
    assert match is not None
    return int(match[1])


def walked(work: Casework, place: str, chrome: Browser, campaign: int) -> None:
    """The nearest first; one clear, one found and handled on the spot with two pictures."""
    page = opened(phone(chrome, place, "officer"), f"{place}m")
    page.get_by_role("link", name="专项任务：1 项进行中").tap()
    page.wait_for_url("**/m/campaigns")
    expect(page.locator(".round-count")).to_have_text("0 / 12")
    looked_at(page, "campaigns")
    page.get_by_role("link", name="楼道电动车充电专项").tap()
    page.wait_for_selector("body[data-page=ready]")
    expect(page.get_by_text("每组内近的在前")).to_be_visible()
    labels = page.locator("#waiting .place-what b").all_inner_texts()
    assert labels[0] == "映象社区 1 栋" and labels[-1] != "映象社区 1 栋"
    distances = [int(told.split()[0]) for told in page.locator("#waiting .distance").all_inner_texts()]
    assert distances == sorted(distances) and len(distances) == 12
    looked_at(page, "campaign")
    page.get_by_role("button", name="映象社区 1 栋: 没有问题").tap()
    expect(page.locator("#done .place-what b")).to_have_text("映象社区 1 栋")
    expect(page.locator("[data-visited]")).to_have_text("1")
    page.get_by_role("button", name="映象社区 2 栋: 发现问题").tap()
    form = page.locator(".found-form")
    form.get_by_role("button", name="上报问题").tap()
    expect(form.locator("[data-fault=description]")).to_be_visible()
    form.locator("textarea").fill("三单元门厅飞线充电")
    take(page, ".found-form", "files", "brown")
    looked_at(page, "campaign-found")
    form.get_by_role("button", name="上报问题").tap()
    page.wait_for_url("**/m/cases/*#self_handle")
    page.wait_for_selector("body[data-page=ready]")
    take(page, "#self_handle", "before", "brown")
    take(page, "#self_handle", "after", "white")
    page.locator("#self_handle [name=condition]").select_option("A01")
    page.locator("#self_handle button[type=submit]").tap()
    page.wait_for_url("**done=self_handle")
    opened(page, f"{place}m/campaigns/{campaign}")
    expect(page.locator("#done .place-card", has_text="映象社区 2 栋")).to_contain_text("已自行处置")
    page.context.close()
    assert work.scalar("SELECT count(*) FROM campaign_visits") == 2


def looked_at_the_desk(work: Casework, page: Page, place: str, campaign: int) -> None:
    """Figures, the map with its legend, a row that leads to its mark; then the end."""
    path = f"/api/v1/campaigns/{campaign}/places"
    listed = work.client("officer").get(path).get_json()["items"]
    waiting = [one["id"] for one in listed if one["state"] == "unvisited"]
    for one, outcome in zip(waiting, ("found", "found", "clear"), strict=False):
        said = {"description": "飞线"} if outcome == "found" else {}
        told = work.client("officer").post(
            f"{path}/{one}/visits",
            json={"client_id": f"00000000-0000-0000-0000-{one:012}", "outcome": outcome, **said},
        )
        assert told.status_code == 201, told.text
    case = work.scalar("SELECT max(case_id) FROM campaign_visits")
    work.move("station", case, "accept_register_dispatch", condition="A01", unit=work.unit("sanitation"))
    page.goto(f"{place}campaigns/{campaign}")
    page.wait_for_selector("body[data-page=ready][data-map=idle]", timeout=60_000)
    names, values = (page.locator(f".campaign-figures {part}").all_inner_texts() for part in ("dt", "dd"))
    figures = dict(zip(names, values, strict=True))
    assert figures == {
        "点位": "12",
        "已查访": "5",
        "没有问题": "2",
        "发现问题": "3",
        "自行处置": "1",
        "转办": "1",
    }
    page.get_by_role("button", name="映象社区 2 栋").focus()
    page.evaluate("() => { delete document.body.dataset.map; }")
    page.keyboard.press("Enter")
    expect(page.locator("#place-told")).to_contain_text("已自行处置")
    page.wait_for_selector("body[data-map=idle]")
    expect(page.locator(".pair-shots img")).to_have_count(2)
    shot(page, "desk")
    page.goto(f"{place}campaigns")
    shot(page, "list")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{place}campaigns/{campaign}?lang=en&theme=dark")
    page.wait_for_selector("body[data-page=ready][data-map=idle]", timeout=60_000)
    shot(page, "desk-narrow-en")
    page.get_by_text("End early").first.click()
    page.locator("[name=reason]").fill("提前完成")
    page.get_by_role("button", name="End early").click()
    expect(page.get_by_text("Ended early at")).to_be_visible()
    assert work.scalar("SELECT end_reason FROM campaigns WHERE id = :c", c=campaign) == "提前完成"
