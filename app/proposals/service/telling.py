"""A proposal as the doors tell it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import shapely
from sqlalchemy import Connection, Row

from app.accounts.rules import Permission
from app.errors import NotFoundError
from app.grid.rules import Level
from app.proposals import store
from app.proposals.rules import State, available
from app.proposals.service import findings, planning
from app.proposals.store import drawing, inputs
from spatial.errors import Fault

Record = dict[str, Any]

TOLD = (
    "id", "name", "note", "area", "area_name", "area_name_en", "base_edition", "state", "effective_on",
    "least_households", "most_households", "version", "drawn_at", "proposed_at", "approved_at", "ended_at", "reason",
    "drawn_name", "proposed_name", "approved_name", "outdated", "touched", "doing", "part", "problem", "tried_on",
)  # fmt: skip

DIGITS = 7
"""Decimal places of degrees on the map: a centimetre."""


def row(found: Record, may: Collection[Permission], account: int | None) -> Record:
    """A proposal without what it draws."""
    acts = available(
        State(found["state"]),
        may,
        account=account,
        proposed_by=found["proposed_by"],
        outdated=found["outdated"],
        touched=bool(found["touched"]),
    )
    return {
        **{name: found[name] for name in TOLD},
        "ready": found["step"] is not None,
        "acts": [act.value for act in acts],
        "own": account is not None and account == found["proposed_by"],
    }


def one(connection: Connection, proposal_id: int, may: Collection[Permission], account: int | None) -> Record:
    """A proposal with its cells, the cell of each block, and what was suggested and compared.

    Raises
    ------
    NotFoundError
        `proposal_missing`.
    """
    found = seen(connection, proposal_id)
    told = row(found, may, account)
    told |= {"cells": [], "of_block": [], "undo": False, "redo": False}
    if found["step"] is not None:
        step = drawing.step(connection, proposal_id, found["step"])
        before, after = drawing.steps_beside(connection, proposal_id, found["step"])
        told |= {"cells": _cells(connection, found), "of_block": step.cells, "undo": before, "redo": after}
    suggestion = found["suggestion"]
    told["suggestion"] = suggestion and {
        name: suggestion[name] for name in ("community", "figures", "broken")
    }
    comparison = found["comparison"]
    told["comparison"] = comparison if comparison and comparison["version"] == found["version"] else None
    return told


def seen(connection: Connection, proposal_id: int) -> Record:
    """A proposal in sight.

    Raises
    ------
    NotFoundError
        `proposal_missing`.
    """
    found = store.one(connection, proposal_id) if 0 < proposal_id < 2**31 else None
    if found is None:
        raise NotFoundError("proposal_missing", id=proposal_id)
    return found


def _cells(connection: Connection, found: Record) -> list[Record]:
    present = inputs.areas(connection, found["district_id"], found["area_no"], Level.CELL)
    names = {row.code: row for row in present.rows}
    level = planning.parent_level(connection, found["district_id"])
    parents = inputs.areas(connection, found["district_id"], found["area_no"], level)
    families = {row.code: row for row in parents.rows}
    least, most = found["least_households"], found["most_households"]
    told = []
    for cell in drawing.cells(connection, found["id"]):
        households = cell["figures"]["households"]
        point = shapely.point_on_surface(cell["shape"])
        family, old = families[cell["community"]], names.get(cell["was"] or cell["key"])
        told.append(
            {
                "key": cell["key"], "community": cell["community"], "community_name": family.name,
                "community_name_en": family.name_en, "same": cell["same"], "was": cell["was"],
                "name": cell["name"] or (old and old.name),
                "name_en": None if cell["name"] or not old else old.name_en, "code": cell["code"],
                "fits": "below" if households < least else "above" if households > most else "within",
                **cell["figures"], "lon": round(point.x, DIGITS), "lat": round(point.y, DIGITS),
            }
        )  # fmt: skip
    return told


def blocks(connection: Connection, proposal_id: int) -> Record:
    """The blocks of a proposal as GeoJSON."""
    seen(connection, proposal_id)
    names = ("no", "name", "community", "cell", "households", "buildings", "cases")
    return _collection(drawing.blocks(connection, proposal_id), names)


def drawn(connection: Connection, proposal_id: int) -> Record:
    """The cells of a proposal as GeoJSON."""
    seen(connection, proposal_id)
    return _collection(drawing.cells(connection, proposal_id), ("key", "community", "same"))


def present(connection: Connection, proposal_id: int) -> Record:
    """The cells of today that a proposal is about as GeoJSON."""
    found = seen(connection, proposal_id)
    now = inputs.areas(connection, found["district_id"], found["area_no"], Level.CELL)
    rows = [
        {"key": row.code, "community": row.parent, "same": True, "shape": shape}
        for row, shape in zip(now.rows, now.shapes, strict=True)
    ]
    return _collection(rows, ("key", "community", "same"))


def checked(connection: Connection, district: Row[Any], proposal_id: int) -> Record:
    """What keeps a proposal from taking effect, and what should be known of it, each with its place."""
    found = seen(connection, proposal_id)
    if found["step"] is None:
        return {"faults": [], "notes": []}
    said = findings.found(connection, district, found)
    keys = [cell["key"] for cell in drawing.cells(connection, proposal_id)]
    return {
        "faults": [_fault(fault, keys) for fault in said.faults[:100]],
        "notes": [_fault(note, keys) for note in said.notes[:100]],
    }


def _fault(fault: Fault, keys: list[str]) -> Record:
    named = fault.value if fault.value in keys else fault.facts.get("cell")
    return {
        "code": fault.code,
        "row": fault.row,
        "value": fault.value,
        "facts": dict(fault.facts),
        "cell": named if named in keys else None,
    }


def _collection(rows: list[Record], names: tuple[str, ...]) -> Record:
    shapes = (
        shapely.set_precision([one["shape"] for one in rows], 10.0**-DIGITS, mode="pointwise") if rows else []
    )
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {name: one[name] for name in names},
                "geometry": shapely.geometry.mapping(shape),
            }
            for one, shape in zip(rows, shapes, strict=True)
        ],
    }
