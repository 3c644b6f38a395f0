"""A plan changed by hand: blocks go over a border, a cell is split, cells are merged.

What would break a rule that holds without exception is refused by name, and the plan stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from spatial.codes import cell_code
from spatial.errors import DataError
from spatial.given import SHOWN, distinct, whole
from spatial.redrawing.graph import pieces
from spatial.redrawing.layers import AREAL, NOBODY, Rows, shapes_of
from spatial.redrawing.plan import Plan, columns, followed, within
from spatial.redrawing.search import descend, search
from spatial.redrawing.state import town_of

HALF = 0.5
"""A block goes with an area that is drawn where more than so much of it lies in it."""
ROUNDS = 12


def move_border(plan: Plan, given: Iterable[str] | Any, *, to: str, source: str | None = None) -> Plan:
    """Give blocks to a neighbouring cell.

    Parameters
    ----------
    plan
        Stays as it is.
    given
        Names of blocks; or an area in the plan's reference system, which gives the blocks that lie in it by more than
        half.
    to
        The cell that gets them. Blocks that are its own already stay.
    source
        Only blocks of this cell are given; without it, of any.

    Raises
    ------
    DataError
        `no_such_cells`, `unknown_blocks`, `not_one_area`, `nothing_given`, `other_community`, `not_beside`,
        `would_be_empty`, `would_fall_apart`.
    """
    _cells_known(plan, [to] if source is None else [to, source])
    rows = _given(plan, given)
    own = np.array(plan.cell_of, dtype=object)
    rows = rows[own[rows] != to]
    if source is not None:
        rows = rows[own[rows] == source]
    if not len(rows):
        raise DataError("nothing_given", to=to)
    community = plan.blocks["community"].to_numpy(dtype=object)
    there = community[own == to][0]
    elsewhere = rows[community[rows] != there]
    if len(elsewhere):
        raise DataError("other_community", cell=to, community=there, blocks=_names(plan, elsewhere))
    losing = sorted(set(own[rows]))
    own[rows] = to
    emptied = [cell for cell in losing if cell not in set(own)]
    if emptied:
        raise DataError("would_be_empty", cells=", ".join(emptied))
    _one_piece(plan, own, [to], "not_beside")
    _one_piece(plan, own, losing, "would_fall_apart")
    return followed(plan, own.tolist())


def split(plan: Plan, cell: str, *, line: Any = None, parts: int = 2, seed: int = 0) -> Plan:
    """Split a cell: along a line that is drawn, or in balanced parts.

    Parameters
    ----------
    plan
        Stays as it is.
    cell
        Its code is no cell's afterwards: the parts get the next free ones of the community, from north to south and
        west to east.
    line
        A line over the cell, in the plan's reference system; each block goes to the side that most of it lies on.
        Without it the parts are sought as `balance` seeks them.
    parts
        How many, without a line.
    seed
        As for `balance`.

    Raises
    ------
    DataError
        `no_such_cells`, `not_a_line`, `splits_nothing`, `would_fall_apart`, `count_exceeds_blocks`, `not_within`,
        `cell_codes_spent`.
    """
    _cells_known(plan, [cell])
    mine = np.flatnonzero(np.array(plan.cell_of, dtype=object) == cell)
    part = _parted(plan, mine, parts, seed) if line is None else _sides(plan, mine, line)
    count = int(part.max()) + 1
    if count < 2:
        raise DataError("splits_nothing", cell=cell)
    own = np.array(plan.cell_of, dtype=object)
    own[mine] = [f"{cell} {at}" for at in part]
    for at in range(count):
        _one_piece(plan, own, [f"{cell} {at}"], "would_fall_apart", named=cell)
    middle = [plan.blocks[["x", "y"]].to_numpy()[mine[part == at]].mean(axis=0) for at in range(count)]
    order = sorted(range(count), key=lambda at: (-middle[at][1], middle[at][0]))
    free = _free_codes(plan, mine[0], count)
    code = {at: free[place] for place, at in enumerate(order)}
    own[mine] = [code[at] for at in part.tolist()]
    return followed(plan, own.tolist())


def merge(plan: Plan, cells: Sequence[str], *, code: str | None = None) -> Plan:
    """Merge neighbouring cells of one community.

    Parameters
    ----------
    plan
        Stays as it is.
    cells
        Two or more.
    code
        Of the cell that comes of it; without it the next free one of the community.

    Raises
    ------
    DataError
        `no_such_cells`, `not_distinct`, `merges_nothing`, `other_community`, `not_beside`, `code_taken`,
        `cell_codes_spent`.
    """
    _cells_known(plan, cells)
    distinct("cells", list(cells))
    if len(cells) < 2:
        raise DataError("merges_nothing")
    own = np.array(plan.cell_of, dtype=object)
    mine = np.flatnonzero(np.isin(own, list(cells)))
    community = plan.blocks["community"].to_numpy(dtype=object)
    elsewhere = mine[community[mine] != community[mine[0]]]
    if len(elsewhere):
        where = {"cell": cells[0], "community": community[mine[0]], "blocks": _names(plan, elsewhere)}
        raise DataError("other_community", **where)
    if code is not None and code in set(plan.cell_of) - set(cells):
        raise DataError("code_taken", code=code)
    new = code or _free_codes(plan, mine[0], 1)[0]
    own[mine] = new
    _one_piece(plan, own, [new], "not_beside", named=", ".join(cells))
    return followed(plan, own.tolist())


def _given(plan: Plan, given: Iterable[str] | Any) -> Rows:
    """Rows of the blocks that are named, or that lie in an area."""
    if isinstance(given, shapely.Geometry):
        if shapely.get_type_id(given) not in AREAL or given.is_empty or not given.is_valid:
            raise DataError("not_one_area")
        shapes = shapes_of(plan.blocks)
        near = np.sort(shapely.STRtree(shapes).query(given, predicate="intersects"))
        inside = shapely.area(shapely.intersection(shapes[near], given))
        return np.asarray(near[inside > HALF * shapely.area(shapes[near])], dtype=np.intp)
    names = [given] if isinstance(given, str) else list(given)
    found = plan.blocks.index.get_indexer(names)
    if (found < 0).any():
        unknown = [str(name) for name, row in zip(names, found, strict=True) if row < 0]
        raise DataError("unknown_blocks", count=len(unknown), blocks=", ".join(unknown[:SHOWN]))
    return np.unique(found)


def _cells_known(plan: Plan, cells: Sequence[str]) -> None:
    unknown = [cell for cell in cells if cell not in plan.names]
    if unknown:
        raise DataError("no_such_cells", count=len(unknown), cells=", ".join(map(str, unknown[:SHOWN])))


def _one_piece(
    plan: Plan, own: NDArray[Any], cells: Sequence[str], code: str, *, named: str | None = None
) -> None:
    """Refuse what leaves a cell in pieces."""
    graph = plan.graph
    for cell in cells:
        inside = own == cell
        rows = np.flatnonzero(inside)
        at = np.full(len(own), NOBODY, dtype=np.intp)
        at[rows] = np.arange(len(rows))
        kept = inside[graph.a] & inside[graph.b]
        count = len(np.unique(pieces(len(rows), at[graph.a[kept]], at[graph.b[kept]])))
        if count > 1:
            raise DataError(code, cell=named or cell, parts=count)


def _sides(plan: Plan, mine: Rows, line: Any) -> Rows:
    """The side of a line on which most of each block lies."""
    if not isinstance(line, shapely.Geometry) or shapely.get_dimensions(line) != 1:
        raise DataError("not_a_line")
    shapes = shapes_of(plan.blocks)[mine]
    whole_ = shapely.coverage_union_all(shapes)
    faces = shapely.get_parts(
        shapely.polygonize(shapely.get_parts(shapely.union_all([shapely.boundary(whole_), line])))
    )
    faces = faces[shapely.contains(whole_, shapely.point_on_surface(faces))]
    block, face = shapely.STRtree(faces).query(shapes, predicate="intersects")
    ground = shapely.area(shapely.intersection(shapes[block], faces[face]))
    side = np.zeros(len(mine), dtype=np.intp)
    order = np.lexsort((-face, ground))
    side[block[order]] = face[order]
    return np.unique(side, return_inverse=True)[1].ravel().astype(np.intp)


def _parted(plan: Plan, mine: Rows, parts: int, seed: int) -> Rows:
    """Balanced parts of a cell."""
    parts = whole("parts", parts, least=2)
    if parts > len(mine):
        raise DataError("count_exceeds_blocks", communities=plan.cell_of[mine[0]], count=1)
    community = int(plan.graph.community[mine[0]])
    all_, graph = within(plan.graph, community)
    at = np.full(len(plan.cell_of), NOBODY, dtype=np.intp)
    at[mine] = np.arange(len(mine))
    here = at[all_]
    kept = (here[graph.a] != NOBODY) & (here[graph.b] != NOBODY)
    border = np.zeros(len(mine))
    for one, other in ((graph.a, graph.b), (graph.b, graph.a)):
        out = (here[one] != NOBODY) & (here[other] == NOBODY)
        border += np.bincount(here[one[out]], graph.border_m[out], minlength=len(mine))
    own = here != NOBODY
    cell = replace(
        graph,
        community=np.zeros(len(mine), dtype=np.int64),
        a=here[graph.a[kept]],
        b=here[graph.b[kept]],
        border_m=graph.border_m[kept],
        drawn=graph.drawn[kept],
        area_m2=graph.area_m2[own],
        outer_m=graph.outer_m[own] + border,
    )
    nobody = np.full(len(mine), NOBODY, dtype=np.intp)
    town = town_of(cell, columns(plan.blocks, mine), nobody, plan.bounds, plan.weights)
    found = search(town, parts, ROUNDS, np.random.default_rng(seed))
    descend(found)
    return np.array(found.cell, dtype=np.intp)


def _free_codes(plan: Plan, row: int, count: int) -> list[str]:
    """The next codes after the highest that the community has, or had before."""
    community = str(plan.blocks["community"].iloc[row])
    ever = [*plan.cell_of, *(one for one in plan.blocks["cell"] if isinstance(one, str))]
    last = max(
        (int(code[-3:]) for code in ever if code.startswith(community) and code[-3:].isdigit()), default=0
    )
    try:
        return [cell_code(community, last + at) for at in range(1, count + 1)]
    except ValueError as error:
        raise DataError("cell_codes_spent", community=community) from error


def _names(plan: Plan, rows: Rows) -> str:
    return ", ".join(str(name) for name in plan.blocks.index[rows[:SHOWN]])
