"""Reports of a simulated district: how long the paper of a quarter takes, the atlas of all cells, and a page of 20,000 cases.

Everything is done as the worker does it: asked, made under row security, written, put on the shelf, kept. Each line is
held to its bar. The atlas is made twice, of a hundred cells and of all, for its memory must not grow with its sheets.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.cli.preparing import prepare
from app.db import engine, transaction
from app.demo.service import load
from app.grid.service import the_district
from app.postgres import drop_database
from app.reports.rules.blocks import Map
from app.reports.rules.formats import Format
from app.reports.rules.maps import Marks
from app.reports.service.asking import Wanted, plan
from app.reports.service.formats import writer
from app.reports.service.running import OPERATOR, carry_out
from app.reports.store import runs
from app.settings import choose_workspace, settings
from tests.benchmarks.evaluation import UNTIL

WORKSPACE = "bench_reports"
QUARTER = "2026Q3"
MARKS = 20_000
HTML_MIB = 8.0


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
    parser.add_argument("--cases", type=int, default=20_000, help="cases of the simulated year")
    parser.add_argument("--skip-atlas", action="store_true")
    given = parser.parse_args(argv)
    choose_workspace(WORKSPACE)
    url = prepare().url
    try:
        load(url, "small", UNTIL, lambda *_: None, cases=given.cases)
        lines = [*quarters(url), *page(url)]
        if not given.skip_atlas:
            lines += atlas(url)
    finally:
        engine(url).dispose()
        prepared = prepare()
        if prepared.cluster is not None:
            drop_database(prepared.cluster.url(), settings().database_name)
    return _judge(lines)


def quarters(url: str) -> list[Line]:
    """The paper of a quarter, of the subdistrict with the most cells and of the district."""
    with transaction(url, read_only=True) as connection:
        cells = connection.exec_driver_sql(
            "SELECT left(code, 9), count(*) FROM areas WHERE level = 'cell' GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
        ).one()
    made(url, Wanted("quarterly", cells[0], QUARTER, ("pdf",)))  # modules and faces are loaded once
    return [
        Line("quarter of a subdistrict, PDF", timed(url, cells[0]), "s", 5),
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
    if record is None or record["state"] != "done":
        raise SystemExit(f"not made: {record and record['problem']}")
    return record
