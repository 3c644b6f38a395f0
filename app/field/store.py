"""What somebody has to do out of doors, and what became of what they reported; both lists end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Integer, Text

from app.cases.store.heading import AREA
from app.cases.store.reading import DUE

Record = dict[str, Any]

SHOWN = f"""
SELECT c.id, c.number, c.external_ref AS ref, c.state, c.loop, c.reported_at, c.due_at, c.near_at, c.address,
    c.simulated, ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat, k.name AS category, k.name_en AS category_en,
    a.name AS area, a.name_en AS area_en, a.level, a.code AS area_code, f.risk, f.limit_unit,
    f.control_amount IS NOT NULL AND NOT coalesce((c.stand ->> 'controlled')::boolean, false) AS uncontrolled,
    c.handler_id IS NULL AND c.state = 'handling' AS unassigned, u.name AS unit, u.name_en AS unit_en
FROM cases c JOIN case_categories k ON k.id = c.category_id LEFT JOIN areas a ON a.id = {AREA}
LEFT JOIN filing_conditions f ON f.id = c.condition_id LEFT JOIN units u ON u.id = c.unit_id
"""

TASKS = text(f"""
{SHOWN} WHERE c.district_id = :district AND c.state IN ('confirming', 'dispatched', 'handling', 'handled') AND (
    c.state = 'confirming' AND (c.stand ->> 'confirmer')::int = acting_account()
    OR c.state = 'dispatched' AND (c.loop, c.unit_id) IN (SELECT * FROM unnest(:sign_loops, :sign_units))
    OR c.state = 'handling' AND (c.handler_id = acting_account()
        OR c.handler_id IS NULL AND (c.loop, c.unit_id) IN (SELECT * FROM unnest(:work_loops, :work_units)))
    OR c.state = 'handled' AND c.loop = ANY (:check_loops) AND c.area_no <@ territory()
        AND NOT coalesce((c.stand ->> 'verified')::boolean, false)
        AND coalesce((c.stand ->> 'checker')::int, acting_account()) = acting_account()
        AND NOT coalesce(c.stand -> 'handled_by' @> to_jsonb(acting_account()), false))
ORDER BY {DUE}, c.id LIMIT :limit
""").bindparams(
    bindparam("sign_loops", type_=ARRAY(Text)),
    bindparam("sign_units", type_=ARRAY(Integer)),
    bindparam("work_loops", type_=ARRAY(Text)),
    bindparam("work_units", type_=ARRAY(Integer)),
    bindparam("check_loops", type_=ARRAY(Text)),
)

MINE = text(f"""
{SHOWN} WHERE c.district_id = :district AND c.reporter_id = acting_account()
    AND (CAST(:before AS bigint) IS NULL OR c.id < :before) ORDER BY c.id DESC LIMIT :limit
""")


def posts(connection: Connection) -> list[tuple[str, int]]:
    """Role and unit of every post that the one who asks holds today."""
    return [
        (row.role, row.unit_id)
        for row in connection.execute(text("SELECT role, unit_id FROM acting_posts()"))
    ]


def tasks(
    connection: Connection,
    district_id: int,
    *,
    signs: Sequence[tuple[str, int]],
    works: Sequence[tuple[str, int]],
    checks: Sequence[str],
    limit: int,
) -> list[Record]:
    """Cases that wait for the one who asks, those due first, at most `limit`.

    Parameters
    ----------
    signs, works
        Loop and unit for which they sign, and for which they may handle what nobody was named for.
    checks
        Loops in which they look again at what others have handled.
    """
    rows = connection.execute(
        TASKS,
        {
            "district": district_id,
            "sign_loops": [loop for loop, _ in signs],
            "sign_units": [unit for _, unit in signs],
            "work_loops": [loop for loop, _ in works],
            "work_units": [unit for _, unit in works],
            "check_loops": list(checks),
            "limit": limit,
        },
    )
    return [dict(row._mapping) for row in rows]


def mine(connection: Connection, district_id: int, before: int | None, limit: int) -> list[Record]:
    """What the one who asks has reported, the newest first, at most `limit` that come before an id."""
    rows = connection.execute(MINE, {"district": district_id, "before": before, "limit": limit})
    return [dict(row._mapping) for row in rows]


def reported_by_me(connection: Connection, case_id: int) -> bool:
    """Whether the one who asks has reported a case."""
    statement = text("SELECT EXISTS (SELECT FROM cases WHERE id = :case AND reporter_id = acting_account())")
    return bool(connection.execute(statement, {"case": case_id}).scalar_one())


def categories(connection: Connection, district_id: int) -> list[Record]:
    """What can be reported, with the conditions of today: what a list on a telephone is searched in."""
    rows = connection.execute(
        text(
            "SELECT k.code, k.name, k.name_en, k.line, k.major, coalesce(jsonb_agg(jsonb_build_object("
            "'number', f.number, 'condition', f.condition, 'amount', f.limit_amount, 'unit', f.limit_unit,"
            " 'self', f.self_handle)"
            " ORDER BY f.number) FILTER (WHERE f.id IS NOT NULL), '[]') AS conditions"
            " FROM case_categories k LEFT JOIN filing_conditions f ON f.category_id = k.id"
            " AND daterange(f.valid_from_on, f.valid_to_on) @> district_today(k.district_id)"
            " WHERE k.district_id = :district AND k.switched_on"
            " AND daterange(k.valid_from_on, k.valid_to_on) @> district_today(k.district_id)"
            " GROUP BY k.id ORDER BY k.line, k.major, k.code LIMIT 1000"
        ),
        {"district": district_id},
    )
    return [dict(row._mapping) for row in rows]
