"""What is counted 计数, and of what: names that `sql/` gives to moves and to cases that stand undone."""

from __future__ import annotations

from enum import StrEnum


class By(StrEnum):
    """What cases are counted by."""

    STATE = "state"
    STEP = "step"
    MARK = "mark"
    LOOP = "loop"
    AREA = "area"
    UNIT = "unit"
    CATEGORY = "category"
    SOURCE = "source"
    DAY = "day"


class Of(StrEnum):
    """评价对象: whose moves of a period are counted."""

    DISTRICT = "district"
    AREA = "area"
    UNIT = "unit"
    POST = "post"
    PERSON = "person"


COUNTED = (
    "reported", "by_patrol", "well_founded", "confirmed", "confirmed_in_time", "unconfirmed_late", "registered",
    "registered_in_time", "registered_rightly", "unfiled_late", "declined", "dispatched", "dispatched_in_time",
    "dispatched_rightly", "undispatched_late", "returned", "returns_refused", "handled", "handled_in_time",
    "handled_late", "exempted", "handled_extended", "late_open", "late_open_extended", "reworked", "extensions",
    "suspensions", "suspended_open", "repeated", "checked", "checked_in_time", "unchecked_late", "passed", "closed",
    "closed_in_time", "closed_late", "unclosed", "reopened", "asked_satisfied", "satisfied",
)  # fmt: skip
"""What `sql/` counts; every one opens into the list of exactly so many."""

SECONDS = "handling_seconds"
"""Beside the counts: how long all that was handled took together, each from being given to being handed in."""

STANDING = frozenset(
    {
        "unconfirmed_late", "unfiled_late", "undispatched_late", "late_open", "late_open_extended", "suspended_open",
        "unchecked_late", "unclosed",
    }
)  # fmt: skip
"""Counts of what stood undone when the period ended: nobody's move, and so no person's and no post's."""
