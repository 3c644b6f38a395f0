"""A wall that runs for long: cases move at speed, the setting changes all the while, and nothing grows."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page
from sqlalchemy import text

from app.accounts.rules import Role
from app.accounts.store import actor_of
from app.cases.service.moving import Request, make
from app.cases.service.reporting import report
from app.db import Actor, transaction
from app.grid.service import the_district
from app.staffing.service import appoint_kiosk
from app.wall import store
from app.wall.rules import Preset, Setting
from tests.browser.browsing import signed_in
from tests.people import PASSWORD, employ
from tests.watching import Site

pytestmark = [pytest.mark.browser, pytest.mark.db]

READY = "body[data-page=ready] #wall[data-state=live]"
WARM_S, BEAT_S, REST_S = 14.0, 0.8, 20.0

REPORT = """async ([category, lon, lat]) => {
  const answer = await fetch('/api/v1/cases', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json',
      'X-CSRFToken': document.querySelector('meta[name=csrf-token]').content },
    body: JSON.stringify({ category, description: '演练', position: { lon, lat }, client_id: crypto.randomUUID() }),
  });
  return [answer.status, await answer.text()];
}"""
"""A report through the interface, as a person sends it: the rules, the log and the stream all have their part."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What a page holds on to after its rubbish was taken away."""

    heap_mb: float
    nodes: int
    listeners: int

    @classmethod
    def of(cls, session: CDPSession) -> Weight:
        """Weigh the page."""
        for _ in range(3):
            session.send("HeapProfiler.collectGarbage")
        found: dict[str, Any] = {
            one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]
        }
        heap = found["JSHeapUsedSize"] / 2**20
        return cls(heap, int(found["Nodes"]), int(found["JSEventListeners"]))

    def within(self, bound: Weight) -> bool:
        """Whether this is no more than the bound in anything."""
        return (
            self.heap_mb <= bound.heap_mb and self.nodes <= bound.nodes and self.listeners <= bound.listeners
        )


@pytest.fixture
def stage(demo: str, tmp_path: Path, chrome: Browser) -> Iterator[tuple[Page, Page, Actor]]:
    """The wall, the screen of somebody who reports, and who drives."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PANLONG_WORKER", "elsewhere")
        site = Site(demo, tmp_path)
        person = employ(demo, Role.DUTY_OFFICER, "530103", username=f"soak-{time.monotonic_ns()}")
        with transaction(demo) as connection:
            actor = actor_of(connection, person.account_id)
            code = appoint_kiosk(connection, f"soak-{time.monotonic_ns()}", "大屏", None)
            connection.execute(
                text(
                    "UPDATE cases SET due_at = now() - interval '2 days' WHERE open_state(state) AND id % 3 = 0"
                )
            )
        kept = signed_in(chrome, site.address, person.username, PASSWORD)
        desk = chrome.new_context(locale="zh-CN", storage_state=kept)
        hall = chrome.new_context(viewport={"width": 3840, "height": 1080}, locale="zh-CN")
        wall, screen = hall.new_page(), desk.new_page()
        wall.goto(f"{site.address}kiosk/{code}")
        wall.wait_for_selector(READY, timeout=60_000)
        screen.goto(f"{site.address}wall/control")
        # The form's own token is the page's: this page has none in its head.
        screen.evaluate(
            """() => { const meta = document.createElement('meta'); meta.name = 'csrf-token';
            meta.content = document.querySelector('[name=csrf_token]').value; document.head.append(meta); }"""
        )
        yield wall, screen, actor
        hall.close()
        desk.close()
        site.stop()


def places(demo: str) -> list[tuple[float, float]]:
    with transaction(demo, read_only=True) as connection:
        rows = connection.execute(
            text("SELECT ST_X(p) AS lon, ST_Y(p) AS lat FROM areas, ST_Transform(label_3857, 4490) p"
                 " WHERE level = 'cell' ORDER BY code LIMIT 400")
        ).all()  # fmt: skip
    return [(row.lon, row.lat) for row in rows]


def shaken(demo: str, screen: Page, wall: Page, actor: Actor, seconds: float) -> None:
    """Report and drive for a while, as people do."""
    with transaction(demo, read_only=True) as connection:
        numbers = connection.execute(
            text("SELECT no FROM areas WHERE level = 'subdistrict' ORDER BY no")
        ).scalars()
        focuses = cycle([None, *numbers])
    presets, spots = cycle(Preset), cycle(places(demo))
    end, made = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        status, said = screen.evaluate(REPORT, ["C01", *next(spots)])
        assert status == 201, said
        made += 1
        with transaction(demo, actor=actor) as connection:
            wanted = Setting(next(presets), next(focuses), made % 5 != 0)
            store.put_setting(connection, 1, actor.account_id or 0, wanted)
        wall.wait_for_timeout(BEAT_S * 1000)


def weighed(demo: str, wall: Page, actor: Actor, session: CDPSession, bound: Weight | None = None) -> Weight:
    """The wall's weight while it shows one and the same picture: another preset has other parts on the page.

    A tile under way has its listeners until it is there, on a slow machine for seconds. That ends, and what has
    leaked does not: a wall heavier than the bound is weighed again until it is not or `REST_S` are over.
    """
    with transaction(demo, actor=actor) as connection:
        store.put_setting(connection, 1, actor.account_id or 0, Setting(Preset.EVERYDAY, None, tours=False))
    wall.locator("#preset", has_text="平时").wait_for()
    wall.wait_for_timeout(2_500)
    weight, end = Weight.of(session), time.monotonic() + REST_S
    while bound and not weight.within(bound) and time.monotonic() < end:
        wall.wait_for_timeout(500)
        weight = Weight.of(session)
    return weight


AN_HOUR = 5 * 3600
"""Moves of an hour in which five are made every second."""

EVERY_SETTING, EVERY_REPORT, EVERY_LOOK = 60, 25, 20


def hurried(demo: str, actor: Actor, wall: Page, moves: int) -> None:
    """Make moves as fast as they are taken: cases are reported and spoken about, the setting of the wall changes."""
    with transaction(demo, read_only=True) as connection:
        focuses = cycle([None, *connection.execute(
            text("SELECT no FROM areas WHERE level = 'subdistrict' ORDER BY no")).scalars()])  # fmt: skip
        known = connection.execute(
            text(
                "SELECT id, version FROM cases WHERE version > 0 AND open_state(state) ORDER BY id LIMIT 400"
            )
        ).all()
        district = the_district(connection).id
    versions = {row.id: row.version for row in known}
    cases, presets, spots = cycle(versions), cycle(Preset), cycle(places(demo))
    for number in range(1, moves + 1):
        with transaction(demo, actor=actor) as connection:
            if number % EVERY_REPORT:
                case, opinion = next(cases), {"opinion": f"演练 {number}"}
                wanted = Request(case, "comment", opinion, versions[case], uuid.uuid4())
                versions[case] = make(connection, actor, wanted)["version"]
            else:
                lon, lat = next(spots)
                said = {"category": "C01", "description": "演练", "position": {"lon": lon, "lat": lat}}
                report(connection, district, actor, said, uuid.uuid4())
            if number % EVERY_SETTING == 0:
                setting = Setting(next(presets), next(focuses), number % (5 * EVERY_SETTING) != 0)
                store.put_setting(connection, 1, actor.account_id or 0, setting)
        if number % EVERY_LOOK == 0:
            wall.wait_for_timeout(20)


def soak(demo: str, stage: tuple[Page, Page, Actor], much: Callable[[], None], least: float) -> None:
    """Weigh the wall before and after much has happened, in which it has read anew `least` times or more."""
    wall, screen, actor = stage
    session = wall.context.new_cdp_session(wall)
    session.send("Performance.enable")
    loads: list[str] = []
    wall.on(
        "response", lambda answer: loads.append(answer.url) if answer.url.endswith("/api/v1/wall") else None
    )
    wall.evaluate("window.same = true")
    shaken(demo, screen, wall, actor, WARM_S)
    before = weighed(demo, wall, actor, session)
    loads.clear()
    begun = time.monotonic()
    much()
    took = time.monotonic() - begun
    bound = Weight(before.heap_mb + 1.5, before.nodes + 20, before.listeners)
    after = weighed(demo, wall, actor, session, bound)
    print(f"\n{took:.0f} s, read anew {len(loads)} times: {before} → {after}", end="")
    assert len(loads) >= least, "it was not left alone"
    assert wall.evaluate("window.same")
    assert after.within(bound)
    assert wall.locator("#wall[data-state=live]").count() == 1


def test_nothing_grows_while_much_happens(demo: str, stage: tuple[Page, Page, Actor]) -> None:
    wall, screen, actor = stage
    soak(demo, stage, lambda: shaken(demo, screen, wall, actor, 15), 3)


@pytest.mark.long
def test_nothing_grows_in_an_hour_of_five_moves_a_second(demo: str, stage: tuple[Page, Page, Actor]) -> None:
    wall, _, actor = stage
    soak(demo, stage, lambda: hurried(demo, actor, wall, AN_HOUR), 30)
