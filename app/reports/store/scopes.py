"""Areas and units that a report can be about, as far as the one who asks answers for all of them; and their shapes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, Row, text

OWN = "(acting_account() IS NULL OR int8range(a.no, a.last_no, '[]') <@ (SELECT territory()))"

AREA = f"""
SELECT a.id, a.level, a.code, a.name, a.name_en, a.no, a.last_no FROM areas_on(:district, district_today(:district)) a
WHERE {OWN} AND (a.code = CAST(:code AS text) OR CAST(:code AS text) IS NULL) AND a.level <> 'resident_group'
ORDER BY a.last_no - a.no DESC, a.code COLLATE "C" LIMIT :limit
"""

UNIT = """
SELECT u.id, 'unit' AS level, u.code, u.name, u.name_en FROM units u
WHERE u.district_id = :district AND (u.code = CAST(:code AS text) OR CAST(:code AS text) IS NULL)
    AND (acting_account() IS NULL OR u.id = ANY (acting_units()) OR whole_territory())
ORDER BY u.code COLLATE "C" LIMIT :limit
"""

AREAS = """
SELECT a.id, a.no, a.last_no, a.level, a.code, a.name, a.name_en, coalesce(a.households, 0) AS households,
    p.name AS parent, p.name_en AS parent_en, ST_AsBinary(a.geom) AS shape
FROM areas_on(:district, :day) a LEFT JOIN areas p ON p.id = a.parent_id
WHERE a.level = :level AND a.no BETWEEN :first AND :last ORDER BY a.code COLLATE "C"
"""


@dataclass(frozen=True, slots=True)
class Areas:
    """Areas of a level by their codes, with their shapes in degrees (EPSG:4490)."""

    rows: tuple[Row[Any], ...]
    shapes: tuple[Any, ...]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all of them; NaN where there are none."""
        west, south, east, north = shapely.total_bounds(np.array(self.shapes, dtype=object)).tolist()
        return west, south, east, north


def areas_of(connection: Connection, district_id: int, code: str | None, *, limit: int = 1) -> list[Row[Any]]:
    """Areas of today that the one who asks answers for, the largest first: that of a code, or all."""
    values = {"district": district_id, "code": code, "limit": limit}
    return list(connection.execute(text(AREA), values))


def root(connection: Connection, district_id: int) -> Row[Any] | None:
    """The district itself as it is drawn today."""
    statement = text(
        "SELECT a.id, a.level, a.code, a.name, a.name_en, a.no, a.last_no"
        " FROM areas_on(:district, district_today(:district)) a WHERE a.level = 'district' ORDER BY a.id LIMIT 1"
    )
    return connection.execute(statement, {"district": district_id}).one_or_none()


def units_of(connection: Connection, district_id: int, code: str | None, *, limit: int = 1) -> list[Row[Any]]:
    """Units that the one who asks works for, or all where they answer for the whole district."""
    values = {"district": district_id, "code": code, "limit": limit}
    return list(connection.execute(text(UNIT), values))


def areas(connection: Connection, district_id: int, day: date, level: str, first: int, last: int) -> Areas:
    """Areas of a level, as they were drawn on a day, by their numbers."""
    values = {"district": district_id, "day": day, "level": level, "first": first, "last": last}
    rows = tuple(connection.execute(text(AREAS), values))
    shapes = shapely.from_wkb(np.array([bytes(row.shape) for row in rows], dtype=object))
    return Areas(rows, tuple(shapes.tolist()))


def units(connection: Connection, district_id: int) -> dict[int, Row[Any]]:
    """The units in sight by id."""
    rows = connection.execute(
        text("SELECT id, code, name, name_en FROM units WHERE district_id = :district"),
        {"district": district_id},
    )
    return {row.id: row for row in rows}


def categories(connection: Connection, district_id: int) -> dict[int, Row[Any]]:
    """The categories of cases by id."""
    rows = connection.execute(
        text("SELECT id, code, name, name_en FROM case_categories WHERE district_id = :district"),
        {"district": district_id},
    )
    return {row.id: row for row in rows}
