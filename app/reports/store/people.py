"""Who is there for a place and on duty at a desk, as far as it may stand on paper: names and posts, no own numbers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from app.db import array, prepared

Record = dict[str, Any]

# The telephone is that of the unit in which somebody holds the post: what stands in `staff_members` is their own.
POSTED = prepared("""
SELECT a.id AS area_id, p.code, p.name, p.simulated, p.role, p.duty, p.kind, p.place, p.unit, p.away, (
    SELECT coalesce(u.day_phone, u.night_phone) FROM units u JOIN area_numbers n ON n.no = u.area_no
    WHERE u.district_id = a.district_id AND u.name = p.unit AND n.no <= a.no AND n.last_no >= a.last_no
    ORDER BY n.no DESC, u.id LIMIT 1) AS phone
FROM areas a CROSS JOIN LATERAL people_of(a.id, CAST(:day AS date)) WITH ORDINALITY p
WHERE a.id = ANY (CAST(:ids AS int[])) ORDER BY a.id, p.ordinality
""")

# 指挥中心, 街道分中心, 社区: the narrowest first.
DESKS = prepared("""
SELECT a.id AS area_id, u.name, u.name_en, coalesce(u.day_phone, u.night_phone) AS phone
FROM areas a JOIN area_numbers n ON n.no <= a.no AND n.last_no >= a.last_no
JOIN units u ON u.area_no = n.no AND u.kind IN ('command', 'sub_centre', 'territory', 'community')
WHERE a.id = ANY (CAST(:ids AS int[])) AND daterange(u.valid_from_on, u.valid_to_on) @> CAST(:day AS date)
    AND coalesce(u.day_phone, u.night_phone) IS NOT NULL
ORDER BY a.id, n.last_no - n.no, u.code
""")

SHIFT = """
SELECT h.id, h.unit_id, h.starts_at, h.ends_at, h.leads, h.simulated, s.code, s.name, u.name AS unit,
    u.name_en AS unit_en, u.area_no
FROM shifts h LEFT JOIN staff_members s ON s.id = h.staff_id JOIN units u ON u.id = h.unit_id
"""
BESIDE = f"{SHIFT} WHERE h.unit_id = :unit AND h.starts_at = :starts ORDER BY h.leads DESC, s.code LIMIT 50"
NEXT = f"""
{SHIFT} WHERE h.unit_id = :unit AND h.starts_at = (SELECT min(o.starts_at) FROM shifts o WHERE o.unit_id = :unit
    AND o.starts_at > :starts AND o.ends_at > :ends) ORDER BY h.leads DESC, s.code LIMIT 50
"""
SIGNED = """
SELECT h.id, h.happened, h.dangerous, h.promised, h.given_name, h.given_at, h.taken_name, h.taken_at, h.remark,
    x.name AS to_unit, x.name_en AS to_unit_en
FROM handovers h JOIN units x ON x.id = h.to_unit_id
WHERE h.unit_id = :unit AND h.given_at >= :starts AND h.given_at < CAST(:ends AS timestamptz) + interval '2 hours'
ORDER BY h.given_at DESC, h.id DESC LIMIT 1
"""


def posted(connection: Connection, area_ids: Collection[int], day: date) -> dict[int, list[Record]]:
    """Who answers for each of some areas on a day, officers first, with the service telephone of their post's unit."""
    return _by_area(area_ids, connection.execute(POSTED, {"ids": array(sorted(area_ids)), "day": day}))


def desks(connection: Connection, area_ids: Collection[int], day: date) -> dict[int, list[Record]]:
    """The desks that answer for each of some areas and have a service telephone, the nearest first."""
    return _by_area(area_ids, connection.execute(DESKS, {"ids": array(sorted(area_ids)), "day": day}))


def shift(connection: Connection, district_id: int, shift_id: int) -> Record | None:
    """One planned duty at a unit in sight."""
    statement = text(f"{SHIFT} WHERE h.id = :id AND u.district_id = :district")
    row = connection.execute(statement, {"id": shift_id, "district": district_id}).one_or_none()
    return None if row is None else dict(row._mapping)


def beside(connection: Connection, found: Record) -> list[Record]:
    """Everybody whose duty at the unit begins with a planned one, who leads first; no names of those out of sight."""
    return _shifts(connection, BESIDE, found)


def following(connection: Connection, found: Record) -> list[Record]:
    """Those who are on duty next at the unit; nobody where no further duty is planned."""
    return _shifts(connection, NEXT, found)


def signed(connection: Connection, found: Record) -> Record | None:
    """The last hand-over that was signed at the unit in the duty or within two hours after it."""
    rows = _shifts(connection, SIGNED, found)
    return rows[0] if rows else None


def _shifts(connection: Connection, statement: str, found: Record) -> list[Record]:
    values = {"unit": found["unit_id"], "starts": found["starts_at"], "ends": found["ends_at"]}
    return [dict(row._mapping) for row in connection.execute(text(statement), values)]


def _by_area(area_ids: Collection[int], rows: Any) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = {one: [] for one in area_ids}
    for row in rows:
        found[row.area_id].append(dict(row._mapping))
    return found
