"""What lies in an area and who is tied to it, counted: things on the ground, stretches, units."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection

from app.db import array, prepared

# The whole district needs no look at shapes: what there is, is in it.
WHOLE = """
SELECT g.kind, count(*) AS n FROM ground_features g JOIN areas a ON a.id = :area AND a.district_id = g.district_id
WHERE g.kind = ANY (CAST(:kinds AS text[])) GROUP BY g.kind
"""
WITHIN = """
SELECT g.kind, count(*) AS n FROM areas a JOIN ground_features g ON g.district_id = a.district_id
    AND g.geom_3857 && a.geom_3857 AND ST_Intersects(a.geom_3857, g.geom_3857)
WHERE a.id = :area AND g.kind = ANY (CAST(:kinds AS text[])) GROUP BY g.kind
"""
# Stretches once for both questions: behind the walls of the rows no index knows which of them cross an area.
TIED = """
WITH area AS (SELECT district_id, level, no, last_no, geom FROM areas WHERE id = :area), crossing AS MATERIALIZED (
    SELECT m.unit_id FROM area a JOIN maintenance_areas m ON m.district_id = a.district_id
        AND daterange(m.valid_from_on, m.valid_to_on) @> CAST(:day AS date)
        AND (a.level = 'district' OR m.geom && a.geom AND ST_Intersects(a.geom, m.geom))
)
SELECT (SELECT count(*) FROM crossing) AS stretches, (
    SELECT count(*) FROM area a JOIN units u ON u.district_id = a.district_id
        AND daterange(u.valid_from_on, u.valid_to_on) @> CAST(:day AS date)
        AND (u.area_no BETWEEN a.no AND a.last_no OR u.id IN (SELECT unit_id FROM crossing))) AS units
"""
KINDS = ("street", "compound", "building", "park", "landmark")
"""Things on the ground that people count as places; waters and hills are scenery."""


def drawn(connection: Connection, area_id: int, *, whole: bool, but: Collection[str] = ()) -> dict[str, int]:
    """地: how many streets, compounds, buildings, parks, landmarks of the map touch an area.

    Parameters
    ----------
    whole
        Whether the area is the district.
    but
        Kinds that are left out.
    """
    kinds = [kind for kind in KINDS if kind not in but]
    rows = connection.execute(prepared(WHOLE if whole else WITHIN), {"area": area_id, "kinds": array(kinds)})
    found = {row.kind: row.n for row in rows}
    return {kind: found[kind] for kind in kinds if kind in found}


def tied(connection: Connection, area_id: int, on_day: date) -> tuple[int, int]:
    """How many stretches that units maintain cross an area; how many units have their own in it, or such a stretch."""
    row = connection.execute(prepared(TIED), {"area": area_id, "day": on_day}).one()
    return row.stretches, row.units
