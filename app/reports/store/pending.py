"""Cases that wait for somebody's decision."""

from __future__ import annotations

from sqlalchemy import Connection, text

PENDING = """
SELECT c.id FROM cases c WHERE c.district_id = :district AND open_state(c.state) AND c.area_no BETWEEN :first AND :last
    AND (CAST(:unit AS integer) IS NULL OR c.unit_id = :unit) AND coalesce(c.stand -> 'pending', '{}') <> '{}'
ORDER BY c.due_at NULLS LAST, c.id LIMIT :limit
"""


def pending(
    connection: Connection, district_id: int, first: int, last: int, unit_id: int | None, *, limit: int
) -> list[int]:
    """Their ids, the one that is due first first."""
    values = {"district": district_id, "first": first, "last": last, "unit": unit_id, "limit": limit}
    return [row.id for row in connection.execute(text(PENDING), values)]
