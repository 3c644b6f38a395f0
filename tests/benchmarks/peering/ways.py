"""Sides of streets, access, workload and patrol: ours, and pandana, PySAL's access, pandas and geopandas."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from tests.benchmarks.peering.answering import Answer, Verb, serve
from tests.benchmarks.peering.layers import METRIC, geometries

FAR_M, LIMIT_M, NEAR_M = 200_000, 1500.0, 25.0
CORNERS = 16
"""Corners of a quarter of a circle; the peer has no round ones."""


def table(given: Any) -> pd.DataFrame:
    """What each place has within a straight limit: the costs that both catchments begin with."""
    at, to = given["node"][given["place"]], given["node"][given["service"]]
    far = np.hypot(*(at[:, None] - to[None]).transpose(2, 0, 1))
    place, service = np.nonzero(far <= 4 * LIMIT_M)
    return pd.DataFrame({"origin": place, "dest": service, "cost": far[place, service]})


def ours(given: Any) -> dict[str, Verb]:
    """This project's verbs."""
    from spatial.access import Along, Reached, coverage, nearest, reached, two_step
    from spatial.patrol import objects_passed, streets_passed, visits_of
    from spatial.streets import streets
    from spatial.workload import of_officers, overloaded, spread, workload

    lines = gpd.GeoSeries(geometries(given["lines"]), crs=METRIC)
    at, to = given["node"][given["place"]], given["node"][given["service"]]
    pairs = table(given)
    within = Reached(
        *(pairs[name].to_numpy() for name in ("origin", "dest", "cost")),
        4 * LIMIT_M,
        "metre",
        (len(at), len(to)),
    )
    visits = visits_of(given["visits"], given["at"], "2024-05-01", "2024-06-01")
    buildings = gpd.GeoSeries(gpd.points_from_xy(*at.T, crs=METRIC))
    net = streets(lines, meet="vertices")

    def network() -> Any:
        made = streets(lines, meet="vertices")
        return lambda: {"nodes": len(made.nodes), "length": made.length_m.sum()}

    def who() -> Answer:
        found = coverage(given["visits"][given["place"] % len(given["visits"]), 0] % 3000, LIMIT_M,
                         {"people": given["people"]}, cells=given["cell"])  # fmt: skip
        return {"within": found.cell_within[:, 0], "share": found.cell_share[:, 0], "worst": found.cell_worst}

    def load() -> Answer:
        cells = workload({"cases": given["people"], "visits": given["cell"]}, {"cases": 0.5, "visits": 0.2})
        rows = np.arange(len(cells.load))
        officers = of_officers(cells, rows % 3000, rows, np.ones(len(rows)), 3000)
        over = overloaded(officers.load, "fence", 1.5)
        return {"load": officers.load, "gini": spread(officers.load).gini, "rows": len(over.rows)}

    def passed() -> Answer:
        found = objects_passed(buildings, visits, NEAR_M)
        return {"visits": found.visits, "last": found.last_at.astype("datetime64[s]").astype(np.int64)}

    return {
        "network": network,
        "nearest": lambda: {"cost": nearest(at, to, Along(net)).cost},
        "reached": lambda: {"pairs": reached(at, to, Along(net), LIMIT_M).matrix().sum(axis=1)},
        "catchments": lambda: {"access": two_step(within, given["capacity"], given["people"]).access},
        "coverage": who,
        "workload": load,
        "objects": passed,
        "streets": lambda: {"passed": streets_passed(lines, visits, NEAR_M).passed_m},
    }


def others(given: Any) -> dict[str, Verb]:
    """The peers'."""
    import pandana
    from access.fca import two_stage_fca
    from inequality.gini import Gini

    lines = gpd.GeoSeries(geometries(given["lines"]), crs=METRIC)
    ends, node = given["ends"], given["node"]
    used, number = np.unique(ends, return_inverse=True)
    x, y = (pd.Series(node[used, axis]) for axis in (0, 1))
    number = number.reshape(-1, 2)
    place, service = (node[given[name]] for name in ("place", "service"))
    length = pd.Series(shapely.length(lines.to_numpy()))
    buildings = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*node[given["place"]].T, crs=METRIC))
    visits = gpd.GeoDataFrame(
        {"at": given["at"]}, geometry=gpd.points_from_xy(*given["visits"].T, crs=METRIC)
    )
    costs = table(given)

    def nodes(at: Any) -> Any:
        return net.get_node_ids(pd.Series(at[:, 0]), pd.Series(at[:, 1])).to_numpy()

    def made() -> Any:
        return pandana.Network(x, y, pd.Series(number[:, 0]), pd.Series(number[:, 1]), length.to_frame("m"))

    net = made()

    def network() -> Any:
        found = made()
        return lambda: {"nodes": len(found.node_ids), "length": length.sum()}

    def nearest() -> Answer:
        net.set_pois("service", FAR_M, 1, pd.Series(service[:, 0]), pd.Series(service[:, 1]))
        cost = net.nearest_pois(FAR_M, "service", num_pois=1)[1].to_numpy()[nodes(place)]
        return {
            "cost": np.where(cost < FAR_M, cost, np.inf)
        }  # where there is no way it says how far it looked

    def reached() -> Answer:
        net.set(pd.Series(nodes(service)), variable=pd.Series(np.ones(len(service))), name="services")
        return {"pairs": net.aggregate(LIMIT_M, type="count", name="services").to_numpy()[nodes(place)]}

    def catchments() -> Answer:
        demand = pd.DataFrame({"demand": given["people"]}).rename_axis("geoid")
        supply = pd.DataFrame({"supply": given["capacity"]}).rename_axis("geoid")
        found = two_stage_fca(demand, supply, costs, max_cost=4 * LIMIT_M)
        return {"access": found.reindex(np.arange(len(place)), fill_value=0).to_numpy()}

    def who() -> Answer:
        far = given["visits"][given["place"] % len(given["visits"]), 0] % 3000
        frame = pd.DataFrame({"cell": given["cell"], "people": given["people"], "far": far})
        frame["within"] = frame["people"].where(frame["far"] <= LIMIT_M, 0)
        found = frame.groupby("cell").agg({"people": "sum", "within": "sum", "far": "max"})
        return {"within": found["within"], "share": found["within"] / found["people"], "worst": found["far"]}

    def load() -> Answer:
        frame = pd.DataFrame({"cases": given["people"], "visits": given["cell"]})
        hours = frame["cases"] * 0.5 + frame["visits"] * 0.2
        officers = hours.groupby(frame.index % 3000).sum()
        low, high = officers.quantile([0.25, 0.75])
        over = officers[officers > high + 1.5 * (high - low)]
        return {"load": officers.to_numpy(), "gini": Gini(officers.to_numpy()).g, "rows": len(over)}

    def passed() -> Any:
        pairs = gpd.sjoin(buildings, visits, how="left", predicate="dwithin", distance=NEAR_M)
        found = pairs.groupby(level=0)["at"].agg(["count", "max"])
        last = found["max"].to_numpy().astype("datetime64[s]").astype(np.int64)
        return lambda: {"visits": found["count"].to_numpy(), "last": last}

    def streets() -> Answer:
        circles = visits.set_geometry(visits.buffer(NEAR_M, quad_segs=CORNERS))
        pairs = gpd.GeoDataFrame(geometry=lines).sjoin(circles, predicate="intersects")["index_right"]
        near = gpd.GeoDataFrame(
            {"line": pairs.index}, geometry=circles.geometry.to_numpy()[pairs.to_numpy()], crs=METRIC
        ).dissolve("line")
        length = lines.loc[near.index].intersection(near.geometry).length
        return {"passed": length.reindex(lines.index, fill_value=0).to_numpy()}

    return {
        "network": network, "nearest": nearest, "reached": reached, "catchments": catchments, "coverage": who,
        "workload": load, "objects": passed, "streets": streets,
    }  # fmt: skip


if __name__ == "__main__":
    serve({"ours": ours, "peer": others})
