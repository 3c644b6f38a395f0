"""Reads and writes the area tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from geoalchemy2 import WKBElement
from geoalchemy2.shape import from_shape
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, func, insert, select, text, update

from app.grid.rules import LevelRule
from app.grid.tables import Area, AreaBorder, AreaLevel, DataVersion, District, GridEdition, GroundFeature
from spatial.crs import STORAGE, WEB

Shapes = NDArray[Any]
"""Array of shapely geometries in EPSG:4490."""


@dataclass(frozen=True, slots=True)
class AreaSet:
    """The areas of one level that are valid today, in the order of their codes (bytewise), shapes in EPSG:4490.

    `nos` are their numbers in the tree of nested intervals.
    """

    ids: NDArray[np.int32]
    codes: NDArray[Any]
    names: NDArray[Any]
    parents: NDArray[Any]
    kinds: NDArray[Any]
    households: NDArray[Any]
    shapes: Shapes
    nos: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)


def find_district(connection: Connection) -> Row[Any] | None:
    """The workspace's district; None where none has been made."""
    return connection.execute(select(District.__table__).order_by(District.id).limit(1)).one_or_none()


def add_district(connection: Connection, rules: Sequence[LevelRule], **values: Any) -> int:
    """Insert a district with its levels."""
    district_id = connection.execute(insert(District).values(**values).returning(District.id)).scalar_one()
    rows = [
        {
            "district_id": district_id,
            "level": rule.level.value,
            "depth": rule.depth,
            "code_pattern": rule.code_pattern,
            "code_extends_parent": rule.code_extends_parent,
        }
        for rule in rules
    ]
    connection.execute(insert(AreaLevel), rows)
    return int(district_id)


def change_district(connection: Connection, district_id: int, **values: Any) -> None:
    """Update columns of a district."""
    connection.execute(update(District).where(District.id == district_id).values(**values))


def levels(connection: Connection, district_id: int) -> dict[str, Row[Any]]:
    """A district's levels by name."""
    rows = connection.execute(select(AreaLevel.__table__).where(AreaLevel.district_id == district_id))
    return {row.level: row for row in rows}


def current_areas(connection: Connection, district_id: int, level: str) -> AreaSet:
    """The areas of a level that are valid today."""
    rows = connection.execute(
        text(
            "SELECT a.id, a.code, a.name, p.code AS parent, a.kind, a.households, ST_AsBinary(a.geom) AS shape, a.no"
            " FROM areas_on(:district, district_today(:district)) a LEFT JOIN areas p ON p.id = a.parent_id"
            ' WHERE a.level = :level ORDER BY a.code COLLATE "C"'
        ),
        {"district": district_id, "level": level},
    ).all()
    columns = list(zip(*rows, strict=True)) or [()] * 8
    with np.errstate(invalid="ignore"):  # GEOS leaves the flag of an earlier NaN behind
        shapes = shapely.from_wkb(np.array([bytes(shape) for shape in columns[6]], dtype=object))
    return AreaSet(
        np.array(columns[0], dtype=np.int32),
        *(np.array(column, dtype=object) for column in columns[1:6]),
        shapes,
        np.array(columns[7], dtype=np.int64),
    )


def edition_in_force(connection: Connection, district_id: int) -> Row[Any] | None:
    """The grid edition that is valid now."""
    return connection.execute(
        select(GridEdition.__table__).where(
            GridEdition.district_id == district_id, GridEdition.state == "in_force"
        )
    ).one_or_none()


def add_edition(connection: Connection, district_id: int, name: str, effective_on: date, source: str) -> int:
    """Insert a draft edition."""
    values = {"district_id": district_id, "name": name, "effective_on": effective_on, "source": source}
    return int(
        connection.execute(insert(GridEdition).values(**values).returning(GridEdition.id)).scalar_one()
    )


def supersede_edition(connection: Connection, edition_id: int, on_day: date) -> None:
    """End an edition; one that took effect on the same day keeps an empty time."""
    ended = func.greatest(GridEdition.effective_on, on_day)
    connection.execute(
        update(GridEdition)
        .where(GridEdition.id == edition_id)
        .values(state="superseded", superseded_on=ended)
    )


def enforce_edition(connection: Connection, edition_id: int) -> None:
    """Put an edition into force; the database refuses one with overlaps, gaps or cells outside their parent."""
    connection.execute(update(GridEdition).where(GridEdition.id == edition_id).values(state="in_force"))


def today(connection: Connection, district_id: int) -> date:
    """The day that it is in the district."""
    return connection.execute(text("SELECT district_today(:id)"), {"id": district_id}).scalar_one()  # type: ignore[no-any-return]


def _element(shape: Any) -> WKBElement:
    return from_shape(shapely.multipolygons([shape]) if shape.geom_type == "Polygon" else shape, srid=STORAGE)


def add_areas(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Insert areas; each row has the columns of `areas` and a shapely `shape`."""
    values = [
        {**{k: v for k, v in row.items() if k != "shape"}, "geom": _element(row["shape"])} for row in rows
    ]
    connection.execute(insert(Area), values)


def change_area(connection: Connection, area_id: int, shape: Any = None, **values: Any) -> None:
    """Update columns of one area, and its shape where one is given."""
    changed = values if shape is None else {**values, "geom": _element(shape)}
    connection.execute(update(Area).where(Area.id == area_id).values(**changed))


def end_areas(connection: Connection, ids: Sequence[int], on_day: date) -> None:
    """End the validity of areas that are no more."""
    connection.execute(update(Area).where(Area.id.in_(ids)).values(valid_to_on=on_day))


def replace_ground(connection: Connection, district_id: int, rows: Sequence[dict[str, Any]]) -> None:
    """Put these features in the place of all that the district's ground held."""
    connection.execute(GroundFeature.__table__.delete().where(GroundFeature.district_id == district_id))
    columns = ("kind", "class", "name", "name_en", "rank", "source", "simulated")
    shapes = shapely.set_srid(np.array([row["shape"] for row in rows], dtype=object), STORAGE)
    driver: Any = connection.connection.driver_connection
    into = f"COPY ground_features (district_id, geom, {', '.join(columns)}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(into) as copy:
        for row, shape in zip(rows, shapely.to_wkb(shapes, hex=True, include_srid=True), strict=True):
            copy.write_row((district_id, shape, *(row[name] for name in columns)))
    count_up(connection, "ground")


def ancestors(connection: Connection, district_id: int) -> dict[int, dict[str, int]]:
    """Of every area that is valid today, the area of each level that it lies in, itself among them."""
    rows = connection.execute(
        text(
            "WITH RECURSIVE today AS (SELECT id, level, parent_id FROM areas_on(:district, district_today(:district))),"
            " up AS (SELECT id, level, id AS ancestor, parent_id FROM today"
            " UNION ALL SELECT up.id, t.level, t.id, t.parent_id FROM up JOIN today t ON t.id = up.parent_id)"
            " SELECT id, level, ancestor FROM up"
        ),
        {"district": district_id},
    )
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row.id, {})[row.level] = row.ancestor
    return found


@dataclass(frozen=True, slots=True)
class Border:
    """A line in EPSG:3857 with the widest level that it parts; between two areas, with their numbers, or a long one."""

    level: str
    line: Any
    left_no: int | None = None
    right_no: int | None = None


def replace_borders(connection: Connection, district_id: int, borders: Sequence[Border]) -> None:
    """Put these borders in the place of all that a district has."""
    connection.execute(AreaBorder.__table__.delete().where(AreaBorder.district_id == district_id))
    rows = [
        {
            "district_id": district_id,
            "level": border.level,
            "left_no": border.left_no,
            "right_no": border.right_no,
            "geom_3857": from_shape(border.line, srid=WEB),
        }
        for border in borders
    ]
    if rows:
        connection.execute(insert(AreaBorder.__table__), rows)


def count_up(connection: Connection, topic: str) -> None:
    """Say that a topic has changed: caches and ETags of it are over."""
    changed = update(DataVersion).where(DataVersion.topic == topic).values(version=DataVersion.version + 1)
    connection.execute(changed)
