"""Communities put together to cells, beside spopt's regions: one objective evaluated for both, then time and memory.

Houses and cases lie by chance in the cells of some communities; blocks are made of them once, for both. The peer's
methods know no balance of sums: they make regions whose blocks are near each other (Skater, AZP, RegionKMeans, with as
many regions as there are cells), or as many as can have 300 households (MaxP). Ours makes as many as the peer beside
it. The peer is installed into an environment of its own; with --python it is taken from elsewhere.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from spatial.redrawing import Weights, blocks
from spatial.redrawing.graph import Graph, graph_of, pieces
from spatial.redrawing.objective import worth
from spatial.redrawing.plan import columns, within
from tests.benchmarks import Line, report
from tests.benchmarks.locate import AREAS
from tests.benchmarks.peering.redrawing import PEERS
from tests.benchmarks.peering.sides import Side, install, start

PEER = ("spopt==0.7.0", "pyarrow==21.0.0")
METRIC, SEED = 4543, 20240101
HOUSES, CASES = 12, 30
"""In each cell."""
BOUNDS = (300.0, 500.0)
BALANCE = Weights(change=0)


def main(argv: list[str]) -> int:
    """Compare the objective, what hangs together, households within bounds, time and memory."""
    parser = argparse.ArgumentParser(prog="bench redrawing", description=__doc__)
    parser.add_argument("--under", default="53010300401", help="communities whose code begins so")
    parser.add_argument("--python", type=Path, help="an interpreter that has the peer")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        python = options.python or install(folder, PEER)
        if python is None:
            return 1
        made = write(options.under, folder)
        sides = [
            stack.enter_context(start("redrawing", who, interpreter, folder))
            for who, interpreter in (("ours", Path(sys.executable)), ("spopt", python))
        ]
        lines = [line for peer in PEERS for line in measure(made, *sides, peer, folder)]
        towns = made["community"].nunique()
    return report(f"redrawing: {len(made)} blocks in {towns} communities; peer: {PEER[0]}", lines)


def write(under: str, folder: Path) -> gpd.GeoDataFrame:
    """Write blocks, and what the peer is given of them: places, households, neighbours, how many cells."""
    areas = gpd.read_file(AREAS).to_crs(METRIC)
    areas = areas[areas["code"].str.startswith(under)]
    communities, cells = (
        areas[areas["level"] == level].reset_index(drop=True) for level in ("community", "cell")
    )
    rng = np.random.default_rng(SEED)
    xy = np.concatenate([scatter(rng, shape, HOUSES) for shape in cells.geometry])
    houses = gpd.GeoDataFrame(
        {"households": rng.integers(10, 58, len(xy))}, geometry=shapely.points(xy), crs=METRIC
    )
    # Half of the cells have five times as many cases as the others.
    many = np.where(rng.random(len(cells)) < 0.5, CASES, CASES // 5)
    at = [scatter(rng, shape, count) for shape, count in zip(cells.geometry, many, strict=True)]
    cases = gpd.GeoDataFrame(geometry=shapely.points(np.concatenate(at)), crs=METRIC)
    made = blocks(communities, houses, cells=cells, cases=cases)
    made.to_parquet(folder / "blocks.parquet")
    graph = graph_of(made)
    given: dict[str, Any] = {"towns": len(graph.names)}
    for town in range(len(graph.names)):
        mine, own = within(graph, town)
        given[f"pairs{town}"] = np.stack((own.a, own.b), axis=1)
        given[f"count{town}"] = made["cell"].iloc[mine].nunique()
        given |= {
            f"{name}{town}": column for name, column in columns(made, mine).items() if name != "workload"
        }
    np.savez(folder / "towns.npz", **given)
    return made


def scatter(rng: np.random.Generator, shape: Any, count: int) -> np.ndarray:
    """So many places by chance in an area."""
    west, south, east, north = shape.bounds
    xy = rng.uniform((west, south), (east, north), (60 * count, 2))
    return xy[shapely.contains_xy(shape, *xy.T)][:count]


def measure(made: gpd.GeoDataFrame, ours: Side, peer: Side, method: str, folder: Path) -> list[Line]:
    """The peer first, since ours makes as many cells as it has."""
    theirs = peer.ask(method, folder / f"{method}.npz")
    mine = ours.ask(method, folder / "ours.npz")
    graph = graph_of(made)
    judged = [judge(made, graph, np.load(folder / f"{name}.npz")["labels"]) for name in ("ours", method)]
    cells = judged[0]["cells"]
    if judged[0]["in pieces"] or judged[1]["in pieces"]:
        raise SystemExit(f"{method}: cells are in pieces, ours and the peer's, {judged}")
    lines = [
        Line(f"{method}, {cells:.0f} cells: {name}", judged[0][name], judged[1][name], "")
        for name in ("objective", "outside bounds", "variation", "compactness")
    ]
    return [
        *lines,
        Line(f"{method}: time", mine["seconds"], theirs["seconds"], "s"),
        Line(f"{method}: memory", mine["mib"], theirs["mib"], "MiB"),
    ]


def judge(made: gpd.GeoDataFrame, graph: Graph, labels: np.ndarray) -> dict[str, float]:
    """A plan by the objective, evaluated from the blocks alone; less is better in all of it but the number of cells."""
    names, cell = np.unique(labels, return_inverse=True)
    households = np.bincount(cell, made["households"])
    same = cell[graph.a] == cell[graph.b]
    value = compact = 0.0
    for town in range(len(graph.names)):
        mine, own = within(graph, town)
        _, local = np.unique(cell[mine], return_inverse=True)
        nobody = np.full(len(mine), -1)
        terms = worth(own, columns(made, mine), local, nobody, np.full(local.max() + 1, -1), BOUNDS)
        share = (local.max() + 1) / len(names)
        value += share * BALANCE.total(terms)
        compact += share * terms["compactness"]
    return {
        "cells": len(names),
        "objective": value,
        "outside bounds": float(((households < BOUNDS[0]) | (households > BOUNDS[1])).mean()),
        "variation": float(households.std() / households.mean()),
        "in pieces": float(len(np.unique(pieces(len(cell), graph.a[same], graph.b[same]))) - len(names)),
        "compactness": compact,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
