"""Reads of cases for pages and interfaces, all bounded."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from app.cases.store.filters import CaseFilter

Record = dict[str, Any]
Box = tuple[float, float, float, float]

LIST = """
SELECT c.id, c.external_ref AS ref, c.category_id, c.state, c.reported_at, c.due_at, c.address, c.cell_id,
       a.name AS cell, a.name_en AS cell_en, ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat
FROM cases c LEFT JOIN areas a ON a.id = c.cell_id
WHERE c.district_id = :district AND {predicate} AND {scope}
  AND (CAST(:after_at AS timestamptz) IS NULL
       OR (c.reported_at, c.id) < (CAST(:after_at AS timestamptz), CAST(:after_id AS bigint)))
ORDER BY c.reported_at DESC, c.id DESC LIMIT :limit
"""

SCOPES = {
    "box": "c.geom_3857 && ST_Transform(ST_MakeEnvelope(:west, :south, :east, :north, 4490), 3857)",
    "outside": "c.geom IS NOT NULL AND c.cell_id IS NULL",
    "unlocated": "c.geom IS NULL",
    "everywhere": "true",
}


def cases(
    connection: Connection,
    district_id: int,
    wanted: CaseFilter,
    *,
    scope: str,
    box: Box | None = None,
    after: tuple[datetime, int] | None = None,
    limit: int,
) -> list[Record]:
    """Cases under a filter, the newest first, at most `limit` that come after a given one.

    Parameters
    ----------
    scope
        A key of `SCOPES`: where they lie.
    box
        West, south, east, north in degrees, for scope "box".
    """
    west, south, east, north = box or (0.0, 0.0, 0.0, 0.0)
    rows = connection.execute(
        text(LIST.format(predicate=wanted.predicate, scope=SCOPES[scope])),
        {
            **wanted.parameters,
            "district": district_id,
            "west": west,
            "south": south,
            "east": east,
            "north": north,
            "after_at": after[0] if after else None,
            "after_id": after[1] if after else None,
            "limit": limit,
        },
    )
    return [dict(row._mapping) for row in rows]


def case(connection: Connection, case_id: int) -> Record | None:
    """One case with the chain of areas that it lies in."""
    row = connection.execute(
        text(
            "SELECT c.id, c.external_ref AS ref, c.state, c.reported_at, c.due_at, c.closed_at, c.source, c.address,"
            " c.description, c.category_id, c.cell_id, c.area_id, c.simulated, ST_X(c.geom) AS lon,"
            " ST_Y(c.geom) AS lat, i.file_name, c.import_row FROM cases c"
            " LEFT JOIN imports i ON i.id = c.import_id WHERE c.id = :id"
        ),
        {"id": case_id},
    ).one_or_none()
    return None if row is None else dict(row._mapping)


def categories(connection: Connection, district_id: int, wanted: CaseFilter) -> list[Record]:
    """Every category with the number of its cases under a filter, by business line and major class."""
    rows = connection.execute(
        text(
            "SELECT k.id, k.code, k.name, k.name_en, k.line, k.major, coalesce(n.count, 0) AS count"
            " FROM case_categories k LEFT JOIN (SELECT c.category_id, count(*) AS count FROM cases c"
            f" WHERE c.district_id = :district AND {wanted.predicate} GROUP BY 1) n ON n.category_id = k.id"
            " WHERE k.district_id = :district ORDER BY k.line, k.major, count DESC, k.code LIMIT 1000"
        ),
        {**wanted.parameters, "district": district_id},
    )
    return [dict(row._mapping) for row in rows]


def counts_by_cell(connection: Connection, district_id: int, wanted: CaseFilter) -> dict[int, int]:
    """How many cases each cell has under a filter; cells with none are left out."""
    rows = connection.execute(
        text(
            "SELECT c.cell_id, count(*) FROM cases c"
            f" WHERE c.district_id = :district AND c.cell_id IS NOT NULL AND {wanted.predicate} GROUP BY 1"
        ),
        {**wanted.parameters, "district": district_id},
    )
    return dict(rows.tuples().all())  # type: ignore[arg-type]


def figures(connection: Connection, district_id: int, wanted: CaseFilter, zone: str) -> Record:
    """The row of figures: under the filter, but each for its own state."""
    row = connection.execute(
        text(
            "SELECT count(*) FILTER (WHERE open_state(c.state)) AS open,"
            " count(*) FILTER (WHERE open_state(c.state) AND c.state <> 'suspended' AND c.due_at < :now) AS overdue,"
            " count(*) FILTER (WHERE open_state(c.state) AND c.state <> 'suspended' AND c.due_at >= :now"
            "   AND c.due_at < CAST(:now AS timestamptz) + interval '90 minutes') AS near,"
            " count(*) FILTER (WHERE c.state = 'suspended') AS suspended,"
            " count(*) FILTER (WHERE open_state(c.state) AND c.geom IS NULL) AS unlocated,"
            " count(*) FILTER (WHERE open_state(c.state) AND c.geom IS NOT NULL AND c.cell_id IS NULL) AS outside"
            f" FROM cases c WHERE c.district_id = :district AND open_state(c.state) AND {wanted.predicate}"
        ),
        {**wanted.parameters, "district": district_id},
    ).one()
    today = connection.execute(
        text(
            "SELECT count(*) FROM cases c WHERE c.district_id = :district AND"
            " c.reported_at >= date_trunc('day', CAST(:now AS timestamptz) AT TIME ZONE :zone) AT TIME ZONE :zone"
            f" AND c.reported_at <= :now AND {wanted.predicate}"
        ),
        {**wanted.parameters, "district": district_id, "zone": zone},
    ).scalar_one()
    return {**row._mapping, "today": today}
