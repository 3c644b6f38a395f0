"""The panel in which a case is worked beside the map: moves, forms that lose nothing, telephones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.plain.panels import CONTACT, panels, press, shot, submit
from tests.casework import Casework

pytestmark = [pytest.mark.browser, pytest.mark.db]


@pytest.fixture(scope="module")
def come(chrome: Browser, desk: str) -> Iterator[Any]:
    with panels(chrome, desk) as page_of:
        yield page_of


@pytest.fixture
def case(work: Casework, desk: str) -> int:
    told = work.report(
        "operator",
        address="金菊路 12 号菜市场东门",
        contact=CONTACT,
        description="垃圾成堆，占了半条人行道。",
        files=[work.file("operator")],
    )
    return int(told["case_id"])


def test_a_case_is_dispatched_handled_and_taken_back_beside_the_map(
    work: Casework, case: int, come: Any
) -> None:
    page = come("operator", case)
    expect(page.locator(".cp-due")).to_contain_text(re.compile("街道分中心 须在.*前受理，剩"))
    expect(page.locator(".cp-keys .button.primary")).to_have_count(1)
    press(page, "accept_register_dispatch")
    form = page.locator(".cp-form")
    form.get_by_label("立案条件").select_option(index=1)
    submit(page)
    expect(page.locator(".cp-due")).to_contain_text("须先签收")
    expect(page.locator(".cp-undo")).to_contain_text("还可撤销")
    page.locator(".cp-undo button").click()
    expect(page.locator(".cp-due")).to_contain_text("须在")
    assert work.scalar("SELECT state FROM cases WHERE id = :case", case=case) == "registered"


def test_what_was_typed_outlives_a_reload_and_all_that_is_missing_is_said_at_once(
    case: int, come: Any
) -> None:
    page = come("operator", case)
    press(page, "decline")
    form = page.locator(".cp-form")
    submit(page)
    expect(form.locator(".fault:visible")).to_have_text("必填")
    form.get_by_label("理由").fill("不属于本区")
    page.keyboard.press("Escape")
    expect(page.locator(".cp-keys")).to_be_visible()
    page.reload()
    expect(page.locator(".cp-acts [data-move=decline] small")).to_have_text("已填未发")
    press(page, "decline")
    expect(form.get_by_label("理由")).to_have_value("不属于本区")
    page.keyboard.press("Alt+1")
    expect(form.get_by_label("理由")).to_have_value(re.compile("不属于本区\n."))


def test_whoever_is_quicker_is_named_and_the_words_are_kept(work: Casework, case: int, come: Any) -> None:
    page = come("operator", case)
    press(page, "comment")
    form = page.locator(".cp-form")
    form.get_by_label("意见").fill("已电话核对位置")
    page.route("**/live*", lambda route: route.abort())
    work.move("operator", case, "accept")
    submit(page)
    trouble = page.locator(".cp-trouble.is-conflict")
    expect(trouble).to_contain_text("受理")
    expect(form.get_by_label("意见")).to_have_value("已电话核对位置")
    submit(page)
    expect(page.locator(".cp-log")).to_contain_text("已电话核对位置")


def test_a_case_that_moves_elsewhere_is_brought_up_to_date_around_the_form(
    work: Casework, case: int, come: Any
) -> None:
    page = come("operator", case)
    press(page, "comment")
    page.locator(".cp-form").get_by_label("意见").fill("写了一半")
    work.move("operator", case, "accept")
    expect(page.locator(".cp-trouble.is-conflict")).to_be_visible()
    expect(page.locator(".cp-steps [aria-current]")).to_contain_text(
        "派遣" if work.scalar("SELECT state FROM cases WHERE id=:c", c=case) == "registered" else "上报"
    )
    expect(page.locator(".cp-form").get_by_label("意见")).to_have_value("写了一半")


def test_a_move_is_made_once_though_the_answer_was_lost(work: Casework, case: int, come: Any) -> None:
    page = come("operator", case)
    press(page, "comment")
    page.locator(".cp-form").get_by_label("意见").fill("只记一遍")
    lost: list[bool] = []

    def lose(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(True)
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/moves", lose)
    submit(page)
    lost_note = page.locator(".cp-trouble.is-lost")
    expect(lost_note.filter(has_text="没有送出").filter(has_text="意见")).to_be_visible()
    page.screenshot(path=shot("panel-lost"))
    expect(page.locator(".cp-log")).to_contain_text("只记一遍")
    assert (
        work.scalar("SELECT count(*) FROM case_transitions WHERE case_id = :c AND move = 'comment'", c=case)
        == 1
    )


def test_calling_back_is_one_key(case: int, come: Any) -> None:
    page = come("operator", case)
    place = page.locator(".cp-place")
    expect(place).to_contain_text("1234")
    expect(place).not_to_contain_text(CONTACT["phone"])
    place.get_by_role("button", name="拨打").click()
    expect(place.get_by_role("link", name=CONTACT["phone"])).to_be_visible()


def test_opening_a_case_asks_for_three_things_at_most(work: Casework, case: int, come: Any) -> None:
    page = come("operator", case)
    other = int(work.report("operator")["case_id"])
    asked: list[str] = []
    page.on(
        "request", lambda request: asked.append(request.url) if f"/cases/{other}" in request.url else None
    )
    page.evaluate(
        f"history.pushState(null, '', '/?case={other}'); dispatchEvent(new PopStateEvent('popstate'))"
    )
    expect(page.locator(f".case-panel[data-case='{other}']:not([aria-busy])")).to_be_visible()
    assert len(set(asked)) <= 3, asked


def test_next_and_previous_by_key(work: Casework, case: int, come: Any) -> None:
    work.report("operator")
    page = come("operator", case)
    before = page.locator(".cp-position").inner_text()
    page.locator(".cp-body").focus()
    step = "k" if before.split(" ")[1] != "1" else "j"
    page.keyboard.press(step)
    expect(page.locator(f".case-panel[data-case='{case}']")).to_have_count(0)
    expect(page.locator(".cp-body")).to_be_focused()
    page.keyboard.press("j" if step == "k" else "k")
    expect(page.locator(f".case-panel[data-case='{case}']")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".case-panel")).to_have_count(0)
    expect(page.locator("#order")).to_have_count(0)
