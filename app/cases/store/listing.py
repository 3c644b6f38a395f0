"""Cases as a list shows them, by their ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from app.cases.store import heading
from app.db import array, prepared

ROWS = prepared(f"""
SELECT c.id, c.number, c.external_ref AS ref, c.category_id, k.name AS category, k.name_en AS category_en, f.condition,
    CASE WHEN f.risk = 'severe' OR f.control_amount IS NOT NULL
        AND NOT coalesce((c.stand ->> 'controlled')::boolean, false) THEN 'most'
        WHEN f.limit_unit = 'urgent_hours' THEN 'urgent' END AS urgency,
    c.state, c.loop, c.version, c.reported_at, c.due_at, near_from(c.near_at, c.due_at) AS near_at, c.closed_at,
    c.address, c.cell_id, {heading.AREA} AS area_id, a.name AS area, a.name_en AS area_en,
    p.name AS parent, p.name_en AS parent_en, ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat, c.unit_id, u.name AS unit,
    u.name_en AS unit_en, c.handler_id, coalesce((c.stand ->> 'returns')::int, 0) AS returns,
    coalesce((c.stand ->> 'extensions')::int, 0) AS extensions,
    ARRAY(SELECT jsonb_object_keys(coalesce(c.stand -> 'pending', '{{}}')) ORDER BY 1) AS pending, c.simulated,
    (SELECT t.file_id FROM case_attachments t WHERE t.case_id = c.id ORDER BY t.version, t.file_id LIMIT 1) AS file_id
FROM cases c JOIN case_categories k ON k.id = c.category_id LEFT JOIN filing_conditions f ON f.id = c.condition_id
LEFT JOIN areas a ON a.id = {heading.AREA}
LEFT JOIN areas p ON p.id = a.parent_id
LEFT JOIN units u ON u.id = c.unit_id
WHERE c.district_id = :district AND c.id = ANY (CAST(:ids AS bigint[]))
""")

UNITS = prepared("SELECT id, name, name_en FROM units WHERE id = ANY (CAST(:ids AS int[]))")


def some(connection: Connection, district_id: int, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Cases in the order of their ids; those that the one who asks does not see are left out."""
    found = connection.execute(ROWS, {"district": district_id, "ids": array(ids)})
    rows = {row.id: dict(row._mapping) for row in found}
    # Names apart, once each: whether a person is in sight costs more than all else of a row.
    names = heading.names_by_account(
        connection, {row["handler_id"] for row in rows.values() if row["handler_id"]}
    )
    return [
        {**{key: value for key, value in rows[one].items() if key != "handler_id"},
         "handler": names.get(rows[one]["handler_id"])}
        for one in ids if one in rows
    ]  # fmt: skip


def as_they_stood(
    connection: Connection, rows: Sequence[dict[str, Any]], stood: dict[int, dict[str, Any]]
) -> list[dict[str, Any]]:
    """The same rows with the states, due times and units of another instant; who handled them is not told."""
    units = {one["unit_id"] for one in stood.values() if one["unit_id"]}
    names = {row.id: row for row in connection.execute(UNITS, {"ids": array(units)})} if units else {}
    found = []
    for row in rows:
        then = stood[row["id"]]
        unit = names.get(then["unit_id"])
        called = {"unit": unit.name if unit else None, "unit_en": unit.name_en if unit else None}
        found.append({**row, **then, **called, "closed_at": None, "handler": None, "pending": []})
    return found
