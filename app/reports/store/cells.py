"""Cells as sheets and signs tell them: what lies in each, what was reported, what is open; all in few statements."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

import shapely
from sqlalchemy import Connection, Row, text

from app.db import prepared

Record = dict[str, Any]

OWN = "(acting_account() IS NULL OR int8range(a.no, a.last_no, '[]') <@ (SELECT territory()))"
"""Of an area `a`: whether all of it is the one's who asks; the platform's own is everything."""

TOLD = """
SELECT a.id, a.no, a.level, a.code, a.name, a.name_en, a.households, a.area_m2, a.simulated, p.name AS parent,
    p.name_en AS parent_en, q.name AS above, q.name_en AS above_en, ST_AsBinary(a.geom) AS shape
FROM areas_on(:district, CAST(:day AS date)) a LEFT JOIN areas p ON p.id = a.parent_id
LEFT JOIN areas q ON q.id = p.parent_id
"""
NAMED = text(
    f"{TOLD} WHERE {OWN} AND (a.level = 'cell' AND a.code = ANY (CAST(:codes AS text[]))"
    " OR a.id = ANY (CAST(:ids AS int[])))"
)
BELOW = prepared(
    f"{TOLD} WHERE {OWN} AND a.level = 'cell' AND a.no BETWEEN (SELECT no FROM areas WHERE id = :area)"
    ' AND (SELECT last_no FROM areas WHERE id = :area) ORDER BY a.code COLLATE "C"'
)

WITHIN = "BETWEEN CAST(:first AS bigint) AND CAST(:last AS bigint)"
# A flat belongs to its building and is not told beside it.
ELEMENTS = text(f"""
SELECT e.area_no, e.kind, e.type, count(*) AS many FROM elements e
WHERE e.district_id = :district AND e.area_no {WITHIN} AND e.kind <> 'person' AND e.type <> 'dwelling'
    AND e.merged_into IS NULL AND daterange(e.valid_from_on, e.valid_to_on) @> CAST(:day AS date)
GROUP BY 1, 2, 3
""")
# Fewer than five are not told: the view sees to it.
PERSONS = text(
    f"SELECT area_no, persons FROM layers.people WHERE district_id = :district AND area_no {WITHIN} AND need = 'any'"
)
REPORTED = text(f"""
SELECT * FROM (
    SELECT c.area_no, k.code, k.name, k.name_en, count(*) AS many,
        row_number() OVER (PARTITION BY c.area_no ORDER BY count(*) DESC, k.code) AS place
    FROM cases c JOIN case_categories k ON k.id = c.category_id
    WHERE c.district_id = :district AND c.area_no {WITHIN} AND c.reported_at >= :since AND c.reported_at < :until
    GROUP BY c.area_no, k.code, k.name, k.name_en) r
WHERE place <= :most ORDER BY area_no, place
""")
OPEN = text(f"""
SELECT c.area_no, count(*) AS open, count(*) FILTER (WHERE c.state <> 'suspended' AND c.due_at < :at) AS overdue,
    count(*) FILTER (WHERE c.state <> 'suspended' AND c.due_at >= :at
        AND near_from(c.near_at, c.due_at) <= CAST(:at AS timestamptz)) AS near,
    count(*) FILTER (WHERE c.state = 'suspended') AS suspended
FROM cases c WHERE c.district_id = :district AND c.area_no {WITHIN} AND open_state(c.state) GROUP BY c.area_no
""")
OVERDUE = text(f"""
SELECT * FROM (
    SELECT c.area_no, coalesce(c.number, c.external_ref, c.id::text) AS called, k.name AS category,
        k.name_en AS category_en, c.address, u.name AS unit, u.name_en AS unit_en, c.state, c.due_at,
        ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat,
        row_number() OVER (PARTITION BY c.area_no ORDER BY c.due_at, c.id) AS place
    FROM cases c JOIN case_categories k ON k.id = c.category_id LEFT JOIN units u ON u.id = c.unit_id
    WHERE c.district_id = :district AND c.area_no {WITHIN} AND open_state(c.state) AND c.state <> 'suspended'
        AND c.due_at < :at) o
WHERE place <= :most ORDER BY area_no, place
""")

Interval = tuple[int, int]
"""Numbers of places, the first and the last."""


def own(
    connection: Connection,
    district_id: int,
    day: date,
    *,
    codes: Collection[str] = (),
    ids: Collection[int] = (),
) -> list[Record]:
    """Cells of a day by their codes, and areas by their ids, those of the one who asks alone."""
    values = {"district": district_id, "day": day, "codes": sorted(codes), "ids": sorted(ids)}
    return [_shaped(row) for row in connection.execute(NAMED, values)]


def below(connection: Connection, district_id: int, day: date, area_id: int) -> list[Record]:
    """All cells of a day in an area, those of the one who asks, in the order of their codes."""
    rows = connection.execute(BELOW, {"district": district_id, "day": day, "area": area_id})
    return [_shaped(row) for row in rows]


def elements(
    connection: Connection, district_id: int, day: date, within: Interval
) -> dict[int, dict[tuple[str, str], int]]:
    """How many places, objects and organisations of each kind and type lie in each cell on a day, by its number."""
    found: dict[int, dict[tuple[str, str], int]] = {}
    values = {"district": district_id, "day": day, **_numbers(within)}
    for row in connection.execute(ELEMENTS, values):
        found.setdefault(row.area_no, {})[row.kind, row.type] = row.many
    return found


def persons(connection: Connection, district_id: int, within: Interval) -> dict[int, int | None]:
    """How many people are registered in each cell, by its number; None where there are fewer than five."""
    rows = connection.execute(PERSONS, {"district": district_id, **_numbers(within)})
    return {row.area_no: row.persons for row in rows}


def reported(
    connection: Connection, district_id: int, within: Interval, since: datetime, until: datetime, most: int
) -> dict[int, list[Row[Any]]]:
    """What was reported most often in each cell from an instant up to another one: so many categories of each."""
    values = {"district": district_id, "since": since, "until": until, "most": most, **_numbers(within)}
    return _by_number(connection.execute(REPORTED, values))


def standing(connection: Connection, district_id: int, within: Interval, at: datetime) -> dict[int, Row[Any]]:
    """How many cases of each cell are open, overdue, nearly due and suspended at an instant, as they are now."""
    rows = connection.execute(OPEN, {"district": district_id, "at": at, **_numbers(within)})
    return {row.area_no: row for row in rows}


def overdue(
    connection: Connection, district_id: int, within: Interval, at: datetime, most: int
) -> dict[int, list[Row[Any]]]:
    """The cases of each cell that are overdue, the longest first: so many of each."""
    values = {"district": district_id, "at": at, "most": most, **_numbers(within)}
    return _by_number(connection.execute(OVERDUE, values))


def _numbers(within: Interval) -> dict[str, int]:
    return {"first": within[0], "last": within[1]}


def _by_number(rows: Any) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.area_no, []).append(row)
    return found


def _shaped(row: Row[Any]) -> Record:
    return {**row._mapping, "shape": shapely.from_wkb(bytes(row.shape))}
