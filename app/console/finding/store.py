"""What a word leads to beside areas, places and cases: units with their telephones, people at work with their posts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from app.db import array, prepared
from app.grid.store.reading import literal
from app.staffing.store.phones import AT_WORK

Record = dict[str, Any]

UNITS = """
SELECT u.id, u.code, u.name, u.name_en, u.kind, u.day_phone, u.night_phone, u.simulated FROM units u
WHERE u.district_id = :district AND u.kind NOT IN ('council', 'security_team')
    AND daterange(u.valid_from_on, u.valid_to_on) @> district_today(:district)
    AND (u.name ILIKE :like OR u.full_name ILIKE :like OR u.name_en ILIKE :like OR u.code ILIKE :begin)
ORDER BY (u.name = :words OR u.code = :words) DESC, u.name NOT ILIKE :begin, u.code LIMIT :limit
"""

CALLED = prepared("SELECT * FROM staff_called(:district, :words, :most)")
MOST_CALLED = 200
"""People of one name that are looked through: whoever is meant is found by another letter."""

# One at a time, and not by EXISTS, for which the planner would ask of everybody's post first whether it is in sight.
# Whoever works here today, by what they do: residents who only report are no staff, whatever post is written down.
PEOPLE = f"""
SELECT s.id, s.code, s.name, s.simulated, s.phone IS NOT NULL AND {AT_WORK} AS work_phone FROM staff_members s
WHERE s.id = ANY (CAST(:ids AS bigint[])) AND (
    (SELECT true FROM post_holders h JOIN posts p ON p.id = h.post_id AND p.role <> 'reporter'
        WHERE h.staff_id = s.id AND daterange(h.from_on, h.until_on) @> district_today(:district) LIMIT 1)
    OR (SELECT true FROM assignments x WHERE x.staff_id = s.id
        AND daterange(x.from_on, x.until_on) @> district_today(:district) LIMIT 1))
ORDER BY array_position(CAST(:ids AS bigint[]), s.id) LIMIT :limit
"""
POSTS = """
SELECT f.* FROM (
    SELECT h.staff_id, p.role AS word, p.title, u.id AS unit_id, u.name AS unit, u.name_en AS unit_en,
        a.id AS area_id, a.level, a.name AS area, a.name_en AS area_en, 1 AS after
    FROM post_holders h JOIN posts p ON p.id = h.post_id AND p.role <> 'reporter' JOIN units u ON u.id = p.unit_id
    LEFT JOIN LATERAL (SELECT r.area_no FROM post_areas r WHERE r.post_id = p.id ORDER BY r.area_no LIMIT 1) r ON true
    LEFT JOIN areas_on(:district, district_today(:district)) a ON a.no = r.area_no
    WHERE h.staff_id = ANY (CAST(:ids AS bigint[])) AND daterange(h.from_on, h.until_on) @> district_today(:district)
    UNION ALL
    SELECT x.staff_id, x.duty, NULL, NULL, NULL, NULL, a.id, a.level, a.name, a.name_en,
        CASE x.kind WHEN 'full_time' THEN 0 WHEN 'stand_in' THEN 0 ELSE 2 END
    FROM assignments x JOIN areas_on(:district, district_today(:district)) a ON a.no = x.cell_no
    WHERE x.staff_id = ANY (CAST(:ids AS bigint[])) AND daterange(x.from_on, x.until_on) @> district_today(:district)
) f ORDER BY f.staff_id, f.after, f.area_id LIMIT 200
"""
MOST_POSTS = 3
"""Posts and cells that are told of each: the first is the one that a person is found at."""


def _about(district_id: int, words: str, limit: int) -> Record:
    like = literal(words)
    return {"district": district_id, "words": words, "like": f"%{like}%", "begin": f"{like}%", "limit": limit}


def units(connection: Connection, district_id: int, words: str, limit: int) -> list[Record]:
    """Units in force whose name holds these words, or whose code begins with them."""
    rows = connection.execute(prepared(UNITS), _about(district_id, words, limit))
    return [dict(row._mapping) for row in rows]


def people(connection: Connection, district_id: int, words: str, limit: int) -> list[Record]:
    """Who is called so, or has such a 工号, and works here today, with the posts and cells that they look after."""
    called = {"district": district_id, "words": words, "most": MOST_CALLED}
    ids = connection.execute(CALLED, called).scalars().all()
    found: list[Record] = []
    # Some at a time, the best first: whether somebody works here is asked of no more than are needed.
    for first in range(0, len(ids), 2 * limit):
        about = {
            "district": district_id,
            "ids": array(ids[first : first + 2 * limit]),
            "limit": limit - len(found),
        }
        found += [dict(row._mapping) for row in connection.execute(prepared(PEOPLE), about)]
        if len(found) >= limit:
            break
    posts: dict[int, list[Record]] = {}
    about = {"district": district_id, "ids": array(row["id"] for row in found)}
    for row in connection.execute(prepared(POSTS), about) if found else ():
        post = dict(row._mapping)
        del post["after"]
        posts.setdefault(post.pop("staff_id"), []).append(post)
    for row in found:
        # The number of the row is what is asked by, and not told.
        row["posts"] = posts.get(row.pop("id"), [])[:MOST_POSTS]
    return found
