"""Sides of neighbours and coverage: ours, and libpysal and geoplanar."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np

from tests.benchmarks.peering.answering import Answer, Verb, serve
from tests.benchmarks.peering.layers import METRIC, geometries

NEAREST, WITHIN_M, CRACK_M2 = 6, 1500.0, 100.0


def _larger(gaps: Any) -> Answer:
    """Gaps without the hair cracks, which ours passes over."""
    found = [area for area in gaps if area > CRACK_M2]
    return {"gaps": len(found), "gap_m2": sum(found)}


def given_layers(given: Any) -> dict[str, gpd.GeoDataFrame]:
    """Cells as they are, apart, over each other, and many."""
    return {
        name: gpd.GeoDataFrame(geometry=geometries(given[name]), crs=METRIC)
        for name in ("shapes", "apart", "over", "many")
    }


def ours(given: Any) -> dict[str, Verb]:
    """This project's verbs."""
    from spatial.coverage.checks import check
    from spatial.neighbours import from_areas, nearest, within

    layers = given_layers(given)
    middles = {name: layer.centroid for name, layer in layers.items()}

    def told(found: Any) -> Answer:
        return {"pair": found.rows * len(found) + found.cell}

    def faults(layer: str) -> Answer:
        shapes = layers[layer].geometry.to_numpy()
        rows = np.arange(len(shapes))
        found = check(shapes, codes=[str(row) for row in rows], rows=rows)
        overlaps = [one for one in found if one.code == "overlap"]
        gaps = [one.facts["area_m2"] for one in found if one.code in {"gap", "hole"}]
        return _larger(gaps) if layer == "apart" else {"overlaps": len(overlaps)}

    return {
        "queen": lambda layer: told(from_areas(layers[layer])),
        "nearest": lambda layer: told(nearest(middles[layer], NEAREST)),
        "within": lambda layer: told(within(middles[layer], WITHIN_M)),
        "faults": faults,
    }


def pysal(given: Any) -> dict[str, Verb]:
    """The peers'."""
    import geoplanar
    from libpysal.graph import Graph

    layers = given_layers(given)
    middles = {name: layer.centroid for name, layer in layers.items()}

    def told(found: Any) -> Any:
        def pairs() -> Answer:
            row, cell = found.adjacency.index.get_level_values(0), found.adjacency.index.get_level_values(1)
            real = found.adjacency.to_numpy() > 0
            return {"pair": np.sort((row.to_numpy() * found.n + cell.to_numpy())[real])}

        return pairs

    def faults(layer: str) -> Any:
        first, second = geoplanar.overlap.overlaps(layers[layer])
        gaps = geoplanar.gaps(layers[layer])
        return lambda: (
            _larger(gaps.area) if layer == "apart" else {"overlaps": np.count_nonzero(first < second)}
        )

    return {
        "queen": lambda layer: told(Graph.build_contiguity(layers[layer], rook=False, strict=True)),
        "nearest": lambda layer: told(Graph.build_knn(middles[layer], NEAREST)),
        "within": lambda layer: told(Graph.build_distance_band(middles[layer], WITHIN_M)),
        "faults": faults,
    }


if __name__ == "__main__":
    serve({"ours": ours, "peer": pysal})
