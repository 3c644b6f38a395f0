"""The queue: cases by step, mark of time and whose turn it is; all lists are bounded and go on after a cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from app.cases.rules.states import OPEN_STATES, STEPS, CaseState
from app.cases.store import heading
from app.cases.store.reading import ORDERS

Record = dict[str, Any]
Cursor = tuple[int, str, int]

ROWS = """
SELECT c.id, c.number, c.external_ref AS ref, c.state, c.loop, c.version, c.reported_at, c.due_at, c.near_at, c.closed_at,
    c.address, c.simulated, c.unit_id, c.handler_id, k.name AS category, k.name_en AS category_en, f.risk, f.limit_unit,
    f.control_amount IS NOT NULL AND NOT coalesce((c.stand ->> 'controlled')::boolean, false) AS uncontrolled,
    a.name AS area, a.name_en AS area_en, a.level, p.name AS parent, p.name_en AS parent_en, u.name AS unit,
    u.name_en AS unit_en, coalesce((c.stand ->> 'returns')::int, 0) AS returns,
    coalesce((c.stand ->> 'extensions')::int, 0) AS extensions, c.stand -> 'pending' AS pending,
    coalesce((c.stand ->> 'verified')::boolean, false) AS verified, c.stand ->> 'last_move' AS last_move,
    {rank} AS rank, CAST({at} AS text) AS at
FROM cases c JOIN case_categories k ON k.id = c.category_id LEFT JOIN filing_conditions f ON f.id = c.condition_id
LEFT JOIN areas a ON a.id = {area} LEFT JOIN areas p ON p.id = a.parent_id
LEFT JOIN units u ON u.id = c.unit_id
WHERE c.district_id = :district AND {wanted} AND {after} ORDER BY {order} LIMIT :limit
"""  # noqa: E501

COUNTS = """
SELECT count(*) AS open, count(*) FILTER (WHERE c.state IN ('reported', 'confirming')) AS step_1,
    count(*) FILTER (WHERE c.state = 'registered') AS step_2,
    count(*) FILTER (WHERE c.state IN ('dispatched', 'handling', 'suspended')) AS step_3,
    count(*) FILTER (WHERE c.state = 'handled') AS step_4,
    count(*) FILTER (WHERE c.state <> 'suspended' AND c.due_at < :now) AS overdue,
    count(*) FILTER (WHERE c.state <> 'suspended' AND c.due_at >= :now
        AND near_from(c.near_at, c.due_at) <= :now) AS near,
    count(*) FILTER (WHERE c.state = 'suspended') AS suspended
FROM cases c WHERE c.district_id = :district AND open_state(c.state) AND {wanted}
"""

MARKS = {
    "overdue": "c.state <> 'suspended' AND c.due_at < :now",
    "near": "c.state <> 'suspended' AND c.due_at >= :now AND near_from(c.near_at, c.due_at) <= :now",
    "suspended": "c.state = 'suspended'",
}
"""Marks of time, of open cases."""

TODO = """(
    c.state || '/' || c.loop = ANY (:waiting)
    OR c.state = 'handled' AND c.loop = ANY (CASE WHEN coalesce((c.stand ->> 'verified')::boolean, false)
        THEN CAST(:closing AS text[]) ELSE CAST(:checking AS text[]) END)
        AND (c.stand ->> 'checker' IS NULL OR (c.stand ->> 'verified')::boolean OR (c.stand ->> 'checker')::int = :me)
    OR c.stand -> 'pending' ? 'return' AND c.loop = ANY (:dispatching)
    OR c.stand -> 'pending' ?| ARRAY['extension', 'suspension', 'appeal', 'up'] AND c.loop = ANY (:heading)
    OR c.unit_id = ANY (:serving) AND (c.state = 'dispatched' OR c.state = 'handling' AND c.handler_id IS NULL)
    OR c.handler_id = :me AND c.state IN ('dispatched', 'handling')
    OR c.state = 'confirming' AND (c.stand ->> 'confirmer')::int = :me)"""
SCOPES = {
    "all": "true",
    "todo": TODO,
    "unit": "(c.unit_id = ANY (:units) OR c.co_unit_ids && CAST(:units AS int[]))",
    "mine": "(c.handler_id = :me OR c.reporter_id = :me OR (c.stand ->> 'checker')::int = :me"
    " OR (c.stand ->> 'confirmer')::int = :me)",
}
"""Whose: everything in sight, what waits for me, what my units have, what I reported, check or handle."""

# A number, its last digits, a reference, words: asked past the wall, for the index, and held to it there.
FOUND = """c.id IN (SELECT cases_found('everywhere', NULL, :district, CAST(:now AS timestamptz), 'all', NULL, NULL,
    NULL, NULL, NULL, NULL, CAST(:q AS text), false, CAST(:after_rank AS int), CAST(:after_at AS timestamptz),
    CAST(:after_id AS bigint), :limit))"""

MOST_ENDED = 1000
"""Closed cases are counted up to here."""


@dataclass(frozen=True, slots=True)
class Turn:
    """For what somebody's turn is: pairs of state and loop, and loops, by the seats that they take."""

    me: int
    units: Sequence[int] = ()
    serving: Sequence[int] = ()
    waiting: Sequence[str] = ()
    closing: Sequence[str] = ()
    checking: Sequence[str] = ()
    dispatching: Sequence[str] = ()
    heading: Sequence[str] = ()

    @property
    def parameters(self) -> dict[str, Any]:
        """What the places of `SCOPES` hold."""
        return {name: _plain(getattr(self, name)) for name in Turn.__slots__}


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What somebody wants to see of the queue; None and empty texts ask for nothing.

    Parameters
    ----------
    step
        1 to 5; None for all that is open.
    mark, scope
        Keys of `MARKS` and `SCOPES`.
    q
        A number of a case, its last four digits, a reference elsewhere, or words of address and description.
    """

    now: datetime
    turn: Turn
    step: int | None = None
    mark: str = ""
    scope: str = "all"
    state: str = ""
    category: int | None = None
    unit: int | None = None
    area: int | None = None
    q: str = ""

    @property
    def states(self) -> list[str]:
        """The states of the step, or of all that is open."""
        return [state.value for state, step in STEPS.items() if step is not None and step == self.step]

    @property
    def over(self) -> bool:
        """Whether what is asked for has ended, or may have: then the newest come first."""
        return bool(self.q) or self.step == 5 or bool(self.state and CaseState(self.state) not in OPEN_STATES)

    def wanted(self) -> str:
        """The condition on `cases c`."""
        if self.q:
            return FOUND
        parts = [SCOPES[self.scope]]
        if self.state:
            parts.append("c.state = :state")
        elif self.step is None:
            parts.append("open_state(c.state)")
        else:
            parts.append("c.state = ANY (:states)")
        if self.mark:
            parts += [MARKS[self.mark], "open_state(c.state)"]
        for name, part in NARROW.items():
            if getattr(self, name) is not None:
                parts.append(part)
        return " AND ".join(parts)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What the places of the condition hold."""
        plain = {name: getattr(self, name) for name in ("now", "state", "category", "unit", "area", "q")}
        return {**plain, **self.turn.parameters, "states": self.states}


NARROW = {
    "category": "c.category_id = :category",
    "unit": "c.unit_id = :unit",
    "area": "c.area_no >= (SELECT no FROM areas WHERE id = :area)"
    " AND c.area_no <= (SELECT last_no FROM areas WHERE id = :area)",
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases each tab has under a filter; of those that are over, at most `MOST_ENDED` are counted.

    None are where that would read through every case that ever was: few of them wait for somebody.
    """

    by: Mapping[str, int] = field(default_factory=dict)
    ended: int | None = None


def rows(
    connection: Connection, district_id: int, wanted: QueueFilter, *, after: Cursor | None, limit: int
) -> list[Record]:
    """Cases of the queue, what is late first; those that are over, the newest first."""
    order = "new" if wanted.over else "due"
    rank, at, case_id = after or (None, None, None)
    found = connection.execute(
        text(ROWS.format(wanted=wanted.wanted(), area=heading.AREA, **ORDERS[order])),
        {
            **wanted.parameters,
            "district": district_id,
            "after_rank": rank,
            "after_at": at,
            "after_id": case_id,
            "limit": limit,
        },
    )
    shown = [dict(row._mapping) for row in found]
    # Names apart, once each: whether a person is in sight costs more than all else of a row.
    names = heading.names_by_account(connection, {row["handler_id"] for row in shown if row["handler_id"]})
    return [{**row, "handler": names.get(row["handler_id"])} for row in shown]


def counts(connection: Connection, district_id: int, wanted: QueueFilter) -> Counts:
    """The numbers on the tabs: as the filter is, but for step, state and mark."""
    every = replace(wanted, step=None, state="", mark="", q="")
    values = {**every.parameters, "district": district_id}
    row = connection.execute(text(COUNTS.format(wanted=every.wanted())), values).one()
    if every.scope in {"todo", "mine"}:
        return Counts(dict(row._mapping))
    over = replace(every, step=5)
    ended = connection.execute(
        text(
            "SELECT count(*) FROM (SELECT FROM cases c WHERE c.district_id = :district AND"
            f" {over.wanted()} LIMIT {MOST_ENDED}) ended"
        ),
        {**over.parameters, "district": district_id},
    ).scalar_one()
    return Counts(dict(row._mapping), ended)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
