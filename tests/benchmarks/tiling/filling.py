"""A workspace with many cases, imported as a user's file would be; one in fifty is open, and due about now."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text

from app.cases.service import add_reference_cases, categories
from app.cli.preparing import prepare
from app.db import engine, transaction
from app.demo.service import loading
from app.demo.service.cases import simulate_cases
from app.grid.service import the_district
from app.interop.service import CaseImport, import_cases
from app.postgres import drop_database
from app.settings import choose_workspace, settings
from app.staffing.service import add_reference_units
from spatial.readers import CaseBatch
from spatial.writers import CaseWriter

ZONE = "Asia/Shanghai"
ONE_IN = 50
WORKING = ("reported", "registered", "dispatched", "handling", "handled")
AROUND_H = 72
"""Open cases are due so many hours before or after now."""

SEED = 61
UNITS = """
UPDATE cases SET unit_id = :first + (id % :count)::int
WHERE state IN ('dispatched', 'handling', 'handled') OR state = 'closed' AND id % 10 = 0
"""


@contextmanager
def filled(workspace: str, rows: int) -> Iterator[str]:
    """The address of a workspace of its own with so many cases; it is dropped at the end."""
    choose_workspace(workspace)
    _drop()  # what a run that was broken off has left
    try:
        url = prepare().url
        _fill(url, rows)
        yield url
    finally:
        _drop()


def _drop() -> None:
    prepared = prepare()
    engine(prepared.url).dispose()
    if prepared.cluster is not None:
        drop_database(prepared.cluster.url(), settings().database_name)


def _fill(url: str, rows: int) -> None:
    with transaction(url) as connection:
        loading.load_territory(connection)
        district = the_district(connection)
        add_reference_cases(connection, district.id)
        units = sorted(add_reference_units(connection, district.id, simulated=True).values())
    with tempfile.TemporaryDirectory(prefix="panlong-bench-") as folder:
        path = Path(folder) / "cases.csv"
        _write(path, rows)
        import_cases(url, path, CaseImport(simulated=True))
    with transaction(url) as connection:
        connection.execute(text(UNITS), {"first": units[0], "count": len(units)})
    with engine(url).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE cases"))


def _write(path: Path, rows: int) -> None:
    cells = loading.read_ground("areas.geojson")
    now = datetime.now(UTC)
    # Nothing is reported after now: what somebody then reports is the newest.
    today = now.astimezone(ZoneInfo(ZONE)).date()
    batches = simulate_cases(
        cells[cells["level"] == "cell"],
        categories(),
        count=rows,
        until=today,
        timezone=ZONE,
        seed=SEED,
        now=now,
    )
    with CaseWriter(path) as writer:
        for batch in batches:
            writer.write(_standing(batch, np.datetime64(now.replace(tzinfo=None), "us")))


def _standing(batch: CaseBatch, now: np.datetime64) -> CaseBatch:
    """The same reports, most of them dealt with after some hours, the others at work."""
    spread = _scattered(batch.row)
    work = spread % ONE_IN == 0
    turn = spread // ONE_IN
    state = np.where(work, np.array(WORKING, dtype=object)[turn % len(WORKING)], "closed")
    hour = np.timedelta64(3600, "s")
    due = now + (turn % (2 * AROUND_H) - AROUND_H) * hour
    closed = (batch.reported_at + (1 + batch.row % 60) * hour).astype("datetime64[us]")
    return replace(
        batch,
        state=state,
        due_at=np.where(work, due, batch.reported_at + 48 * hour).astype("datetime64[us]"),
        closed_at=np.where(work, np.datetime64("NaT", "us"), closed),
    )


def _scattered(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers without a pattern in them, the same every time."""
    return (numbers * 2_654_435_761 % (1 << 32)) >> 7
