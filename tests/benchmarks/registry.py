"""The registry at its full scale: what eight people who ask at once wait for, beside the bars.

The demo of `full` size with so many cases, all its staff, and the program's own server. People of four kinds of
territories ask in no order for neighbourhoods to depth 2 and 3, three in ten of them of compounds, property companies
and whatever else is tied to much; by words for names, fragments, addresses, codes and what is nowhere; and for cards of
cells. Each client asks anew as soon as it is answered. Answers are first compared with plain SQL.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence

import numpy as np
from sqlalchemy import text

from app.cases.store.searching import index_words
from app.cli.preparing import prepare
from app.db import engine, transaction
from app.demo.service import SIZES, load, staff
from app.factory import create_app
from app.postgres import drop_database
from app.settings import choose_workspace, settings
from tests.benchmarks import Line, report
from tests.benchmarks.registering import asking, checking
from tests.benchmarks.tiling import serving

WORKSPACE = "bench_registry"
BARS_MS = {
    "neighbourhood to depth 2": 50.0,
    "neighbourhood to depth 3": 200.0,
    "search over everything": 100.0,
    "search in the registry": 100.0,
    "search for a person": 100.0,
    "cell card": 150.0,
}
CLIENTS, CHECKED, WARMED = 8, 12, 40
SEED = 530
STOCK = "VACUUM ANALYZE elements, relations, places, persons, organisations, city_objects, households, cases"


def main(argv: list[str]) -> int:
    """Fill a workspace, check answers, and time them."""
    parser = argparse.ArgumentParser(prog="bench registry", description=__doc__)
    parser.add_argument("--size", choices=list(SIZES), default="full")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--each", type=int, default=400, help="questions of each kind")
    parser.add_argument(
        "--keep", action="store_true", help="keep the workspace, and use the one that is there"
    )
    given = parser.parse_args(argv)
    choose_workspace(WORKSPACE)
    if not given.keep:
        _drop()
    url = prepare().url
    try:
        _fill(url, given.size, given.cases)
        return _measure(url, given.each)
    finally:
        engine(url).dispose()
        if not given.keep:
            _drop()


def _fill(url: str, size: str, cases: int) -> None:
    with transaction(url, read_only=True) as connection:
        if connection.execute(text("SELECT EXISTS (SELECT FROM elements)")).scalar_one():
            return
    began = time.perf_counter()
    load(url, size, None, lambda *_: None, cases=cases)
    staff(url)
    with transaction(url) as connection:
        index_words(connection)  # as the jobs do after a load
    with engine(url).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(STOCK))
    print(f"filled in {time.perf_counter() - began:.0f} s", flush=True)


def _measure(url: str, each: int) -> int:
    readers = asking.readers(url, create_app(url))
    with transaction(url, read_only=True) as connection:
        of = [asking.known(connection, reader) for reader in readers]
        told = connection.execute(text("SELECT kind, count(*) FROM elements GROUP BY 1 ORDER BY 2 DESC"))
        print(", ".join(f"{row.count:,} {row.kind}" for row in told), f"; {len(readers)} people")
    rng = np.random.default_rng(SEED)
    with serving.ours(url) as port:
        asked = asking.requests(of, each, rng)
        with transaction(url, read_only=True) as connection:
            right = checking.check(connection, port, asking.requests(of, CHECKED, rng))
        print("right beside plain SQL:", ", ".join(f"{n} x {kind}" for kind, n in right.items()), flush=True)
        serving.load(port, [one.sent for one in asking.requests(of, WARMED, rng)], CLIENTS, {})
        alone = {kind: [one for one in asked if one.kind == kind] for kind in BARS_MS}
        loads = {
            kind: serving.load(port, [one.sent for one in those], CLIENTS, {})
            for kind, those in alone.items()
        }
        mixed = serving.load(port, [one.sent for one in asked], CLIENTS, {})
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    lines = []
    for kind, bar in BARS_MS.items():
        times = [ms for one, ms in zip(asked, mixed.times, strict=True) if one.kind == kind]
        print(f"{kind:28} alone {_told(loads[kind])}; among all p50, 95, 99 {_spread(times)} ms")
        lines.append(Line(f"{kind}, p95", float(np.percentile(loads[kind].times, 95)), bar, "ms", 1.0))
    print(f"all at once: {_told(mixed)}")
    return report(f"registry, {CLIENTS} clients", lines)


def _told(loaded: serving.Loaded) -> str:
    assert set(loaded.statuses) == {"200"}, loaded.statuses
    size = loaded.bytes / len(loaded.times) / 1000
    spread = f"p50, 95, 99 {_spread(loaded.times)} ms"
    return f"{loaded.rate:.0f}/s of {size:.1f} kB, {spread}, clients {loaded.cpu:.2f} cores"


def _spread(times: Sequence[float]) -> str:
    return ", ".join(f"{p:.0f}" for p in np.percentile(times, [50, 95, 99]))


def _drop() -> None:
    prepared = prepare()
    engine(prepared.url).dispose()
    if prepared.cluster is not None:
        drop_database(prepared.cluster.url(), settings().database_name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
