"""What lies on the ground around places: areas, streets, waters, buildings, as small maps need them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import shapely
from sqlalchemy import Connection

from app.db import array, prepared

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees, EPSG:4490."""

Record = dict[str, Any]

BOXES = (
    "unnest(CAST(:keys AS int[]), CAST(:wests AS float8[]), CAST(:souths AS float8[]), CAST(:easts AS float8[]),"
    " CAST(:norths AS float8[])) AS b (key, west, south, east, north)"
)
FEATURES = prepared(f"""
SELECT b.key, g.kind, g.name, g.name_en, ST_AsBinary(g.geom) AS shape FROM {BOXES} CROSS JOIN LATERAL (
    SELECT kind, name, name_en, rank, id, geom FROM ground_features WHERE district_id = :district
        AND kind = ANY (CAST(:kinds AS text[]))
        AND geom_3857 && ST_Transform(ST_MakeEnvelope(b.west, b.south, b.east, b.north, 4490), 3857)
    ORDER BY rank, id LIMIT :most) g
ORDER BY b.key, g.rank, g.id
""")
# Areas in sight alone are drawn: of what lies beyond the territory the map says nothing.
CELLS = prepared(f"""
WITH seen AS MATERIALIZED (
    SELECT id, code, name, name_en, geom FROM areas_on(:district, CAST(:day AS date)) WHERE level = 'cell'
)
SELECT b.key, a.id, a.code, a.name, a.name_en, ST_AsBinary(a.geom) AS shape FROM {BOXES}
JOIN seen a ON a.geom && ST_MakeEnvelope(b.west, b.south, b.east, b.north, 4490) ORDER BY b.key, a.code COLLATE "C"
""")


def features(
    connection: Connection, district_id: int, boxes: Mapping[int, Box], kinds: Collection[str], most: int
) -> dict[int, list[Record]]:
    """Things on the ground that touch each box, those that people know best first, at most so many of each box."""
    values = {"district": district_id, "kinds": array(kinds), "most": most, **_columns(boxes)}
    return _by_key(boxes, connection.execute(FEATURES, values))


def cells(
    connection: Connection, district_id: int, day: date, boxes: Mapping[int, Box]
) -> dict[int, list[Record]]:
    """Cells of a day that touch each box, as far as they are in sight, by their codes."""
    return _by_key(boxes, connection.execute(CELLS, {"district": district_id, "day": day, **_columns(boxes)}))


def _columns(boxes: Mapping[int, Box]) -> dict[str, str]:
    sides = zip(*boxes.values(), strict=True) if boxes else [()] * 4
    names = ("wests", "souths", "easts", "norths")
    return {"keys": array(boxes), **{name: array(side) for name, side in zip(names, sides, strict=True)}}


def _by_key(boxes: Mapping[int, Box], rows: Any) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = {key: [] for key in boxes}
    for row in rows:
        found[row.key].append({**row._mapping, "shape": shapely.from_wkb(bytes(row.shape))})
    return found


AREA = prepared(
    "SELECT id, no, level, code, name, name_en, ST_AsBinary(geom) AS shape FROM areas WHERE id = :id"
)


def area(connection: Connection, area_id: int) -> Record | None:
    """An area in sight with its shape; None where there is none."""
    row = connection.execute(AREA, {"id": area_id}).one_or_none()
    return None if row is None else {**row._mapping, "shape": shapely.from_wkb(bytes(row.shape))}
