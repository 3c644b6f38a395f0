"""Which case, and which place, somebody means who stands at the command line."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, text


def case_named(connection: Connection, district_id: int, name: str) -> int | None:
    """The id of a case by its number, by the number that its source gave it, or by the id itself."""
    return connection.execute(
        text(
            "SELECT id FROM cases WHERE district_id = :district AND (number = :name OR external_ref = :name"
            " OR id = CAST(:id AS bigint)) ORDER BY number = :name DESC NULLS LAST, id LIMIT 1"
        ),
        {
            "district": district_id,
            "name": name,
            "id": int(name) if name.isdecimal() and int(name) < 2**63 else None,
        },
    ).scalar()


def place_named(
    connection: Connection, district_id: int, category: str, lon: float, lat: float
) -> Row[Any] | None:
    """A category by its code, and the area of a position in degrees EPSG:4490: its cell, else the district."""
    return connection.execute(
        text(
            "SELECT k.id AS category_id, district_today(:district) AS today, a.no AS area_no,"
            " coalesce((SELECT f.lowest_loop FROM filing_conditions f WHERE f.category_id = k.id"
            "  AND daterange(f.valid_from_on, f.valid_to_on) @> district_today(:district) ORDER BY f.number LIMIT 1),"
            "  'subdistrict') AS loop"
            " FROM case_categories k CROSS JOIN LATERAL (SELECT no FROM areas_on(:district, district_today(:district))"
            "  WHERE id = cell_at(:district, ST_SetSRID(ST_MakePoint(:lon, :lat), 4490)) OR level = 'district'"
            "  ORDER BY level = 'district' LIMIT 1) a"
            " WHERE k.district_id = :district AND k.code = :category"
        ),
        {"district": district_id, "category": category, "lon": lon, "lat": lat},
    ).one_or_none()


def area_named(connection: Connection, district_id: int, category: str, area: str) -> Row[Any] | None:
    """A category and an area by their codes; the area is one of today's, and the only one that is called so."""
    return connection.execute(
        text(
            "SELECT k.id AS category_id, a.no AS area_no, coalesce((SELECT f.lowest_loop FROM filing_conditions f"
            "  WHERE f.category_id = k.id AND daterange(f.valid_from_on, f.valid_to_on)"
            "  @> district_today(:district) ORDER BY f.number LIMIT 1), 'subdistrict') AS loop"
            " FROM case_categories k CROSS JOIN (SELECT min(no) AS no"
            "  FROM areas_on(:district, district_today(:district)) WHERE code = :area AND level <> 'resident_group'"
            "  HAVING count(*) = 1) a"
            " WHERE k.district_id = :district AND k.code = :category"
        ),
        {"district": district_id, "category": category, "area": area},
    ).one_or_none()
