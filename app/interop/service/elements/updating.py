"""Rows that name something that is known change of it what differs, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection

from app.interop.service.elements.row import Row
from app.interop.service.elements.writing import add_needs, details_of, households_of
from app.registry.rules.kinds import ElementKind, RelationKind
from app.registry.store import bulk, changing
from app.registry.store.bulk import Origin

COMMON = ("type", "name", "address", "valid_from_on", "valid_to_on")
NEAR = 1e-8
"""Degrees, a millimetre: the same point after a way through a file."""


def update(connection: Connection, kind: ElementKind, origin: Origin, rows: Sequence[Row]) -> int:
    """Bring elements up to date; how many differed. A blank takes nothing away."""
    if not rows:
        return 0
    there = changing.as_they_are(connection, kind, [row.known_id for row in rows])
    homes = households_of(connection, origin, rows) if kind is ElementKind.PERSON else {}
    needs = changing.needs_of(connection, list(there)) if kind is ElementKind.PERSON else {}
    work = []
    for row in rows:
        now = there[row.known_id]
        values = _differing(kind, row, now, homes)
        row.values["needs"] = [
            n for n in row.values.get("needs") or () if n not in needs.get(row.known_id, ())
        ]
        moves = bool(row.site_id) and row.site_id not in {now["site_id"], row.known_id}
        if values or moves or row.values["needs"]:
            work.append((row, values, moves))
    changing.remember(connection, [row.known_id for row, _, _ in work], "imported")
    for row, values, _ in work:
        changing.change(connection, kind, row.known_id, values)
    _move(connection, kind, origin, [row for row, _, moves in work if moves])
    if kind is ElementKind.PERSON:
        add_needs(connection, origin, [(row.known_id, row) for row, _, _ in work])
    return len(work)


def _differing(kind: ElementKind, row: Row, now: dict[str, Any], homes: dict[str, int]) -> dict[str, Any]:
    said = {name: row.values.get(name) for name in COMMON} | details_of(kind, row, homes)
    said["unit_id"] = row.unit_id or None
    # A number is sealed differently each time: whether it is the same, its index says.
    sealed = {name: said.pop(name, None) for name in ("identity", "phone")}
    shape = said.pop("shape", None)
    found = {
        name: value for name, value in said.items() if value is not None and not _same(value, now.get(name))
    }
    found |= {name: sealed[name] for name in sealed if f"{name}_index" in found}
    lon, lat = row.values.get("lon"), row.values.get("lat")
    if lon is not None and (
        now["lon"] is None or abs(lon - now["lon"]) > NEAR or abs(lat - now["lat"]) > NEAR
    ):
        found |= {"lon": lon, "lat": lat}
    if shape is not None and shape.upper() != (now["shape"] or ""):
        found["shape"] = shape
    if row.area_no and lon is None and now["lon"] is None and not row.site_id and not now["site_id"]:
        found |= {} if row.area_no == now["area_no"] else {"area_no": row.area_no}
    return found


def _same(ours: Any, theirs: Any) -> bool:
    if isinstance(theirs, memoryview | bytes):
        return bytes(theirs) == ours
    if isinstance(ours, float) and theirs is not None:
        return abs(ours - theirs) < 1e-4 * max(1.0, abs(ours))
    return bool(ours == theirs)


def _move(connection: Connection, kind: ElementKind, origin: Origin, rows: Sequence[Row]) -> None:
    """What lies in another thing than before does so from today on."""
    if not rows:
        return
    ids = [row.known_id for row in rows]
    changing.end_site(connection, ids, origin.from_on)
    lies = RelationKind.LIVES_IN if kind is ElementKind.PERSON else RelationKind.LOCATED_IN
    targets = np.array([row.site_id for row in rows], dtype=np.int64)
    bulk.add_relations(connection, origin, lies, np.array(ids, dtype=np.int64), targets)
