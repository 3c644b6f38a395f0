"""Siting over 610 cells and 100 candidates, beside spopt with CBC: the same objective, then time and memory.

Demands are the district's cells with households by chance, candidates lie in a hundred of them. The peer is
installed into an environment of its own, of the versions below; with --python it is taken from elsewhere.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import geopandas as gpd
import numpy as np

from tests.benchmarks import Line, report
from tests.benchmarks.locate import AREAS, read_cells
from tests.benchmarks.peering.sides import Side, install, start_both

PEER = ("spopt==0.7.0", "pulp==3.3.2")
VERBS = {"p_median": "p-median", "maximal_cover": "maximal cover", "set_cover": "set cover"}
METRIC, SEED = 4544, 20240101
CANDIDATES, SITES = 100, 12
SAME = 1e-6
"""Share by which two proved objectives may differ: what the peer's solver calls optimal."""


def main(argv: list[str]) -> int:
    """Compare objectives, then time and memory."""
    parser = argparse.ArgumentParser(prog="bench siting", description=__doc__)
    parser.add_argument(
        "--cells", type=Path, default=AREAS, help="a layer of areas; by default Panlong's cells"
    )
    parser.add_argument("--repeat", type=int, default=3, help="calls a side")
    parser.add_argument("--python", type=Path, help="an interpreter that has the peer")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        python = options.python or install(folder, PEER)
        if python is None:
            return 1
        cells, limit = write(options.cells, folder / "towns.npz")
        sides = start_both(stack, "siting", "spopt", python, folder / "towns.npz")
        lines = [line for verb in VERBS for line in measure(sides, verb, folder, options.repeat)]
    title = f"siting: {cells} cells, {CANDIDATES} candidates, {SITES} sites, near is {limit:,.0f} m"
    return report(f"{title}; peer: {', '.join(PEER)}", lines)


def write(path: Path, into: Path) -> tuple[int, float]:
    """Write ways from the cells to candidates among them, and households.

    The answer is how many cells there are, and how many metres are near enough for everybody to be near a candidate.
    """
    shapes, _ = read_cells(path)
    at = gpd.GeoSeries(shapes, crs=4490).to_crs(METRIC).representative_point()
    xy = np.column_stack((at.x, at.y))
    rng = np.random.default_rng(SEED)
    may = rng.choice(len(xy), CANDIDATES, replace=False)
    away = np.hypot(*(xy[:, None] - xy[may][None]).T).T
    limit = float(away.min(axis=1).max())
    people = rng.integers(300, 500, len(xy)).astype(float)
    np.savez(into, away=away, people=people, count=SITES, limit=limit)
    return len(xy), limit


def measure(sides: tuple[Side, Side], verb: str, folder: Path, repeat: int) -> list[Line]:
    """Calls in turn, the answers of the first compared; ends here where they differ."""
    found = []
    for number, side in enumerate(sides):
        side.ask(verb, folder / f"answer{number}.npz")
        found.append(float(np.load(folder / f"answer{number}.npz")["value"]))
    if abs(found[0] - found[1]) > SAME * abs(found[1]):
        raise SystemExit(f"{verb}: the objectives differ, {found[0]} and {found[1]}")
    print(f"{verb}: both {found[0]:.6g}")
    figures = [[side.ask(verb) for side in sides] for _ in range(repeat)]
    time, size = (
        [statistics.median(one[side][key] for one in figures) for side in (0, 1)]
        for key in ("seconds", "mib")
    )
    return [Line(VERBS[verb], *time, "s"), Line(f"{VERBS[verb]}, memory", *size, "MiB")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
