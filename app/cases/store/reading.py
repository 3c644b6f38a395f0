"""Reads of cases for pages and interfaces, all bounded."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from app.cases.store.filters import CaseFilter
from app.db import prepared

Record = dict[str, Any]
Box = tuple[float, float, float, float]

LIST = """
SELECT c.id, c.number, c.external_ref AS ref, c.category_id, c.state, c.loop, c.version, c.unit_id, c.reported_at,
       c.due_at, c.closed_at, c.address, c.cell_id, a.name AS cell, a.name_en AS cell_en, a.code AS cell_code,
       ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat, {rank} AS rank, CAST({at} AS text) AS at
FROM cases c LEFT JOIN areas a ON a.id = c.cell_id
WHERE c.district_id = :district AND {predicate} AND {scope} AND {after}
ORDER BY {order} LIMIT :limit
"""

RANK = """CASE WHEN c.state = 'suspended' THEN 3 WHEN c.due_at < CAST(:now AS timestamptz) THEN 0
    WHEN near_from(c.near_at, c.due_at) <= CAST(:now AS timestamptz) THEN 1 ELSE 2 END"""
DUE = "coalesce(c.due_at, 'infinity')"

ORDERS = {
    # What is late first, then what will be: the order in which a desk works.
    "due": {
        "rank": RANK,
        "at": DUE,
        "after": f"(CAST(:after_rank AS int) IS NULL OR ({RANK}, {DUE}, c.id) >"
        " (CAST(:after_rank AS int), CAST(:after_at AS timestamptz), CAST(:after_id AS bigint)))",
        "order": f"{RANK}, {DUE}, c.id",
    },
    "new": {
        "rank": "0",
        "at": "c.reported_at",
        "after": "(CAST(:after_rank AS int) IS NULL OR (c.reported_at, c.id) <"
        " (CAST(:after_at AS timestamptz), CAST(:after_id AS bigint)))",
        "order": "c.reported_at DESC, c.id DESC",
    },
}

SCOPES = {
    "outside": "c.geom IS NOT NULL AND c.cell_id IS NULL",
    "unlocated": "c.geom IS NULL",
    "everywhere": "(CAST(:unit AS int) IS NULL OR c.unit_id = :unit) AND (CAST(:condition AS text) IS NULL"
    " OR c.condition_id IN (SELECT id FROM filing_conditions WHERE district_id = :district AND number = :condition))",
}

# Row security would keep the planner from the index of &&, and from that of the words: the function asks as the owner,
# behind its own wall.
FOUND = (
    "c.id IN (SELECT cases_found(:scope, ST_Transform(ST_MakeEnvelope(:west, :south, :east, :north, 4490), 3857),"
    " :district, :now, :states, CAST(:categories AS int[]), CAST(:since AS timestamptz), CAST(:until AS timestamptz),"
    " CAST(:area AS int), CAST(:unit AS int), :condition, :said, :due_first, CAST(:after_rank AS int),"
    " CAST(:after_at AS timestamptz), CAST(:after_id AS bigint), :limit))"
)


SAID = prepared(
    "SELECT * FROM cases_found('everywhere', NULL, :district, CAST(:now AS timestamptz), 'all', NULL, NULL,"
    " NULL, NULL, NULL, NULL, :said, false, NULL, NULL, NULL, :limit)"
)


def newest_said(connection: Connection, district_id: int, said: str, now: datetime, limit: int) -> list[int]:
    """Ids of the newest cases of every state that words, a number or a reference find."""
    rows = connection.execute(SAID, {"district": district_id, "said": said, "now": now, "limit": limit})
    return list(rows.scalars())


def cases(
    connection: Connection,
    district_id: int,
    wanted: CaseFilter,
    *,
    scope: str,
    order: str,
    box: Box | None = None,
    unit: int | None = None,
    condition: str | None = None,
    said: str | None = None,
    after: tuple[int, str, int] | None = None,
    limit: int,
) -> list[Record]:
    """Cases under a filter, at most `limit` that come after a given one.

    Parameters
    ----------
    scope, order
        Where they lie, "box" or a key of `SCOPES`, and what comes first, a key of `ORDERS`.
    box
        West, south, east, north in degrees, for scope "box".
    unit, condition
        Id of the unit that has them; number of the condition under which they are registered.
    said
        A number, its last four digits, a reference, or words of address and description.
    after
        Rank, instant and id of the last one that is known.
    """
    west, south, east, north = box or (0.0, 0.0, 0.0, 0.0)
    rank, at, case_id = after or (None, None, None)
    rows = connection.execute(
        text(LIST.format(predicate=wanted.predicate, scope=_scope(scope, said), **ORDERS[order])),
        {
            **wanted.parameters,
            "district": district_id,
            "scope": scope,
            "unit": unit,
            "condition": condition,
            "said": said,
            "west": west,
            "south": south,
            "east": east,
            "north": north,
            "due_first": order == "due",
            "after_rank": rank,
            "after_at": at,
            "after_id": case_id,
            "limit": limit,
        },
    )
    return [dict(row._mapping) for row in rows]


def _scope(scope: str, said: str | None) -> str:
    if scope == "box" or said is not None:
        return FOUND
    return " AND ".join({SCOPES[scope], SCOPES["everywhere"]})


def case(connection: Connection, case_id: int) -> Record | None:
    """One case with the chain of areas that it lies in."""
    row = connection.execute(
        text(
            "SELECT c.id, c.number, c.external_ref AS ref, c.state, c.loop, c.version, c.reported_at, c.due_at,"
            " c.closed_at, c.source, c.address, c.description, c.category_id, c.unit_id, u.name AS unit,"
            " f.number AS condition, f.risk, c.cell_id, c.area_id, c.simulated, ST_X(c.geom) AS lon,"
            " ST_Y(c.geom) AS lat, i.file_name, c.import_row,"
            " EXISTS (SELECT FROM case_followers w WHERE w.case_id = c.id) AS followed FROM cases c"
            " LEFT JOIN units u ON u.id = c.unit_id LEFT JOIN filing_conditions f ON f.id = c.condition_id"
            " LEFT JOIN imports i ON i.id = c.import_id WHERE c.id = :id"
        ),
        {"id": case_id},
    ).one_or_none()
    return None if row is None else dict(row._mapping)


def categories(connection: Connection, district_id: int, wanted: CaseFilter) -> list[Record]:
    """Every category that is in use or has cases, with their number under a filter, by line and major class."""
    rows = connection.execute(
        text(
            "SELECT k.id, k.code, k.name, k.name_en, k.line, k.major, coalesce(n.count, 0) AS count"
            " FROM case_categories k LEFT JOIN (SELECT c.category_id, count(*) AS count FROM cases c"
            f" WHERE c.district_id = :district AND {wanted.predicate} GROUP BY 1) n ON n.category_id = k.id"
            " WHERE k.district_id = :district AND (n.count > 0 OR k.switched_on"
            " AND daterange(k.valid_from_on, k.valid_to_on) @> district_today(k.district_id))"
            " ORDER BY k.line, k.major, count DESC, k.code LIMIT 1000"
        ),
        {**wanted.parameters, "district": district_id},
    )
    return [dict(row._mapping) for row in rows]


def counts_by_cell(connection: Connection, district_id: int, wanted: CaseFilter) -> dict[int, int]:
    """How many cases each cell has under a filter; cells with none are left out."""
    rows = connection.execute(
        text(
            "SELECT c.cell_id, count(*) AS n FROM cases c"
            f" WHERE c.district_id = :district AND c.cell_id IS NOT NULL AND {wanted.predicate} GROUP BY 1"
        ),
        {**wanted.parameters, "district": district_id},
    )
    return {row.cell_id: row.n for row in rows}


def figures(connection: Connection, district_id: int, wanted: CaseFilter, zone: str) -> Record:
    """The row of figures under a filter, each for states of its own: what the filter says of states is left aside."""
    row = connection.execute(
        text(
            "SELECT count(*) AS open,"
            " count(*) FILTER (WHERE c.state <> 'suspended' AND c.due_at < :now) AS overdue,"
            " count(*) FILTER (WHERE c.state <> 'suspended' AND c.due_at >= :now"
            "   AND near_from(c.near_at, c.due_at) <= CAST(:now AS timestamptz)) AS near,"
            " count(*) FILTER (WHERE c.state = 'suspended') AS suspended,"
            " count(*) FILTER (WHERE c.geom IS NULL) AS unlocated,"
            " count(*) FILTER (WHERE c.geom IS NOT NULL AND c.cell_id IS NULL) AS outside"
            f" FROM cases c WHERE c.district_id = :district AND {replace(wanted, states='open').predicate}"
        ),
        {**wanted.parameters, "district": district_id},
    ).one()
    today = connection.execute(
        text(
            "SELECT count(*) FROM cases c WHERE c.district_id = :district AND"
            " c.reported_at >= date_trunc('day', CAST(:now AS timestamptz) AT TIME ZONE :zone) AT TIME ZONE :zone"
            f" AND c.reported_at <= :now AND {replace(wanted, states='all').predicate}"
        ),
        {**wanted.parameters, "district": district_id, "zone": zone},
    ).scalar_one()
    return {**row._mapping, "today": today}
