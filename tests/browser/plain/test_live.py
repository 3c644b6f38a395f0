"""Two people before two screens: what one does the other sees; a line that is lost, and found again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from tests.browser.browsing import opened, signed_in
from tests.people import PASSWORD, employ
from tests.watching import Site

pytestmark = [pytest.mark.browser, pytest.mark.db]

DESKS = {"community": (Role.COMMUNITY_DESK, 12), "subdistrict": (Role.SUBCENTRE_OPERATOR, 9),
         "district": (Role.ACCEPTOR, 6)}  # fmt: skip
"""Who accepts what was reported, by loop, and how long the code of their area is."""

MOVE = """async ([id, version]) => {
  const answer = await fetch(`/api/v1/cases/${id}/moves`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json',
      'X-CSRFToken': document.querySelector('meta[name=csrf-token]').content },
    body: JSON.stringify({
      move: 'decline', version, client_id: crypto.randomUUID(), given: { reason: '重复的诉求' } }),
  });
  return [answer.status, await answer.text(), performance.timeOrigin + performance.now()];
}"""

WATCH = """(id) => {
  window.moved = new Promise((done) => {
    const says = () => document.querySelector(`[data-case="${id}"] .state`)?.textContent ?? '';
    const before = says();
    const gone = () => says() !== before;
    new MutationObserver(() => { if (gone()) done(performance.timeOrigin + performance.now()); })
      .observe(document.getElementById('queue'), { childList: true, subtree: true, characterData: true });
  });
}"""


@pytest.fixture(scope="module")
def live_site(demo: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    # The worker would move what is long overdue in the demo; here people do.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PANLONG_WORKER", "elsewhere")
        found = Site(demo, tmp_path_factory.mktemp("live"))
        yield found
        found.stop()


def reported(demo: str, count: int) -> list[Any]:
    """Cases that wait to be accepted, the same desk for all."""
    with transaction(demo, read_only=True) as connection:
        rows = connection.execute(
            text(
                "SELECT c.id, c.version, c.loop, n.code FROM cases c JOIN area_numbers n ON n.no = c.area_no"
                " WHERE c.state = 'reported' AND c.version > 0 AND n.level = 'cell' ORDER BY c.loop, n.code, c.id"
            )
        ).all()
    by_desk: dict[str, list[Any]] = {}
    for row in rows:
        by_desk.setdefault(row.code[: DESKS[row.loop][1]], []).append(row)
    return max(by_desk.values(), key=len)[:count]


@pytest.fixture
def two(demo: str, live_site: Site, chrome: Browser) -> Iterator[tuple[Page, Page, list[Any]]]:
    """The page of the desk, that of the duty officer who looks on, and the cases."""
    cases = reported(demo, 2)
    role, length = DESKS[cases[0].loop]
    contexts: list[BrowserContext] = []
    pages: list[Page] = []
    people = (
        employ(demo, role, cases[0].code[:length], username=f"desk-{time.monotonic_ns()}"),
        employ(demo, Role.DUTY_OFFICER, "530103", username=f"duty-{time.monotonic_ns()}"),
    )
    for person in people:
        kept = signed_in(chrome, live_site.address, person.username, PASSWORD)
        contexts.append(
            chrome.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", storage_state=kept)
        )
        pages.append(opened(contexts[-1].new_page(), f"{live_site.address}?state=reported"))
        pages[-1].wait_for_selector("#live[data-open=yes]")
    yield pages[0], pages[1], cases
    for context in contexts:
        context.close()


def test_a_move_on_one_screen_is_seen_on_the_other_within_a_second(two: tuple[Page, Page, list[Any]]) -> None:
    desk, duty, cases = two
    case = cases[0]
    row = duty.locator(f"[data-case='{case.id}']")
    while not row.count():
        duty.get_by_role("button", name="更多").click()
        duty.wait_for_selector("body[data-page=ready]")
    duty.evaluate(WATCH, case.id)
    status, said, at = desk.evaluate(MOVE, [case.id, case.version])
    assert status == 200, said
    seen = duty.evaluate("window.moved")
    print(f"\nanswered → on the other screen: {seen - at:.0f} ms", end="")
    assert seen - at < 1000
    row.wait_for(state="detached")  # it is not among the reported any more


def test_a_lost_line_is_said_and_what_was_missed_is_caught_up(
    two: tuple[Page, Page, list[Any]], live_site: Site, demo: str
) -> None:
    _, duty, cases = two
    duty.evaluate("window.same = true")
    figure = duty.locator("#figures").inner_text()
    live_site.stop()
    duty.wait_for_selector("#live[data-open=no]")
    assert "起未更新" in duty.locator("#live").inner_text()
    with transaction(demo) as connection:
        connection.execute(
            text(
                "INSERT INTO case_transitions (case_id, version, move, source, target, loop, unit_id, area_no, at)"
                " SELECT id, version + 1, 'decline', state, 'declined', loop, unit_id, area_no, now() FROM cases"
                " WHERE id = :case"
            ),
            {"case": cases[0].id},
        )
        connection.execute(
            text(
                "UPDATE cases SET state = 'declined', version = version + 1, closed_at = now()"
                " WHERE id = :case"
            ),
            {"case": cases[0].id},
        )
    live_site.start()
    duty.wait_for_selector("#live[data-open=yes]", timeout=30_000)
    duty.wait_for_function(
        "(before) => document.getElementById('figures').innerText !== before", arg=figure, timeout=10_000
    )
    assert duty.evaluate("window.same")


def test_tabs_of_one_browser_share_a_stream(demo: str, live_site: Site, chrome: Browser) -> None:
    person = employ(demo, Role.DUTY_OFFICER, "530103", username=f"tabs-{time.monotonic_ns()}")
    kept = signed_in(chrome, live_site.address, person.username, PASSWORD)
    duty = opened(chrome.new_context(locale="zh-CN", storage_state=kept).new_page(), live_site.address)
    duty.wait_for_selector("#live[data-open=yes]")
    streams: list[str] = []
    context = duty.context
    context.on(
        "request",
        lambda request: streams.append(request.url) if urlsplit(request.url).path == "/live" else None,
    )
    tab = opened(context.new_page(), live_site.address)
    tab.wait_for_selector("#live[data-open=yes]")
    assert streams == []
    duty.close()
    tab.wait_for_function("() => document.getElementById('live').dataset.open === 'yes'")
    end = time.monotonic() + 10
    while not streams:
        assert time.monotonic() < end
        tab.wait_for_timeout(50)
    assert "/live?since=" in streams[0]
