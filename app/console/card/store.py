"""What lies in an area and who is tied to it, counted: things on the ground, stretches, units."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, text

# The whole district needs no look at shapes: what there is, is in it.
GROUND = """
SELECT g.kind, count(*) AS n FROM ground_features g JOIN areas a ON a.id = :area
WHERE g.district_id = a.district_id AND g.kind = ANY (:kinds)
    AND (a.level = 'district' OR g.geom_3857 && a.geom_3857 AND ST_Intersects(g.geom_3857, a.geom_3857))
GROUP BY g.kind
"""
STRETCHES = """
SELECT count(*) FROM maintenance_areas m JOIN areas a ON a.id = :area
WHERE m.district_id = a.district_id AND daterange(m.valid_from_on, m.valid_to_on) @> CAST(:day AS date)
    AND (a.level = 'district' OR m.geom && a.geom AND ST_Intersects(m.geom, a.geom))
"""
UNITS = """
SELECT count(*) FROM units u JOIN areas a ON a.id = :area
WHERE u.district_id = a.district_id AND daterange(u.valid_from_on, u.valid_to_on) @> CAST(:day AS date)
    AND (u.area_no BETWEEN a.no AND a.last_no OR EXISTS (SELECT FROM maintenance_areas m WHERE m.unit_id = u.id
        AND daterange(m.valid_from_on, m.valid_to_on) @> CAST(:day AS date)
        AND m.geom && a.geom AND ST_Intersects(m.geom, a.geom)))
"""
KINDS = ("street", "compound", "building", "park", "landmark")
"""Things on the ground that people count as places; waters and hills are scenery."""


def places(connection: Connection, area_id: int, on_day: date) -> dict[str, int]:
    """地: how many streets, compounds, buildings, parks, landmarks touch an area, and stretches that units maintain."""
    rows = connection.execute(text(GROUND), {"area": area_id, "kinds": list(KINDS)})
    found = {row.kind: row.n for row in rows}
    stretches = connection.execute(text(STRETCHES), {"area": area_id, "day": on_day}).scalar_one()
    return {kind: found[kind] for kind in KINDS if kind in found} | (
        {"stretch": stretches} if stretches else {}
    )


def units(connection: Connection, area_id: int, on_day: date) -> int:
    """组织: how many units have their area in this one, or maintain a stretch that crosses it."""
    return int(connection.execute(text(UNITS), {"area": area_id, "day": on_day}).scalar_one())
