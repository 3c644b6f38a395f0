"""P8: the console in a browser, beside its aims: what is loaded, until the map is idle, a filter, a case that comes.

A real Chromium that draws without a graphics card before the program's own server, at each number of cases in turn. A
filter has arrived when figures and list are drawn, every tile of cases is of the new filter, and a frame has been drawn
with it; what is then shown is compared with what the database counts.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, StorageState, sync_playwright
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from app.factory import create_app
from tests.benchmarks import Line, report
from tests.benchmarks.tiling import serving
from tests.benchmarks.tiling.filling import filled
from tests.browser.browsing import READY, browser, signed_in
from tests.people import PASSWORD, employ, sign_in

WORKSPACE = "bench_console"
DISTRICT = "530103"
FIRST_LOAD_KB, IDLE_MS, SEEN_MS = 550.0, 2500.0, 1000.0
FEW, FILTER_MS, FILTER_MANY_MS = 20_000, 300.0, 1000.0
FIGURES = ("overdue", "near", "to_verify")
PACKED = {"Accept-Encoding": "br, gzip"}

TIMES = """
  const stamp = () => {
    if (!document.querySelector('body[data-page=ready][data-map=idle]')) return void requestAnimationFrame(stamp);
    window.idleAt = performance.now();
  };
  addEventListener('DOMContentLoaded', stamp);
"""
IDLE_AT = """() => new Promise((done) => {
  const look = () => window.idleAt ? done(window.idleAt) : setTimeout(look, 4);
  look();
})"""
FILTER = """(figure) => new Promise((done) => {
  const map = window.oneMap;
  const tiles = () => map.getSource('cases').tiles?.[0];
  const before = tiles();
  const begun = performance.now();
  let drawn = false;
  // A frame is seen when the browser has taken its picture, before it comes to whatever waits for its turn.
  const frame = () => {
    const there = tiles() !== before && map.isSourceLoaded('cases') && map.areTilesLoaded();
    if (there) setTimeout(() => { drawn = true; }, 0);
  };
  map.on('render', frame);
  const look = () => {
    if (!drawn || document.body.dataset.page !== 'ready') return void setTimeout(look, 1);
    map.off('render', frame);
    done(performance.now() - begun);
  };
  document.querySelector(`[data-figure=${figure}]`).click();
  setTimeout(look, 0);
})"""
SHOWN = """(figure) => {
  const digits = (node) => Number(node.textContent.replace(/[^0-9]/g, ''));
  return [digits(document.querySelector(`[data-figure=${figure}] b`)), digits(document.querySelector('#queue .n')),
    Number(document.querySelector(`[data-figure=${figure}]`).getAttribute('aria-pressed') === 'true')];
}"""
COUNTS = {
    "overdue": "open_state(state) AND state <> 'suspended' AND due_at < :now",
    "near": "open_state(state) AND state <> 'suspended' AND due_at >= :now AND near_from(near_at, due_at) <= :now",
    "to_verify": "state = 'handled'",
}
STREET = (
    "SELECT a.code, ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat FROM areas a JOIN cases c ON c.area_no BETWEEN a.no AND"
    " a.last_no WHERE a.level = 'subdistrict' AND c.cell_id IS NOT NULL LIMIT 1"
)


@dataclass(slots=True)
class Found:
    """What was measured at a number of cases."""

    rows: int
    kilobytes: float = 0.0
    plain: list[str] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)
    cold: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    filters: dict[str, list[float]] = field(default_factory=dict)
    seen: list[float] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        """Beside the aims: at the smaller number of cases those of the console, else what is asked of a million."""
        few = self.rows <= FEW
        aim = FILTER_MS if few else FILTER_MANY_MS
        at, idle = f"{self.rows:,}", statistics.median(self.cold)
        return [
            Line(f"{at}: first load, all scripts and styles", self.kilobytes, FIRST_LOAD_KB, "kB", 1.0),
            Line(f"{at}: navigation to map idle, nothing kept", idle, IDLE_MS, "ms", 1.0 if few else None),
            Line(f"{at}: the same, scripts kept", statistics.median(self.again), IDLE_MS, "ms"),
            *(
                Line(f"{at}: filter {name}, all agree", statistics.median(times), aim, "ms", 1.0)
                for name, times in self.filters.items()
            ),
            Line(f"{at}: reported elsewhere, in the list here", statistics.median(self.seen), SEEN_MS, "ms", 1.0),
            Line(f"{at}: requests to another origin", len(self.elsewhere), 0, "", 1.0 if self.elsewhere else None),
        ]  # fmt: skip


def main(argv: list[str]) -> int:
    """Measure at each number of cases."""
    parser = argparse.ArgumentParser(prog="bench console", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[FEW, 1_000_000])
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args(argv)
    lines: list[Line] = []
    for rows in given.rows:
        with filled(WORKSPACE, rows) as url, serving.ours(url) as port:
            found = _measure(url, f"http://127.0.0.1:{port}/", rows, given.repeat)
        for name in found.plain:
            print(f"sent as it is: {name}")
        print(f"requests to another origin: {sorted(found.elsewhere) or 'none'}")
        lines += found.lines
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    return report("the console, beside its aims", lines)


def _measure(url: str, address: str, rows: int, repeat: int) -> Found:
    app, found = create_app(url), Found(rows)
    officer = employ(url, Role.DUTY_OFFICER, DISTRICT)
    with transaction(url, read_only=True) as connection:
        street = connection.execute(text(STREET)).one()
    reporter = sign_in(app, employ(url, Role.SUPERVISOR, street.code))
    with sync_playwright() as playwright, browser(playwright) as chrome:
        kept = signed_in(chrome, address, officer.username, PASSWORD, officer.code)
        _page(chrome, kept, address, lambda _: None)  # the server is warm
        for number in range(repeat):
            asked: list[str] = []
            _page(chrome, kept, address, lambda page: _idle(page, address, found), asked)
            if number == 0:
                found.kilobytes = sum(_weight(one, found) for one in sorted(set(asked))) / 1000
            found.elsewhere |= {one for one in asked if not one.startswith((address, "data:", "blob:"))}
        _page(chrome, kept, address, lambda page: _filters(page, url, found, repeat))
        _page(
            chrome, kept, f"{address}?state=all", lambda page: _comes(page, reporter, street, found, repeat)
        )
    return found


def _page(
    chrome: Browser, kept: StorageState, address: str, work: Callable[[Page], None], asked: list[str] | None = None
) -> None:  # fmt: skip
    context = chrome.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", storage_state=kept)
    context.add_init_script(TIMES)
    if asked is not None:
        context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(READY, timeout=120_000)
    work(page)
    context.close()


def _idle(page: Page, address: str, found: Found) -> None:
    for times in (found.cold, found.again):
        times.append(float(page.evaluate(IDLE_AT)))
        page.goto(address)
    page.wait_for_selector(READY, timeout=120_000)


def _weight(address: str, found: Found) -> int:
    """Bytes of a script or style as the server sends it; 0 for what is neither."""
    path = address.partition("?")[0]
    if not path.endswith((".js", ".mjs", ".css")):
        return 0
    with urllib.request.urlopen(urllib.request.Request(address, headers=PACKED), timeout=60) as answer:
        body = answer.read()
        if len(body) > 1400 and not answer.headers.get("Content-Encoding"):
            found.plain.append(path)
        return len(body)


def _filters(page: Page, url: str, found: Found, repeat: int) -> None:
    for _ in range(repeat):
        for figure in FIGURES:
            page.wait_for_selector(READY)  # what the filter before has left to draw is not this one's
            found.filters.setdefault(figure, []).append(float(page.evaluate(FILTER, figure)))
            shown, listed, pressed = page.evaluate(SHOWN, figure)
            assert pressed and shown == listed, (figure, shown, listed)
            near = _counted(url, figure)
            # A minute may end between the two: what is due in it is then counted on one side.
            assert abs(shown - near) <= max(2, 0.002 * near), (figure, shown, near)
            page.evaluate(FILTER, "open")


def _counted(url: str, figure: str) -> int:
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    with transaction(url, read_only=True) as connection:
        found = connection.execute(text(f"SELECT count(*) FROM cases WHERE {COUNTS[figure]}"), {"now": now})
        return int(found.scalar_one())


def _comes(page: Page, reporter: FlaskClient, street: Any, found: Found, repeat: int) -> None:
    page.wait_for_selector("#live[data-open=yes]")
    token = reporter.get("/api/v1/session").get_json()["csrf_token"]
    for _ in range(repeat):
        content = {
            "client_id": str(uuid.uuid4()), "category": "C01", "description": "垃圾成堆",
            "position": {"lon": street.lon, "lat": street.lat},
        }  # fmt: skip
        answer = reporter.post("/api/v1/cases", json=content, headers={"X-CSRFToken": token})
        assert answer.status_code == 201, answer.text
        begun = time.monotonic()
        page.wait_for_selector(f"#queue [data-case='{answer.get_json()['case_id']}']")
        found.seen.append(1000 * (time.monotonic() - begun))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
