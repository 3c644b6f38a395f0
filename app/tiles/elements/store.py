"""Reads elements as rows of numbers, past every wall: who sees which is decided where they are drawn."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from sqlalchemy import Connection, text

from app.copying import Layout, Rows, read_rows
from app.db import Actor, transaction
from app.registry.rules.kinds import ElementKind, PlaceType
from app.tiles.elements.rules import METRES_PER_FLOOR, SORTS, TYPES, Sort
from app.tiles.rules import packed

ORIGIN = date(2000, 1, 1)
"""From it days are counted."""

NEVER = 2**31 - 1
"""The day on which what has no end ends."""

_DAY = "{} - DATE '2000-01-01'"
_SORT = f"""CASE e.kind
    WHEN '{ElementKind.OBJECT}' THEN {SORTS.index(Sort.OBJECT)}
    WHEN '{ElementKind.ORGANISATION}' THEN {SORTS.index(Sort.ORGANISATION)}
    ELSE CASE e.type {" ".join(f"WHEN '{kind}' THEN {SORTS.index(sort)}" for kind, sort in TYPES.items())}
    ELSE {SORTS.index(Sort.OTHER_PLACE)} END END"""

MARKS = Layout(
    {
        "id": ("e.id", "int8", "i8"),
        "sort": (_SORT, "int2", "i2"),
        "area": ("e.area_no", "int8", "i8"),
        "unit": ("coalesce(e.unit_id, 0)", "int4", "i4"),
        "from": (_DAY.format("e.valid_from_on"), "int4", "i4"),
        "to": (f"coalesce({_DAY.format('e.valid_to_on')}, {NEVER})", "int4", "i4"),
        "outlined": ("coalesce(ST_Dimension(p.shape) = 2, false)::int", "int2", "i2"),
        "site": ("coalesce(w.id, e.id)", "int8", "i8"),
        "site_area": ("coalesce(w.area_no, e.area_no)", "int8", "i8"),
        "site_unit": ("coalesce(CASE WHEN w.id IS NULL THEN e.unit_id ELSE w.unit_id END, 0)", "int4", "i4"),
        "x": ("coalesce(ST_X(coalesce(e.geom_3857, w.geom_3857)), 'NaN')", "float8", "f8"),
        "y": ("coalesce(ST_Y(coalesce(e.geom_3857, w.geom_3857)), 'NaN')", "float8", "f8"),
    }
)
"""`site` is what lends an element its place: itself, or the nearest of what it lies in that has a point."""

_FROM = f""" FROM elements e LEFT JOIN places p ON p.id = e.id AND e.type = '{PlaceType.BUILDING}'
LEFT JOIN LATERAL (
    WITH RECURSIVE up AS (
        SELECT s.id, s.site_id, s.area_no, s.unit_id, s.geom_3857, 1 AS steps FROM elements s WHERE s.id = e.site_id
        UNION ALL SELECT s.id, s.site_id, s.area_no, s.unit_id, s.geom_3857, up.steps + 1
        FROM up JOIN elements s ON s.id = up.site_id WHERE up.geom_3857 IS NULL AND up.steps < 20
    ) SELECT id, area_no, unit_id, geom_3857 FROM up WHERE geom_3857 IS NOT NULL LIMIT 1
) w ON e.geom IS NULL AND e.site_id IS NOT NULL
WHERE e.kind IN ('{ElementKind.PLACE}', '{ElementKind.OBJECT}', '{ElementKind.ORGANISATION}')
    AND e.type <> '{PlaceType.DWELLING}' AND e.merged_into IS NULL AND e.district_id = """
BUILDINGS = "SELECT building_tile(:z, :x, :y, :district, :day, :floor_m)"
KEPT_TILES = 2048
"""Tiles of outlines kept in memory, each for those who see the same; about 20 MB."""

SLOWEST_S = 10.0


def read(connection: Connection, district_id: int) -> Rows:
    """Everything of a district that can be a mark, also what has no place, in no order.

    Returns
    -------
    numpy.ndarray
        A row of `MARKS.row` each: places in EPSG:3857, NaN for none; days since `ORIGIN`.
    """
    return read_rows(connection, MARKS, f"{MARKS.select}{_FROM}{int(district_id)}")


@lru_cache(maxsize=KEPT_TILES)
def buildings(
    url: str,
    actor: Actor,
    versions: tuple[int, ...],
    district_id: int,
    day: date,
    place: tuple[int, int, int],
) -> bytes:
    """A tile of the outlines of buildings that an actor sees, gzipped.

    Parameters
    ----------
    versions
        Of the data that it shows.
    place
        Zoom, column and row of the tile.
    """
    z, x, y = place
    values = {"z": z, "x": x, "y": y, "district": district_id, "day": day, "floor_m": METRES_PER_FLOOR}
    with transaction(url, actor=actor, read_only=True, timeout_s=SLOWEST_S) as connection:
        tile = connection.execute(text(BUILDINGS), values).scalar_one()
    return packed(bytes(tile))
