"""Resolving addresses among 400,000 places: by name, by parts down to the flat, and with a wrong letter; p95 each."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date

import numpy as np
from sqlalchemy import Connection

from app.cli.preparing import prepare
from app.db import transaction
from app.demo.service import loading
from app.grid import store as grid
from app.grid.rules import Level
from app.grid.service import the_district
from app.registry.rules.kinds import ElementKind
from app.registry.service.addressing import resolve
from app.registry.service.types import add_reference_types
from app.registry.store import addresses, bulk
from app.registry.store.bulk import Column, ElementRows, Ids, Origin
from app.settings import choose_workspace
from tests.benchmarks import Line, report
from tests.benchmarks.registry_load import _drop

WORKSPACE = "bench_addresses"
BAR_MS = 100
HOUSES = 30
"""Buildings of a compound."""
LETTERS = list("江东文艺白塔联盟金菊盘云山水春晓翠湖北辰华青拓龙泉松鼓楼")
WORK = ("a flat by its parts", "a street and number", "a name with a wrong letter", "a compound")


def main(argv: list[str]) -> int:
    """Fill a registry, and ask it."""
    parser = argparse.ArgumentParser(prog="bench addresses", description=__doc__)
    parser.add_argument("--rows", type=int, default=400_000, help="places")
    parser.add_argument("--asked", type=int, default=400, help="addresses")
    given = parser.parse_args(argv)
    choose_workspace(WORKSPACE)
    _drop()
    url = prepare().url
    rng = np.random.default_rng(6)
    with transaction(url) as connection:
        compounds = _fill(connection, rng, given.rows)
    with transaction(url) as connection:
        took, missed = _ask(connection, rng, compounds, given.asked)
    _drop()
    lines = [
        Line(f"{work}, p95", float(np.percentile(took[k], 95)), BAR_MS, "ms", 1.0)
        for k, work in enumerate(WORK)
    ]
    print(f"{missed} of {given.asked} addresses found nothing")
    return 1 if missed else report(f"addresses among {given.rows:,} places", lines)


def _fill(connection: Connection, rng: np.random.Generator, places: int) -> list[str]:
    loading.load_territory(connection)
    add_reference_types(connection)
    district = the_district(connection)
    origin = Origin(district.id, "模拟", date(2020, 1, 1), simulated=True)
    cells = grid.current_areas(connection, district.id, Level.CELL)
    points = np.array([(point.x, point.y) for point in (one.representative_point() for one in cells.shapes)])
    count = places // 200
    names = ["".join(rng.choice(LETTERS, 4)) + ("花园" if n % 2 else "小区") for n in range(count)]
    at = points[np.arange(count) % len(points)]
    inside = np.repeat(np.arange(count), HOUSES)
    streets = [f"白塔路{n + 1}号" for n in range(len(inside))]
    called = [
        f"{names[i]}{n % HOUSES + 1}栋" if i % 2 else f"{n % HOUSES + 1}栋" for n, i in enumerate(inside)
    ]
    compounds = _put(connection, origin, "compound", names, [None] * count, lon=at[:, 0], lat=at[:, 1])
    houses = _put(connection, origin, "building", called, streets, site_ids=compounds[inside])
    flats = np.arange(places - count - len(inside))
    rooms = _column([f"{n // len(houses) + 1}01" for n in flats])
    _put(
        connection, origin, "dwelling", [f"{n}" for n in flats], [None] * len(flats),
        site_ids=houses[flats % len(houses)],
        details={"entrance": _column(["1"] * len(flats)), "room": rooms},
    )  # fmt: skip
    return names


def _put(
    connection: Connection, origin: Origin, kind: str, names: list[str], at: list[str | None], **more: Column
) -> Ids:
    ids = bulk.reserve(connection, "elements", len(names))
    rows = ElementRows(
        ElementKind.PLACE, _column([kind] * len(names)), names=_column(names), addresses=_column(at), **more
    )
    bulk.add_elements(connection, origin, rows, ids)
    bulk.take_stock(connection)
    return ids


def _ask(
    connection: Connection, rng: np.random.Generator, compounds: list[str], count: int
) -> tuple[list[list[float]], int]:
    """Milliseconds of each kind of address, and how many found nothing."""
    district = the_district(connection).id
    took: list[list[float]] = [[] for _ in WORK]
    missed = 0
    for n in range(count):
        name, house = compounds[rng.integers(len(compounds))], rng.integers(HOUSES) + 1
        street = rng.integers(len(compounds) * HOUSES) + 1
        said = (f"{name}{house}栋1单元101", f"白塔路{street}号", f"{name[0]}错{name[2:]}", name)[
            n % len(WORK)
        ]
        began = time.perf_counter()
        areas = addresses.area_names(connection, district)
        _, found = resolve(connection, district, said, areas)
        took[n % len(WORK)].append((time.perf_counter() - began) * 1000)
        missed += not found
    return took, missed


def _column(values: list[str] | list[str | None]) -> Column:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
