"""Whole cases in a browser, every move by its own person on the page of the case: in each loop, up and down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.browsing import signed_in
from tests.browser.plain.test_case_pages import attach, box, looked_at, marked
from tests.casework import Casework
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.db]

FILES = {"evidence": "证据"}


def opened(page: Page, move: str) -> Locator:
    """The form of a move, in whichever group it lies."""
    group = page.locator(f"details:has(#move-{move})")
    if group.count() and not group.last.evaluate("group => group.open"):
        group.last.locator("summary").first.click()
    return box(page, move)


class Office:
    """People at their screens; each signs in when they first act."""

    def __init__(self, browser: Browser, desk: str, work: Casework) -> None:
        self.browser, self.desk, self.work = browser, desk, work
        self.pages: dict[str, Page] = {}

    def page(self, who: str) -> Page:
        """Somebody's screen."""
        if who not in self.pages:
            state = signed_in(self.browser, self.desk, who, PASSWORD)
            context = self.browser.new_context(
                viewport={"width": 1366, "height": 768}, locale="zh-CN", storage_state=state, bypass_csp=True
            )
            self.pages[who] = context.new_page()
            self.pages[who].set_default_timeout(30_000)
        return self.pages[who]

    def report(self, who: str, category: str, said: str) -> int:
        """Somebody reports something in the first cell."""
        page = self.page(who)
        page.goto(f"{self.desk}cases/new")
        page.get_by_label("问题类别").select_option(category)
        page.get_by_label("问题描述").fill(said)
        marked(page)
        page.get_by_role("button", name="上报", exact=True).click()
        expect(page.get_by_role("status")).to_have_text("已上报。")
        return int(page.url.rsplit("/", 1)[1])

    def move(self, who: str, case: int, move: str, **given: Any) -> None:
        """Somebody makes a move by its form on the case's page."""
        page = self.page(who)
        before = self.work.version(case)
        page.goto(f"{self.desk}cases/{case}")
        form = opened(page, move)
        for name, value in given.items():
            field = form.locator(f'[name="{name}"]')
            if name in FILES:
                attach(form, FILES[name], value)
            elif value is True:
                field.first.check()
            elif field.first.evaluate("field => field.tagName") == "SELECT":
                field.first.select_option(str(value))
            elif field.first.get_attribute("type") in {"checkbox", "radio"}:
                one = form.locator(f'[name="{name}"][value="{value}"]')
                if not one.is_visible():
                    form.locator(f'details:has([name="{name}"]) > summary').last.click()
                one.check()
            else:
                field.first.fill(str(value))
        form.locator("form button.primary[type=submit]").click()
        expect(page.get_by_role("status")).to_have_text("已办理。")
        assert self.work.version(case) > before, (who, move)

    def offers(self, who: str, case: int) -> set[str]:
        """The moves that somebody is offered on the page."""
        page = self.page(who)
        page.goto(f"{self.desk}cases/{case}")
        return set(
            page.locator("form[data-move]").evaluate_all("forms => forms.map(form => form.dataset.move)")
        )


@pytest.fixture(scope="module")
def office(chrome: Browser, desk: str, work: Casework) -> Iterator[Office]:
    found = Office(chrome, desk, work)
    yield found
    for page in found.pages.values():
        page.context.close()


def state(work: Casework, case: int) -> tuple[str, str]:
    with_loop = work.scalar("SELECT state || ' ' || loop FROM cases WHERE id = :case", case=case)
    first, second = str(with_loop).split()
    return first, second


@pytest.mark.long
def test_six_steps_by_ten_people_in_the_district_loop_with_a_helper(work: Casework, office: Office) -> None:
    case = office.report("supervisor", "C04", "渣土遗撒一路")
    office.move("acceptor", case, "request_confirmation", confirmer=work.account("officer"))
    office.move("officer", case, "confirm_true", evidence="gray")
    office.move("acceptor", case, "register", condition="C04")
    office.move("dispatcher", case, "dispatch", unit=work.unit("sanitation"), co_units=work.unit("drainage"))
    office.move("overseer", case, "supervise", reason="重点督办")
    office.move("sanitation", case, "acknowledge", crew=work.account("crew"))
    office.move("drains", case, "co_feedback", opinion="雨水口已清")
    office.move("sanitation", case, "reply_supervision", opinion="今日办结")
    office.move("crew", case, "give_feedback", evidence="green", opinion="已冲洗")
    assert "verify_pass" not in office.offers("crew", case), "who handled it does not verify it"
    office.move("inspector", case, "verify_pass", evidence="blue")
    office.move("duty", case, "close", closing_condition=True)
    office.move("acceptor", case, "call_back", solved="yes", satisfied="yes")
    assert state(work, case) == ("closed", "district")
    people = work.scalar("SELECT count(DISTINCT account_id) FROM case_transitions WHERE case_id = :c", c=case)
    assert people == 10
    looked_at(office.page("acceptor"), "case-ten-people")


def test_inside_the_community_loop(work: Casework, office: Office) -> None:
    case = office.report("officer", "C01", "墙角垃圾")
    office.move("station", case, "register", condition="C01")
    office.move("station", case, "dispatch", unit=work.unit("sanitation"))
    assert state(work, case) == ("dispatched", "community")


def test_up_three_loops_and_down_with_a_number(work: Casework, office: Office) -> None:
    case = office.report("officer", "C08", "公厕脏污")
    office.move("operator", case, "register", condition="C08")
    office.move("operator", case, "escalate", reason="须区级协调")
    assert state(work, case)[1] == "district"
    office.move("duty", case, "delegate", reason="属地办理")
    page = office.page("head")
    page.goto(f"{office.desk}cases/{case}")
    form = opened(page, "delegate")
    form.locator('[name="reason"]').fill("下沉社区")
    form.locator("form button.primary[type=submit]").click()
    expect(page.locator("main")).to_contain_text("没有准入编号")
    assert state(work, case)[1] == "subdistrict"
    office.move("head", case, "delegate", reason="下沉社区", admission="准入-2026-11")
    assert state(work, case)[1] == "community"
    assert "dispatch" in office.offers("station", case)


def test_made_safe_first_then_returned_twice_and_ruled_on(work: Casework, office: Office) -> None:
    case = office.report("supervisor", "C36", "雨水箅子缺失")
    office.move("operator", case, "register", condition="C36")
    for code, who in (("sanitation", "sanitation"), ("urban_management", "bureau")):
        office.move("operator", case, "dispatch", unit=work.unit(code))
        office.move(who, case, "send_back", reason="不属本单位职责")
        office.move("operator", case, "uphold_return", opinion="退回成立")
    office.move("head", case, "adjudicate", unit=work.unit("drainage"), reason="现场确权")
    assert "send_back" not in office.offers("drains", case), "a ruling is final"
    office.move("drains", case, "acknowledge")
    urgent = work.scalar("SELECT due_at FROM cases WHERE id = :c", c=case)
    office.move("drains", case, "control", evidence="orange")
    assert work.scalar("SELECT due_at FROM cases WHERE id = :c", c=case) > urgent, (
        "made safe: now the repair's limit"
    )
    office.move("drains", case, "give_feedback", evidence="green")
    office.move("officer", case, "verify_fail", reason="只清一处", evidence="red")
    assert state(work, case)[0] == "handling"
    office.move("drains", case, "give_feedback", evidence="green")
    office.move("officer", case, "verify_pass", evidence="blue")
    office.move("operator", case, "close", closing_condition=True)
    looked_at(office.page("operator"), "case-ruled")
