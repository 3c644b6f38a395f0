"""Reads of who works where: the roster of an area, and who could stand in where somebody is lacking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from app.db import prepared

Record = dict[str, Any]


def people_of(connection: Connection, area_id: int, on_day: date) -> list[Record]:
    """Who answers for an area by a post, and for a cell who is assigned to it: officers first; at most 300."""
    rows = connection.execute(
        prepared("SELECT * FROM people_of(:area, CAST(:day AS date))"), {"area": area_id, "day": on_day}
    )
    return [dict(row._mapping) for row in rows]


def officers(connection: Connection, cell_ids: Sequence[int], on_day: date) -> dict[int, list[Record]]:
    """The officers of some cells and those who stand in for them, by the cells' ids."""
    rows = connection.execute(
        text(
            "SELECT a.id AS cell_id, s.code, s.name, s.simulated, x.kind,"
            " EXISTS (SELECT FROM leaves l WHERE l.staff_id = s.id"
            "   AND daterange(l.from_on, l.until_on) @> CAST(:day AS date)) AS away"
            " FROM areas a JOIN assignments x ON x.cell_no = a.no AND x.duty = 'grid_officer'"
            " JOIN staff_members s ON s.id = x.staff_id"
            " WHERE a.id = ANY(:ids) AND daterange(x.from_on, x.until_on) @> CAST(:day AS date)"
            " ORDER BY x.kind, s.code"
        ),
        {"ids": list(cell_ids), "day": on_day},
    )
    found: dict[int, list[Record]] = {}
    for row in rows:
        found.setdefault(row.cell_id, []).append(dict(row._mapping))
    return found


def suggestions(
    connection: Connection, cells: Sequence[str], on_day: date, *, each: int = 3
) -> dict[str, list[Record]]:
    """Who could stand in for the officer of each of some cells: officers of cells next to it who are there.

    Those with the fewest open cases, those of the cells that they cover already among them, come first.

    Parameters
    ----------
    cells
        Codes of cells in force.
    each
        How many to name for a cell.
    """
    if not cells:
        return {}
    rows = connection.execute(
        text(
            "WITH load AS (SELECT x.staff_id, min(x.cell_no) FILTER (WHERE x.kind = 'full_time') AS own,"
            "   array_agg(x.cell_no) AS nos FROM assignments x WHERE x.duty = 'grid_officer'"
            "   AND daterange(x.from_on, x.until_on) @> CAST(:day AS date)"
            "   AND NOT EXISTS (SELECT FROM leaves l WHERE l.staff_id = x.staff_id"
            "     AND daterange(l.from_on, l.until_on) @> CAST(:day AS date)) GROUP BY x.staff_id)"
            " SELECT a.code AS of_cell, near.* FROM areas a"
            " JOIN grid_editions e ON e.id = a.edition_id AND e.state = 'in_force'"
            " CROSS JOIN LATERAL (SELECT s.code, s.name, s.simulated, n.code AS cell,"
            "   (SELECT count(*) FROM cases c WHERE c.area_no = ANY(load.nos) AND open_state(c.state)) AS open_cases"
            "   FROM areas n JOIN load ON load.own = n.no JOIN staff_members s ON s.id = load.staff_id"
            "   WHERE n.level = 'cell' AND n.edition_id = a.edition_id AND n.id <> a.id"
            "   AND ST_DWithin(n.geom, a.geom, 1e-9)"
            "   ORDER BY open_cases, s.code LIMIT :each) near"
            " WHERE a.level = 'cell' AND a.code = ANY(:cells)"
        ),
        {"cells": list(cells), "day": on_day, "each": each},
    )
    found: dict[str, list[Record]] = {}
    for row in rows:
        found.setdefault(row.of_cell, []).append(dict(row._mapping))
    return found


def everybody(connection: Connection, on_day: date, area: int | None, limit: int) -> list[Record]:
    """Who looks after which cell on a day, cell by cell, as far as the reader may see."""
    rows = connection.execute(
        text(
            "SELECT n.code AS cell, x.duty, x.kind, x.place, x.from_on, x.until_on, s.code, s.name, s.phone,"
            " s.simulated,"
            " EXISTS (SELECT FROM leaves l WHERE l.staff_id = s.id"
            "   AND daterange(l.from_on, l.until_on) @> CAST(:day AS date)) AS away"
            " FROM assignments x JOIN area_numbers n ON n.no = x.cell_no JOIN staff_members s ON s.id = x.staff_id"
            " WHERE daterange(x.from_on, x.until_on) @> CAST(:day AS date)"
            " AND (CAST(:area AS int) IS NULL OR x.cell_no BETWEEN (SELECT no FROM areas WHERE id = :area)"
            "   AND (SELECT last_no FROM areas WHERE id = :area))"
            " ORDER BY n.no, x.kind <> 'full_time', x.kind, x.duty, s.code LIMIT :limit"
        ),
        {"day": on_day, "area": area, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]
