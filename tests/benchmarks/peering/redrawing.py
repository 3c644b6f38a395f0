"""One side of the comparison of redrawing: `python -m tests.benchmarks.peering.redrawing WHO FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.peering.answering import Answer, Verb, answer

SEED = 20240101
PEERS = ("Skater", "AZP", "RegionKMeans", "MaxP")


def ours(folder: Path) -> dict[str, Verb]:
    """This project's verb, with as many cells as each of the peers made."""
    import geopandas as gpd

    from spatial.redrawing import balance

    blocks = gpd.read_parquet(folder / "blocks.parquet")

    def told(peer: str) -> Answer:
        labels = np.load(folder / f"{peer}.npz")["labels"]
        count = {
            name: len(np.unique(labels[(blocks["community"] == name).to_numpy()]))
            for name in blocks["community"].unique()
        }
        return {"labels": np.array(balance(blocks, count=count, seed=SEED).cell_of)}

    return {peer: lambda peer=peer: told(peer) for peer in PEERS}


def spopt(folder: Path) -> dict[str, Verb]:
    """The peer's: regions whose blocks are near each other in x and y, and with households a floor for each."""
    import geopandas as gpd
    import spopt.region as regions
    from libpysal.weights import W

    given = np.load(folder / "towns.npz")
    towns = []
    for at in range(int(given["towns"])):
        columns = {name: given[f"{name}{at}"] for name in ("x", "y", "households")}
        frame = gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(columns["x"], columns["y"]))
        near: dict[int, list[int]] = {row: [] for row in range(len(frame))}
        for one, other in given[f"pairs{at}"].tolist():
            near[one].append(other)
            near[other].append(one)
        towns.append((frame, W(near, silence_warnings=True), int(given[f"count{at}"])))

    def solved(made: Any) -> Any:
        made.solve()
        return np.asarray(made.labels_)

    def told(peer: str) -> Answer:
        found, used = [], 0
        for frame, near, count in towns:
            np.random.seed(SEED)
            xy = ["x", "y"]
            if peer == "Skater":
                labels = solved(regions.Skater(frame, near, xy, n_clusters=count))
            elif peer == "AZP":
                labels = solved(regions.AZP(frame, near, xy, n_clusters=count, random_state=SEED))
            elif peer == "RegionKMeans":
                labels = solved(regions.RegionKMeansHeuristic(frame[xy].to_numpy(), count, near))
            else:
                labels = solved(regions.MaxPHeuristic(frame, near, xy, "households", 300, top_n=2))
            found.append(np.unique(labels, return_inverse=True)[1] + used)
            used = int(found[-1].max()) + 1
        return {"labels": np.concatenate(found)}

    return {peer: lambda peer=peer: told(peer) for peer in PEERS}


def main(who: str, folder: str) -> None:
    """Answer until there are no more requests."""
    answer({"ours": ours, "spopt": spopt}[who](Path(folder)))


if __name__ == "__main__":
    main(*sys.argv[1:])
