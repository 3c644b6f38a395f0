"""P5: a table of cases into the database, beside geopandas.to_postgis.

Ours begins with a CSV file and ends with validated, categorised cases that have their cell and every index of the
table of cases. The peer begins with a finished frame of the same columns in memory, and writes the bare rows with the
spatial index that it makes. Both write to the same cluster, fsync on.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import text

from app.cases.service import categories
from app.cli.preparing import prepare
from app.db import engine, transaction
from app.demo.service import loading
from app.demo.service.cases import simulate_cases
from app.interop.service import CaseImport, import_cases
from app.postgres import drop_database
from app.settings import choose_workspace, settings
from spatial.writers import CaseWriter
from tests.benchmarks import Line, interleaved, report, seconds

WORKSPACE = "bench_ingest"
SPEED_BAR = 1.5
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
        ours, peer = interleaved(lambda: _ours(whole, given.rows), lambda: _peer(frame), given.repeat)
        memory = {rows: _memory(path) for rows, path in files.items()}
    _drop()
    few, many = sorted(memory)
    return report(
        f"import of {given.rows:,} cases",
        [
            Line("CSV to located, indexed cases; to_postgis", ours, peer, "s", SPEED_BAR),
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
            writer.write(batch)
    return path


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


def _ours(path: Path, rows: int) -> float:
    url = _fresh()
    took = seconds(lambda: import_cases(url, path, CaseImport()))
    with transaction(url) as connection:
        located, count = connection.execute(text("SELECT count(cell_id), count(*) FROM cases")).one()
    assert count == rows, (count, rows)
    assert located > 0.95 * rows, located
    return took


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
