"""Tables of staffing: who works where, and who is there."""

from app.staffing.tables.duty import DutySpell, Handover, Leave, Shift, Takeover
from app.staffing.tables.organisation import (
    Assignment,
    GroupLeader,
    Post,
    PostArea,
    PostHolder,
    StaffMember,
    Unit,
    UnitMember,
    UnitTerm,
)

__all__ = [
    "Assignment",
    "DutySpell",
    "GroupLeader",
    "Handover",
    "Leave",
    "Post",
    "PostArea",
    "PostHolder",
    "Shift",
    "StaffMember",
    "Takeover",
    "Unit",
    "UnitMember",
    "UnitTerm",
]
