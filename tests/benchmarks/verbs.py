"""Every verb of the library beside its peer: equal answers first, then time and peak memory, in one table.

Each verb has fresh processes of its own, one a side, that have loaded what they need. The answers of the first calls
are compared, and a verb whose answers differ has no figures. Memory is by how much the first call raises the peak of
its process; time is the median of further calls, the two sides in turn. What a peer cannot do at the full size in
reasonable time it does at a smaller one, and ours alone at the full one. The peers are installed into an environment of
their own, of the versions below; with --python it is taken from elsewhere.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks import hotspots, siting
from tests.benchmarks.locate import AREAS
from tests.benchmarks.peering import layers
from tests.benchmarks.peering.sides import Side, install, start

PEERS = (
    "KDEpy==1.1.12", "access==1.1.10.post3", "esda==2.9.0", "geoplanar==0.6.0", "inequality==1.1.2", "libpysal==4.14.1",
    "numba==0.68.1", "pandana==0.8", "pointpats==2.5.5", "pulp==3.3.2", "pymannkendall==1.4.3", "scikit-learn==1.9.1",
    "spopt==0.7.0",
)  # fmt: skip
SLOW_S, SLOWEST_S = 5.0, 60.0
"""What takes longer is measured by one further call, or by its first alone."""
Given = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A verb, of what size, and its peer.

    Parameters
    ----------
    name, size
        As the table has them.
    side
        The module of `tests.benchmarks.peering`, what its peer is called there, and the verb there.
    peer
        The peer's library; without one, ours is measured alone.
    given
        What the verb is asked with.
    rtol
        By how much numbers may differ, as a share of the largest of their kind; None where p-values are by chance.
    """

    name: str
    size: str
    side: tuple[str, str, str]
    peer: str = ""
    given: Given = field(default_factory=dict)
    rtol: float | None = 1e-9


def asked(cases: int) -> list[Asked]:
    """The table's lines."""
    full, few = f"{cases:,} cases", {"cases": 5_000}
    some, many = {"cases": 100_000}, {"cases": cases}
    cells, ways = "610 cells", "60,000 places, 200 services"
    series, areas, scattered, way, place = (
        partial(_side, module) for module in ("series", "areas", "scattered", "ways", "places")
    )
    chance = {"permutations": 999, "seed": 1}
    sites = "610 cells, 100 candidates, 12 sites"
    return [
        Asked("cell of each case", f"{full}, {cells}", place("locate"), "geopandas.sjoin"),
        Asked("counts, rates, limits", f"{full}, {cells}", place("rates"), "geopandas, scipy"),
        Asked("Gi* of twelve months", f"{full}, 999 permutations", place("months"), "geopandas, esda",
              {"permutations": 999}),
        Asked("neighbours, queen", cells, areas("queen"), "libpysal.graph", {"layer": "shapes"}),
        Asked("neighbours, queen", "9,760 cells", areas("queen"), "libpysal.graph", {"layer": "many"}),
        Asked("neighbours, six nearest", "9,760 cells", areas("nearest"), "libpysal.graph", {"layer": "many"}),
        Asked("neighbours, 1500 m", "9,760 cells", areas("within"), "libpysal.graph", {"layer": "many"}),
        Asked("gaps of a coverage", cells, areas("faults"), "geoplanar", {"layer": "apart"}, 1e-6),
        Asked("overlaps of a coverage", cells, areas("faults"), "geoplanar", {"layer": "over"}),
        Asked("local Moran", f"{cells}, 999 permutations", ("hotspots", "esda", "local_moran"), "esda", chance, None),
        Asked("Gi*", f"{cells}, 999 permutations", ("hotspots", "esda", "gi_star"), "esda", chance, None),
        Asked("Moran's I", f"{cells}, 999 permutations", ("hotspots", "esda", "moran"), "esda", chance, None),
        Asked("emerging hot spots", f"{cells}, 24 months", series("emerging"), "esda, pymannkendall"),
        Asked("rates with limits", cells, series("crude"), "scipy"),
        Asked("empirical Bayes, global", cells, series("global"), "esda"),
        Asked("empirical Bayes, local", cells, series("local"), "esda"),
        Asked("Gini", cells, series("gini"), "inequality"),
        Asked("Theil by group", cells, series("theil"), "inequality"),
        Asked("density", "5,000 cases, 100 × 100", scattered("kde"), "scipy", {**few, "pixels": 100}),
        Asked("density", "5,000 cases, 100 × 100", scattered("tree"), "scikit-learn", {**few, "pixels": 100}),
        Asked("density", f"{full}, 600 × 600", scattered("fft"), "KDEpy", {**many, "pixels": 600}, 1e-4),
        Asked("Knox", "5,000 cases, 99 permutations", scattered("knox"), "pointpats", {**few, "permutations": 99}),
        Asked("Knox", f"{full}, 9 permutations", scattered("knox"), given={**many, "permutations": 9}),
        Asked("ST-DBSCAN", "100,000 cases", scattered("dbscan"), "scikit-learn", some),
        Asked("ST-DBSCAN", full, scattered("dbscan"), "scikit-learn", many),
        Asked("scan", f"{cells}, 999 maps", scattered("scan"), given={"longest": 0, "alive": False, "replicas": 999}),
        Asked("scan, alive", f"{cells}, 52 weeks up to 8, 999 maps", scattered("scan"),
              given={"longest": 8, "alive": True, "replicas": 999}),
        Asked("scan", f"{cells}, 52 weeks up to 8, 99 maps", scattered("scan"),
              given={"longest": 8, "alive": False, "replicas": 99}),
        Asked("network of streets", "17,000 streets", way("network"), "pandana"),
        Asked("nearest service", ways, way("nearest"), "pandana", rtol=1e-5),
        Asked("services within 1500 m", ways, way("reached"), "pandana"),
        Asked("two-step catchments", ways, way("catchments"), "access"),
        Asked("who is within a limit", "60,000 places, 610 cells", way("coverage"), "pandas"),
        Asked("workload", "60,000 rows, 3,000 officers", way("workload"), "pandas, inequality"),
        Asked("objects passed", "60,000 objects, 20,000 visits", way("objects"), "geopandas"),
        Asked("streets passed", "17,000 streets, 20,000 visits", way("streets"), "geopandas", rtol=2e-2),
        Asked("p-median", sites, ("siting", "spopt", "p_median"), "spopt, CBC", rtol=1e-6),
        Asked("maximal cover", sites, ("siting", "spopt", "maximal_cover"), "spopt, CBC", rtol=1e-6),
        Asked("set cover", sites, ("siting", "spopt", "set_cover"), "spopt, CBC", rtol=1e-6),
    ]  # fmt: skip


def _side(module: str, verb: str) -> tuple[str, str, str]:
    return module, "peer", verb


def main(argv: list[str]) -> int:
    """Compare answers, then time and memory."""
    parser = argparse.ArgumentParser(prog="bench verbs", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=5, help="calls a side, after the first")
    parser.add_argument("--only", nargs="+", default=[""], help="verbs whose name begins so, or modules")
    parser.add_argument("--python", type=Path, help="an interpreter that has the peers")
    options = parser.parse_args(argv)
    differ = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python = options.python or install(folder, PEERS)
        if python is None:
            return 1
        print(f"Peers: {', '.join(PEERS)}.\n")
        print("| verb | size | peer | ours | peer | ratio | ours | peer |")
        print("|---|---|---|--:|--:|--:|--:|--:|")
        for one in asked(options.cases):
            if any(word in (one.side[0], one.side[2]) or one.name.startswith(word) for word in options.only):
                file = write(folder, one.side[0], options.cases)
                line, same = measure(one, python, file, options.repeat)
                differ += not same
                print(line, flush=True)
    return int(differ > 0)


def write(folder: Path, side: str, cases: int) -> Path:
    """What a module's sides are given, written once."""
    file = folder / f"{side}.npz"
    writers: dict[str, Callable[[], object]] = {
        "places": lambda: layers.write_cases(file, cases),
        "areas": lambda: layers.write_cells(file),
        "series": lambda: layers.write_series(file),
        "scattered": lambda: layers.write_scattered(file, cases),
        "ways": lambda: layers.write_streets(file),
        "hotspots": lambda: hotspots.write_layer(AREAS, file),
        "siting": lambda: siting.write(AREAS, file),
    }
    if not file.exists():
        writers[side]()
    return file


def measure(one: Asked, python: Path, file: Path, repeat: int) -> tuple[str, bool]:
    """A line of the table, and whether the answers are the same."""
    module, who, verb = one.side
    with ExitStack() as stack:
        sides = [stack.enter_context(start(module, "ours", Path(sys.executable), file))]
        if one.peer:
            sides.append(stack.enter_context(start(module, who, python, file)))
        firsts, apart = first_answers(sides, one, file.parent)
        times = [[first["seconds"]] for first in firsts]
        slowest = max(first["seconds"] for first in firsts)
        further = repeat if slowest < SLOW_S else int(slowest < SLOWEST_S)
        if further:
            calls = [[side.ask(verb, **one.given)["seconds"] for side in sides] for _ in range(further)]
            times = [list(column) for column in zip(*calls, strict=True)]
    taken = [statistics.median(column) for column in times]
    told = [f"{value:.3g} s" for value in taken] + [""] * (2 - len(taken))
    size = [f"{first['mib']:,.0f} MiB" for first in firsts] + [""] * (2 - len(firsts))
    ratio = f"{taken[1] / taken[0]:.3g}" if one.peer else ""
    if apart:
        told, ratio = ["answers differ", apart], ""
    return f"| {one.name} | {one.size} | {one.peer or '–'} | {' | '.join([*told, ratio, *size])} |", not apart


def first_answers(sides: list[Side], one: Asked, folder: Path) -> tuple[list[dict[str, float]], str]:
    """The first calls, and in what their answers differ."""
    firsts, found = [], []
    for number, side in enumerate(sides):
        file = folder / f"answer{number}.npz"
        firsts.append(side.ask(one.side[2], file, **one.given))
        with np.load(file, allow_pickle=True) as answer:
            found.append(dict(answer))
    if len(found) == 1:
        return firsts, ""
    ours, peer = found
    keys = sorted(set(ours) & set(peer) - ({"p"} if one.rtol is None else set()))
    bound = float(ours.get("error", 0))
    apart = [
        f"{key} {gap}" for key in keys if (gap := difference(ours[key], peer[key], one.rtol or 1e-9, bound))
    ]
    return firsts, "; ".join(apart)


def difference(ours: Any, peer: Any, rtol: float, bound: float) -> str:
    """By how much two arrays differ, in words; "" where they do not, or by no more than the bound that ours states."""
    if ours.shape != peer.shape:
        return f"shapes {ours.shape} and {peer.shape}"
    if ours.dtype.kind in "OUS":
        return "" if (ours == peer).all() else f"{np.count_nonzero(ours != peer):,} of {ours.size:,}"
    most = float(np.max(np.abs(peer), where=np.isfinite(peer), initial=0))
    close = np.isclose(ours, peer, rtol=0, atol=rtol * most + bound, equal_nan=True)
    if close.all():
        return ""
    apart = np.abs(ours - peer)[~close]
    return f"{np.max(apart, where=np.isfinite(apart), initial=0):.3g} of {most:.3g} in {len(apart):,} places"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
