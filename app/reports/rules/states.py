"""How far a run of a report is."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """State of a run."""

    WAITING = "waiting"
    MAKING = "making"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Which(StrEnum):
    """Which runs are listed."""

    ALL = "all"
    OWN = "own"
    CIRCULATED = "circulated"
    ISSUED = "issued"


LONGEST_REMARK = 500
"""Characters of a remark, and of the reason why something is issued over an objection."""

LONGEST_PARAGRAPH = 4000
"""Characters of a paragraph that somebody edits."""
