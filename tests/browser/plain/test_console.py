"""The console's frame: two layouts of one state, and one set of cases in map, list, figures and strip of time."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, Route, expect

from app.accounts.rules import Role
from tests.browser.plain.roles import DISTRICT, STREET, Come
from tests.browser.test_map import CHINESE, CORE, answered, settled

pytestmark = [pytest.mark.browser, pytest.mark.db]

LATER = pytest.mark.long
LIST_FIRST = [
    (Role.ACCEPTOR, DISTRICT),
    (Role.UNIT_DISPATCHER, None),
    pytest.param(Role.DISPATCHER, DISTRICT, marks=LATER),
    pytest.param(Role.SUBCENTRE_OPERATOR, STREET, marks=LATER),
]
MAP_FIRST = [
    (Role.DUTY_OFFICER, DISTRICT),
    pytest.param(Role.SUPERVISION_OFFICER, DISTRICT, marks=LATER),
    pytest.param(Role.INSPECTOR, DISTRICT, marks=LATER),
]
LINE, VIEW = re.compile(r"/live(\?|$)"), re.compile(r"/api/v1/view\?.*")
ON_THE_MAP = """() => window.oneMap.queryRenderedFeatures({layers: ['clusters', 'cases', 'late']})
    .reduce((sum, mark) => sum + mark.properties.count, 0)"""


def number(text: str) -> int:
    """The first number of a text, with its commas."""
    found = re.search(r"\d[\d,]*", text)
    assert found is not None, text
    return int(found[0].replace(",", ""))


class Views:
    """The answers that a page draws; the last one is what it shows."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: list[Response] = []
        page.on("response", lambda one: self.found.append(one) if "/api/v1/view?" in one.url else None)

    def together(self) -> int:
        """How many cases are shown, once map, list, chip and strip of time have said the same number."""
        page = self.page
        settled(page)
        # The inset asks for a list of one row, of what is late: that is another question.
        last = [one for one in self.found if "limit=1" not in one.url][-1]
        total = int(last.json()["queue"]["total"])
        placeless = page.request.get(f"{last.url}&where=unlocated").json()["queue"]["total"]
        assert number(page.locator(".queue-head .n").inner_text()) == total
        assert number(page.locator(".chip b").first.inner_text()) == total
        assert number(page.locator(".time-head > span").first.inner_text()) == total
        page.wait_for_function(f"located => ({ON_THE_MAP})() === located", arg=total - placeless)
        return total


def first_screen(page: Page, layout: str, tab: str) -> None:
    expect(page.locator("#desk")).to_have_attribute("data-layout", layout)
    expect(page.locator(f"#lay-{layout}")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".tab[aria-pressed=true]")).to_have_attribute("data-tab", tab)
    panel, ground = page.locator("#panel").bounding_box(), page.locator("#map").bounding_box()
    assert panel is not None and ground is not None
    assert (panel["width"] > ground["width"]) == (layout == "list")


@pytest.mark.parametrize(("role", "area"), MAP_FIRST)
def test_who_looks_over_the_district_begins_with_the_map(come: Come, role: Role, area: str | None) -> None:
    first_screen(come(role, area), "map", "all")


@pytest.mark.parametrize(("role", "area"), LIST_FIRST)
def test_who_works_cases_begins_with_the_list_of_what_waits(come: Come, role: Role, area: str | None) -> None:
    page = come(role, area)
    first_screen(page, "list", "todo")
    waiting = number(page.locator(".tab[data-tab=todo] b").inner_text())
    assert number(page.locator(".queue-head .n").inner_text()) == waiting
    page.locator("#language").click()
    page.wait_for_selector("html[lang=en] body[data-page=ready]")
    first_screen(page, "list", "todo")


def test_the_layout_is_switched_by_key_and_comes_back(come: Come) -> None:
    page = come(Role.DUTY_OFFICER)
    page.keyboard.press("l")
    expect(page.locator("#desk")).to_have_attribute("data-layout", "list")
    assert "lay=list" in page.url
    page.keyboard.press("m")
    expect(page.locator("#desk")).to_have_attribute("data-layout", "map")
    page.go_back()
    expect(page.locator("#desk")).to_have_attribute("data-layout", "list")
    page.reload()
    answered(page)
    expect(page.locator("#desk")).to_have_attribute("data-layout", "list")
    page.locator("#lay-map").click()
    expect(page.locator("#desk")).to_have_attribute("data-layout", "map")
    expect(page.locator("#lay-map")).to_be_focused()


def test_the_strip_of_time_stays_folded(come: Come) -> None:
    page = come(Role.DUTY_OFFICER)
    page.keyboard.press("t")
    expect(page.locator(".time-strip")).to_be_hidden()
    page.reload()
    answered(page)
    expect(page.locator(".time-strip")).to_be_hidden()
    expect(page.locator("#time-past")).to_be_visible()
    page.keyboard.press("t")
    expect(page.locator(".time-strip")).to_be_visible()


@pytest.mark.parametrize("lang", ["zh-CN", pytest.param("en", marks=LATER)])
def test_whatever_narrows_narrows_everything(come: Come, lang: str) -> None:
    page = come(Role.DUTY_OFFICER, query="?layer=cases&lang=" + lang, drawn=True)
    views = Views(page)
    page.reload()
    whole = views.together()
    again = {
        "[data-figure=overdue]": "[data-figure=overdue]",
        ".step[data-step='3']": ".step[data-step='3']",
        ".tab[data-tab=overdue]": ".tab[data-tab=all]",
        "#legend button[data-class='2']": "#legend button[data-class='2']",
        "[data-figure=today]": "[data-figure=today]",
    }
    for press, back in again.items():
        button = page.locator(press)
        said = number(button.locator("b").first.inner_text()) if "legend" not in press else None
        button.click()
        expect(page.locator(press)).to_have_attribute("aria-pressed", "true")
        total = views.together()
        assert said in {None, total}, press
        assert total < whole, press
        page.locator(back).click()
        assert views.together() == whole, press


def test_a_bar_of_time_narrows_and_the_brush_goes_by_keyboard(come: Come) -> None:
    page = come(Role.DUTY_OFFICER, drawn=True)
    views = Views(page)
    page.reload()
    whole = views.together()
    strip = page.locator(".time-bars").bounding_box()
    assert strip is not None
    page.mouse.click(strip["x"] + strip["width"] * 0.7, strip["y"] + strip["height"] - 3)
    page.wait_for_url(re.compile(r"from=.*to="))
    assert 0 < views.together() < whole
    page.locator("#time-clear").click()
    assert views.together() == whole
    page.locator("#time-0").focus()
    for key, at in (("ArrowRight", 1), ("ArrowRight", 2), ("PageUp", 9), ("ArrowLeft", 8)):
        page.keyboard.press(key)
        expect(page.locator("#time-0")).to_have_attribute("aria-valuenow", str(at))
        answered(page)
        expect(page.locator("#time-0")).to_be_focused()
    from_on = re.search(r"from=([\d-]+)", page.url)
    assert from_on is not None
    expect(page.locator("#time-0")).to_have_attribute("aria-valuetext", from_on[1])
    assert views.together() < whole
    page.keyboard.press("Home")
    expect(page.locator("#time-clear")).to_be_hidden()
    assert views.together() == whole


def test_the_past_is_said_and_nothing_can_be_done_in_it(come: Come) -> None:
    page = come(Role.SUBCENTRE_OPERATOR, STREET, "?tab=all")
    tabs = page.locator(".tab").evaluate_all("all => all.map(one => one.dataset.tab)")
    assert "todo" in tabs
    figure = page.locator("[data-figure=open] b")
    now = number(figure.inner_text())
    page.locator("#time-past").fill("2026-11-05T08:00")
    page.locator("#time-past").blur()
    expect(page.locator("#past-banner")).to_contain_text("2026/11/05 08:00")
    answered(page)
    assert "past=2026-11-05T00:00:00Z" in page.url
    assert number(figure.inner_text()) != now
    assert page.locator("[data-figure=on_time] b").inner_text() == "—", "the rate is of now"
    assert page.locator(".time-days span").last.inner_text() == "2026-11-05"
    left = page.locator(".tab").evaluate_all("all => all.map(one => one.dataset.tab)")
    assert left == [tab for tab in tabs if tab not in {"todo", "supervised", "followed"}]
    page.locator(".case[data-case]").first.click()
    panel = page.locator(".case-panel:not([aria-busy])")
    expect(panel.locator(".cp-acts")).to_contain_text("查看过去时不能办理")
    assert page.locator("[data-move], .cp-undo, .cp-place .button").count() == 0
    page.locator("#time-now").click()
    expect(page.locator("#past-banner")).to_be_hidden()
    expect(page.locator(".tab[data-tab=todo]")).to_be_attached()
    expect(panel.locator(".cp-keys [data-move]").first).to_be_visible()
    assert "past=" not in page.url


def test_one_goes_up_by_the_crumbs(come: Come) -> None:
    page = come(Role.DUTY_OFFICER, query=CORE)
    answered(page)
    page.mouse.click(700, 500)
    expect(page.locator(".crumb")).to_have_count(4)
    counts = [number(page.locator(".queue-head .n").inner_text())]
    for left in (3, 2, 1):
        page.locator(".crumb").nth(left - 1).click()
        expect(page.locator(".crumb")).to_have_count(left)
        answered(page)
        counts.append(number(page.locator(".queue-head .n").inner_text()))
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]
    assert "area=" not in page.url


@pytest.mark.parametrize("layout", ["map", "list"])
def test_a_case_opens_beside_the_rest_and_one_walks_on(come: Come, layout: str) -> None:
    page = come(Role.DUTY_OFFICER, query=f"?lay={layout}")
    rows = page.locator(".case[data-case]")
    ids = [rows.nth(i).get_attribute("data-case") for i in range(3)]
    rows.first.click()
    for key, at in (("", 0), ("j", 1), ("j", 2), ("k", 1)):
        if key:
            page.keyboard.press(key)
        expect(page.locator(f".case-panel[data-case='{ids[at]}']")).to_be_visible()
        expect(page.locator(".queue [aria-current]")).to_have_attribute("data-case", str(ids[at]))
        answered(page)
        assert f"case={ids[at]}" in page.url
    expect(page.locator(".cp-position")).to_contain_text(re.compile(r"第 2 /"))
    expect(page.locator("#map")).to_be_visible()
    card, panel = page.locator("#card").bounding_box(), page.locator("#panel").bounding_box()
    assert card is not None and panel is not None
    assert card["width"] >= 500
    assert card["x"] >= panel["x"] + panel["width"] - 1
    page.keyboard.press("Escape")
    expect(page.locator(".case-panel")).to_have_count(0)
    expect(page.locator("#desk")).to_have_attribute("data-layout", layout)


def test_a_press_is_not_lost_when_the_list_is_drawn_anew(come: Come) -> None:
    page = come(Role.DUTY_OFFICER, query="?lay=list")
    row = page.locator(".case[data-case]").first
    row.hover(position={"x": 80, "y": 20})
    wanted = row.get_attribute("data-case")
    page.mouse.down()
    with page.expect_response(lambda one: "/api/v1/view?" in one.url):
        page.evaluate("() => { dispatchEvent(new PopStateEvent('popstate')); }")
    answered(page)
    page.mouse.up()
    expect(page.locator(f".case-panel[data-case='{wanted}']")).to_be_visible()


def test_what_is_pressed_while_the_page_is_still_coming_opens(come: Come) -> None:
    """The first word of the line has all looked at again: that takes no answer away from who pressed before it."""
    page = come(Role.DUTY_OFFICER, query="?lay=list")
    lines: list[Route] = []

    def held(route: Route) -> None:
        lines.append(route)

    def late(route: Route) -> None:
        page.unroute(VIEW)
        lines.pop().continue_()
        page.wait_for_timeout(1000)
        route.continue_()

    page.route(LINE, held)
    page.reload()
    answered(page)
    wanted = page.locator(".case[data-case]").first.get_attribute("data-case")
    page.route(VIEW, late)
    page.locator(".case[data-case]").first.click()
    expect(page.locator(f".case-panel[data-case='{wanted}']")).to_be_visible()
    page.unroute_all()


def test_the_list_stays_where_it_is_first_drawn(come: Come) -> None:
    """What stands above it comes with it, however late it is answered: nobody presses on what has just moved away."""
    page = come(Role.DUTY_OFFICER, query="?lay=list")

    def slowly(route: Route) -> None:
        page.wait_for_timeout(200)
        route.continue_()

    page.route(re.compile(r"/api/v1/(screens/command|duty$)"), slowly)
    page.add_init_script("""new MutationObserver(() => {
        const row = document.querySelector('.case[data-case]');
        if (row) (window.tops ??= new Set()).add(row.getBoundingClientRect().top);
    }).observe(document, {childList: true, subtree: true});""")
    page.reload()
    answered(page)
    expect(page.locator("#first")).not_to_be_empty()
    page.wait_for_timeout(500)
    assert page.evaluate("[...window.tops].length") == 1, page.evaluate("[...window.tops]")
    page.unroute_all()


def test_a_link_opens_the_same_view_for_somebody_else(come: Come) -> None:
    """Whoever begins with the map sends a link to somebody who begins with the list, and the other way round."""
    for sender, reader, layout in (
        (Role.DUTY_OFFICER, Role.ACCEPTOR, "map"),
        (Role.ACCEPTOR, Role.DUTY_OFFICER, "list"),
    ):
        page = come(sender)
        page.locator(".tab[data-tab=all]").click()
        page.locator("[data-figure=overdue]").click()
        expect(page.locator("[data-figure=overdue]")).to_have_attribute("aria-pressed", "true")
        answered(page)
        page.locator("#time-0").press("PageUp")
        page.wait_for_url(re.compile("from="))
        answered(page)
        said = page.locator(".queue-head .n").inner_text()
        other = come(reader, query=page.url.partition("/?")[2] and f"?{page.url.partition('/?')[2]}")
        first_screen(other, layout, "overdue")
        assert other.locator(".queue-head .n").inner_text() == said
        assert other.locator(".chips").inner_text() == page.locator(".chips").inner_text()


def test_the_frame_speaks_english(come: Come) -> None:
    page = come(Role.ACCEPTOR, query="?lang=en&tab=all")
    for place in (".bar", ".figures", ".step-row", ".tab-row", ".time-head", ".queue-head"):
        text = page.locator(place).inner_text().replace("中文", "")
        assert text.strip()
        assert not CHINESE.search(text), place
        assert not re.search(r"\b(map|tab|figure|time|step)\.[a-z_0-9]+", text), place


def test_list_and_map_work_on_in_two_windows(come: Come) -> None:
    page = come(Role.DUTY_OFFICER)
    with page.context.expect_page() as popped:
        page.keyboard.press("w")
    other = popped.value
    other.wait_for_selector("body[data-page=ready]")
    expect(page.locator("#panel")).to_be_hidden()
    expect(other.locator("#map")).to_be_hidden()
    other.locator("[data-figure=overdue]").click()
    expect(page.locator("[data-figure=overdue]")).to_have_attribute("aria-pressed", "true")
    other.locator(".case[data-case]").first.click()
    expect(other.locator(".card[data-case]")).to_be_visible()
    page.wait_for_url("**case=*")
    expect(page.locator("#card")).to_be_hidden()
    other.close()
    expect(page.locator(".card[data-case]")).to_be_visible()


def test_a_crumb_opens_what_lies_beside_it(come: Come) -> None:
    page = come(Role.DUTY_OFFICER)
    page.locator(".crumb-step").last.click()
    rows = page.locator(".siblings:popover-open button")
    expect(rows.first).to_be_focused()
    names = rows.all_inner_texts()
    assert len(names) == 12
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**area=*")
    expect(page.locator(".crumb").last).to_have_text(names[1])
    answered(page)
    page.locator(".crumb-step").first.click()
    expect(page.locator(".siblings:popover-open [aria-current]")).to_have_text(names[1])
    page.keyboard.press("Escape")
    expect(page.locator(".siblings:popover-open")).to_have_count(0)


def test_the_list_goes_into_a_table(come: Come) -> None:
    page = come(Role.DUTY_OFFICER, query="?tab=overdue")
    total = number(page.locator(".queue-head .n").inner_text())
    with page.expect_download() as taken:
        page.locator("#export").click()
    rows = list(csv.reader(io.StringIO(Path(taken.value.path()).read_text(encoding="utf-8-sig"))))
    assert len(rows) - 1 == total
    assert rows[0][0] == "案件号"
