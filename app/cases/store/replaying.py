"""The cases of a period with all that they could be routed by, block by block; what handling has taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from app.cases.rules.grounds import AreaNow, Rule, UnitNow
from app.cases.rules.replaying import Median, Observed
from app.cases.store.routing import area_now, rule, unit_now

# When its unit got a case, when that was done with it, by when it had to be: from the log where it has rows of moves,
# else as the source said.
TIMES = """
    SELECT max(t.at) FILTER (WHERE t.move IN ('dispatch', 'phone_order', 'adjudicate')) AS given_at,
        max(t.at) FILTER (WHERE t.move IN ('give_feedback', 'pass_inside', 'self_handle')) AS done_at,
        CAST((array_agg(t.facts ->> 'due_at' ORDER BY t.version DESC) FILTER (WHERE t.facts ->> 'due_at' IS NOT NULL
            AND t.target IN ('dispatched', 'handling')))[1] AS timestamptz) AS due_at
    FROM case_transitions t WHERE t.case_id = c.id AND t.move <> 'imported'
"""

HANDLED = f"""
SELECT c.id, c.unit_id, c.category_id, coalesce(l.given_at, c.reported_at) AS given_at,
    CASE WHEN l.given_at IS NULL THEN c.closed_at ELSE l.done_at END AS done_at
FROM cases c CROSS JOIN LATERAL ({TIMES}) l
WHERE c.district_id = :district AND c.reported_at >= :since AND c.reported_at < :until AND c.unit_id IS NOT NULL
"""

OBSERVED = text(f"""
SELECT unit_id, category_id, count(*) AS count,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM done_at - given_at)) AS seconds
FROM ({HANDLED}) h WHERE done_at >= given_at GROUP BY GROUPING SETS ((unit_id, category_id), (unit_id), (category_id))
""")

CASES = text(f"""
SELECT c.id, coalesce(c.number, c.external_ref, c.id::text) AS ref, c.category_id, c.area_no, c.loop, c.condition_id,
    c.unit_id, c.state, c.geom IS NOT NULL AS placed, coalesce(l.given_at, c.reported_at) AS given_at,
    CASE WHEN l.given_at IS NULL THEN c.closed_at ELSE coalesce(l.done_at, c.closed_at) END AS done_at,
    coalesce(l.due_at, c.due_at) AS due_at, CASE WHEN :owned THEN (SELECT jsonb_agg(to_jsonb(m))
        FROM maintained_at(c.district_id, c.geom, c.category_id, CAST(:day AS date)) m) END AS near
FROM cases c CROSS JOIN LATERAL ({TIMES}) l
WHERE c.district_id = :district AND c.reported_at >= :since AND c.reported_at < :until
    AND c.state NOT IN ('declined', 'void', 'merged')
ORDER BY c.id
""")


def observed(connection: Connection, district_id: int, since: datetime, until: datetime) -> Observed:
    """The median handling times of a period, by unit and category, by unit, by category."""
    found = Observed({}, {}, {})
    values = {"district": district_id, "since": since, "until": until}
    for row in connection.execute(OBSERVED, values):
        median = Median(float(row.seconds), row.count)
        if row.unit_id is None:
            found.category[row.category_id] = median  # type: ignore[index]
        elif row.category_id is None:
            found.unit[row.unit_id] = median  # type: ignore[index]
        else:
            found.unit_category[row.unit_id, row.category_id] = median  # type: ignore[index]
    return found


def count(connection: Connection, district_id: int, since: datetime, until: datetime) -> int:
    """How many cases of a period there are to replay."""
    statement = text(
        "SELECT count(*) FROM cases WHERE district_id = :district AND reported_at >= :since AND reported_at < :until"
        " AND state NOT IN ('declined', 'void', 'merged')"
    )
    values = {"district": district_id, "since": since, "until": until}
    return int(connection.execute(statement, values).scalar_one())


def cases(
    connection: Connection, district_id: int, since: datetime, until: datetime, day: Any, *, block: int = 2000
) -> Iterator[Row[Any]]:
    """The cases of a period by their ids, read as they are asked for, with what is looked after near them."""
    owned = connection.execute(text("SELECT EXISTS (SELECT FROM maintenance_areas)")).scalar_one()
    values = {"district": district_id, "since": since, "until": until, "day": day, "owned": owned}
    result = connection.execution_options(stream_results=True, yield_per=block).execute(CASES, values)
    try:
        yield from result
    finally:
        result.close()


def areas(connection: Connection, district_id: int) -> list[tuple[AreaNow, int]]:
    """Every area that ever was, with the last number that it holds."""
    rows = connection.execute(
        text(
            "SELECT n.no, n.last_no, n.level, l.depth, n.code, NULL AS name, NULL AS name_en FROM area_numbers n"
            " JOIN area_levels l ON l.district_id = n.district_id AND l.level = n.level"
            " WHERE n.district_id = :district ORDER BY n.no"
        ),
        {"district": district_id},
    )
    return [(area_now(row._mapping), row.last_no) for row in rows]


def units(connection: Connection, district_id: int) -> list[tuple[UnitNow, int]]:
    """Every unit, with how many people hold a post in it today that handles cases."""
    rows = connection.execute(
        text(
            "SELECT u.id, u.code, u.name, u.name_en, u.kind, u.area_no, n.code AS area_code, u.valid_from_on AS since,"
            " u.valid_to_on AS until, u.successor_id, (SELECT count(DISTINCT h.staff_id) FROM posts p"
            "  JOIN post_holders h ON h.post_id = p.id WHERE p.unit_id = u.id"
            "  AND daterange(h.from_on, h.until_on) @> district_today(u.district_id)) AS people"
            " FROM units u LEFT JOIN area_numbers n ON n.no = u.area_no"
            " WHERE u.district_id = :district AND u.kind NOT IN ('council', 'security_team') ORDER BY u.id"
        ),
        {"district": district_id},
    )
    return [(unit_now(row._mapping), row.people) for row in rows]


RuleOf = tuple[Rule, int | None, str | None, str | None]


def rules(connection: Connection, district_id: int, day: Any) -> list[RuleOf]:
    """The routing rules of a day, each with the category, the major class or the line that it is about."""
    rows = connection.execute(
        text(
            "SELECT id, category_id, major, line, area_no, unit_code FROM routing_rules WHERE district_id = :district"
            " AND daterange(valid_from_on, valid_to_on) @> CAST(:day AS date) ORDER BY id"
        ),
        {"district": district_id, "day": day},
    )
    return [(rule(row._mapping), row.category_id, row.major, row.line) for row in rows]


def categories(connection: Connection, district_id: int) -> dict[int, Row[Any]]:
    """Code, major class and line of each category, and the unit of its first condition today."""
    rows = connection.execute(
        text(
            "SELECT k.id, k.code, k.major, k.line, (SELECT f.default_unit FROM filing_conditions f"
            "  WHERE f.category_id = k.id AND daterange(f.valid_from_on, f.valid_to_on) @> district_today(:district)"
            "  ORDER BY f.number LIMIT 1) AS default_unit FROM case_categories k WHERE k.district_id = :district"
        ),
        {"district": district_id},
    )
    return {row.id: row for row in rows}


def default_units(connection: Connection, district_id: int) -> dict[int, str]:
    """The default unit of every condition that ever was."""
    rows = connection.execute(
        text("SELECT id, default_unit FROM filing_conditions WHERE district_id = :district"),
        {"district": district_id},
    )
    return {row.id: row.default_unit for row in rows}
