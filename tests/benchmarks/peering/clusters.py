"""Both sides of the comparison of densities, rates, concentration and clusters, which need the same few libraries.

Where a peer cannot do the full number of cases in reasonable time it is measured on fewer, as is ours, and ours alone
on all; a peer's figure is then "nan".
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from typing import Any

import inequality
import numpy as np
import shapely
from esda.smoothing import Empirical_Bayes, Spatial_Empirical_Bayes
from libpysal.weights import KNN
from pointpats import Knox
from scipy.stats import gaussian_kde
from sklearn.cluster import DBSCAN

from spatial.clusters import knox, scan, st_dbscan
from spatial.concentration import gini, theil
from spatial.density import density
from spatial.rates import smooth_globally, smooth_locally
from tests.benchmarks import Line, memory, report, reset_peak, seconds

SEED = 20240101
CELLS, PERIODS = 610, 52
SIDE_M = 30_000
AREA = shapely.box(0, 0, SIDE_M, SIDE_M)
DAYS = 1095
CYLINDER: dict[str, Any] = {"distance_m": 100, "interval": 7}
Work = Callable[[], object]


def main(count: int, fewer: int) -> int:
    """Compare answers, then speed and memory."""
    rng = np.random.default_rng(SEED)
    xy, day = scatter(rng, count)
    few, few_day = scatter(rng, fewer)
    lines = densities(xy, few) + rates(rng) + pairs(xy, day, few, few_day) + scans(rng)
    return report(f"{CELLS} cells, {count:,} cases; slow peers {fewer:,}", lines)


def scatter(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Places around 2000 seats, a third of them anywhere, and days."""
    seats = rng.uniform(0.1 * SIDE_M, 0.9 * SIDE_M, (2000, 2))
    xy = seats[rng.integers(0, len(seats), count)] + rng.normal(0, 300, (count, 2))
    xy[::3] = rng.uniform(0, SIDE_M, xy[::3].shape)
    return xy, rng.integers(0, DAYS, count).astype(float)


def measured(name: str, ours: Work, peer: Work | None, repeat: int = 1) -> list[Line]:
    """Seconds, the best of some, and MiB by which the peak rises."""
    figures = []
    for work in (ours, peer):
        if work is None:
            figures.append((float("nan"), float("nan")))
            continue
        before = reset_peak()
        taken = min(seconds(work) for _ in range(repeat))
        figures.append((taken, max(memory("VmHWM") - before, 0.1)))
    (time, size), (peer_time, peer_size) = figures
    return [Line(name, time, peer_time, "s"), Line(f"{name}, memory", size, peer_size, "MiB")]


def densities(xy: np.ndarray, few: np.ndarray) -> list[Line]:
    """The peer sums all kernels, so with its bandwidth ours has to come out within the bound that it states."""
    peer = gaussian_kde(few.T)
    peer.cho_cov = np.diag([1000.0, 1000.0])  # a round kernel, which its own rule would not choose
    middles = (np.arange(100) + 0.5) * SIDE_M / 100
    grid = np.stack(np.meshgrid(middles, middles)).reshape(2, -1)

    def ours(at: np.ndarray, cell_m: float) -> Any:
        return density(at, AREA, cell_m=cell_m, bandwidth_m=1000, kernel="gaussian", edge="none")

    found = ours(few, SIDE_M / 100)
    expected = peer(grid).reshape(100, 100) * len(few) * 1e6
    if np.abs(found.values - expected).max() > found.error:
        raise SystemExit("the densities differ by more than the bound")
    lines = measured(
        f"density, {len(few):,} cases, 100 x 100", lambda: ours(few, SIDE_M / 100), lambda: peer(grid)
    )
    return lines + measured(f"density, {len(xy):,} cases, 600 x 600", lambda: ours(xy, SIDE_M / 600), None)


def rates(rng: np.random.Generator) -> list[Line]:
    """Smoothed rates and indices of the cells."""
    cases, people = rng.poisson(1600, CELLS), rng.integers(500, 4000, CELLS)
    weights = KNN.from_array(rng.uniform(0, SIDE_M, (CELLS, 2)), k=6)
    near = weights.sparse
    regions = rng.integers(0, 12, CELLS)
    pairs_of: list[tuple[str, Callable[[], Any], Callable[[], Any]]] = [
        (
            "empirical Bayes, global",
            lambda: smooth_globally(cases, people).per_1000 / 1000,
            lambda: Empirical_Bayes(cases, people).r,
        ),
        (
            "empirical Bayes, local",
            lambda: smooth_locally(cases, people, near.indptr, near.indices).per_1000 / 1000,
            lambda: Spatial_Empirical_Bayes(cases, people, weights).r,
        ),
        ("Gini", lambda: gini(cases), lambda: inequality.gini.Gini(cases).g),
        (
            "Theil by group",
            lambda: theil(cases, regions.tolist()).between,
            lambda: inequality.theil.TheilD(cases.astype(float), regions).bg[0],
        ),
    ]
    lines = []
    for name, ours, peer in pairs_of:
        if not np.allclose(ours(), np.squeeze(peer()), rtol=1e-9):
            raise SystemExit(f"{name}: the answers differ")
        lines += measured(f"{name}, {CELLS} cells", ours, peer, repeat=20)[:1]
    return lines


def pairs(xy: np.ndarray, day: np.ndarray, few: np.ndarray, few_day: np.ndarray) -> list[Line]:
    """Knox's table is the same; the cores of ST-DBSCAN are those of DBSCAN over a cylinder's neighbours."""

    def peer_knox() -> Any:
        return Knox(few, few_day[:, None], delta=100, tau=7, permutations=99)

    def peer_dbscan() -> Any:
        scaled = np.column_stack((xy / 100, day / 7))
        return DBSCAN(eps=1, min_samples=6).fit(scaled)

    if (peer_knox().observed != knox(few, few_day, **CYLINDER, permutations=0).observed).any():
        raise SystemExit("Knox's tables differ")
    some, some_day = few[:3000] / 10, few_day[:3000]
    apart = np.maximum(
        np.linalg.norm(some[:, None] - some[None], axis=-1) / 100, np.abs(some_day[:, None] - some_day) / 7
    )
    theirs = DBSCAN(eps=1, min_samples=4, metric="precomputed").fit(apart)
    found = st_dbscan(some, some_day, **CYLINDER, least_count=4)
    core = np.flatnonzero(found.core)
    both = set(zip(found.cluster[core].tolist(), theirs.labels_[core].tolist(), strict=True))
    if not np.array_equal(core, theirs.core_sample_indices_) or len(both) != len(found.count):
        raise SystemExit("the clusters' cores differ")
    lines = measured(
        f"Knox, {len(few):,} cases, 99 permutations",
        lambda: knox(few, few_day, **CYLINDER, permutations=99),
        peer_knox,
    )
    lines += measured(
        f"Knox, {len(xy):,} cases, 9 permutations", lambda: knox(xy, day, **CYLINDER, permutations=9), None
    )
    return lines + measured(
        f"ST-DBSCAN, {len(xy):,}; peer: ellipsoids",
        lambda: st_dbscan(xy, day, **CYLINDER, least_count=6),
        peer_dbscan,
    )


def scans(rng: np.random.Generator) -> list[Line]:
    """No peer is at hand; SaTScan's report is held against ours in the tests."""
    xy, people = rng.uniform(0, SIDE_M, (CELLS, 2)), rng.integers(500, 4000, CELLS)
    flat, deep = rng.poisson(people), rng.poisson(people[:, None] / PERIODS, (CELLS, PERIODS))
    return [
        *measured("scan, 999 replicas", lambda: scan(xy, flat, people), None),
        *measured(
            f"scan alive, {PERIODS} weeks, 99 replicas",
            lambda: scan(xy, deep, people, longest=8, alive_only=True, replicas=99),
            None,
        ),
        *measured(
            f"scan, {PERIODS} weeks up to 8, 9 replicas",
            lambda: scan(xy, deep, people, longest=8, replicas=9),
            None,
        ),
    ]


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main(*map(int, sys.argv[1:])))
