"""Sides of locating and counting a million cases: ours, and geopandas with pandas, scipy and esda."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from tests.benchmarks.peering.answering import Answer, Verb, serve
from tests.benchmarks.peering.layers import METRIC, geometries

YEAR = {"since": "2024-01-01", "until": "2024-12-31"}


def given_frames(given: Any) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Cases and cells."""
    at = pd.to_datetime("2024-01-05") + pd.to_timedelta(given["month"] * 30.4, unit="D")
    points = gpd.points_from_xy(*given["xy"].T, crs=4490)
    cases = gpd.GeoDataFrame({"month": at.month.to_numpy() - 1, "reported_at": at}, geometry=points)
    columns = {"code": given["codes"].astype(object), "households": given["people"]}
    return cases, gpd.GeoDataFrame(columns, geometry=geometries(given["shapes"]), crs=4490)


def ours(given: Any) -> dict[str, Verb]:
    """This project's verbs."""
    from spatial.partitions import find_hot_spots, locate_cases, rate_cells

    cases, cells = given_frames(given)

    def locate() -> Any:
        found = locate_cases(cases, cells)
        return lambda: {"cell": found["cell"].fillna("").to_numpy(dtype=str)}

    def rates() -> Answer:
        found = rate_cells(cases, cells)
        return {name: found[name].to_numpy() for name in ("cases", "per_1000", "lower", "upper")}

    def months(permutations: int) -> Any:
        found = find_hot_spots(cases, cells, **YEAR, permutations=permutations)
        return lambda: {name: found[name].to_numpy().reshape(12, -1) for name in ("cases", "z")}

    return {"locate": locate, "rates": rates, "months": months}


def geopandas(given: Any) -> dict[str, Verb]:
    """The peers'. Of several cells of a point the one with the first code; to locate, that is not charged to them."""
    from esda import G_Local
    from libpysal.graph import Graph
    from scipy.stats import chi2

    cases, cells = given_frames(given)
    plane = cells.to_crs(METRIC)

    def joined() -> pd.DataFrame:
        return gpd.sjoin(cases, cells, how="left", predicate="intersects")

    def first(found: pd.DataFrame) -> pd.DataFrame:
        found = found.sort_values("code", kind="stable")
        return found[~found.index.duplicated()].sort_index()

    def locate() -> Any:
        found = joined()
        return lambda: {"cell": first(found)["code"].fillna("").to_numpy(dtype=str)}

    def rates() -> Answer:
        found = first(joined()).groupby("code").size().reindex(cells["code"], fill_value=0).to_numpy()
        people = cells["households"].to_numpy()
        low, high = chi2.ppf(0.025, 2 * found) / 2, chi2.ppf(0.975, 2 * found + 2) / 2
        per = {"per_1000": found, "lower": np.nan_to_num(low), "upper": high}
        return {"cases": found, **{name: each * 1000 / people for name, each in per.items()}}

    def months(permutations: int) -> Any:
        found = first(joined())
        table = (
            found.groupby(["month", "code"])
            .size()
            .unstack(fill_value=0)
            .reindex(columns=cells["code"], fill_value=0)
        )
        near = Graph.build_fuzzy_contiguity(plane, buffer=0.005).to_W()
        counts = table.to_numpy()
        scores = [
            G_Local(
                row.astype(float),
                near,
                transform="B",
                star=True,
                permutations=permutations,
                n_jobs=1,
                keep_simulations=False,
            ).Zs
            for row in counts
        ]
        return lambda: {"cases": counts, "z": np.array(scores)}

    return {"locate": locate, "rates": rates, "months": months}


if __name__ == "__main__":
    serve({"ours": ours, "peer": geopandas})
