"""Between rows of the database and a plan of `spatial.redrawing`: what was stored is drawn with, and stored again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree
from sqlalchemy import Connection, Row

from app.grid import store as grid
from app.grid.rules import Level
from app.proposals.store import drawing, inputs
from app.proposals.store.drawing import Step
from app.proposals.store.inputs import Layer
from spatial.crs import STORAGE, transform
from spatial.redrawing import Plan, present
from spatial.redrawing.plan import followed
from spatial.tessellate import join_sides, shorten_sides

Record = dict[str, Any]

LONGEST_DEG = 0.0005
"""Longest side of what a plan is made from, about 50 m: what is straight in degrees is then straight in metres, too."""

SNAP_DEG = 1e-9
"""A corner that comes back so near to a stored one is that one: a tenth of a millimetre."""

ROUNDING_DEG = 1e-7
"""Ground that is thinner than this, in degrees, is what two computations of one corner have left: a centimetre."""


def parent_level(connection: Connection, district_id: int) -> str:
    """The level right above cells: the communities, where a district has them."""
    levels = grid.levels(connection, district_id)
    above = levels[Level.CELL].depth - 1
    return next(name for name, row in levels.items() if row.depth == above and name != Level.RESIDENT_GROUP)


def metric(district: Row[Any], shapes: Any) -> Any:
    """Shapes in the district's projection, in metres."""
    return shapely.transform(shapes, lambda xy: transform(xy, STORAGE, district.metric_srid))


def layer(district: Row[Any], found: Layer, **columns: Any) -> gpd.GeoDataFrame:
    """Rows of the database as a layer in the district's projection, with a code."""
    codes = [row.code for row in found.rows] if found.rows and hasattr(found.rows[0], "code") else None
    given = {**({} if codes is None else {"code": codes}), **columns}
    shapes = metric(district, found.shapes) if len(found.rows) else []
    return gpd.GeoDataFrame(given, geometry=list(shapes), crs=f"EPSG:{district.metric_srid}")


def outlined(district: Row[Any], found: Layer) -> gpd.GeoDataFrame:
    """Areas of the database as a layer in the district's projection, their sides short."""
    return layer(district, Layer(found.rows, shorten_sides(found.shapes, LONGEST_DEG)))


def plan_of(district: Row[Any], proposal: Record, blocks: Sequence[Record], step: Step) -> Plan:
    """The plan that a step is."""
    shapes = metric(district, np.array([block["shape"] for block in blocks], dtype=object))
    names = [block["name"] for block in blocks]
    columns: dict[str, Any] = {
        name: [block[name] for block in blocks] for name in ("community", "households", "buildings", "cases")
    }
    # Held as objects: a column of texts would make a missing cell into a number that is none.
    columns["cell"] = pd.Series([block["cell"] for block in blocks], index=names, dtype=object)
    columns |= {
        name: [block["facts"].get(name) for block in blocks] for name in ("workload", "x", "y", "ground")
    }
    corners = [shapely.get_coordinates(shape) for shape in shapes]
    columns["added"] = [
        shapely.multipoints(xy[block["facts"]["added"]]) for xy, block in zip(corners, blocks, strict=True)
    ]
    frame = gpd.GeoDataFrame(
        columns,
        index=names,
        geometry=list(shapes),
        crs=f"EPSG:{district.metric_srid}",
    ).rename_axis("block")
    bounds = (proposal["least_households"], proposal["most_households"])
    return keyed(frame, step.cells, bounds)


def keyed(frame: gpd.GeoDataFrame, keys: Sequence[str], bounds: tuple[float, float]) -> Plan:
    """A plan over blocks whose cells are called by these keys."""
    return followed(present(frame, bounds=bounds), keys)


def loaded(connection: Connection, district: Row[Any], proposal: Record) -> tuple[list[Record], Step, Plan]:
    """The blocks of a proposal, the step that stands, and the plan that it is."""
    blocks = drawing.blocks(connection, proposal["id"])
    step = drawing.step(connection, proposal["id"], proposal["step"])
    return blocks, step, plan_of(district, proposal, blocks, step)


def put(
    connection: Connection,
    district: Row[Any],
    proposal: Record,
    plan: Plan,
    names: Mapping[str, Mapping[str, str]],
) -> None:
    """Store the cells of a plan."""
    outlines = inputs.areas(connection, proposal["district_id"], proposal["area_no"], Level.CELL)
    kept = {row.code: shape for row, shape in zip(outlines.rows, outlines.shapes, strict=True)}
    found = plan.cells()
    shapes = join_sides(in_store(district, found.geometry.array, outlines), outlines.shapes)
    same = _same(found, shapes, kept)
    rows = []
    for at, row in enumerate(found.itertuples()):
        said = names.get(row.code, {})
        rows.append(
            {
                "key": row.code,
                "community": row.community,
                "same": bool(same[at]),
                "was": row.was if isinstance(row.was, str) else None,
                "name": said.get("name"),
                "code": said.get("code"),
                # A cell that nobody touches stays as it is to the bit.
                "shape": kept[row.was] if same[at] else shapes[at],
                "figures": _figures(row),
            }
        )
    drawing.put_cells(connection, proposal["id"], rows)


def in_store(district: Row[Any], shapes: Any, outlines: Layer) -> Any:
    """Shapes in the district's projection as they are stored, with the corners of what is stored to the bit."""
    corners = np.unique(shapely.get_coordinates(shorten_sides(outlines.shapes, LONGEST_DEG)), axis=0)
    tree = cKDTree(corners)

    def back(xy: Any) -> Any:
        degrees = transform(xy, district.metric_srid, STORAGE)
        away, at = tree.query(degrees)
        degrees[away <= SNAP_DEG] = corners[at[away <= SNAP_DEG]]
        return degrees

    return shapely.transform(np.asarray(shapes, dtype=object), back)


def _same(found: gpd.GeoDataFrame, shapes: Any, kept: Mapping[str, Any]) -> Any:
    """Which cells stay just as they are.

    A building through which a present border runs is in one block, on whose far side the cell is not quite the present
    one. It stays as it is all the same, unless it would then lie over, or away from, a neighbour that changes.
    """
    same = np.array([bool(row.same) and row.was in kept for row in found.itertuples()], dtype=bool)
    apart = np.full(len(found), shapely.Polygon(), dtype=object)
    for at in np.flatnonzero(same):
        off = shapely.symmetric_difference(kept[found["was"].iloc[at]], shapes[at])
        wide = [part for part in shapely.get_parts(off) if 2 * part.area > ROUNDING_DEG * part.length]
        apart[at] = shapely.union_all(wide) if wide else apart[at]
    while True:
        changed = shapely.STRtree(shapes[~same])
        now = same & ~shapely.is_empty(apart)
        touching = [at for at in np.flatnonzero(now) if len(changed.query(apart[at], predicate="intersects"))]
        if not touching:
            return same
        same[touching] = False


def _figures(row: Any) -> Record:
    return {
        "households": round(row.households),
        "buildings": int(row.buildings),
        "cases": int(row.cases),
        "area_m2": round(float(row.area_m2)),
        "compactness": round(float(row.compactness), 3),
        "moved": round(row.moved),
    }


def single(shape: Any) -> Any:
    """A multipolygon of one polygon as that polygon."""
    parts = shapely.get_parts(shape)
    return parts[0] if len(parts) == 1 else shape
