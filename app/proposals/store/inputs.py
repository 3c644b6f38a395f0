"""What a proposal is drawn from: communities, cells, buildings, streets and cases of an area, as they are today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, Row, text

AREAS = """
SELECT a.id, a.no, a.code, a.name, a.name_en, a.households, p.code AS parent, ST_AsBinary(a.geom) AS shape
FROM areas_on(:district, district_today(:district)) a LEFT JOIN areas p ON p.id = a.parent_id
JOIN area_numbers n ON n.no = :area
WHERE a.level = :level AND a.no BETWEEN n.no AND n.last_no ORDER BY a.code COLLATE "C"
"""

# Registered buildings with their dwellings, dwellings that are known to lie in none, and houses of the base map that
# the registry does not know: no border is to cut them either.
BUILDINGS = """
WITH known AS MATERIALIZED (
SELECT e.id, coalesce(e.code, e.name, 'panlong:' || e.id) AS code, CASE WHEN e.type = 'dwelling' THEN 1 ELSE
        (SELECT count(*) FROM elements d WHERE d.site_id = e.id AND d.type = 'dwelling' AND d.merged_into IS NULL
            AND daterange(d.valid_from_on, d.valid_to_on) @> district_today(:district)) END AS households,
    CASE WHEN ST_Dimension(p.shape) = 2 THEN p.shape ELSE e.geom END AS geom
FROM elements e LEFT JOIN places p ON p.id = e.id JOIN area_numbers n ON n.no = :area
WHERE e.district_id = :district AND e.kind = 'place' AND e.merged_into IS NULL AND e.geom IS NOT NULL
    AND (e.type = 'building' OR e.type = 'dwelling' AND e.site_id IS NULL)
    AND e.area_no BETWEEN n.no AND n.last_no
    AND daterange(e.valid_from_on, e.valid_to_on) @> district_today(:district)
), houses AS (
    SELECT g.id, coalesce(g.name, 'map:' || g.id) AS code, g.geom FROM ground_features g
    WHERE g.district_id = :district AND g.kind = 'building'
        AND ST_Intersects(g.geom, ST_SetSRID(ST_GeomFromWKB(:shape), 4490))
        AND NOT EXISTS (SELECT FROM known k WHERE ST_Intersects(k.geom, g.geom))
)
SELECT code, households, ST_AsBinary(geom) AS shape FROM known
UNION ALL SELECT code, 0, ST_AsBinary(geom) FROM houses ORDER BY 1, 2 DESC
"""

STREETS = """
SELECT ST_AsBinary(g.geom) AS shape FROM ground_features g
WHERE g.district_id = :district AND g.kind IN ('street', 'river') AND ST_Dimension(g.geom) = 1
    AND ST_Intersects(g.geom, ST_SetSRID(ST_GeomFromWKB(:shape), 4490)) ORDER BY g.id
"""

CASES = """
SELECT ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat, c.reported_at, c.due_at
FROM cases c JOIN area_numbers n ON n.no = :area
WHERE c.district_id = :district AND c.geom IS NOT NULL AND c.area_no BETWEEN n.no AND n.last_no
    AND c.reported_at > now() - make_interval(days => :days) ORDER BY c.reported_at, c.id
"""


@dataclass(frozen=True, slots=True)
class Layer:
    """Rows of the database with their shapes, EPSG:4490."""

    rows: list[Row[Any]]
    shapes: Any


def areas(connection: Connection, district_id: int, area_no: int, level: str) -> Layer:
    """Areas of a level in an area today, by their codes."""
    return _read(connection, AREAS, district=district_id, area=area_no, level=level)


def buildings(connection: Connection, district_id: int, area_no: int, ground: Any) -> Layer:
    """Buildings of an area, by their outlines where there are any, with the households that the registry knows."""
    values = {"district": district_id, "area": area_no, "shape": shapely.to_wkb(ground)}
    return _read(connection, BUILDINGS, **values)


def streets(connection: Connection, district_id: int, ground: Any) -> Layer:
    """Streets and rivers that meet some ground."""
    return _read(connection, STREETS, district=district_id, shape=shapely.to_wkb(ground))


def cases(connection: Connection, district_id: int, area_no: int, days: int) -> list[Row[Any]]:
    """Where cases of the last days lay in an area, when they were reported and when they were due."""
    values = {"district": district_id, "area": area_no, "days": days}
    return list(connection.execute(text(CASES), values))


def _read(connection: Connection, statement: str, **values: Any) -> Layer:
    rows = list(connection.execute(text(statement), values))
    shapes = shapely.from_wkb(np.array([bytes(row.shape) for row in rows], dtype=object))
    return Layer(rows, shapes)
