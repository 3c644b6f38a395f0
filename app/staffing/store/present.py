"""Who is there now, at all desks that the reader sees."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

Record = dict[str, Any]

# Of a unit where nobody has gone on duty, those whom its roster names; no shift is longer than 36 hours.
PRESENT = text("""
WITH there AS (
    SELECT d.unit_id, d.staff_id, d.began_at, true AS there, EXISTS (SELECT FROM shifts h WHERE h.staff_id = d.staff_id
        AND h.unit_id = d.unit_id AND h.leads AND h.starts_at <= now() AND h.ends_at > now()) AS leads
    FROM duty_spells d WHERE d.ended_at IS NULL
), planned AS (
    SELECT h.unit_id, h.staff_id, h.starts_at AS began_at, false AS there, h.leads FROM shifts h
    WHERE h.starts_at > now() - interval '36 hours' AND h.starts_at <= now() AND h.ends_at > now()
        AND NOT EXISTS (SELECT FROM there t WHERE t.unit_id = h.unit_id)
)
SELECT u.id AS unit_id, u.name AS unit, u.name_en AS unit_en, u.kind, CASE
        WHEN u.opens_at IS NULL OR CASE WHEN u.opens_at <= u.closes_at
            THEN l.clock >= u.opens_at AND l.clock < u.closes_at ELSE l.clock >= u.opens_at OR l.clock < u.closes_at END
        THEN coalesce(u.day_phone, u.night_phone) ELSE coalesce(u.night_phone, u.day_phone) END AS unit_phone,
    s.code, s.name, s.simulated, s.phone IS NOT NULL AS has_phone, o.began_at, o.there, o.leads,
    (SELECT min(p.role) FROM post_holders x JOIN posts p ON p.id = x.post_id WHERE x.staff_id = s.id
        AND p.unit_id = u.id AND daterange(x.from_on, x.until_on) @> district_today(s.district_id)) AS role,
    count(*) OVER () AS of
FROM (SELECT * FROM there UNION ALL SELECT * FROM planned) o
JOIN units u ON u.id = o.unit_id AND u.district_id = :district AND unit_in_sight(u.id)
JOIN districts d ON d.id = u.district_id CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE d.timezone)::time AS clock) l
JOIN staff_members s ON s.id = o.staff_id
ORDER BY u.id = ANY (:mine) DESC, u.kind <> 'command', u.kind <> 'sub_centre', u.code, o.leads DESC, s.code LIMIT :limit
""")


def present(connection: Connection, district_id: int, mine: list[int], limit: int) -> list[Record]:
    """Who is on duty at the units in sight, one's own units first; each row says of how many.

    Parameters
    ----------
    mine
        Ids of the units of the one who asks.
    """
    rows = connection.execute(PRESENT, {"district": district_id, "mine": mine, "limit": limit})
    return [dict(row._mapping) for row in rows]


def is_present(connection: Connection, staff_code: str) -> bool:
    """Whether somebody is on duty now at a unit in sight, or on its roster for this hour."""
    statement = text(
        "SELECT EXISTS (SELECT FROM duty_spells d JOIN staff_members s ON s.id = d.staff_id"
        "   WHERE s.code = :code AND d.ended_at IS NULL AND unit_in_sight(d.unit_id))"
        " OR EXISTS (SELECT FROM shifts h JOIN staff_members s ON s.id = h.staff_id"
        "   WHERE s.code = :code AND h.starts_at <= now() AND h.ends_at > now() AND unit_in_sight(h.unit_id))"
    )
    return bool(connection.execute(statement, {"code": staff_code}).scalar_one())
