"""P9: local Moran and Gi* of 610 cells with 999 permutations, beside esda with numba.

Values, and neighbours in the form that each side wants, are there before the clock starts (`tests.benchmarks.peering`).
The answers are compared before anything is timed: statistics to rounding, p-values to what two sets of permutations may
differ by.

The peer is installed into an environment of its own, of the versions below; with --python it is taken from elsewhere.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np

from spatial.neighbours import from_areas
from tests.benchmarks import Line, interleaved, report
from tests.benchmarks.locate import AREAS, read_cells
from tests.benchmarks.peering.sides import Side, install, start_both

PEER = ("esda==2.9.0", "libpysal==4.14.1", "numba==0.68.1")
VERBS = {"local_moran": "local Moran", "gi_star": "Gi*", "moran": "Moran's I"}
BARRED = ("local_moran", "gi_star")
FIRST_BAR, WARM_BAR = 10.0, 1 / 1.5
METRIC = 4544
COMPARED = 9_999
"""Permutations of the comparison."""
STRAYS = 5.0
"""Standard errors that one of some hundred p-values of two runs may differ by."""
SEED = 20240101


def main(argv: list[str]) -> int:
    """Compare answers, then first calls, warm calls and memory."""
    parser = argparse.ArgumentParser(prog="bench hotspots", description=__doc__)
    parser.add_argument(
        "--cells", type=Path, default=AREAS, help="a layer of areas; by default Panlong's cells"
    )
    parser.add_argument("--permutations", type=int, default=999)
    parser.add_argument("--fresh", type=int, default=3, help="fresh processes a side")
    parser.add_argument("--repeat", type=int, default=15, help="warm calls a side")
    parser.add_argument("--python", type=Path, help="an interpreter that has the peer")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python = options.python or install(folder, PEER)
        if python is None:
            return 1
        cells = write_layer(options.cells, folder / "layer.npz")
        with ExitStack() as stack:
            sides = start_both(stack, "hotspots", "esda", python, folder / "layer.npz")
            for verb in VERBS:
                compare(sides, verb, folder)
        lines = [line for verb in VERBS for line in measure(python, folder, verb, options)]
    title = f"hot spots: {cells} cells, {options.permutations} permutations; peer: {', '.join(PEER)}"
    return report(title, lines)


def write_layer(path: Path, into: Path) -> int:
    """Write rates that lie in clusters, and which cells touch; the answer is how many cells there are.

    Rates and not counts: of sums that tie with the observed one, the peer counts none to the lower tail.
    """
    shapes, _ = read_cells(path)
    layer = gpd.GeoSeries(shapes, crs=4490).to_crs(METRIC)
    neighbours = from_areas(layer, gap_m=0.01)
    rng = np.random.default_rng(SEED)
    smooth = rng.gamma(2, 2, len(layer))
    for _ in range(3):
        smooth = (smooth + neighbours.weighted("row").around(smooth)) / 2
    once = neighbours.rows < neighbours.cell
    pairs = np.column_stack((neighbours.rows[once], neighbours.cell[once]))
    households = rng.uniform(300, 500, len(layer))
    np.savez(into, values=rng.poisson(3 * smooth) / households, pairs=pairs)
    return len(layer)


def compare(sides: tuple[Side, Side], verb: str, folder: Path) -> None:
    """End here where the answers differ."""
    found: list[Any] = []
    for number, side in enumerate(sides):
        side.ask(verb, folder / f"answer{number}.npz", permutations=COMPARED, seed=SEED)
        found.append(np.load(folder / f"answer{number}.npz"))
    ours, peer = found
    off = float(np.abs(ours["value"] - peer["value"]).max())
    mean = (ours["p"] + peer["p"]) / 2
    error = np.sqrt(2 * np.maximum(mean * (1 - mean), 1 / COMPARED) / COMPARED)
    stray = float((np.abs(ours["p"] - peer["p"]) / error).max())
    if off > 1e-9 or stray > STRAYS:
        raise SystemExit(f"{verb}: statistics differ by {off:.2g}, p-values by {stray:.1f} standard errors")
    print(
        f"{verb}: statistics agree to {off:.1g}, p-values to {stray:.1f} standard errors of {COMPARED} shuffles"
    )


def measure(python: Path, folder: Path, verb: str, options: argparse.Namespace) -> list[Line]:
    """First calls and memory in fresh processes, then warm calls of the last two in turn."""
    given = {"permutations": options.permutations, "seed": SEED}
    firsts: list[tuple[dict[str, float], dict[str, float]]] = []
    for last in range(options.fresh, 0, -1):
        with ExitStack() as stack:
            ours, peer = start_both(stack, "hotspots", "esda", python, folder / "layer.npz")
            firsts.append((ours.ask(verb, **given), peer.ask(verb, **given)))
            if last == 1:
                warm = interleaved(
                    lambda ours=ours: ours.ask(verb, **given)["seconds"],
                    lambda peer=peer: peer.ask(verb, **given)["seconds"],
                    options.repeat,
                )
    bars = (FIRST_BAR, WARM_BAR) if verb in BARRED else (None, None)
    first, mib = (
        [statistics.median(pair[side][key] for pair in firsts) for side in (0, 1)]
        for key in ("seconds", "mib")
    )
    name = VERBS[verb]
    return [
        Line(f"{name}, first call", *first, "s", bars[0]),
        Line(f"{name}, warm", *warm, "s", bars[1]),
        Line(f"{name}, first call, memory", *mib, "MiB"),
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
