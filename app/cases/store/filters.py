"""Which cases are meant: one filter for map, list and figures, as a piece of SQL and its parameters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

PREDICATE = """(
    {states}
    AND (CAST(:area AS int) IS NULL OR (
        c.area_no >= (SELECT no FROM areas WHERE id = CAST(:area AS int))
        AND c.area_no <= (SELECT last_no FROM areas WHERE id = CAST(:area AS int))))
    AND (CAST(:categories AS int[]) IS NULL OR c.category_id = ANY(CAST(:categories AS int[])))
    AND (CAST(:since AS timestamptz) IS NULL OR c.reported_at >= CAST(:since AS timestamptz))
    AND (CAST(:until AS timestamptz) IS NULL OR c.reported_at < CAST(:until AS timestamptz))
)"""
"""Conditions on `cases c`; `{states}` stands for one of the conditions below, which decide the index."""

STATES = {
    "open": "open_state(c.state)",
    "overdue": "open_state(c.state) AND c.state <> 'suspended' AND c.due_at < CAST(:now AS timestamptz)",
    "near": "open_state(c.state) AND c.state <> 'suspended' AND c.due_at >= CAST(:now AS timestamptz)"
    " AND near_from(c.near_at, c.due_at) <= CAST(:now AS timestamptz)",
    "closed": "NOT open_state(c.state)",
    "all": "true",
}


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """A filter that a person has set.

    Parameters
    ----------
    states
        "open", "overdue", "near", "closed", "all", or one stored state.
    categories
        Ids of categories; None for every one.
    area
        Id of the area on whose desk, or on that of an area below it, they are; None for everywhere.
    since, until
        Reported at or after, and before, these instants.
    now
        What counts as overdue is due before it; cut to the minute so that an answer can be kept for a minute.
    """

    now: datetime
    states: str = "open"
    categories: tuple[int, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    area: int | None = None

    @property
    def predicate(self) -> str:
        """Conditions on a table `cases c`."""
        return PREDICATE.format(states=STATES.get(self.states, "c.state = CAST(:state AS text)"))

    @property
    def parameters(self) -> dict[str, Any]:
        """What the conditions' places hold."""
        return {
            "now": self.now,
            "state": self.states,
            "states": self.states,
            "categories": list(self.categories) if self.categories is not None else None,
            "since": self.since,
            "until": self.until,
            "area": self.area,
        }
