"""Reports of a simulated district: how long a quarter on paper takes, an atlas of all cells, a page of 20,000 cases.

Everything is done as the worker does it: asked, made under row security, written, put on the shelf, kept. Each line is
held to its bar. The atlas is made twice, of a subdistrict and of all, for its memory must not grow with its sheets.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import sync_playwright

from app.cli.preparing import prepare
from app.db import engine, transaction
from app.demo.service import load
from app.grid.service import the_district
from app.postgres import drop_database
from app.reports.rules.document import Provenance, Report, Section
from app.reports.rules.formats import Format
from app.reports.rules.maps import Marks
from app.reports.service.asking import Wanted, plan
from app.reports.service.formats import writer
from app.reports.service.making import context_of
from app.reports.service.running import OPERATOR, carry_out
from app.reports.service.sections import summary
from app.reports.store import runs
from app.settings import choose_workspace, settings
from tests.benchmarks.evaluation import UNTIL
from tests.browser.browsing import FLAGS, chromium
from tests.browser.test_report_page import PAINTED

WORKSPACE = "bench_reports"
QUARTER = "2026Q3"
LARGEST_MB = 8.0
FLAT = 1.25
"""Memory of the whole atlas over that of a sixth of it."""

LARGEST = """
SELECT left(code, 9) AS code, count(*) AS cells, sum(count(*)) OVER () AS whole FROM areas WHERE level = 'cell'
GROUP BY 1 ORDER BY 2 DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Line:
    """What was measured, and its bar."""

    name: str
    value: float
    unit: str
    bar: float

    @property
    def passes(self) -> bool:
        """Whether it is within its bar."""
        return self.value <= self.bar


def main(argv: list[str]) -> int:
    """Make the reports and hold them to their bars; the exit status is 1 where one is missed."""
    parser = argparse.ArgumentParser(prog="bench reports", description=__doc__)
    parser.add_argument("--cases", type=int, default=20_500, help="cases of the simulated year")
    given = parser.parse_args(argv)
    choose_workspace(WORKSPACE)
    url = prepare().url
    try:
        load(url, "small", UNTIL, lambda *_: None, cases=given.cases)
        with transaction(url, read_only=True) as connection:
            largest = connection.exec_driver_sql(LARGEST).one()
        lines = [*quarters(url, largest.code), *page(url), *atlas(url, largest)]
    finally:
        engine(url).dispose()
        prepared = prepare()
        if prepared.cluster is not None:
            drop_database(prepared.cluster.url(), settings().database_name)
    return _judge(lines)


def quarters(url: str, code: str) -> list[Line]:
    """The paper of a quarter, of the subdistrict with the most cells and of the district."""
    made(url, Wanted("quarterly", code, QUARTER, ("pdf",)))  # modules and faces are loaded once
    return [
        Line("quarter of a subdistrict, PDF", timed(url, code), "s", 5),
        Line("quarter of the district, PDF", timed(url, ""), "s", 10),
    ]


def timed(url: str, scope: str) -> float:
    """Seconds of making a quarterly report, the median of three."""
    found = []
    for _ in range(3):
        began = time.perf_counter()
        made(url, Wanted("quarterly", scope, QUARTER, ("pdf",)))
        found.append(time.perf_counter() - began)
    return sorted(found)[1]


def made(url: str, wanted: Wanted) -> dict[str, Any]:
    """A run that is asked, made and kept."""
    with transaction(url, actor=OPERATOR, read_only=True) as connection:
        planned = plan(connection, the_district(connection), wanted)
    with transaction(url) as connection:
        run_id = runs.add(connection, **planned, client_id=uuid.uuid4(), account_id=None, queued=True)
        runs.begin(connection, run_id)
        record = runs.one(connection, run_id)
    assert record is not None
    carry_out(url, record)
    with transaction(url, read_only=True) as connection:
        record = runs.one(connection, run_id)
    if record is None or record["state"] != "done" or record["failed"]:
        raise SystemExit(f"not made: {record and (record['problem'], record['failed'])}")
    return record


def page(url: str) -> list[Line]:
    """A page with a map of all cells and a mark for each case: its size, and when all of it is seen."""
    with transaction(url, actor=OPERATOR, read_only=True) as connection:
        district = the_district(connection)
        context = context_of(
            connection, district, plan(connection, district, Wanted("quarterly", "", QUARTER))
        )
        rows = connection.exec_driver_sql(
            "SELECT ST_X(geom), ST_Y(geom), number FROM cases WHERE geom IS NOT NULL ORDER BY id LIMIT 20000"
        ).all()
        drawn = summary.reported_map(context)
    marks = Marks("案件", tuple((lon, lat) for lon, lat, _ in rows), tuple(str(no) for *_, no in rows))
    shown = replace(drawn, layers=(drawn.layers[0], marks, drawn.layers[-1]))
    report = Report(
        kind="selection", title="案件", subtitle="", issuer="x", scope="530103", since_on=context.since_on,
        until_on=context.until_on, locale="zh_CN", sections=(Section("map", "案件", (shown,)),),
        provenance=Provenance(context.known_at, context.timezone, "selection", 1, {"reported": len(rows)}),
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        (path,) = writer(Format.HTML)(report, Path(folder), "cases")
        name = f"page of {len(rows):,} cases"
        return [
            Line(name, path.stat().st_size / 1e6, "MB", LARGEST_MB),
            Line(f"{name}, all of it seen", _seen_s(path), "s", 2),
        ]


def _seen_s(path: Path) -> float:
    """Seconds until the map of a page is seen whole, the network cut; the median of three."""
    with sync_playwright() as playing:
        browser = playing.chromium.launch(executable_path=chromium(), args=FLAGS)
        found = []
        for _ in range(3):
            opened = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True).new_page()
            opened.add_init_script(PAINTED)
            opened.goto(path.as_uri())
            ready = opened.locator(".folium-map[data-painted]").first
            found.append(float(ready.get_attribute("data-painted", timeout=60_000) or "inf") / 1000)
        browser.close()
    return sorted(found)[1]


def atlas(url: str, largest: Any) -> list[Line]:
    """The atlas of the subdistrict with the most cells, then that of the district: seconds and memory."""
    few = measured(url, largest.code)[1]
    taken, whole = measured(url, "")
    print(
        f"held at most by all processes: {few:,.0f} MiB with {largest.cells} sheets, {whole:,.0f} with {largest.whole}"
    )
    return [
        Line(f"atlas of {largest.whole} sheets", taken, "s", 120),
        Line(f"its memory over that of {largest.cells} sheets", whole / few, "x", FLAT),
    ]


def measured(url: str, scope: str) -> tuple[float, float]:
    """Seconds of an atlas, and how many MiB this process and its children held at most."""
    with Watched() as watched:
        began = time.perf_counter()
        made(url, Wanted("atlas", scope, QUARTER, ("pdf",)))
        taken = time.perf_counter() - began
    return taken, watched.most / 2**20


class Watched:
    """The most that this process and its children held at once while a block ran, in bytes."""

    def __enter__(self) -> Watched:
        self.most = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        own = psutil.Process()
        while not self._ended.wait(0.1):
            held = 0
            for process in (own, *own.children(recursive=True)):
                with suppress(psutil.Error):
                    held += process.memory_info().rss
            self.most = max(self.most, held)


def _judge(lines: list[Line]) -> int:
    for line in lines:
        passed = "yes" if line.passes else "NO"
        print(f"{line.name:<45} {line.value:>10.2f} {line.unit:<3} bar {line.bar:>6g}  {passed}")
    return 0 if all(line.passes for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
