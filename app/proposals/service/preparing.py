"""A proposal gets its blocks: ground that no new border cuts, with the households and cases that are known of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection, Row

from app.errors import InvalidError
from app.grid.rules import Level, apportion
from app.proposals import store
from app.proposals.rules import CASE_DAYS, LEAST_WEIGHT, MOST_BLOCKS, MOST_STEPS, kept_keys
from app.proposals.service import planning
from app.proposals.store import drawing, inputs
from app.proposals.store.drawing import Step
from spatial.locate import locate
from spatial.redrawing import blocks as cut_blocks
from spatial.redrawing import present

Record = dict[str, Any]
Advance = Callable[[float], None]


def prepare(connection: Connection, district: Row[Any], proposal: Record, advance: Advance) -> Record:
    """Cut the area into blocks and begin with the cells of today; what of the proposal changes.

    Raises
    ------
    InvalidError
        `proposal_blocks_many`, `proposal_no_cells`.
    spatial.errors.SpatialError
        What the registry or the grid says cannot be drawn with.
    """
    frame, households = _cut(connection, district, proposal, advance)
    rows = _rows(connection, district, proposal, frame, households)
    return _begun(connection, district, proposal, rows, frame["cell"].tolist(), {})


def rebase(connection: Connection, district: Row[Any], proposal: Record, advance: Advance) -> Record:
    """Draw the proposal on the cells of today: what it changes stays, all else is as it is today.

    Raises
    ------
    InvalidError
        `proposal_blocks_many`, `proposal_no_cells`.
    """
    drawn = [cell for cell in drawing.cells(connection, proposal["id"]) if not cell["same"]]
    names = (
        {} if proposal["step"] is None else drawing.step(connection, proposal["id"], proposal["step"]).names
    )
    frame, households = _cut(connection, district, proposal, advance)
    rows = _rows(connection, district, proposal, frame, households)
    at = shapely.get_coordinates(shapely.point_on_surface([row["shape"] for row in rows]))
    of = locate(
        at, np.array([cell["shape"] for cell in drawn], dtype=object), [cell["key"] for cell in drawn]
    )
    cells = [
        key if found < 0 else drawn[found]["key"]
        for key, found in zip(frame["cell"], of.tolist(), strict=True)
    ]
    return _begun(connection, district, proposal, rows, cells, names)


def _present(frame: gpd.GeoDataFrame, proposal: Record) -> list[str]:
    """The key of the cell of each block today: its code."""
    plan = present(frame, bounds=(proposal["least_households"], proposal["most_households"]))
    before = [
        cell or f"{community}+" for cell, community in zip(frame["cell"], frame["community"], strict=True)
    ]
    weights = frame["households"].to_numpy(dtype=float) + LEAST_WEIGHT
    return kept_keys(before, plan.cell_of, frame["community"].tolist(), weights.tolist())


def _cut(
    connection: Connection, district: Row[Any], proposal: Record, advance: Advance
) -> tuple[gpd.GeoDataFrame, dict[str, int | None]]:
    area, of = proposal["area_no"], district.id
    parents = inputs.areas(connection, of, area, planning.parent_level(connection, of))
    cells = inputs.areas(connection, of, area, Level.CELL)
    if not cells.rows or not parents.rows:
        raise InvalidError("proposal_no_cells")
    ground = shapely.union_all(parents.shapes)
    known = inputs.buildings(connection, of, area, ground)
    buildings = planning.layer(district, known, households=[row.households for row in known.rows])
    streets = planning.layer(district, inputs.streets(connection, of, ground))
    advance(0.1)
    frame = cut_blocks(
        planning.outlined(district, parents),
        buildings,
        cells=planning.outlined(district, cells),
        streets=streets,
        cases=reported(connection, district, area),
    )
    known = [raw if isinstance(raw, str) else None for raw in frame["cell"]]
    frame["cell"] = pd.Series(known, index=frame.index, dtype=object)
    # A block that lies in no cell, or apart from the rest of its own, is of the neighbour to which it hangs on.
    frame["cell"] = pd.Series(_present(frame, proposal), index=frame.index, dtype=object)
    advance(0.8)
    if len(frame) > MOST_BLOCKS:
        raise InvalidError("proposal_blocks_many", count=len(frame), most=MOST_BLOCKS)
    return frame, {row.code: row.households for row in cells.rows}


def reported(connection: Connection, district: Row[Any], area_no: int) -> gpd.GeoDataFrame:
    """Where cases of the last year lay in an area, with when they were reported and due."""
    rows = inputs.cases(connection, district.id, area_no, CASE_DAYS)
    points = planning.metric(
        district, shapely.points([(row.lon, row.lat) for row in rows] or np.empty((0, 2)))
    )
    times = {name: [getattr(row, name) for row in rows] for name in ("reported_at", "due_at")}
    return gpd.GeoDataFrame(times, geometry=list(points), crs=f"EPSG:{district.metric_srid}")


def _rows(
    connection: Connection,
    district: Row[Any],
    proposal: Record,
    frame: gpd.GeoDataFrame,
    households: dict[str, int | None],
) -> list[Record]:
    """Blocks as they are stored, with the households of the cells of today, shared out as they would be carried."""
    outlines = inputs.areas(connection, district.id, proposal["area_no"], Level.CELL)
    shapes = planning.in_store(district, frame.geometry.array, outlines)
    shared = _shared(frame, households)
    rows = []
    for at, (row, shape) in enumerate(zip(frame.itertuples(), shapes, strict=True)):
        facts = {
            "workload": float(row.workload),
            "x": float(row.x),
            "y": float(row.y),
            "ground": int(row.ground),
        }
        new = {tuple(xy) for xy in shapely.get_coordinates(row.added).tolist()}
        corners = shapely.get_coordinates(row.geometry).tolist()
        facts["added"] = [no for no, xy in enumerate(corners) if tuple(xy) in new]
        rows.append(
            {
                "name": str(row.Index), "community": row.community, "cell": row.cell,
                "households": shared[at], "buildings": int(row.buildings), "cases": int(row.cases),
                "facts": facts, "shape": shape,
            }
        )  # fmt: skip
    return rows


def _shared(frame: gpd.GeoDataFrame, households: dict[str, int | None]) -> list[int]:
    """Households of each block: those of its cell by dwellings, else buildings, else ground, as in carrying them."""
    found = np.rint(frame["households"].to_numpy(dtype=float)).astype(int)
    area = np.maximum(1, np.rint(frame.geometry.area.to_numpy() * 10_000)).astype(int)
    for code, rows in frame.groupby("cell").indices.items():
        many = households.get(str(code))
        if many is None:
            continue
        for weights in (found[rows], frame["buildings"].to_numpy(dtype=int)[rows], area[rows]):
            if weights.any():
                found[rows] = apportion(many, [int(weight) for weight in weights])
                break
    return [int(many) for many in found]


def _begun(
    connection: Connection,
    district: Row[Any],
    proposal: Record,
    rows: Sequence[Record],
    cells: list[str],
    names: dict[str, dict[str, str]],
) -> Record:
    drawing.put_blocks(connection, proposal["id"], rows)
    step = Step(0, "begin", cells, {key: said for key, said in names.items() if key in set(cells)})
    drawing.put_step(connection, proposal["id"], step, MOST_STEPS)
    base = store.edition_now(connection, district.id)
    kept = drawing.blocks(connection, proposal["id"])
    planning.put(connection, district, proposal, planning.plan_of(district, proposal, kept, step), step.names)
    return {
        "step": 0, "base_edition_id": base, "version": proposal["version"] + 1, "comparison": None,
        "suggestion": None,
    }  # fmt: skip
