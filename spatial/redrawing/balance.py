"""Blocks put together to cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from zlib import crc32

import geopandas as gpd
import numpy as np

from spatial.errors import DataError
from spatial.given import SHOWN, numbers, same_crs, whole
from spatial.redrawing.blocks import COLUMNS
from spatial.redrawing.checking import BOUNDS
from spatial.redrawing.graph import Graph, graph_of
from spatial.redrawing.layers import Layer, Rows, areas, cell_at, picked
from spatial.redrawing.objective import Weights
from spatial.redrawing.plan import Plan, columns, of_rows, present_of, within
from spatial.redrawing.reasons import numbers_that_fit
from spatial.redrawing.search import search
from spatial.redrawing.starts import present as present_cells
from spatial.redrawing.state import Town, town_of

Progress = Callable[[int, int, str], None]

ROUNDS = 12
"""So often two cells are cut anew for each cell that a community has."""
ROOM = 0.1
"""Share of the room between the bounds that the mean keeps from both."""
USUAL = Weights()


def balance(
    blocks: gpd.GeoDataFrame,
    *,
    cells: Layer | None = None,
    count: int | Mapping[str, int] | None = None,
    weights: Weights = USUAL,
    bounds: tuple[float, float] = BOUNDS,
    seed: int = 0,
    rounds: int = ROUNDS,
    progress: Progress | None = None,
) -> Plan:
    """Put the blocks of each community together to cells of about equal work.

    Parameters
    ----------
    blocks
        As `spatial.redrawing.blocks` makes them.
    cells
        Cells as they are, where the blocks were made without them.
    count
        How many cells: of every community, or of each by its code; a community that is not named gets as many as fit.
        Without it so many that all can be within the bounds, as near to the present number as that allows (without
        present cells to the middle of the bounds).
    weights
        What counts how much.
    bounds
        The fewest and the most households that a cell should have.
    seed
        Where everything by chance comes from. A community's plan depends on its own blocks and this alone.
    rounds
        How long to search: a round for each cell.
    progress
        Called after each community with how many are done, of how many, and its code.

    Returns
    -------
    Plan
        Every cell is within one community and in one piece, and no block is cut. What else a cell does not keep, and
        why, is in `Plan.broken`.

    Raises
    ------
    CrsError
        `crs_missing`, `crs_not_metric`, `crs_mixed`.
    DataError
        `no_column`, `count_exceeds_blocks`, `bounds_wrong`, `unknown_communities`, `not_within`, and what `numbers`
        and `areas` raise.

    Notes
    -----
    The objective is `spatial.redrawing.objective.worth`. The search (`spatial.redrawing.search`) is a heuristic: it
    goes down from several starts and on by recombination; that the plan is the best there is is not proved. Where a
    community is in pieces, they are held together where they are nearest, and a cell over both says so.
    """
    made = _asked(blocks, cells, bounds)
    rounds = whole("rounds", rounds, least=0)
    graph = graph_of(made)
    wanted = _counts(made, graph, count, bounds)
    rows = np.zeros(len(made), dtype=np.intp)
    used = 0
    for at, name in enumerate(graph.names):
        mine, town = _town(made, graph, at, bounds, weights)
        rng = np.random.default_rng([seed, crc32(name.encode())])
        found = search(town, wanted[at], rounds * wanted[at], rng)
        rows[mine] = np.array(found.cell, dtype=np.intp) + used
        used += wanted[at]
        if progress is not None:
            progress(at + 1, len(graph.names), name)
    return of_rows(made, rows, used, bounds, weights, seed, graph)


def present(
    blocks: gpd.GeoDataFrame, *, weights: Weights = USUAL, bounds: tuple[float, float] = BOUNDS
) -> Plan:
    """The plan that stands today, to be held beside another or edited.

    Raises
    ------
    DataError
        `no_column`, `no_present_cells`, `bounds_wrong`.

    Notes
    -----
    Blocks that are in no cell, or apart from most of theirs, go to the neighbour with which they share most of their
    border: so does a building that a present border cuts.
    """
    made = _asked(blocks, None, bounds)
    if made["cell"].isna().all() and len(made):
        raise DataError("no_present_cells")
    graph = graph_of(made)
    rows = np.zeros(len(made), dtype=np.intp)
    used = 0
    for at in range(len(graph.names)):
        mine, town = _town(made, graph, at, bounds, weights)
        names, cell = np.unique(present_cells(town), return_inverse=True)
        rows[mine] = cell.ravel() + used
        used += len(names)
    return of_rows(made, rows, used, bounds, weights, 0, graph)


def _asked(blocks: gpd.GeoDataFrame, cells: Layer | None, bounds: tuple[float, float]) -> gpd.GeoDataFrame:
    """Blocks that can be worked with, each with its present cell."""
    missing = [column for column in COLUMNS if column not in blocks]
    if missing:
        raise DataError("no_column", name="blocks", column=", ".join(missing))
    for name in ("households", "cases", "workload"):
        numbers(name, blocks[name], least=0)
    low, high = bounds
    if not 0 < low <= high:
        raise DataError("bounds_wrong", least=low, most=high)
    if cells is None:
        same_crs(blocks=blocks)
        return blocks
    same_crs(blocks=blocks, cells=cells)
    codes_, shapes = areas("cells", cells)
    # A point inside the block: the middle of its households may lie in another one.
    xy = np.array([(one.x, one.y) for one in blocks.geometry.representative_point()]).reshape(-1, 2)
    return blocks.assign(cell=picked(codes_, cell_at(xy, shapes, codes_)))


def _town(
    blocks: gpd.GeoDataFrame, graph: Graph, at: int, bounds: tuple[float, float], weights: Weights
) -> tuple[Rows, Town]:
    mine, own = within(graph, at)
    was, _ = present_of(blocks.iloc[mine])
    return mine, town_of(own, columns(blocks, mine), was, bounds, weights)


def _counts(
    blocks: gpd.GeoDataFrame, graph: Graph, count: int | Mapping[str, int] | None, bounds: tuple[float, float]
) -> list[int]:
    """How many cells each community gets."""
    given = (
        {} if count is None else count if isinstance(count, Mapping) else dict.fromkeys(graph.names, count)
    )
    unknown = sorted(set(given) - set(graph.names))
    if unknown:
        raise DataError(
            "unknown_communities", count=len(unknown), communities=", ".join(map(str, unknown[:SHOWN]))
        )
    size = np.bincount(graph.community, minlength=len(graph.names))
    found = []
    for at, name in enumerate(graph.names):
        mine = graph.community == at
        if name in given:
            found.append(whole("count", given[name], least=1))
            continue
        now = int(blocks["cell"][mine].nunique())
        found.append(min(_fitting(float(blocks["households"][mine].sum()), now, bounds), int(size[at])))
    few = np.array(found) > size
    if few.any():
        names = ", ".join(np.array(graph.names)[few][:SHOWN])
        raise DataError("count_exceeds_blocks", communities=names, count=int(few.sum()))
    return found


def _fitting(households: float, now: int, bounds: tuple[float, float]) -> int:
    """The number of cells that fits, the nearest to the present one or to the middle of the bounds."""
    # Blocks are not cut, so a number with which all would have to be at a bound is only taken where no other fits.
    room = ROOM * (bounds[1] - bounds[0])
    fit = numbers_that_fit(households, (bounds[0] + room, bounds[1] - room)) or numbers_that_fit(
        households, bounds
    )
    middle = max(1, round(2 * households / sum(bounds)))
    if not fit:
        return middle
    return min(max(now or middle, fit.start), fit.stop - 1)
