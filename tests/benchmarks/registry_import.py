"""Importing the registry of `full` from files: rows a second of each kind, peak memory, and every element's cell.

A quarter and the whole are written into files as `./panlong registry invent` writes them, and imported one file after
the other into an empty workspace: places with points, buildings with outlines, organisations, objects, dwellings,
persons, relations. Writing and importing are processes of their own, so that the memory is that of the importers alone.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import astuple
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.cli.preparing import prepare
from app.db import transaction
from app.demo.service import SIZES, loading, write_files
from app.demo.service.registry import Size
from app.demo.service.sheets import FIELDS, KINDS, Sheets
from app.grid.service import the_district
from app.interop.rules.relations import RELATION
from app.interop.service.elements import ElementImport, import_elements
from app.registry.rules.kinds import ElementKind
from app.registry.service.types import add_reference_types
from app.settings import choose_workspace
from app.staffing.service import add_reference_units
from tests.benchmarks import Line, report
from tests.benchmarks.registry_load import _drop, _peak, _wrong

WORKSPACE = "bench_registry_import"
PARTS = (0.25, 1.0)
FLAT = 1.25
"""Four times the rows may take so many times the memory."""
STRAYS = (
    "SELECT count(*) FROM elements e JOIN elements s ON s.id = e.site_id"
    " WHERE e.geom IS NULL AND e.area_no <> s.area_no"
)
"""What has no point of its own lies where that lies which it is in."""

REGISTERED = (
    "SELECT (SELECT count(*) FROM elements)"
    " + (SELECT count(*) FROM relations WHERE kind NOT IN ('lives_in', 'located_in'))"
)


def main(argv: list[str]) -> int:
    """Import the parts, one after the other."""
    parser = argparse.ArgumentParser(prog="bench registry_import", description=__doc__)
    parser.add_argument("--size", choices=list(SIZES), default="full")
    parser.add_argument("--write", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    choose_workspace(WORKSPACE)
    if given.write is not None:
        return _write(given.folder, given.size, given.write)
    if given.read is not None:
        return _read(given.read)
    began, told = time.perf_counter(), []
    for part in PARTS:
        with tempfile.TemporaryDirectory(prefix="panlong-bench-") as folder:
            _child("--write", str(part), "--folder", folder, "--size", given.size)
            told.append(_child("--read", folder))
    _drop()
    print(f"all in {(time.perf_counter() - began) / 60:.0f} minutes")
    for part, one in zip(PARTS, told, strict=True):
        print(f"{part:.0%}: {one['rows']:,} rows, {one['rows'] / one['seconds']:,.0f} a second, {one['peak']:,.0f} MB;"
              f" {one['wrong']} of {one['registered']:,} not in the cell of `spatial.locate`")  # fmt: skip
    line = Line(f"peak memory: whole; quarter x {FLAT}", told[-1]["peak"], told[0]["peak"] * FLAT, "MB", 1.0)
    return 1 if any(one["wrong"] for one in told) else report(f"import of {given.size}", [line])


def _child(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.registry_import", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def _write(folder: Path, size: str, share: float) -> int:
    """An empty workspace with the district and its units, and the files."""
    _drop()
    url = prepare().url
    with transaction(url) as connection:
        loading.load_territory(connection)
        add_reference_types(connection)
        add_reference_units(connection, the_district(connection).id, simulated=True)
    began = time.perf_counter()
    rows = write_files(url, folder, Size(*(max(1, round(n * share)) for n in astuple(SIZES[size]))))
    _tell(f"{share:.0%}: {sum(rows.values()):,} rows written in {time.perf_counter() - began:.0f} s")
    print(json.dumps(rows))
    return 0


def _read(folder: Path) -> int:
    url = prepare().url
    rows, seconds = 0, 0.0
    for name in FIELDS:
        kind = RELATION if name == "relations" else KINDS.get(name, ElementKind.PLACE)
        began = time.perf_counter()
        told = import_elements(url, Sheets.path(folder, name), ElementImport(kind, simulated=True))
        took = time.perf_counter() - began
        if told.added != told.rows_read:
            raise SystemExit(f"{name}: {told.added} of {told.rows_read} rows added: {told}")
        rows, seconds = rows + told.added, seconds + took
        rate = told.added / took
        _tell(f"  {name:14} {told.added:9,} rows in {took:6.1f} s, {rate:8,.0f} a second, {_peak():5.0f} MB")
    peak = _peak()
    with transaction(url) as connection:
        wrong = _wrong(connection, the_district(connection).id)
        wrong += connection.execute(text(STRAYS)).scalar_one()
        registered = connection.execute(text(REGISTERED)).scalar_one()
    assert registered == rows, (registered, rows)
    print(
        json.dumps({"rows": rows, "seconds": seconds, "peak": peak, "wrong": wrong, "registered": registered})
    )
    return 0


def _tell(line: str) -> None:
    """While it runs: the output is for the process that waits."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
