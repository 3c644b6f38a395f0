"""One side of the comparison of hot spots: `python -m tests.benchmarks.peering.hotspots WHO FILE`."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from tests.benchmarks.peering.answering import Answer, Verb, answer


def ours(values: Any, ids: list[int], pairs: list[tuple[int, int]]) -> dict[str, Verb]:
    """This project's verbs."""
    from spatial.hotspots import gi_star, local_moran, moran
    from spatial.neighbours import from_pairs

    binary = from_pairs(ids, pairs)
    row = binary.weighted("row")

    def local(permutations: int, seed: int) -> Answer:
        found = local_moran(values, row, permutations=permutations, seed=seed)
        return {"value": found.value, "p": found.p_permuted / 2}

    def star(permutations: int, seed: int) -> Answer:
        found = gi_star(values, binary, permutations=permutations, seed=seed)
        return {"value": found.z, "p": found.p_permuted / 2}

    def whole(permutations: int, seed: int) -> Answer:
        found = moran(values, row, permutations=permutations, seed=seed)
        return {"value": [found.value], "p": [found.p_permuted / 2]}

    return {"local_moran": local, "gi_star": star, "moran": whole}


def esda(values: Any, ids: list[int], pairs: list[tuple[int, int]]) -> dict[str, Verb]:
    """The peer's, whose local I is divided by n - 1, and whose p-values are the smaller tail's."""
    from esda import G_Local, Moran, Moran_Local
    from libpysal.weights import W

    near: dict[int, list[int]] = {one: [] for one in ids}
    for one, other in pairs:
        near[one].append(other)
        near[other].append(one)
    binary, row = W(near), W(near)
    row.transform = "r"
    share = len(ids) / (len(ids) - 1)

    def local(permutations: int, seed: int) -> Answer:
        found = Moran_Local(values, row, permutations=permutations, seed=seed, keep_simulations=False)
        return {"value": found.Is * share, "p": found.p_sim}

    def star(permutations: int, seed: int) -> Answer:
        found = G_Local(
            values,
            binary,
            transform="B",
            star=True,
            permutations=permutations,
            seed=seed,
            n_jobs=1,
            keep_simulations=False,
        )
        return {"value": found.Zs, "p": found.p_sim}

    def whole(permutations: int, seed: int) -> Answer:
        np.random.seed(seed)
        found = Moran(values, row, permutations=permutations)
        return {"value": [found.I], "p": [found.p_sim]}

    return {"local_moran": local, "gi_star": star, "moran": whole}


def main(who: str, file: str) -> None:
    """Answer until there are no more requests."""
    given = np.load(file)
    ids, pairs = list(range(len(given["values"]))), [(int(a), int(b)) for a, b in given["pairs"]]
    verbs = {"ours": ours, "esda": esda}[who](given["values"], ids, pairs)
    answer(verbs)


if __name__ == "__main__":
    main(*sys.argv[1:])
