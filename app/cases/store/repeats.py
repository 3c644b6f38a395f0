"""Cases that come again at one place, looked up past the wall: for the platform's own rule."""

from __future__ import annotations

from sqlalchemy import Connection, text

EARLIER = """
SELECT c.id, CAST(c.stand ->> 'root' AS bigint) AS root FROM cases me JOIN cases c ON c.district_id = me.district_id
    AND c.category_id = me.category_id AND c.id <> me.id
    AND c.geom_3857 && ST_Expand(me.geom_3857, :metres / greatest(cos(radians(ST_Y(me.geom))), 0.1) + 1)
    AND ST_DWithin(c.geom::geography, me.geom::geography, :metres)
    AND c.reported_at BETWEEN me.reported_at - make_interval(days => :days) AND me.reported_at
    AND c.state NOT IN ('declined', 'void', 'merged')
WHERE me.id = :case AND me.geom IS NOT NULL AND me.state <> 'merged' ORDER BY c.reported_at, c.id LIMIT 50
"""


def earlier(
    connection: Connection, case_id: int, *, metres: float, days: int
) -> list[tuple[int, int | None]]:
    """Cases of one category near a case in the days before it, the oldest first, each with its own root."""
    rows = connection.execute(text(EARLIER), {"case": case_id, "metres": metres, "days": days})
    return [(row.id, row.root) for row in rows]
