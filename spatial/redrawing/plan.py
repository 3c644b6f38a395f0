"""A plan: which cell each block belongs to, and what follows from that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from spatial.codes import cell_code
from spatial.coverage.edges import NOBODY, contacts, shared_edges
from spatial.given import Numbers
from spatial.grouping import sums
from spatial.redrawing.comparing import compactness, follow
from spatial.redrawing.graph import Graph, codes
from spatial.redrawing.layers import Rows, Shapes, picked, shapes_of
from spatial.redrawing.objective import Weights, worth
from spatial.redrawing.reasons import Broken, broken
from spatial.tessellate.number import number

STRAIGHT_M = 1e-3
"""A new corner so near to the line between its neighbours bends nothing."""
GROUND = 1e-9
"""Households for a square metre, where it is asked whom a cell follows."""
Bounds = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Plan:
    """A plan of cells over blocks; made by `balance` and `present`, changed by `move_border`, `split` and `merge`.

    Parameters
    ----------
    blocks
        As `spatial.redrawing.blocks` makes them.
    cell_of
        For each block the code of its cell.
    follows
        For each cell the present cell whose people mostly go there, None for none.
    bounds, weights
        As asked.
    seed
        Where everything by chance came from.
    graph
        Which blocks lie side by side.
    """

    blocks: gpd.GeoDataFrame
    cell_of: tuple[str, ...]
    follows: Mapping[str, str | None]
    bounds: Bounds
    weights: Weights
    seed: int
    graph: Graph = field(repr=False)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The codes of the cells, ascending."""
        return tuple(sorted(set(self.cell_of)))

    @cached_property
    def rows(self) -> Rows:
        """The number of each block's cell among `names`."""
        at = {name: row for row, name in enumerate(self.names)}
        return np.array([at[one] for one in self.cell_of], dtype=np.intp)

    @cached_property
    def terms(self) -> dict[str, float]:
        """The terms of the objective, not weighted, mean of the communities by their cells."""
        found: dict[str, float] = {}
        for mine, worth_ in self._each():
            share = len(np.unique(self.rows[mine])) / max(len(self.names), 1)
            for name, value in worth_.items():
                found[name] = found.get(name, 0.0) + share * value
        return found

    @property
    def value(self) -> float:
        """The objective: less is better."""
        return self.weights.total(self.terms) if self.terms else 0.0

    def cells(self) -> gpd.GeoDataFrame:
        """The cells, one row each, by code.

        Returns
        -------
        GeoDataFrame
            code, community, was (the present cell that it follows), same (whether it is that cell), households,
            buildings, cases, workload, area_m2, compactness, moved (households that do not come from `was`), geometry.

        Notes
        -----
        Borders keep every corner that a given layer has; a new corner stays only where it bends a border or where
        borders meet, so that a cell that has not changed has the shape that it had.
        """
        return self._cells.copy()

    def borders(self) -> gpd.GeoDataFrame:
        """The lines between cells, and around them: `left` and `right` are codes, None outside."""
        found = shared_edges(shapes_of(self._cells))
        names = [*self.names, None]
        table = {"left": [names[at] for at in found.left], "right": [names[at] for at in found.right]}
        return gpd.GeoDataFrame(table, geometry=found.lines, crs=self.blocks.crs)

    @cached_property
    def broken(self) -> tuple[Broken, ...]:
        """Rules that cells do not keep, by cell."""
        return broken(self._cells, self.blocks, self.cell_of, self.bounds)

    @cached_property
    def _cells(self) -> gpd.GeoDataFrame:
        count, blocks, rows = len(self.names), self.blocks, self.rows
        shapes = _dissolved(blocks, rows, count)
        first = np.full(count, 0, dtype=np.intp)
        first[rows[::-1]] = np.arange(len(rows))[::-1]
        was, old = present_of(blocks)
        follows = self._follows(old)
        moved = (was != NOBODY) & (was != follows[rows])
        households = blocks["households"].to_numpy(dtype=float)
        table = {
            "code": list(self.names),
            "community": blocks["community"].to_numpy()[first] if count else [],
            "was": picked(old, follows),
            "same": _same(was, rows, follows, len(old)),
            "area_m2": shapely.area(shapes),
            "compactness": compactness(shapes) if count else np.zeros(0),
            "moved": sums(rows, households * moved, count),
        }
        for name in ("households", "buildings", "cases", "workload"):
            table[name] = sums(rows, blocks[name].to_numpy(dtype=float), count)
        return gpd.GeoDataFrame(table, geometry=shapes, crs=blocks.crs)

    def _follows(self, old: tuple[str, ...]) -> Rows:
        at = {name: row for row, name in enumerate(old)}
        return np.array([at.get(self.follows.get(name) or "", NOBODY) for name in self.names], dtype=np.intp)

    def _each(self) -> list[tuple[Rows, dict[str, float]]]:
        """Blocks of each community, and the terms of its plan."""
        found = []
        was, old = present_of(self.blocks)
        follows = self._follows(old)
        for at in range(len(self.graph.names)):
            mine, graph = within(self.graph, at)
            cells, cell = np.unique(self.rows[mine], return_inverse=True)
            table = columns(self.blocks, mine)
            found.append((mine, worth(graph, table, cell.ravel(), was[mine], follows[cells], self.bounds)))
        return found


def columns(blocks: gpd.GeoDataFrame, rows: Rows) -> dict[str, Numbers]:
    """What the objective reads of some blocks."""
    return {name: blocks[name].to_numpy(dtype=float)[rows] for name in ("households", "workload", "x", "y")}


def within(graph: Graph, community: int) -> tuple[Rows, Graph]:
    """The blocks of a community, and their neighbours numbered among themselves."""
    mine = np.flatnonzero(graph.community == community)
    at = np.full(len(graph.community), NOBODY, dtype=np.intp)
    at[mine] = np.arange(len(mine))
    kept = graph.community[graph.a] == community
    return mine, Graph(
        np.zeros(len(mine), dtype=np.int64), (graph.names[community],), at[graph.a[kept]], at[graph.b[kept]],
        graph.border_m[kept], graph.drawn[kept], graph.area_m2[mine], graph.outer_m[mine],
    )  # fmt: skip


def of_rows(
    blocks: gpd.GeoDataFrame,
    rows: Rows,
    count: int,
    bounds: Bounds,
    weights: Weights,
    seed: int,
    graph: Graph,
) -> Plan:
    """A plan from the cell of each block, numbered from 0 on; cells get their codes here.

    A cell that is just a present one has its code, any other the next free one of its community, from north to south.
    """
    was, old = present_of(blocks)
    follows = _following(blocks, rows, count, was, old)
    same = _same(was, rows, follows, len(old))
    community, given = (
        blocks["community"].to_numpy(dtype=str),
        [old[at] if kept else "" for at, kept in zip(follows, same, strict=True)],
    )
    middle = np.stack([blocks["x"], blocks["y"]], axis=1)
    for name in np.unique(community):
        new = [int(at) for at in np.unique(rows[community == name]) if not given[at]]
        last = max(
            [int(code[-3:]) for code in old if code.startswith(name) and code[-3:].isdigit()], default=0
        )
        seats = [shapely.MultiPoint(middle[rows == at]) for at in new]
        for place, at in zip(number(seats).tolist(), new, strict=True):
            given[at] = cell_code(str(name), last + place)
    whom = {given[at]: None if one == NOBODY else old[one] for at, one in enumerate(follows.tolist())}
    return Plan(blocks, tuple(given[at] for at in rows), whom, bounds, weights, seed, graph)


def followed(plan: Plan, cell_of: Sequence[str]) -> Plan:
    """A plan with other cells of the blocks, under codes that are given; whom each follows is found anew."""
    names, rows = np.unique(np.array(cell_of, dtype=str), return_inverse=True)
    was, old = present_of(plan.blocks)
    follows = _following(plan.blocks, rows.ravel(), len(names), was, old)
    whom = {
        str(name): None if at == NOBODY else old[at] for name, at in zip(names, follows.tolist(), strict=True)
    }
    return replace(plan, cell_of=tuple(cell_of), follows=whom)


def present_of(blocks: gpd.GeoDataFrame) -> tuple[Rows, tuple[str, ...]]:
    """The number of each block's present cell, -1 for none, and the codes of those cells."""
    present = codes(blocks["cell"].to_numpy(dtype=object))
    old = tuple(sorted({one for one in present if one is not None}))
    at = {name: row for row, name in enumerate(old)}
    return np.array([NOBODY if one is None else at[one] for one in present], dtype=np.intp), old


def _following(blocks: gpd.GeoDataFrame, rows: Rows, count: int, was: Rows, old: tuple[str, ...]) -> Rows:
    """The present cell that each cell follows; where nobody lives ground decides, far below a household."""
    weight = blocks["households"].to_numpy(dtype=float) + GROUND * shapely.area(shapes_of(blocks))
    return follow(was, rows, weight, len(old), count)


def _same(was: Rows, rows: Rows, follows: Rows, old: int) -> NDArray[np.bool_]:
    """Which cells have just the blocks that the cell has which they follow."""
    count = len(follows)
    stays = (was != NOBODY) & (was == follows[rows])
    mine, kept = np.bincount(rows, minlength=count), np.bincount(rows[stays], minlength=count)
    size = np.append(np.bincount(was[was != NOBODY], minlength=old), 0)
    found: NDArray[np.bool_] = (kept > 0) & (mine == kept) & (kept == size[follows])
    return found


def _dissolved(blocks: gpd.GeoDataFrame, rows: Rows, count: int) -> Shapes:
    """The blocks of each cell as one area, without new corners that bend nothing."""
    shapes = shapes_of(blocks)
    whole = np.empty(count, dtype=object)
    order = np.argsort(rows, kind="stable")
    for at, mine in enumerate(
        np.split(order, np.searchsorted(rows[order], np.arange(1, count))) if count else []
    ):
        whole[at] = shapes[mine[0]] if len(mine) == 1 else shapely.coverage_union_all(shapes[mine])
    added = blocks["added"].array
    loose = {(x, y) for x, y in shapely.get_coordinates(np.asarray(added, dtype=object)).tolist()}
    return _trimmed(whole, loose - _junctions(whole))


def _junctions(shapes: Shapes) -> set[tuple[float, float]]:
    """Corners where other areas come in than those on both sides of a border."""
    sides = contacts(shapes)
    pair = np.stack((np.minimum(sides.left, sides.right), np.maximum(sides.left, sides.right)), axis=1)
    ends = np.concatenate((sides.begin, sides.end))
    corner, at = np.unique(ends, axis=0, return_inverse=True)
    _, kind = np.unique(np.tile(pair, (2, 1)), axis=0, return_inverse=True)
    different = np.unique(np.stack((at.ravel(), kind.ravel()), axis=1), axis=0)[:, 0]
    counted = np.bincount(different, minlength=len(corner))
    return {(x, y) for x, y in corner[counted > 1].tolist()}


def _trimmed(shapes: Shapes, loose: set[tuple[float, float]]) -> Shapes:
    """Areas without those of some corners that lie on the line between their neighbours."""

    def ring(xy: Numbers) -> Numbers:
        open_ = xy[:-1]
        kept = np.array([(x, y) not in loose for x, y in open_.tolist()])
        before, after = np.roll(open_, 1, axis=0), np.roll(open_, -1, axis=0)
        along, away = after - before, open_ - before
        off = np.abs(along[:, 0] * away[:, 1] - along[:, 1] * away[:, 0])
        kept |= off > STRAIGHT_M * np.hypot(*along.T)
        return xy if kept.sum() < 3 else np.vstack((open_[kept], open_[kept][:1]))

    def polygon(one: Any) -> Any:
        return shapely.Polygon(
            ring(shapely.get_coordinates(one.exterior)),
            [ring(shapely.get_coordinates(hole)) for hole in one.interiors],
        )

    found = np.empty(len(shapes), dtype=object)
    for at, shape in enumerate(shapes):
        parts = [polygon(one) for one in shapely.get_parts(shape)]
        found[at] = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    return found
