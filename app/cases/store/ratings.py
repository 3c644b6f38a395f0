"""评价: what those who reported say of the ends of a case."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

RATINGS = """
SELECT r.closing, r.solved, r.satisfied, r.remark, coalesce(r.changed_at, r.rated_at) AS at,
    r.case_id <> r.closed_case_id AS merged
FROM case_ratings r WHERE r.closed_case_id = :case ORDER BY r.closing DESC, r.case_id LIMIT :limit
"""


def ratings(connection: Connection, case_id: int, limit: int = 50) -> list[dict[str, Any]]:
    """Ratings of a case, those of its last end first, at most `limit`; those of reports merged into it among them."""
    rows = connection.execute(text(RATINGS), {"case": case_id, "limit": limit})
    return [dict(row._mapping) for row in rows]
