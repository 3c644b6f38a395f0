"""Sides of density and clusters of cases: ours, and scipy, KDEpy, scikit-learn and pointpats."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from tests.benchmarks.peering.answering import Answer, Verb, serve
from tests.benchmarks.peering.layers import SIDE_M

BANDWIDTH_M, FFT_UNIT_M = 1000.0, 1e5
CYLINDER: dict[str, Any] = {"distance_m": 100, "interval": 7}
LEAST = 6


def middles(pixels: int) -> Any:
    """Middles of the pixels along one axis."""
    return (np.arange(pixels) + 0.5) * SIDE_M / pixels


def ours(given: Any) -> dict[str, Verb]:
    """This project's verbs."""
    from spatial.clusters import knox, scan, st_dbscan
    from spatial.density import density

    xy, day, cells, people = (given[name] for name in ("xy", "day", "cells", "people"))

    def surface(cases: int, pixels: int) -> Answer:
        found = density(
            xy[:cases], shapely.box(0, 0, SIDE_M, SIDE_M), cell_m=SIDE_M / pixels, bandwidth_m=BANDWIDTH_M,
            kernel="gaussian", edge="none",
        )  # fmt: skip
        return {"per_km2": found.values, "error": found.error}

    def pairs(cases: int, permutations: int) -> Answer:
        return {"table": knox(xy[:cases], day[:cases], **CYLINDER, permutations=permutations).observed}

    def dense(cases: int) -> Answer:
        found = st_dbscan(xy[:cases], day[:cases], **CYLINDER, least_count=LEAST)
        return {"core": np.flatnonzero(found.core), "joined": _joined(found.cluster, found.core)}

    def scanned(longest: int, alive: bool, replicas: int) -> Answer:
        counts = given["deep"] if longest else given["flat"]
        found = scan(cells, counts, people, longest=longest or None, alive_only=alive, replicas=replicas)
        return {"simulated": found.simulated}

    return {"kde": surface, "fft": surface, "tree": surface, "knox": pairs, "dbscan": dense, "scan": scanned}


def others(given: Any) -> dict[str, Verb]:
    """The peers'."""
    from KDEpy import FFTKDE
    from pointpats import Knox
    from scipy.stats import gaussian_kde
    from sklearn.cluster import DBSCAN
    from sklearn.neighbors import KernelDensity, NearestNeighbors

    xy, day = given["xy"], given["day"]

    def kde(cases: int, pixels: int) -> Answer:
        some = gaussian_kde(xy[:cases].T)
        some.cho_cov = np.diag([BANDWIDTH_M] * 2)  # a round kernel, which its own rule would not choose
        at = middles(pixels)
        found = some(np.stack(np.meshgrid(at, at)).reshape(2, -1))
        return {"per_km2": found.reshape(pixels, pixels) * cases * 1e6}

    def fft(cases: int, pixels: int) -> Answer:
        # It ends its kernel where the density falls below a fixed number, so that the unit has to be a large one.
        at, unit = middles(pixels) / FFT_UNIT_M, FFT_UNIT_M / 1000
        grid = np.stack(np.meshgrid(at, at, indexing="ij"), axis=-1).reshape(-1, 2)
        found = (
            FFTKDE(kernel="gaussian", bw=BANDWIDTH_M / FFT_UNIT_M).fit(xy[:cases] / FFT_UNIT_M).evaluate(grid)
        )
        return {"per_km2": found.reshape(pixels, pixels).T * cases / unit**2}

    def tree(cases: int, pixels: int) -> Answer:
        at = middles(pixels)
        grid = np.stack(np.meshgrid(at, at), axis=-1).reshape(-1, 2)
        found = KernelDensity(bandwidth=BANDWIDTH_M, rtol=1e-4).fit(xy[:cases]).score_samples(grid)
        return {"per_km2": np.exp(found).reshape(pixels, pixels) * cases * 1e6}

    def pairs(cases: int, permutations: int) -> Answer:
        found = Knox(xy[:cases], day[:cases, None], delta=100, tau=7, permutations=permutations)
        return {"table": found.observed}

    def dense(cases: int) -> Answer:
        near = NearestNeighbors(radius=CYLINDER["distance_m"]).fit(xy[:cases])
        graph = near.radius_neighbors_graph(xy[:cases], mode="distance")
        row = np.repeat(np.arange(cases), np.diff(graph.indptr))
        soon = np.abs(day[row] - day[graph.indices]) <= CYLINDER["interval"]
        graph.data[:] = np.where(soon, 1, 3)  # neighbours, or farther apart than eps
        found = DBSCAN(eps=2, min_samples=LEAST, metric="precomputed").fit(graph)
        core = np.zeros(cases, dtype=bool)
        core[found.core_sample_indices_] = True
        return {"core": found.core_sample_indices_, "joined": _joined(found.labels_, core)}

    return {"kde": kde, "fft": fft, "tree": tree, "knox": pairs, "dbscan": dense}


def _joined(label: Any, core: Any) -> Any:
    """For each core the first core of its cluster, whatever the clusters are called."""
    rows = np.flatnonzero(core)
    _, first, member = np.unique(label[rows], return_index=True, return_inverse=True)
    return rows[first[member]]


if __name__ == "__main__":
    serve({"ours": ours, "peer": others})
