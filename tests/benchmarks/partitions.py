"""Whole-layer verbs over a province in 1, 2, 4, 8 and 16 districts, on one process and on clusters of 1 and 2 workers.

The province is the same each time: Panlong's cells laid down sixteen times side by side, and as many cases as are asked
for. In fewer districts, each has more of them. Every cluster's answers are held against those of one process without
Dask, and have to be the same to the last bit, before any figure is printed. A figure is a whole run: the files are
read, cases located and written with their cells, cells rated and searched for hot spots month by month, and the tables
come back; a cluster's start is told by itself. Memory is the largest peak of any process that worked.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import dask
import dask_geopandas
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from distributed import Client, LocalCluster
from pandas.testing import assert_frame_equal

from spatial.partitions import each, find_hot_spots, locate_cases, rate_cells, read, write
from tests.benchmarks import memory, seconds
from tests.benchmarks.locate import AREAS, ROOT, read_cells, scatter

TOWNS = 16
COUNTS = (1, 2, 4, 8, 16)
WORKERS = (1, 2)
METRIC, APART_M = 4544, 60_000
SEED = 20240101
VERBS: dict[str, tuple[Any, dict[str, Any]]] = {
    "locate": (locate_cases, {}),
    "rates": (rate_cells, {}),
    "hot spots": (
        find_hot_spots,
        {"since": "2024-01-01", "until": "2024-12-31", "permutations": 999, "seed": SEED},
    ),
}
Layers = tuple[Any, Any]


def main(argv: list[str]) -> int:
    """Compare answers, then wall time and memory."""
    parser = argparse.ArgumentParser(prog="bench partitions", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--districts", type=int, nargs="+", default=COUNTS, choices=COUNTS)
    parser.add_argument("--alone", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.alone:
        print(*by_itself(options.alone))
        return 0
    cases, cells = province(options.cases)
    print(
        f"{len(cases):,} cases, {len(cells):,} cells, twelve months, 999 permutations; seconds and MiB a process"
    )
    print(f"{'districts':>9} {'one process':>20} {'1 worker':>20} {'2 workers':>20} {'start of 2':>10}")
    for count in options.districts:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for layer, kind in ((cases, "cases"), (cells, "cells")):
                write(layer.assign(district=districts(layer["town"], count)), folder / kind)
            print(f"{count:>9} {compare(folder, options.repeat)}", flush=True)
    return 0


def province(count: int) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Cases and cells of sixteen towns in four rows, each of them Panlong's cells."""
    shapes, codes = read_cells(AREAS)
    plane = gpd.GeoSeries(shapes, crs=4490).to_crs(METRIC).to_numpy()
    rng = np.random.default_rng(SEED)
    cells, cases = [], []
    for town in range(TOWNS):
        shift = np.array(divmod(town, 4)) * APART_M
        xy = scatter(plane, count // TOWNS) + shift
        cells.append(
            gpd.GeoDataFrame(
                {
                    "code": [f"{town:02d}{code}" for code in codes],
                    "households": rng.integers(300, 500, len(plane)),
                    "town": town,
                },
                geometry=shapely.transform(plane, lambda at, shift=shift: at + shift),
                crs=METRIC,
            )
        )
        at = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 366 * 24, len(xy)), unit="h")
        cases.append(
            gpd.GeoDataFrame(
                {"reported_at": at, "town": town}, geometry=gpd.points_from_xy(*xy.T), crs=METRIC
            )
        )
    return pd.concat(cases, ignore_index=True), pd.concat(cells, ignore_index=True)


def districts(town: pd.Series, count: int) -> pd.Series:
    """The district of each town, where there are so many."""
    return (town * count // TOWNS).map(lambda number: f"5301{number:02d}")


def compare(folder: Path, repeat: int) -> str:
    """A line of the table."""
    expected = answers(load(folder), folder / "expected")
    figures = [[float(part) for part in alone(folder).split()] for _ in range(repeat)]
    told = [_told(*map(statistics.median, zip(*figures, strict=True)))]
    for workers in WORKERS:
        begun = time.perf_counter()
        with (
            LocalCluster(
                n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
            ) as cluster,
            Client(cluster) as client,
        ):
            frames = read(folder / "cases"), read(folder / "cells")
            client.run(lambda: __import__("spatial.partitions"))
            start = time.perf_counter() - begun
            for name, answer in answers(frames, folder / "located").items():
                assert_frame_equal(answer, expected[name], check_exact=True)
            assert_frame_equal(located(folder / "located"), located(folder / "expected"), check_exact=True)
            times = [
                seconds(lambda frames=frames: answers(frames, folder / "located")) for _ in range(repeat)
            ]
            told.append(_told(statistics.median(times), max(client.run(memory, "VmHWM").values())))
    return " ".join(f"{one:>20}" for one in told) + f" {start:>8.1f} s"


def _told(taken: float, mib: float) -> str:
    return f"{taken:.2f} s {mib:,.0f} MiB"


def load(folder: Path) -> Layers:
    """Both layers as a whole, in memory."""
    cases, cells = (
        pd.concat([gpd.read_parquet(path) for path in sorted((folder / kind).glob("*.parquet"))])
        for kind in ("cases", "cells")
    )
    return cases, cells


def answers(layers: Layers, into: Path) -> dict[str, pd.DataFrame]:
    """The tables of every verb; cases with their cells are written, as they would be at this size."""
    asked = {name: each(verb, *layers, **given) for name, (verb, given) in VERBS.items()}
    write(asked.pop("locate"), into, replace=True)
    # One question for all tables: a district's file is read once.
    found = (
        dask.compute(*asked.values())
        if isinstance(layers[0], dask_geopandas.GeoDataFrame)
        else asked.values()
    )
    return dict(zip(asked, found, strict=True))


def located(folder: Path) -> pd.DataFrame:
    """What was written, district by district."""
    return pd.concat([gpd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))])


def alone(folder: Path) -> str:
    """Seconds and MiB of a fresh process without Dask."""
    command = [sys.executable, "-m", "tests.benchmarks.partitions", "--alone", folder]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def by_itself(folder: Path) -> tuple[float, float]:
    """Read and answer in this process."""
    return seconds(lambda: answers(load(folder), folder / "alone")), memory("VmHWM")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
