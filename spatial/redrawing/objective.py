"""What a plan is worth: rules that are kept or not, balance, ways, shape, and how little changes."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from math import pi

import numpy as np

from spatial.given import Numbers, numbers
from spatial.grouping import sums
from spatial.redrawing.graph import Graph
from spatial.redrawing.layers import Rows

EASE = 0.6
"""A metre of border along a street, a present border or the community's own counts so much: people can see it."""
TERMS = ("bounds", "households", "workload", "travel", "compactness", "change")


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each term counts, at least 0.

    Parameters
    ----------
    bounds
        By what share of the bound a cell's households are under or over it, mean of the cells.
    households, workload
        Square of how far a cell is from the mean of its community, as a share of it, mean of the cells.
    travel
        Mean squared way from the centre of its cell to a stop, beside that in a disc of the community's mean cell.
        Stops are households and workload, of equal weight in all.
    compactness
        P²/4πA, mean of the cells: 1 is a circle, 1.27 a square. Border along what is there already counts 0.6 in P.
    change
        Share of households whose cell does not follow theirs.

    Raises
    ------
    DataError
        `too_small`, `not_finite`.
    """

    bounds: float = 20.0
    households: float = 2.0
    workload: float = 1.0
    travel: float = 0.5
    compactness: float = 1.0
    change: float = 0.5

    def __post_init__(self) -> None:
        numbers("weights", [getattr(self, one.name) for one in fields(self)], least=0)

    def total(self, terms: dict[str, float]) -> float:
        """The terms by their weights."""
        return float(sum(weight * terms[name] for name, weight in asdict(self).items()))


def stops(households: Numbers, workload: Numbers) -> Numbers:
    """How often each block is gone to: households and workload of a community, each half of all; shape (n,)."""
    parts = [one / one.sum() for one in (households, workload) if one.sum() > 0]
    return np.mean(parts, axis=0) if parts else np.zeros(len(households))


def worth(
    graph: Graph,
    table: dict[str, Numbers],
    cell: Rows,
    was: Rows,
    follows: Rows,
    bounds: tuple[float, float],
) -> dict[str, float]:
    """The terms of one community's plan, each evaluated anew from the blocks.

    Parameters
    ----------
    graph
        Of this community alone.
    table
        `households`, `workload`, `x`, `y` of each block.
    cell
        The cell of each block, from 0 on.
    was
        The present cell of each block, -1 for none.
    follows
        The present cell that each cell follows, -1 for none.
    """
    count = int(cell.max()) + 1
    households, workload = (sums(cell, table[name], count) for name in ("households", "workload"))
    low, high = bounds
    missed = np.maximum.reduce([(low - households) / low, (households - high) / high, np.zeros(count)])
    stop = stops(table["households"], table["workload"])
    at = np.stack((table["x"], table["y"]), axis=1) - [table["x"].mean(), table["y"].mean()]
    all_ = sums(cell, stop, count)
    moment = sums(cell, stop * (at**2).sum(axis=1), count)
    for column in at.T:
        first = sums(cell, stop * column, count)
        moment -= np.divide(first**2, all_, out=np.zeros(count), where=all_ > 0)
    area = sums(cell, graph.area_m2, count)
    length = EASE * sums(cell, graph.outer_m, count)
    apart = cell[graph.a] != cell[graph.b]
    border = graph.border_m * np.where(graph.drawn, EASE, 1.0)
    for end in (graph.a, graph.b):
        length += sums(cell[end][apart], border[apart], count)
    known = was >= 0
    total = float(table["households"].sum())
    stays = float(table["households"][known & (follows[cell] == was)].sum())
    had = float(table["households"][known].sum())
    return {
        "bounds": float(missed.mean()),
        "households": _unevenness(households),
        "workload": _unevenness(workload),
        "travel": float(moment.sum() / (area.sum() / count / (2 * pi))) if all_.sum() else 0.0,
        "compactness": float((length**2 / (4 * pi * area)).mean()),
        "change": (had - stays) / total if total else 0.0,
    }


def _unevenness(values: Numbers) -> float:
    mean = float(values.mean())
    return float(((values / mean - 1) ** 2).mean()) if mean else 0.0
