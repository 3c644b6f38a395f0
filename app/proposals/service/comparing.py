"""A proposal is held beside the cells of today: load, ways, who changes cell, last year's cases replayed on both."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import Connection, Row

from app.grid.rules import Level
from app.proposals.rules import CASE_DAYS
from app.proposals.service import planning
from app.proposals.service.preparing import Advance, reported
from app.proposals.store import drawing, inputs
from spatial import redrawing
from spatial.coverage import check
from spatial.locate import locate

Record = dict[str, Any]

EFFORT_HOURS, HOURS_PER_DAY, OFFICERS = 0.5, 8.0, 1
"""Of the replay: what a case takes an officer, how long a day is, how many a cell has, where nothing else is asked."""


def compare(connection: Connection, district: Row[Any], proposal: Record, advance: Advance) -> Record:
    """Hold a proposal beside the cells of today; what of the proposal changes."""
    blocks, _, plan = planning.loaded(connection, district, proposal)
    now = inputs.areas(connection, district.id, proposal["area_no"], Level.CELL)
    before = planning.layer(district, now)
    drawn = drawing.cells(connection, proposal["id"])
    after = gpd.GeoDataFrame(
        {"code": [cell["key"] for cell in drawn]},
        geometry=list(planning.metric(district, np.array([cell["shape"] for cell in drawn], dtype=object))),
        crs=before.crs,
    )
    homes = gpd.GeoDataFrame(
        {"households": [block["households"] for block in blocks]},
        geometry=gpd.points_from_xy(*([block["facts"][axis] for block in blocks] for axis in "xy")),
        crs=before.crs,
    )
    cases = reported(connection, district, proposal["area_no"])
    advance(0.3)
    found = redrawing.compare(before, after, homes=homes, cases=cases, bounds=plan.bounds)
    advance(0.6)
    replayed = _replayed(district, cases, before, after, proposal["asked"])
    names = {row.code: row.name for row in now.rows} | {
        cell["key"]: cell["name"] for cell in drawn if cell["name"]
    }
    level = planning.parent_level(connection, district.id)
    ground = inputs.areas(connection, district.id, proposal["area_no"], level)
    shapes = {"before": now.shapes, "after": [cell["shape"] for cell in drawn]}
    sides = {
        side: {**_figures(getattr(found, side)), "covers": _covers(district, shapes[side], ground)}
        for side in shapes
    }
    comparison = {
        "version": proposal["version"],
        "at": str(proposal["today"]),
        "days": CASE_DAYS,
        **sides,
        "sums_equal": found.sums_equal,
        "moved_households": round(found.moved_households),
        "moved_share": _number(found.moved_share),
        "follows": [
            {"to": to, "to_name": names.get(to), "from": was, "from_name": names.get(was or "")}
            for to, was in found.follows.items()
            if to != was
        ],
        "replay": replayed,
    }
    return {"comparison": comparison}


def _covers(district: Row[Any], shapes: Any, communities: inputs.Layer) -> bool:
    """Whether cells cover the communities once and only once; judged as they are stored."""
    faults = check(
        np.array(shapes, dtype=object),
        codes=range(len(shapes)),
        rows=range(1, len(shapes) + 1),
        parents={row.code: shape for row, shape in zip(communities.rows, communities.shapes, strict=True)},
        to_metric=partial(planning.metric, district),
    )
    return not faults


def _figures(one: redrawing.Figures) -> Record:
    return {
        "cells": one.cells,
        "households": round(one.households),
        "cases": round(one.cases),
        "households_spread": _spread(one.households_spread),
        "cases_spread": _spread(one.cases_spread),
        "home_m": _number(one.home_m),
        "case_m": _number(one.case_m),
        "compactness": _number(one.compactness),
        "least_compact": _number(one.least_compact),
        "within_bounds": _number(one.within_bounds),
        "contiguous": one.contiguous,
        "per_cell": [
            {"key": str(row.code), "households": round(row.households), "cases": round(row.cases)}
            for row in one.per_cell.itertuples()
        ],
    }


def _spread(one: Any) -> Record:
    return {
        name: _number(getattr(one, name)) for name in ("mean", "most", "most_to_mean", "variation", "gini")
    }


def _number(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else round(float(value), 3)


def _replayed(
    district: Row[Any],
    cases: gpd.GeoDataFrame,
    before: gpd.GeoDataFrame,
    after: gpd.GeoDataFrame,
    asked: Mapping[str, Any],
) -> Record:
    """Cases with a deadline, worked off under the same assumptions on either side."""
    said = {
        "effort_hours": float(asked.get("effort_hours") or EFFORT_HOURS),
        "hours_per_day": float(asked.get("hours_per_day") or HOURS_PER_DAY),
        "officers": int(asked.get("officers") or OFFICERS),
    }
    zone = ZoneInfo(district.timezone)
    timed = cases[cases["due_at"].notna()]
    xy = np.column_stack([timed.geometry.x, timed.geometry.y]) if len(timed) else np.empty((0, 2))
    times = [_local(timed[name], zone) for name in ("reported_at", "due_at")]
    told: Record = {"assumed": said, "cases": len(timed)}
    for side, cells in (("before", before), ("after", after)):
        codes = cells["code"].to_numpy()
        at = locate(xy, cells.geometry.to_numpy(), codes.tolist())
        inside = at >= 0
        found = redrawing.replay(
            codes[at[inside]].tolist(), times[0][inside], times[1][inside],
            np.full(int(inside.sum()), said["effort_hours"]), officers=said["officers"],
            hours_per_day=said["hours_per_day"],
        )  # fmt: skip
        told[side] = {
            "late": int(found.late_in_all),
            "mean_wait_hours": _number(found.mean_wait_in_all),
            "use": _number(found.use_in_all),
            "most_late": _worst(found),
        }
    return told


def _worst(found: redrawing.Replayed) -> list[Record]:
    """The five cells in which most cases were late."""
    order = np.lexsort((np.arange(len(found.cells)), -found.missed))[:5]
    return [
        {"key": str(found.cells[i]), "late": int(found.missed[i]), "cases": int(found.cases[i])}
        for i in order.tolist()
        if found.missed[i]
    ]


def _local(times: Any, zone: ZoneInfo) -> Any:
    """Instants as the clocks of the district showed them."""
    return pd.to_datetime(times, utc=True).dt.tz_convert(zone).dt.tz_localize(None).to_numpy("datetime64[s]")
