"""Rules of a case 事: its states, which of them are open, which step each belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands between being reported and being archived."""

    REPORTED = "reported"
    CONFIRMING = "confirming"
    REGISTERED = "registered"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    SUSPENDED = "suspended"
    HANDLED = "handled"
    CLOSED = "closed"
    ARCHIVED = "archived"
    DECLINED = "declined"
    VOID = "void"
    MERGED = "merged"


STEPS: Mapping[CaseState, int | None] = {
    CaseState.REPORTED: 1,
    CaseState.CONFIRMING: 1,
    CaseState.REGISTERED: 2,
    CaseState.DISPATCHED: 3,
    CaseState.HANDLING: 3,
    CaseState.SUSPENDED: 3,
    CaseState.HANDLED: 4,
    CaseState.CLOSED: 5,
    CaseState.ARCHIVED: 5,
    CaseState.DECLINED: None,
    CaseState.VOID: None,
    CaseState.MERGED: None,
}
"""The step of the loop that a state belongs to: 1 采集上报 … 5 结案归档; the ends apart from the loop have none."""

OPEN_STATES = frozenset(state for state, step in STEPS.items() if step is not None and step < 5)
"""在办: the case still waits for somebody."""


GIVEN_STATES = frozenset(
    {
        CaseState.DISPATCHED,
        CaseState.HANDLING,
        CaseState.SUSPENDED,
        CaseState.HANDLED,
        CaseState.CLOSED,
        CaseState.ARCHIVED,
    }
)
"""The case has been given to a unit."""


def parse_state(text: str, words: Mapping[str, str]) -> CaseState | None:
    """The state that a word of somebody else's table means; None where nobody knows.

    Parameters
    ----------
    words
        Lower-case words and the stored state of each.
    """
    word = text.strip().casefold()
    found = words.get(word, word)
    return CaseState(found) if found in set(CaseState) else None
