"""P5: a table of cases into the database, beside geopandas.to_postgis.

Ours begins with a CSV file and ends with validated, categorised cases that have their cell, every index of the table of
cases, and each a chained row of the log. It is measured once more with the log left out, for the rows alone. The peer
begins with a finished frame of the same columns in memory, and writes the bare rows with the spatial index that it
makes. Both write to the same cluster, fsync on.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import text

from app.cases.service import categories
from app.cases.store import bulk_log
from app.cli.preparing import prepare
from app.db import engine, transaction
from app.demo.service import loading
from app.demo.service.cases import simulate_cases
from app.interop.service import CaseImport, import_cases
from app.postgres import drop_database
from app.settings import choose_workspace, settings
from spatial.readers import CaseBatch
from spatial.writers import CaseWriter
from tests.benchmarks import Line, report, seconds

WORKSPACE = "bench_ingest"
SPEED_BAR, LOG_BAR = 1.5, 0.8
"""Of the rows alone, and of the rows with their log."""

FLAT = 1.25
"""Four times the rows may take so many times the memory; far fewer do not fill the blocks that are read ahead."""


def main(argv: list[str]) -> int:
    """Compare speed, then memory."""
    parser = argparse.ArgumentParser(prog="bench ingest", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    choose_workspace(WORKSPACE)
    if given.child is not None:
        return _child(given.child)
    with tempfile.TemporaryDirectory(prefix="panlong-bench-") as folder:
        files = {rows: _file(Path(folder) / f"{rows}.csv", rows) for rows in (given.rows // 4, given.rows)}
        whole = files[given.rows]
        frame = _frame(whole)
        rounds = [
            (_ours(whole, given.rows, log=False), _ours(whole, given.rows, log=True), _peer(frame))
            for _ in range(given.repeat)
        ]
        bare, ours, peer = (statistics.median(figures) for figures in zip(*rounds, strict=True))
        memory = {rows: _memory(path) for rows, path in files.items()}
    _drop()
    few, many = sorted(memory)
    return report(
        f"import of {given.rows:,} cases",
        [
            Line("CSV to located, indexed cases; to_postgis", bare, peer, "s", SPEED_BAR),
            Line("with their chained log; to_postgis", ours, peer, "s", LOG_BAR),
            Line("microseconds a row", 1e6 * ours / given.rows, 1e6 * peer / given.rows, "us"),
            Line(
                f"peak memory: {many:,} rows; {few:,} x {FLAT}", memory[many], memory[few] * FLAT, "MB", 1.0
            ),
        ],
    )


def _file(path: Path, rows: int) -> Path:
    cells = loading.read_ground("areas.geojson")
    cells = cells[cells["level"] == "cell"]
    batches = simulate_cases(
        cells, categories(), count=rows, until=date(2026, 11, 20), timezone="Asia/Shanghai", seed=1
    )
    with CaseWriter(path) as writer:
        for batch in batches:
            writer.write(_dealt_with(batch))
    return path


def _dealt_with(batch: CaseBatch) -> CaseBatch:
    """What another system would say of the reports: closed after some hours, most of them in time."""
    count = len(batch.row)
    hours = 1 + batch.row % 60
    closed = batch.reported_at + hours * np.timedelta64(3600, "s")
    return replace(
        batch,
        state=np.full(count, "closed", dtype=object),
        due_at=batch.reported_at + np.timedelta64(2, "D"),
        closed_at=closed.astype("datetime64[us]"),
    )


def _frame(path: Path) -> geopandas.GeoDataFrame:
    table = pd.read_csv(path, dtype=str)
    for name in ("reported_at", "due_at", "closed_at"):
        table[name] = pd.to_datetime(table[name], format="ISO8601")
    lon, lat = (table.pop(name).astype(np.float64) for name in ("lon", "lat"))
    points = np.where(lon.isna(), None, shapely.points(lon, lat))
    return geopandas.GeoDataFrame(table, geometry=points, crs=4490)


def _fresh() -> str:
    """An empty workspace with the district's cells in it; its address."""
    _drop()
    url = prepare().url
    with transaction(url) as connection:
        loading.load_territory(connection)
    return url


def _drop() -> None:
    prepared = prepare()
    engine(prepared.url).dispose()
    if prepared.cluster is not None:
        drop_database(prepared.cluster.url(), settings().database_name)


def _ours(path: Path, rows: int, *, log: bool) -> float:
    url = _fresh()
    with nullcontext() if log else _no_log():
        took = seconds(lambda: import_cases(url, path, CaseImport()))
    with transaction(url) as connection:
        located, count = connection.execute(text("SELECT count(cell_id), count(*) FROM cases")).one()
        logged = connection.execute(text("SELECT count(*) FROM case_transitions")).scalar_one()
        broken = connection.execute(
            text(
                "SELECT count(*) FROM (SELECT * FROM case_transitions LIMIT 20000) t"
                " WHERE hash <> transition_hash(CAST(t AS case_transitions)) OR previous <> first_link(case_id)"
            )
        ).scalar_one()
    assert (count, logged, broken) == (rows, rows if log else 0, 0), (count, logged, broken)
    assert located > 0.95 * rows, located
    return took


@contextmanager
def _no_log() -> Iterator[None]:
    """The same import, but for the log."""
    written = bulk_log.imported
    bulk_log.imported = lambda *_, **__: memoryview(b"")
    try:
        yield
    finally:
        bulk_log.imported = written


def _peer(frame: geopandas.GeoDataFrame) -> float:
    url = _fresh()
    took = seconds(lambda: _write(frame, url))
    with transaction(url) as connection:
        count = connection.execute(text("SELECT count(*) FROM bare")).scalar_one()
    assert count == len(frame), count
    return took


def _write(frame: geopandas.GeoDataFrame, url: str) -> Any:
    with engine(url).begin() as connection:
        frame.to_postgis("bare", connection, index=False)


def _memory(path: Path) -> float:
    command = [sys.executable, "-m", "tests.benchmarks.ingest", "--child", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout.strip().splitlines()[-1])


def _child(path: Path) -> int:
    url = _fresh()
    import_cases(url, path, CaseImport())
    # Not getrusage: its peak is inherited from the process that started this one.
    status = Path("/proc/self/status").read_text()
    print(int(status.partition("VmHWM:")[2].split()[0]) / 1024)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
