"""Cases as they stand, counted under a filter and under row security: everybody counts what they see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from app.cases.rules.states import STEPS
from app.cases.store.filters import CaseFilter
from app.evaluation.rules import By

_STEP = " ".join(f"WHEN '{state.value}' THEN {step}" for state, step in STEPS.items() if step is not None)
_MARK = (
    "CASE WHEN NOT open_state(c.state) THEN 'closed' WHEN c.state = 'suspended' THEN 'paused'"
    " WHEN c.due_at < CAST(:now AS timestamptz) THEN 'overdue'"
    " WHEN near_from(c.near_at, c.due_at) <= CAST(:now AS timestamptz) THEN 'near' ELSE 'normal' END"
)
AREA = " JOIN area_numbers a ON a.level = :level AND {row}.area_no BETWEEN a.no AND a.last_no"
"""By numbers and not by drawings: a cell has one of these in each edition, and one that is gone still has its past."""

COUNT_BY: Mapping[By, tuple[str, str]] = {
    By.STATE: ("c.state", ""),
    By.STEP: (f"CASE c.state {_STEP} END::text", ""),
    By.MARK: (_MARK, ""),
    By.LOOP: ("c.loop", ""),
    By.AREA: ("a.code", AREA.format(row="c")),
    By.UNIT: ("u.code", " LEFT JOIN units u ON u.id = c.unit_id"),
    By.CATEGORY: ("k.code", " JOIN case_categories k ON k.id = c.category_id"),
    By.SOURCE: ("c.source", ""),
    By.DAY: ("((c.reported_at AT TIME ZONE :zone)::date)::text", ""),
}
"""What stands for each key, and what has to be joined for it."""

COUNTS = """
SELECT {key} AS key, count(*) AS cases, count(*) FILTER (WHERE open_state(c.state)) AS open,
    count(*) FILTER (WHERE {mark} = 'overdue') AS overdue, count(*) FILTER (WHERE {mark} = 'near') AS near,
    count(*) FILTER (WHERE c.state = 'suspended') AS suspended
FROM cases c {join} WHERE c.district_id = :district AND {predicate} GROUP BY 1 ORDER BY 1 LIMIT :limit
"""


def counts(
    connection: Connection, district_id: int, wanted: CaseFilter, by: By, *, level: str, zone: str, limit: int
) -> list[dict[str, Any]]:
    """Cases under a filter counted by a key: all of them, and the open, overdue, nearly due and suspended among them.

    Parameters
    ----------
    level
        The level of the areas, where it is counted by them.
    zone
        The district's time zone: a day is its day.
    """
    key, join = COUNT_BY[by]
    rows = connection.execute(
        text(COUNTS.format(key=key, join=join, mark=_MARK, predicate=wanted.predicate)),
        {**wanted.parameters, "district": district_id, "level": level, "zone": zone, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]
