"""Importing files of elements: rows a second, peak memory at a quarter, a half and the whole, and every cell.

Each part is imported by a process of its own into an empty workspace: buildings with points first, then the persons
who live in them, all from CSV.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import text

from app.cli.preparing import prepare
from app.db import transaction
from app.demo.service import loading
from app.grid import store as grid
from app.grid.rules import Level
from app.grid.service import the_district
from app.interop.service.elements import ElementImport, import_elements
from app.registry.rules.kinds import ElementKind
from app.registry.service.types import add_reference_types
from app.settings import choose_workspace
from spatial.codes import citizen_check
from tests.benchmarks import Line, report
from tests.benchmarks.registry_load import _drop, _peak, _wrong

WORKSPACE = "bench_registry_import"
PARTS = (0.25, 0.5, 1.0)
FLAT = 1.25
"""Four times the rows may take so many times the memory."""
EACH = 20
"""Persons in a building."""
GIVEN = {"legal_basis": "模拟", "retain_until_on": "2099-01-01"}


def main(argv: list[str]) -> int:
    """Import the parts, one after the other."""
    parser = argparse.ArgumentParser(prog="bench registry_import", description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000, help="persons of the whole")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    choose_workspace(WORKSPACE)
    if given.child is not None:
        return _child(given.child)
    measured = [_measured(round(given.rows * part)) for part in PARTS]
    _drop()
    for places, in_s, persons, took, peak, wrong in measured:
        print(
            f"{places:,.0f} places, {places / in_s:,.0f} a second; {persons:,.0f} persons,"
            f" {persons / took:,.0f} a second; {peak:,.0f} MB; {wrong:.0f} places in a wrong cell"
        )
    wrong = sum(figures[5] for figures in measured)
    line = Line(f"peak memory: whole; quarter x {FLAT}", measured[-1][4], measured[0][4] * FLAT, "MB", 1.0)
    return 1 if wrong else report(f"import of {given.rows:,} persons", [line])


def _measured(rows: int) -> tuple[float, ...]:
    command = [sys.executable, "-m", "tests.benchmarks.registry_import", "--child", str(rows)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return tuple(float(word) for word in done.stdout.strip().splitlines()[-1].split())


def _child(rows: int) -> int:
    _drop()
    url = prepare().url
    with transaction(url) as connection:
        loading.load_territory(connection)
        add_reference_types(connection)
        district = the_district(connection)
        cells = grid.current_areas(connection, district.id, Level.CELL)
    with tempfile.TemporaryDirectory() as folder:
        places, persons = Path(folder, "places.csv"), Path(folder, "persons.csv")
        _write(places, ("类型", "标识码", "名称", "经度", "纬度"), _places(cells.shapes, rows // EACH))
        _write(persons, ("姓名", "公民身份号码", "联系方式", "现住地址"), _persons(rows))
        began = time.perf_counter()
        import_elements(url, places, ElementImport(ElementKind.PLACE, simulated=True))
        between = time.perf_counter()
        told = import_elements(url, persons, ElementImport(ElementKind.PERSON, given=GIVEN, simulated=True))
        ended = time.perf_counter()
    assert told.added == rows
    peak = _peak()
    with transaction(url) as connection:
        wrong = _wrong(connection, district.id)
        strays = (
            "SELECT count(*) FROM elements e JOIN elements s ON s.id = e.site_id WHERE e.area_no <> s.area_no"
        )
        wrong += connection.execute(text(strays)).scalar_one()
    print(rows // EACH, between - began, rows, ended - between, peak, wrong)
    return 0


def _write(path: Path, header: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def _places(shapes: np.ndarray, count: int) -> Iterator[tuple[object, ...]]:
    """Buildings in the cells, one after the other, each near a point that is surely inside."""
    rng = np.random.default_rng(6)
    for n in range(count):
        point = shapes[n % len(shapes)].representative_point()
        east, north = rng.normal(0, 2e-4, 2)
        inside = shapes[n % len(shapes)].buffer(0).contains(type(point)(point.x + east, point.y + north))
        lon, lat = (point.x + east, point.y + north) if inside else (point.x, point.y)
        yield "楼栋", f"BENCH-{n}", f"模拟{n}栋", f"{lon:.7f}", f"{lat:.7f}"


def _persons(count: int) -> Iterator[tuple[object, ...]]:
    first = date(1940, 1, 1)
    for n in range(count):
        body = f"530199{first + timedelta(days=n // 900):%Y%m%d}{n % 900 + 1:03d}"
        yield f"模拟{n}", body + citizen_check(body), f"199{n:08d}", f"BENCH-{n // EACH}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
