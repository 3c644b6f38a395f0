"""Cases of a desk and of cells, listed and counted for reports, under the row security of the one who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, text

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Queue:
    """A desk's queue at an instant.

    Parameters
    ----------
    unit_id
        A unit with an area has the cases in it, one without the cases that are given to it.
    at
        What was due before it is overdue.
    since
        What came after it is new.
    """

    unit_id: int
    at: datetime
    since: datetime


class Which(StrEnum):
    """Which cases of a desk are listed."""

    CAME = "came"
    OVERDUE = "overdue"
    URGENT = "urgent"
    WAITING = "waiting"


WHICH = {
    Which.CAME: "c.reported_at >= :since AND c.reported_at < :at",
    Which.OVERDUE: "open_state(c.state) AND c.state <> 'suspended' AND c.due_at < :at",
    # 特急 and 急, as lists mark them.
    Which.URGENT: "open_state(c.state) AND (f.risk = 'severe' OR f.limit_unit = 'urgent_hours' OR f.control_amount"
    " IS NOT NULL AND NOT coalesce((c.stand ->> 'controlled')::boolean, false))",
    Which.WAITING: "open_state(c.state) AND coalesce(c.stand -> 'pending', '{}') <> '{}'",
}

DESK = """
FROM units desk LEFT JOIN area_numbers n ON n.no = desk.area_no
JOIN cases c ON c.district_id = desk.district_id
    AND CASE WHEN n.no IS NULL THEN c.unit_id = desk.id ELSE c.area_no BETWEEN n.no AND n.last_no END
LEFT JOIN filing_conditions f ON f.id = c.condition_id
"""

LISTED = """
SELECT c.id, coalesce(c.number, c.external_ref, c.id::text) AS called, k.name AS category, k.name_en AS category_en,
    c.address, a.name AS area, a.name_en AS area_en, u.name AS unit, u.name_en AS unit_en, c.state, c.reported_at,
    c.due_at, c.state <> 'suspended' AND open_state(c.state) AND c.due_at < :at AS late,
    ARRAY(SELECT jsonb_object_keys(coalesce(c.stand -> 'pending', '{{}}')) ORDER BY 1) AS pending,
    count(*) OVER () AS of
{desk} JOIN case_categories k ON k.id = c.category_id LEFT JOIN units u ON u.id = c.unit_id
LEFT JOIN areas a ON a.id = CASE WHEN c.cell_id IS NULL THEN c.area_id ELSE c.cell_id END
WHERE desk.id = :unit AND {which} ORDER BY {order}, c.id LIMIT :limit
"""

COUNTED = """
SELECT {counts} {desk} WHERE desk.id = :unit AND (open_state(c.state) OR c.reported_at >= :since
    OR c.closed_at >= :since)
"""

ALSO = {
    "open": "open_state(c.state)",
    "closed": "c.closed_at >= :since AND c.closed_at < :at",
    "near": "open_state(c.state) AND c.state <> 'suspended' AND c.due_at >= :at"
    " AND near_from(c.near_at, c.due_at) <= CAST(:at AS timestamptz)",
    "suspended": "c.state = 'suspended'",
}
"""What is counted of a desk's queue beside the lists."""


def counted(connection: Connection, queue: Queue) -> dict[str, int]:
    """How many cases of a desk came, were closed, are open, overdue, nearly due, suspended, urgent, waiting."""
    wanted = {**{which.value: condition for which, condition in WHICH.items()}, **ALSO}
    counts = ", ".join(f"count(*) FILTER (WHERE {condition}) AS {name}" for name, condition in wanted.items())
    row = connection.execute(text(COUNTED.format(counts=counts, desk=DESK)), _values(queue)).one()
    return dict(row._mapping)


def listed(connection: Connection, queue: Queue, which: Which, limit: int) -> list[Record]:
    """Cases of a desk: of what came the newest first, all else by when it is due; each row says of how many."""
    order = "c.reported_at DESC" if which is Which.CAME else "c.due_at NULLS LAST"
    statement = LISTED.format(desk=DESK, which=WHICH[which], order=order)
    rows = connection.execute(text(statement), {**_values(queue), "limit": limit})
    return [dict(row._mapping) for row in rows]


def _values(queue: Queue) -> dict[str, Any]:
    return {"unit": queue.unit_id, "at": queue.at, "since": queue.since}
