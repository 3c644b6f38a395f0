"""Names and shapes of what the cases of a selection lie in and are about, as far as the one who asks sees them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import shapely
from sqlalchemy import Connection, text

from app.db import array, prepared

Record = dict[str, Any]

CELLS = prepared(
    "SELECT id, code, name, name_en, ST_AsBinary(geom) AS shape FROM areas WHERE id = ANY (CAST(:ids AS int[]))"
    ' AND district_id = :district ORDER BY code COLLATE "C", id'
)
SUBDISTRICTS = text(
    "SELECT a.no, a.last_no, a.code, a.name, a.name_en, ST_AsBinary(a.geom) AS shape"
    " FROM areas_on(:district, district_today(:district)) a WHERE a.level = 'subdistrict' ORDER BY a.code"
)
MOST_ID_DIGITS = 9


def drawn(connection: Connection, district_id: int, ids: Collection[int]) -> list[Record]:
    """Cells in sight with their shapes, by their codes."""
    rows = connection.execute(CELLS, {"district": district_id, "ids": array(sorted(ids))})
    return [_shaped(row) for row in rows]


def subdistricts(connection: Connection, district_id: int) -> list[Record]:
    """The subdistricts in sight, with their numbers and shapes."""
    return [_shaped(row) for row in connection.execute(SUBDISTRICTS, {"district": district_id})]


def categories(connection: Connection, district_id: int) -> dict[int, Record]:
    """Names of the categories of cases, by id."""
    statement = text("SELECT id, name, name_en FROM case_categories WHERE district_id = :district")
    rows = connection.execute(statement, {"district": district_id})
    return {row.id: dict(row._mapping) for row in rows}


def area_name(connection: Connection, area_id: str | None) -> Record | None:
    """What the area of an id is called; None for none, or none in sight."""
    if area_id is None or not area_id.isdecimal() or len(area_id) > MOST_ID_DIGITS:
        return None
    statement = text("SELECT name, name_en FROM areas WHERE id = :id")
    row = connection.execute(statement, {"id": int(area_id)}).one_or_none()
    return None if row is None else dict(row._mapping)


def _shaped(row: Any) -> Record:
    return {**row._mapping, "shape": shapely.from_wkb(bytes(row.shape))}
