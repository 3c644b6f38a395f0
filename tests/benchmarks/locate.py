"""P4: points to cells, beside geopandas.sjoin.

Both begin with the same things: arrays of longitudes and latitudes, and the cells' geometries. A first call, in a
fresh process that has imported what it needs, is all that leads from there to the answer; for sjoin that is a frame
of points, a frame of cells, and the join. A warm call is the join alone. The tie rule is never charged to sjoin.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

from spatial.coverage import shared_edges
from spatial.locate import Locator
from tests.benchmarks import Line, interleaved, memory, report, reset_peak, seconds
from tests.spatial.coverages import edge_and_corner_points, voronoi

ROOT = Path(__file__).parents[2]
AREAS = ROOT / "data/panlong/areas.geojson"
WARM_BAR, FIRST_BAR, MEMORY_BAR = 15.0, 3.0, 1.0
SEED = 20240101


def main(argv: list[str]) -> int:
    """Compare answers, then speed and memory."""
    parser = argparse.ArgumentParser(prog="bench locate", description=__doc__)
    parser.add_argument("--points", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument(
        "--cells", type=Path, default=AREAS, help="a layer of areas; by default Panlong's cells"
    )
    parser.add_argument("--child", nargs=2, metavar=("WHO", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.child:
        print(json.dumps(first_call(options.child[0], Path(options.child[1]))))
        return 0
    cells, codes = read_cells(options.cells)
    lines = [line for count in options.points for line in compare(cells, codes, count, options.repeat)]
    vertices = int(shapely.get_num_coordinates(cells).sum())
    title = f"points to cells: {len(cells)} cells, {vertices} vertices; peer: geopandas.sjoin {geopandas.__version__}"
    return report(title, lines)


def read_cells(path: Path) -> tuple[NDArray[np.object_], NDArray[Any]]:
    """The cells of a layer, or where it is not there, 610 made-up ones with winding borders."""
    if path.exists():
        frame = geopandas.read_file(path)
        frame = frame[frame["level"] == "cell"] if "level" in frame else frame
        column = frame.get("code", frame.index)
        return frame.geometry.to_numpy(), column.astype(str).to_numpy(dtype=object)
    lines = shapely.segmentize(shared_edges(voronoi(610, seed=SEED)).lines, 1 / 700)
    winding = shapely.transform(lines, lambda xy: xy + np.sin(xy[:, ::-1] * 900) / 6_000)
    cells = shapely.get_parts(shapely.polygonize(winding))
    cells = shapely.transform(cells, lambda xy: xy * 0.4 + (102.65, 25.0))
    order = np.random.default_rng(SEED).permutation(len(cells))
    return cells, np.array([f"{n:015d}" for n in order], dtype=object)


def scatter(cells: NDArray[np.object_], count: int) -> NDArray[np.float64]:
    """Array (count, 2): clusters around a tenth of the cells, 2 % on edges and corners, 1 % anywhere around."""
    rng = np.random.default_rng(SEED)
    centres = shapely.get_coordinates(shapely.centroid(cells))
    seats = centres[rng.choice(len(centres), max(len(centres) // 10, 1), replace=False)]
    west, south, east, north = shapely.total_bounds(cells)
    spread = np.sqrt((east - west) * (north - south) / len(cells))
    at = rng.integers(0, len(seats), count)
    xy = seats[at] + rng.normal(0, 1, (count, 2)) * spread * rng.choice([0.3, 1, 3], (count, 1))
    ties = edge_and_corner_points(cells)
    some = rng.random(count)
    xy[some < 0.02] = ties[rng.integers(0, len(ties), (some < 0.02).sum())]
    stray = some > 0.99
    xy[stray] = rng.uniform(
        (west - spread, south - spread), (east + spread, north + spread), (stray.sum(), 2)
    )
    return xy


def compare(cells: NDArray[np.object_], codes: NDArray[Any], count: int, repeat: int) -> list[Line]:
    """Check that the answers agree on every point, then time first calls, warm calls and memory."""
    xy = scatter(cells, count)
    x, y = np.ascontiguousarray(xy.T)
    points, areas = frames(x, y, cells, codes)
    locator = Locator(cells, codes)
    differ = int((locator(x, y) != by_sjoin(points, areas)).sum())
    if differ:
        raise SystemExit(f"{differ} of {count} points lie in another cell by geopandas.sjoin")
    ours, peer = interleaved(
        lambda: seconds(lambda: locator(x, y)), lambda: seconds(lambda: sjoin(points, areas)), repeat
    )
    lines = [Line(f"{count:,} points, warm", ours, peer, "s", WARM_BAR if count >= 1_000_000 else None)]
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder, "points.npy"), np.stack((x, y)))
        np.save(Path(folder, "cells.npy"), np.array(shapely.to_wkb(cells), dtype=object), allow_pickle=True)
        np.save(Path(folder, "codes.npy"), codes, allow_pickle=True)
        runs = [(in_child("ours", folder), in_child("peer", folder)) for _ in range(max(repeat // 2, 3))]
    for key, name, unit, bar in (
        ("seconds", "first call", "s", FIRST_BAR), ("mib", "first call, memory", "MiB", MEMORY_BAR)
    ):  # fmt: skip
        figures = [float(np.median([run[who][key] for run in runs])) for who in (0, 1)]
        lines.append(Line(f"{count:,} points, {name}", *figures, unit, bar))
    return lines


def frames(x: Any, y: Any, cells: Any, codes: Any) -> tuple[geopandas.GeoDataFrame, geopandas.GeoDataFrame]:
    """What sjoin asks for."""
    points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(x, y), crs=4490)
    return points, geopandas.GeoDataFrame({"code": codes}, geometry=cells, crs=4490)


def sjoin(points: geopandas.GeoDataFrame, areas: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """The peer."""
    return geopandas.sjoin(points, areas, how="left", predicate="intersects")


def by_sjoin(points: geopandas.GeoDataFrame, areas: geopandas.GeoDataFrame) -> NDArray[np.int64]:
    """The peer's answer with the tie rule: of the cells that it finds, the one with the smallest code."""
    joined = sjoin(points, areas).sort_values("code", kind="stable")
    first = joined[~joined.index.duplicated()].sort_index()
    return first["index_right"].fillna(-1).to_numpy(dtype=np.int64)


def in_child(who: str, folder: str) -> dict[str, float]:
    """A first call in a fresh process."""
    command = [sys.executable, "-m", "tests.benchmarks.locate", "--child", who, folder]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def first_call(who: str, folder: Path) -> dict[str, float]:
    """Seconds of a first call, and MiB by which it raised the peak of the process."""
    x, y = np.load(folder / "points.npy")
    cells = shapely.from_wkb(np.load(folder / "cells.npy", allow_pickle=True))
    codes = np.load(folder / "codes.npy", allow_pickle=True)
    before = reset_peak()
    if who == "ours":
        elapsed = seconds(lambda: Locator(cells, codes)(x, y))
    else:
        elapsed = seconds(lambda: sjoin(*frames(x, y, cells, codes)))
    return {"seconds": elapsed, "mib": max(memory("VmHWM") - before, 0.1)}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main(sys.argv[1:]))
