"""Loading the registry of `full`: rows a second, peak memory at a quarter, a half and the whole, and every cell.

Each part is loaded by a process of its own into an empty workspace, whose memory is then that of the loading alone.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from dataclasses import astuple
from datetime import date
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, text

from app.cli.preparing import prepare
from app.db import engine, transaction
from app.demo.service import loading
from app.demo.service.buildings import find_buildings, find_more
from app.demo.service.registry import SIZES, Size, fill
from app.grid import store as grid
from app.grid.rules import Level
from app.grid.service import the_district
from app.postgres import drop_database
from app.settings import choose_workspace, settings
from spatial.locate import Locator
from tests.benchmarks import Line, report

WORKSPACE = "bench_registry_load"
PARTS = (0.25, 0.5, 1.0)
FLAT = 1.25
"""Four times the rows may take so many times the memory."""

AT = "SELECT ST_X(geom), ST_Y(geom), area_no FROM elements WHERE geom IS NOT NULL"


def main(argv: list[str]) -> int:
    """Load the parts, one after the other."""
    parser = argparse.ArgumentParser(prog="bench registry_load", description=__doc__)
    parser.add_argument("--rows", type=int, default=SIZES["full"].persons, help="persons of the whole")
    parser.add_argument("--child", type=float, help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    choose_workspace(WORKSPACE)
    if given.child is not None:
        return _child(given.child)
    whole = given.rows / SIZES["full"].persons
    measured = {part: _measured(part * whole) for part in PARTS}
    _drop()
    for part, (rows, took, peak, wrong) in measured.items():
        print(
            f"{part:.0%}: {rows:,.0f} rows, {rows / took:,.0f} a second, {peak:,.0f} MB, {wrong:.0f} in a wrong cell"
        )
    few, many = measured[PARTS[0]], measured[PARTS[-1]]
    wrong = sum(figures[3] for figures in measured.values())
    line = Line(f"peak memory: whole; quarter x {FLAT}", many[2], few[2] * FLAT, "MB", 1.0)
    return 1 if wrong else report(f"registry with {given.rows:,} persons", [line])


def _measured(share: float) -> tuple[float, ...]:
    command = [sys.executable, "-m", "tests.benchmarks.registry_load", "--child", str(share)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return tuple(float(word) for word in done.stdout.strip().splitlines()[-1].split())


def _child(share: float) -> int:
    size = Size(*(max(1, round(count * share)) for count in astuple(SIZES["full"])))
    _drop()
    url = prepare().url
    areas, ground = (loading.read_ground(f"{name}.geojson") for name in ("areas", "ground"))
    with transaction(url) as connection:
        loading.load_territory(connection)
        district = the_district(connection)
        drawn = find_buildings(areas, ground, district.metric_srid)
        drawn = find_more(areas, ground, drawn, SIZES["full"].buildings, district.metric_srid)
        began = time.perf_counter()
        fill(connection, district, drawn, ground, size, date(2026, 11, 20))
        took = time.perf_counter() - began
        peak = _peak()
        rows = connection.execute(text("SELECT count(*) FROM elements")).scalar_one()
        wrong = _wrong(connection, district.id)
    print(rows, took, peak, wrong)
    return 0


def _peak() -> float:
    # Not getrusage: its peak is inherited from the process that started this one.
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _wrong(connection: Connection, district_id: int) -> int:
    """Elements with a point that are not in the cell that the library finds."""
    cells = grid.current_areas(connection, district_id, Level.CELL)
    rows = connection.execute(text(AT)).all()
    at = Locator(cells.shapes, cells.codes)(*np.array([row[:2] for row in rows], dtype=np.float64).T)
    root = "SELECT no FROM area_numbers WHERE district_id = :district AND parent_no IS NULL"
    outside = connection.execute(text(root), {"district": district_id}).scalar_one()
    wanted = np.where(at >= 0, np.asarray(cells.nos)[at], outside)
    return int((wanted != np.array([row[2] for row in rows], dtype=np.int64)).sum())


def _drop() -> None:
    prepared = prepare()
    engine(prepared.url).dispose()
    if prepared.cluster is not None:
        drop_database(prepared.cluster.url(), settings().database_name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
