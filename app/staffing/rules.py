"""Rules of staffing 力量: kinds of units, credit codes."""

from __future__ import annotations

from enum import StrEnum


class UnitKind(StrEnum):
    """What a unit is; those of the first two rows are desks of the three loops, the others handle cases anywhere."""

    COMMAND = "command"
    SUB_CENTRE = "sub_centre"
    TERRITORY = "territory"
    COMMUNITY = "community"
    PARTY = "party"
    DEPARTMENT = "department"
    AGENCY = "agency"
    CREW = "crew"
    UTILITY = "utility"
    BODY = "body"


TERRITORIAL = frozenset({UnitKind.COMMAND, UnitKind.SUB_CENTRE, UnitKind.TERRITORY, UnitKind.COMMUNITY})
"""Units whose people see what lies in their territory; of all others, what is assigned to the unit."""
