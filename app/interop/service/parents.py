"""Which area of the level above each new area belongs to."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from sqlalchemy import Connection, Row

from app.errors import NotFoundError
from app.grid import store as grid
from app.grid.rules import Level
from app.grid.service import AreaRows, put_areas
from app.interop.service.report import ImportReport
from spatial.errors import Fault


def find_parents(
    connection: Connection,
    district: Row[Any],
    level: Level,
    frame: GeoDataFrame,
    parents: grid.AreaSet | None,
) -> tuple[NDArray[Any], list[Fault]]:
    """The parent's code of every row, and what is wrong with them.

    A code in the layer's own parent column wins; then the code's own beginning, where the district's rule says that
    it is the parent's; then the only area there is; then the one that the shape lies in.

    Raises
    ------
    NotFoundError
        `parents_missing`: the level above has no areas yet.
    """
    if parents is None:
        return np.full(len(frame), None, dtype=object), _root_faults(district, frame)
    rule = grid.levels(connection, district.id)[level]
    if not len(parents):
        if rule.depth > 1:
            raise NotFoundError("parents_missing", level=level.value)
        return np.full(len(frame), district.code, dtype=object), []
    known = set(parents.codes)
    given = frame["parent_code"].to_numpy(dtype=object) if "parent_code" in frame else [None] * len(frame)
    lengths = {len(code) for code in known}
    found, faults = np.full(len(frame), None, dtype=object), []
    for i, (row, code, own) in enumerate(zip(frame["row"], frame["code"], given, strict=True)):
        prefixes = [code[:n] for n in lengths if code[:n] in known]
        if isinstance(own, str) and own:
            found[i] = own
            if own not in known:
                faults.append(Fault("parent_unknown", int(row), "parent_code", own, {"code": code}))
            elif rule.code_extends_parent and not code.startswith(own):
                faults.append(Fault("code_not_of_parent", int(row), "code", code, {"parent": own}))
        elif rule.code_extends_parent:
            found[i] = prefixes[0] if prefixes else None
            if not prefixes:
                faults.append(Fault("code_not_of_parent", int(row), "code", code, {"parent": "?"}))
        elif len(parents) == 1:
            found[i] = parents.codes[0]
    _by_place(found, faults, frame, parents)
    return found, faults


def _root_faults(district: Row[Any], frame: GeoDataFrame) -> list[Fault]:
    return [
        Fault("code_not_of_district", int(row), "code", code, {"district": district.code})
        for row, code in zip(frame["row"], frame["code"], strict=True)
        if code != district.code
    ]


def _by_place(found: NDArray[Any], faults: list[Fault], frame: GeoDataFrame, parents: grid.AreaSet) -> None:
    """Give rows that still have no parent the one that covers a point inside them."""
    faulty = {fault.row for fault in faults}
    open_rows = [i for i, row in enumerate(frame["row"]) if found[i] is None and row not in faulty]
    if not open_rows:
        return
    inside = shapely.point_on_surface(frame.geometry.to_numpy()[open_rows])
    at, parent = shapely.STRtree(parents.shapes).query(inside, predicate="intersects")
    for i, j in zip(at[::-1], parent[::-1], strict=True):
        found[open_rows[i]] = parents.codes[j]
    lost = [int(frame["row"].iloc[i]) for i in open_rows if found[i] is None]
    faults += [Fault("outside_every_parent", row, "geometry", None, {}) for row in lost]


def derive_root(
    connection: Connection,
    district: Row[Any],
    rows: AreaRows,
    source: str,
    simulated: bool,
    report: ImportReport,
) -> AreaRows:
    """Make the district's own area of the union of these, since nobody has drawn it."""
    outline = shapely.union_all(rows.shapes)
    none = np.array([None], dtype=object)
    root = AreaRows(
        codes=np.array([district.code], dtype=object),
        names=np.array([district.name], dtype=object),
        parents=none,
        kinds=none,
        households=none,
        shapes=np.array([outline], dtype=object),
        names_en=np.array([district.name_en], dtype=object),
    )
    put_areas(connection, district, Level.DISTRICT, root, source=source, simulated=simulated)
    report.note("root_derived", district=district.name, count=len(rows))
    return rows
