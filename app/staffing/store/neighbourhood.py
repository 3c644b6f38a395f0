"""Reads and writes what lies below the community: resident groups and their leaders, building heads; the five levels.

The five levels are 区-街道-社区-居民小组-楼栋. As described in 2017, 51 of the 103 communities have them, with 37
chairs of councils 理事长, 223 members 理事会成员, 508 group leaders 居民小组长 and 1,106 building heads 楼栋长.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, text

from app.staffing.rules import KIND_OF, Duty
from app.staffing.tables import Assignment, GroupLeader

Record = dict[str, Any]


def lead_group(
    connection: Connection, rows: Sequence[tuple[int, int]], from_on: date, until_on: date | None = None
) -> None:
    """Let people lead resident groups from a day on.

    Parameters
    ----------
    rows
        Staff member, number of the resident group.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        `group_leaders_one`: the group has a leader; `resident_group`: it is none.
    """
    values = [
        {"staff_id": staff_id, "group_no": group_no, "from_on": from_on, "until_on": until_on}
        for staff_id, group_no in rows
    ]
    if values:
        connection.execute(insert(GroupLeader), values)


def group_number(connection: Connection, community_id: int, group_id: int) -> int | None:
    """The number of a resident group of a community, where the reader may see it."""
    statement = text(
        "SELECT g.no FROM areas g JOIN areas c ON g.no BETWEEN c.no AND c.last_no"
        " WHERE c.id = :community AND g.id = :group AND g.level = 'resident_group'"
    )
    return connection.execute(statement, {"community": community_id, "group": group_id}).scalar()


def end_group_leader(connection: Connection, leader_id: int, on_day: date) -> bool:
    """End the leading of a group from a day on; one that has not begun then never was. Whether there was such a one."""
    facts = {"id": leader_id, "day": on_day}
    if connection.execute(
        text("DELETE FROM group_leaders WHERE id = :id AND from_on >= :day"), facts
    ).rowcount:
        return True
    statement = (
        "UPDATE group_leaders SET until_on = :day WHERE id = :id AND from_on < :day"
        " AND (until_on IS NULL OR until_on > :day)"
    )
    return bool(connection.execute(text(statement), facts).rowcount)


def add_building_heads(
    connection: Connection, rows: Sequence[tuple[int, int, str, int | None]], from_on: date
) -> None:
    """Let people look after buildings from a day on.

    Parameters
    ----------
    rows
        Staff member, number of the cell, the building in words, number of the resident group.
    """
    duty = Duty.BUILDING_HEAD
    common: Record = {"kind": KIND_OF[duty].value, "duty": duty.value, "from_on": from_on}
    names = ("staff_id", "cell_no", "place", "group_no")
    if rows:
        connection.execute(insert(Assignment), [dict(zip(names, row, strict=True)) | common for row in rows])


def place(connection: Connection, area_id: int) -> Record | None:
    """An area that lies whole in the reader's territory; None for one that only holds it, or lies outside."""
    found = connection.execute(
        text(
            "SELECT a.id, a.no, a.level, a.code, a.name, a.name_en, a.simulated, p.id AS parent_id, p.name AS parent,"
            " p.name_en AS parent_en FROM areas a LEFT JOIN areas p ON p.id = a.parent_id"
            " WHERE a.id = :id AND a.no <@ (SELECT territory())"
        ),
        {"id": area_id},
    ).one_or_none()
    return None if found is None else dict(found._mapping)


LEVELS = (
    "WITH area AS MATERIALIZED (SELECT a.id, a.no, a.last_no, a.level, a.code, a.name, a.name_en, a.parent_id"
    "   FROM areas_on(:district, :day) a WHERE a.no <@ (SELECT territory())"
    "   AND (CAST(:area AS int) IS NULL OR a.no BETWEEN (SELECT no FROM areas WHERE id = :area)"
    "     AND (SELECT last_no FROM areas WHERE id = :area))"
    "), led AS (SELECT g.parent_id AS id, count(*) AS groups, count(l.id) AS led FROM area g"
    "   LEFT JOIN group_leaders l ON l.group_no = g.no AND daterange(l.from_on, l.until_on) @> CAST(:day AS date)"
    "   WHERE g.level = 'resident_group' GROUP BY g.parent_id"
    "), headed AS (SELECT k.parent_id AS id, count(*) AS heads FROM assignments x JOIN area k ON k.no = x.cell_no"
    "   AND k.level = 'cell' WHERE x.duty = 'building_head'"
    "   AND daterange(x.from_on, x.until_on) @> CAST(:day AS date) GROUP BY k.parent_id"
    "), body AS (SELECT c.id AS area_id, u.id, u.kind, t.id AS term_id, coalesce(t.until_on <= :day, false) AS over,"
    "   least(CAST(:day AS date), t.until_on - 1) AS at FROM units u"
    "   JOIN area c ON c.level = 'community' AND u.area_no BETWEEN c.no AND c.last_no"
    "   LEFT JOIN LATERAL (SELECT id, until_on FROM unit_terms x WHERE x.unit_id = u.id AND x.from_on <= :day"
    "     ORDER BY x.from_on DESC LIMIT 1) t ON true"
    "   WHERE u.kind IN ('council', 'security_team')"
    "   AND daterange(u.valid_from_on, u.valid_to_on) @> CAST(:day AS date)"
    "), sat AS (SELECT b.area_id AS id, count(DISTINCT b.id) FILTER (WHERE b.kind = 'council') AS councils,"
    "   count(DISTINCT b.id) FILTER (WHERE b.kind = 'council' AND b.over) AS over,"
    "   count(DISTINCT b.id) FILTER (WHERE b.kind = 'security_team') AS teams,"
    "   count(m.id) FILTER (WHERE b.kind = 'council' AND m.standing = 'chair') AS chairs,"
    "   count(m.id) FILTER (WHERE b.kind = 'council' AND m.standing = 'member') AS members FROM body b"
    "   LEFT JOIN unit_members m ON m.term_id = b.term_id AND daterange(m.from_on, m.until_on) @> b.at"
    "   GROUP BY b.area_id"
    "), sums AS (SELECT id, no, last_no, level, code, name, name_en FROM area"
    "   WHERE level IN ('district', 'subdistrict', 'community')"
    "   UNION ALL SELECT NULL, 0, 9223372036854775807, 'total', NULL, NULL, NULL)"
    " SELECT s.id, s.level, s.code, s.name, s.name_en, count(c.id) AS communities,"
    " count(c.id) FILTER (WHERE l.led > 0 AND h.heads > 0) AS five_levels,"
    " coalesce(sum(l.groups), 0)::int AS groups, coalesce(sum(l.led), 0)::int AS led,"
    " coalesce(sum(b.councils), 0)::int AS councils, coalesce(sum(b.over), 0)::int AS over,"
    " coalesce(sum(b.chairs), 0)::int AS chairs, coalesce(sum(b.members), 0)::int AS members,"
    " coalesce(sum(h.heads), 0)::int AS heads, coalesce(sum(b.teams), 0)::int AS teams FROM sums s"
    " LEFT JOIN area c ON c.level = 'community' AND c.no BETWEEN s.no AND s.last_no"
    " LEFT JOIN led l ON l.id = c.id LEFT JOIN headed h ON h.id = c.id LEFT JOIN sat b ON b.id = c.id"
    " GROUP BY s.id, s.no, s.level, s.code, s.name, s.name_en ORDER BY s.no LIMIT 1001"
)


def five_levels(
    connection: Connection, district_id: int, area_id: int | None, on_day: date
) -> tuple[Record, list[Record]]:
    """The totals, and each area of the reader's down to the community, in the order of the tree: who there is below it.

    A community has the five levels where somebody leads a group and somebody heads a building. Those who sat on a
    council when its term ran out count until the next term begins.

    Returns
    -------
    Totals and areas, at most 1,000, with `groups`, `led`, `councils`, `over`, `chairs`, `members`, `heads`, `teams`.
    """
    facts = {"district": district_id, "day": on_day, "area": area_id}
    total, *areas = [dict(row._mapping) for row in connection.execute(text(LEVELS), facts)]
    return total, areas


HEADS = (
    "SELECT coalesce(jsonb_agg(jsonb_build_object('code', p.code, 'name', p.name, 'place', p.place,"
    " 'simulated', p.simulated) ORDER BY p.id), '[]') FROM (SELECT x.id, x.place, w.code, w.name, w.simulated"
    " FROM assignments x JOIN staff_members w ON w.id = x.staff_id WHERE x.duty = 'building_head'"
    " AND daterange(x.from_on, x.until_on) @> CAST(:day AS date)"
)


def groups(
    connection: Connection, community_id: int, on_day: date, after: tuple[bool, str] | None, limit: int
) -> list[Record]:
    """The resident groups of a community with their leader and building heads, the vacant ones first.

    Parameters
    ----------
    after
        Whether the last known group has a leader, and its code.
    """
    led, code = after or (None, None)
    rows = connection.execute(
        text(
            "SELECT g.id, g.code, g.name, g.name_en, g.households, l.id IS NOT NULL AS led, l.id AS leader_id,"
            " l.from_on,"
            " s.code AS leader_code, s.name AS leader, s.simulated AS leader_simulated, (" + HEADS + ""
            "   AND x.group_no = g.no ORDER BY x.id LIMIT 100) p) AS heads"
            " FROM areas c JOIN LATERAL areas_on(c.district_id, :day) g ON g.level = 'resident_group'"
            "   AND g.no BETWEEN c.no AND c.last_no AND g.no <@ (SELECT territory())"
            " LEFT JOIN group_leaders l ON l.group_no = g.no"
            "   AND daterange(l.from_on, l.until_on) @> CAST(:day AS date)"
            " LEFT JOIN staff_members s ON s.id = l.staff_id WHERE c.id = :community"
            " AND (CAST(:led AS boolean) IS NULL"
            '   OR (l.id IS NOT NULL, g.code COLLATE "C") > (CAST(:led AS boolean), :code))'
            ' ORDER BY l.id IS NOT NULL, g.code COLLATE "C" LIMIT :limit'
        ),
        {"community": community_id, "day": on_day, "led": led, "code": code, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def heads_without_group(connection: Connection, community_id: int, on_day: date) -> list[Record]:
    """Building heads of a community of whom no resident group is written down; at most 100."""
    found: list[Record] = connection.execute(
        text(
            HEADS
            + " AND x.group_no IS NULL AND x.cell_no BETWEEN (SELECT no FROM areas WHERE id = :community)"
            " AND (SELECT last_no FROM areas WHERE id = :community) ORDER BY x.id LIMIT 100) p"
        ),
        {"community": community_id, "day": on_day},
    ).scalar_one()
    return found
