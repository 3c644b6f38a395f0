"""By telephone: one case reported, confirmed, handled, checked by four people, and looked up by whoever reported it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import text

from app.db import transaction
from app.postgres import Cluster
from app.settings import ROOT
from tests import casework, town
from tests.browser.browsing import findings, served, signed_in
from tests.casework import Casework
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.db]

SHOTS = ROOT / "var" / "shots"
LON, LAT = town.centre(casework.AREA)
SCREEN = {"width": 390, "height": 844}

# Cases here are of different kinds: three of one kind at one place are tied together by the worker, which is a move.


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def place(work: Casework, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the served town."""
    with served(work.url, tmp_path_factory.mktemp("phone")) as address:
        yield address


def picture(colour: str, metres_east: float | None = None) -> dict[str, Any]:
    """A picture as a camera takes it; where it says where, so many metres east of the first cell's middle."""
    image = Image.new("RGB", (640, 480), colour)
    exif = Image.Exif()
    if metres_east is not None:
        lon = LON + metres_east / 100_900
        exif.get_ifd(0x8825).update({1: "N", 2: _sexagesimal(LAT), 3: "E", 4: _sexagesimal(lon)})
    held = io.BytesIO()
    image.save(held, "JPEG", exif=exif)
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": held.getvalue()}


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    minutes = degrees % 1 * 60
    return float(int(degrees)), float(int(minutes)), round(minutes % 1 * 60, 4)


def phone(chrome: Browser, site: str, name: str, **more: Any) -> Page:
    """Somebody's telephone: a touch screen that says where it is."""
    kept = signed_in(chrome, site, name, PASSWORD)
    context = chrome.new_context(
        viewport=SCREEN, has_touch=True, is_mobile=True, device_scale_factor=2, locale="zh-CN", storage_state=kept,
        bypass_csp=True, geolocation={"longitude": LON, "latitude": LAT, "accuracy": 8}, permissions=["geolocation"],
        **more,
    )  # fmt: skip
    page = context.new_page()
    page.set_default_timeout(30_000)
    return page


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_selector("body[data-page=ready]")
    return page


def looked_at(page: Page, name: str) -> None:
    """Take a picture; nothing is wider than the screen, no key is too small for a thumb, axe finds nothing."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"phone-{name}.png")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), name
    small = page.evaluate(
        """() => [...document.querySelectorAll('main button, main summary, main .button, .phone-bar a, .phone-head a')]
            .filter(key => key.checkVisibility({visibilityProperty: true}))
            .map(key => [key.textContent.trim().slice(0, 20), key.getBoundingClientRect()])
            .filter(([, box]) => box.height > 0 && box.height < 44).map(([words, box]) => `${words} ${box.height}`)"""
    )
    assert small == [], name
    assert findings(page) == [], name


def take(page: Page, name: str, field: str, colour: str, metres_east: float | None = 20) -> None:
    """Take a picture for a field, and wait until it is there."""
    camera = page.locator(f"{name} [data-camera={field}]")
    camera.locator("input").first.set_input_files(picture(colour, metres_east))
    expect(camera.locator(".shot[data-state=there]").last).to_be_visible()


def moves(work: Casework, case: int) -> list[str]:
    with transaction(work.url, read_only=True) as connection:
        rows = connection.execute(
            text("SELECT move FROM case_transitions WHERE case_id = :case ORDER BY version"), {"case": case}
        )
        return list(rows.scalars())


def test_one_case_by_four_people(work: Casework, place: str, chrome: Browser) -> None:
    case = reported(work, place, chrome)
    work.move("station", case, "request_confirmation", confirmer=work.account("officer"))
    confirmed(work, place, chrome, case)
    work.move("station", case, "register", condition="C01")
    work.move("station", case, "dispatch", unit=work.unit("sanitation"))
    work.move("sanitation", case, "acknowledge", crew=work.account("crew"))
    handled(work, place, chrome, case)
    checked(work, place, chrome, case)
    work.move("station", case, "close", closing_condition=True)
    assert moves(work, case) == [
        "report", "request_confirmation", "confirm_true", "register", "dispatch", "acknowledge", "give_feedback",
        "verify_pass", "close",
    ]  # fmt: skip
    rated(work, place, chrome, case)


def reported(work: Casework, place: str, chrome: Browser) -> int:
    """上报: a picture that was taken 300 m away, the position, a category that is searched for."""
    page = opened(phone(chrome, place, "resident"), f"{place}m/report")
    expect(page.get_by_text("已定位，精度 ±8 米")).to_be_visible()
    page.get_by_role("button", name="上报", exact=True).tap()
    expect(page.get_by_text("还缺内容，没有发送。").first).to_be_visible()
    take(page, "#report", "files", "darkgreen", 300)
    expect(page.locator(".shot .far")).to_have_text(re.compile(r"拍摄处相距 (29|30)\d 米"))
    page.get_by_label("搜索类别").fill("垃圾堆")
    page.get_by_label("暴露垃圾").check()
    page.get_by_label("地址或标志物").fill("菜市场后门")
    page.locator("textarea[name=description]").fill("垃圾成堆，有异味😷")
    looked_at(page, "report")
    page.screenshot(path=SHOTS / "phone-report-whole.png", full_page=True)
    page.get_by_text("替居民上报").tap()
    page.get_by_label("联系电话").fill("13800006789")
    page.get_by_role("button", name="上报", exact=True).tap()
    page.wait_for_url("**/m/reported/**")
    expect(page.locator(".qr")).to_be_visible()
    looked_at(page, "reported")
    found = re.search(r"/m/reported/(\d+)", page.url)
    assert found is not None
    page.context.close()
    lon = work.scalar("SELECT ST_X(geom) FROM cases WHERE id = :case", case=int(found[1]))
    assert abs(lon - LON) < 1e-6, "the position of the telephone, not of the picture"
    return int(found[1])


def confirmed(work: Casework, place: str, chrome: Browser, case: int) -> None:
    """核实: from the list, nearest first, to the key; place and accuracy go along."""
    page = opened(phone(chrome, place, "officer"), f"{place}m")
    row = page.locator(".task", has_text="待核实")
    expect(row.locator(".distance")).to_have_text("0 米")
    looked_at(page, "home")
    row.tap()
    page.wait_for_selector("body[data-page=ready]")
    looked_at(page, "case")
    page.locator("#confirm_true > summary").tap()
    expect(page.locator("#confirm_true [data-here-far]")).to_have_text("您距案件 0 米")
    take(page, "#confirm_true", "evidence", "olive")
    looked_at(page, "confirm")
    page.get_by_role("button", name=re.compile("提交：")).first.tap()
    expect(page.get_by_role("status").filter(has_text="核实")).to_be_visible()
    page.context.close()
    given = work.scalar(
        "SELECT given FROM case_transitions WHERE case_id = :case AND move = 'confirm_true'", case=case
    )
    assert given["place"][2] == 8 and abs(given["place"][0] - LON) < 1e-6


def handled(work: Casework, place: str, chrome: Browser, case: int) -> None:
    """处置反馈: the answer of the first sending is lost, the key is pressed again and again; it is one move."""
    page = opened(phone(chrome, place, "crew"), f"{place}m/cases/{case}")
    page.locator("#give_feedback > summary").tap()
    page.locator("#give_feedback [name=opinion]").fill("已清运，现场已恢复")
    take(page, "#give_feedback", "evidence", "gray", None)
    expect(page.get_by_text("照片里没有位置")).to_be_visible()
    sent: list[str] = []

    def lose(route: Route) -> None:
        sent.append(str(route.request.post_data_json["client_id"]))
        if len(sent) == 1:
            route.fetch()  # it arrives, but nobody hears of it
            route.abort()
        elif len(sent) == 2:
            route.abort()
        else:
            route.continue_()

    page.route("**/api/v1/cases/*/moves", lose)
    key = page.locator("#give_feedback button[type=submit]")
    key.evaluate("key => { for (let n = 0; n < 4; n += 1) key.click(); }")
    told = page.locator("#give_feedback .send-told")
    expect(told).to_contain_text("还没有送达")
    assert "已送达" not in told.inner_text()
    assert page.locator("#give_feedback [name=opinion]").input_value() == "已清运，现场已恢复"
    looked_at(page, "lost")
    page.wait_for_url("**done=give_feedback", timeout=30_000)
    assert len(sent) >= 3 and len(set(sent)) == 1
    page.context.close()
    assert moves(work, case).count("give_feedback") == 1


def checked(work: Casework, place: str, chrome: Browser, case: int) -> None:
    """核查: a picture is refused with its reason, another one is taken; dark, as the night shift has it."""
    page = opened(phone(chrome, place, "officer2", color_scheme="dark"), f"{place}m/cases/{case}")
    page.locator("#verify_pass > summary").tap()
    camera = page.locator("#verify_pass [data-camera=evidence]")
    broken = {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff no picture"}
    camera.locator("input").first.set_input_files(broken)
    expect(camera.locator(".shot[data-state=refused] .fault")).to_be_visible()
    page.locator("#verify_pass button[type=submit]").tap()
    expect(camera.get_by_text("有照片没有传上去")).to_be_visible()
    camera.get_by_role("button", name="去掉照片 1").tap()
    take(page, "#verify_pass", "evidence", "navy")
    looked_at(page, "check-dark")
    page.locator("#verify_pass button[type=submit]").tap()
    page.wait_for_url("**done=verify_pass")
    page.context.close()


def rated(work: Casework, place: str, chrome: Browser, case: int) -> None:
    """The reporter, without an account: number and digits, what was done, a rating."""
    number = work.scalar("SELECT number FROM cases WHERE id = :case", case=case)
    context = chrome.new_context(viewport=SCREEN, has_touch=True, is_mobile=True, locale="zh-CN", bypass_csp=True,
                                 device_scale_factor=2)  # fmt: skip
    page = context.new_page()
    page.goto(f"{place}r?n={number}")
    looked_at(page, "look-up")
    page.get_by_label("电话后四位").fill("0000")
    page.get_by_role("button", name="查询").tap()
    expect(page.get_by_role("alert")).to_contain_text("编号或电话后四位不对")
    assert page.get_by_label("编号").input_value() == number
    page.wait_for_timeout(1100)
    page.get_by_label("电话后四位").fill("6789")
    page.get_by_role("button", name="查询").tap()
    expect(page.locator(".stand-word")).to_have_text("已结案")
    page.get_by_label("没有解决").check()
    page.locator("input[name=satisfied][value='2']").check()
    looked_at(page, "receipt")
    page.screenshot(path=SHOTS / "phone-receipt-whole.png", full_page=True)
    page.wait_for_timeout(1100)
    page.get_by_role("button", name="提交评价").tap()
    expect(page.get_by_role("status")).to_have_text("谢谢，评价已收到。")
    context.close()
    assert (
        work.scalar("SELECT satisfied FROM case_ratings WHERE case_id = :case AND NOT solved", case=case) == 2
    )


def test_handled_on_the_spot_with_two_pictures_of_one_angle(
    work: Casework, place: str, chrome: Browser
) -> None:
    case = int(work.report("officer")["case_id"])
    page = opened(phone(chrome, place, "officer"), f"{place}m/cases/{case}#self_handle")
    form = page.locator("#self_handle")
    expect(form.get_by_text("同一角度")).to_be_visible()
    take(page, "#self_handle", "before", "brown")
    form.locator("button[type=submit]").tap()
    expect(form.locator("[data-camera=after] .fault")).to_be_visible()
    take(page, "#self_handle", "after", "white")
    form.locator("[name=condition]").select_option("C01")
    looked_at(page, "self-handle")
    page.screenshot(path=SHOTS / "phone-self-handle-whole.png", full_page=True)
    form.locator("button[type=submit]").tap()
    page.wait_for_url("**done=self_handle")
    page.context.close()
    assert moves(work, case) == ["report", "self_handle"]


def test_somebody_was_quicker_and_the_session_is_over(work: Casework, place: str, chrome: Browser) -> None:
    """What was typed stays: the case has moved on, then one has to sign in again, in another window."""
    case = int(work.report("resident", category="C05")["case_id"])
    work.move("station", case, "request_confirmation", confirmer=work.account("officer"))
    page = opened(phone(chrome, place, "officer"), f"{place}m/cases/{case}#confirm_false")
    reason = page.locator("#confirm_false [name=reason]")
    reason.fill("到场未见")
    work.move("station", case, "comment", opinion="请快些")
    key = page.locator("#confirm_false button[type=submit]")
    told = page.locator("#confirm_false .send-told")
    key.tap()
    expect(told).to_contain_text("您填写时案件有了变化：")
    kept = page.context.cookies()
    page.context.clear_cookies()
    key.tap()
    expect(told).to_contain_text("登录已过期")
    assert reason.input_value() == "到场未见" and moves(work, case)[-1] == "comment"
    other = page.context.new_page()
    other.goto(place)
    other.get_by_label("用户名").fill("officer")
    other.get_by_label("密码").fill(PASSWORD)
    other.get_by_role("button", name="登录").click()
    other.wait_for_url(lambda url: "/sign-in" not in url)
    assert other.context.cookies() != kept
    key.tap()
    page.wait_for_url("**done=confirm_false")
    page.context.close()
    assert moves(work, case) == ["report", "request_confirmation", "comment", "confirm_false"]


def test_without_position_the_pin_is_moved_by_hand(work: Casework, place: str, chrome: Browser) -> None:
    """No permission, no mouse: keys move the place ten metres, and what was denied is said."""
    kept = signed_in(chrome, place, "officer", PASSWORD)
    context = chrome.new_context(
        viewport=SCREEN, locale="en", storage_state=kept, bypass_csp=True, reduced_motion="reduce"
    )
    page = opened(context.new_page(), f"{place}m/report?lang=en")
    expect(page.get_by_text("Not allowed to find where you are.")).to_be_visible()
    frame = page.locator("#pin-map")
    expect(frame).to_be_visible()
    page.wait_for_selector("body[data-map=idle]")
    canvas = frame.locator("canvas")
    canvas.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Placed by you")).to_be_visible()
    page.get_by_text("Move by 10 m").click()
    page.get_by_role("button", name="North").click()
    looked_at(page, "report-en")
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_them(work: Casework, place: str, chrome: Browser, scheme: str) -> None:
    """In English, by day and by night, at 320 px: axe finds nothing, nothing is wider than the screen."""
    told = work.report("officer", category="C07", contact={"phone": "13800001111"})
    case = told["case_id"]
    page = phone(chrome, place, "officer", color_scheme=scheme)
    paths = {"home": "m?", "report": "m/report?", "reported": f"m/reported/{case}?receipt=1&",
             "case": f"m/cases/{case}?", "inbox": "inbox?", "look-up": "r?", "no-visit": "r/receipt?"}  # fmt: skip
    for name, path in paths.items():
        page.goto(f"{place}{path}lang=en")
        for summary in page.locator("main details > summary").all()[:2]:
            summary.tap()
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), (path, width)
        looked_at(page, f"{scheme}-{name}-en")
    page.goto(f"{place}r?n={told['number']}&lang=en")
    page.locator("[name=digits]").fill("1111")
    page.locator("main button[type=submit]").tap()
    expect(page.locator(".stand-word")).to_have_text("Received, waiting for the desk")
    looked_at(page, f"{scheme}-receipt-en")
    page.context.close()


def test_the_inbox_by_telephone(work: Casework, place: str, chrome: Browser) -> None:
    from types import SimpleNamespace

    from app.cases.service.notices import notices_for

    case = int(work.report("resident", category="C06")["case_id"])
    work.move("station", case, "request_confirmation", confirmer=work.account("officer2"))
    with transaction(work.url) as connection:
        notices_for(connection, [SimpleNamespace(case_id=case, version=2)])
    page = opened(phone(chrome, place, "officer2"), f"{place}m")
    expect(page.locator(".phone-bar .count")).to_have_text("1")
    page.get_by_role("link", name="消息").tap()
    expect(page.get_by_text("请您到场核实")).to_be_visible()
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=Path(SHOTS / "phone-inbox.png"))
    assert findings(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="标为已读", exact=False).first.tap()
    expect(page.get_by_text("未读", exact=True)).to_be_hidden()
    page.context.close()
