"""管养区段 as they are drawn: one of them, how far it reaches, and what people find their way by around it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

DRAWING = text("""
WITH it AS (
    SELECT m.geom, m.tolerance_m, ST_Buffer(m.geom::geography, greatest(m.tolerance_m, 0.1))::geometry AS reach
    FROM maintenance_areas m WHERE m.district_id = :district AND m.id = :id
), frame AS (
    SELECT ST_Expand(ST_Envelope(reach), :margin) AS wide FROM it
), ground AS (
    SELECT g.kind, g.class, g.name, g.name_en, g.geom FROM ground_features g, frame
    WHERE g.district_id = :district AND g.kind IN ('park', 'reservoir', 'river', 'street')
        AND g.geom_3857 && ST_Transform(frame.wide, 3857) ORDER BY g.rank, g.id LIMIT :most
), borders AS (
    SELECT a.level AS kind, NULL AS class, a.name, a.name_en, a.geom
    FROM areas_on(:district, district_today(:district)) a, frame
    WHERE a.level IN ('cell', 'community') AND a.geom && frame.wide ORDER BY a.id LIMIT :most
)
SELECT ST_AsGeoJSON(it.geom, 6)::jsonb AS shape, ST_AsGeoJSON(it.reach, 6)::jsonb AS reach,
    jsonb_build_array(ST_XMin(it.reach), ST_YMin(it.reach), ST_XMax(it.reach), ST_YMax(it.reach)) AS bounds,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('type', 'Feature',
            'properties', jsonb_build_object('kind', f.kind, 'class', f.class, 'name', f.name, 'name_en', f.name_en),
            'geometry', ST_AsGeoJSON(f.geom, 6)::jsonb)), '[]')
        FROM (SELECT * FROM ground UNION ALL SELECT * FROM borders) f) AS around
FROM it
""")

MARGIN_DEGREES = 0.004
MOST = 400
"""Things of a sort around it."""


def drawing(connection: Connection, district_id: int, row_id: int) -> dict[str, Any] | None:
    """Shape, reach, bounds and the features around a maintenance area, as GeoJSON in EPSG:4490; None without it."""
    asked = {"district": district_id, "id": row_id, "margin": MARGIN_DEGREES, "most": MOST}
    row = connection.execute(DRAWING, asked).one_or_none()
    return None if row is None else dict(row._mapping)
