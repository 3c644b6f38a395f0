"""Rules of staffing 力量: kinds of units, the 1+1+1+N of a cell, and what becomes of it when cells change."""

from app.staffing.rules.organisation import (
    GIVEN,
    KIND_OF,
    NEIGHBOURHOOD,
    TAKEN,
    TERRITORIAL,
    AssignmentKind,
    Duty,
    Part,
    Standing,
    UnitKind,
    handover_digest,
    masked_phone,
    read_cursor,
    read_missing,
)

__all__ = [
    "GIVEN",
    "KIND_OF",
    "NEIGHBOURHOOD",
    "TAKEN",
    "TERRITORIAL",
    "AssignmentKind",
    "Duty",
    "Part",
    "Standing",
    "UnitKind",
    "handover_digest",
    "masked_phone",
    "read_cursor",
    "read_missing",
]
