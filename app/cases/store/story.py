"""What has become of a case: its log, its texts and files, its like near by."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, text

Record = dict[str, Any]

# Names of people only where the one who asks sees those people anyway.
LOG = """
SELECT t.version, t.move, t.source, t.target, t.loop, t.unit_id, u.name AS unit, t.account_id, s.name AS person,
    p.role AS role, o.name AS of_unit, t.given, t.facts, t.at, t.recorded_at, t.seats,
    (SELECT jsonb_object_agg(r.field, r.body) FROM case_remarks r
        WHERE r.case_id = t.case_id AND r.version = t.version) AS texts,
    (SELECT jsonb_agg(jsonb_build_object('file', a.file_id, 'field', a.field) ORDER BY a.file_id)
        FROM case_attachments a WHERE a.case_id = t.case_id AND a.version = t.version) AS files
FROM case_transitions t LEFT JOIN units u ON u.id = t.unit_id LEFT JOIN staff_members s ON s.account_id = t.account_id
    LEFT JOIN posts p ON p.id = t.post_id LEFT JOIN units o ON o.id = p.unit_id
WHERE t.case_id = :case AND t.version > :after ORDER BY t.version LIMIT :limit
"""

SIMILAR = """
SELECT c.id, c.number, c.external_ref AS ref, c.state, c.category_id, c.reported_at, c.due_at,
    round(ST_Distance(c.geom::geography, me.geom::geography)::numeric, 1)::float8 AS distance_m,
    c.category_id = me.category_id AS same_category
FROM cases me CROSS JOIN LATERAL (SELECT cases_near(me.id, :metres, :days, :limit) AS id) near
JOIN cases c ON c.id = near.id
WHERE me.id = :case ORDER BY same_category DESC, distance_m, c.id
"""


def log(connection: Connection, case_id: int, *, after: int, limit: int) -> list[Record]:
    """Rows of a case's log after a version, at most `limit`."""
    rows = connection.execute(text(LOG), {"case": case_id, "after": after, "limit": limit})
    return [_readable(row) for row in rows]


FILES = """
SELECT a.file_id AS id, a.version, a.field, f.kind, f.size_bytes, f.width, f.height, f.duration_s, f.taken_at,
    f.taken_at_assumed, f.lon, f.lat, f.accuracy_m, round(ST_Distance(c.geom::geography,
        ST_SetSRID(ST_MakePoint(f.lon, f.lat), 4490)::geography)::numeric, 1)::float8 AS distance_m
FROM case_attachments a JOIN files f ON f.id = a.file_id JOIN cases c ON c.id = a.case_id
WHERE a.case_id = :case ORDER BY a.version, a.file_id LIMIT :limit
"""


def files(connection: Connection, case_id: int, *, limit: int) -> list[Record]:
    """Files of a case in the order in which they came, with how far from it each was taken."""
    return [dict(row._mapping) for row in connection.execute(text(FILES), {"case": case_id, "limit": limit})]


def similar(connection: Connection, case_id: int, *, metres: float, days: int, limit: int) -> list[Record]:
    """Cases near a case, within metres and within days before and after it, those of its category first."""
    rows = connection.execute(
        text(SIMILAR), {"case": case_id, "metres": metres, "days": days, "limit": limit}
    )
    return [dict(row._mapping) for row in rows]


def _readable(row: Row[Any]) -> Record:
    """A row with its texts in the places of their hashes; a text that was forgotten is None."""
    texts = row.texts or {}
    given = {
        name: texts.get(name) if isinstance(value, dict) and "sha256" in value else value
        for name, value in row.given.items()
    }
    found = {**row._mapping, "given": given, "files": row.files or []}
    found.pop("texts")
    return found
