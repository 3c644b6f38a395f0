"""Rules of staffing 力量: kinds of units, the 1+1+1+N of a cell."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any


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
    COUNCIL = "council"
    SECURITY_TEAM = "security_team"


NEIGHBOURHOOD = frozenset({UnitKind.COUNCIL, UnitKind.SECURITY_TEAM})
"""理事会 and 群防队: units of a community with terms and members instead of posts."""

TERRITORIAL = frozenset({UnitKind.COMMAND, UnitKind.SUB_CENTRE, UnitKind.TERRITORY, UnitKind.COMMUNITY})
"""Units whose people see what lies in their territory; of all others, what is assigned to the unit."""


class AssignmentKind(StrEnum):
    """How somebody looks after a cell.

    专职 full-time: one cell, one person. 专业 professional: one person, many cells. 兼职 part-time: one cell, many
    persons. A stand-in 代班 looks after the cell of an officer on leave beside their own.
    """

    FULL_TIME = "full_time"
    PROFESSIONAL = "professional"
    PART_TIME = "part_time"
    STAND_IN = "stand_in"


class Duty(StrEnum):
    """What somebody is to a cell."""

    GRID_OFFICER = "grid_officer"
    SUPERVISOR = "supervisor"
    INSPECTOR = "inspector"
    LAW_ENFORCEMENT = "law_enforcement"
    DEPARTMENT = "department"
    VOLUNTEER = "volunteer"
    COURTYARD_HEAD = "courtyard_head"
    BUILDING_HEAD = "building_head"
    SECURITY_TEAM = "security_team"


KIND_OF: Mapping[Duty, AssignmentKind] = {
    Duty.GRID_OFFICER: AssignmentKind.FULL_TIME,
    Duty.SUPERVISOR: AssignmentKind.PROFESSIONAL,
    Duty.INSPECTOR: AssignmentKind.PROFESSIONAL,
    Duty.LAW_ENFORCEMENT: AssignmentKind.PROFESSIONAL,
    Duty.DEPARTMENT: AssignmentKind.PROFESSIONAL,
    Duty.VOLUNTEER: AssignmentKind.PART_TIME,
    Duty.COURTYARD_HEAD: AssignmentKind.PART_TIME,
    Duty.BUILDING_HEAD: AssignmentKind.PART_TIME,
    Duty.SECURITY_TEAM: AssignmentKind.PART_TIME,
}
"""The kind that each duty is of; the database holds the same."""


class Standing(StrEnum):
    """What somebody is on a council or in a security team; one chair or leader at a time."""

    CHAIR = "chair"
    LEADER = "leader"
    MEMBER = "member"


class Part(StrEnum):
    """The four parts of 1+1+1+N: a cell is complete when it lacks none."""

    INSPECTOR = "inspector"
    SUPERVISOR = "supervisor"
    OFFICER = "officer"
    PART_TIME = "part_time"


def read_cursor(raw: str) -> tuple[int, str]:
    """Where a list of cells goes on: how many parts the last known one lacks, and its code.

    Raises
    ------
    ValueError
        It is no such place.
    """
    lacks, code = raw.split("~", 1)
    if lacks not in {"0", "1", "2", "3", "4"}:
        raise ValueError(raw)
    return int(lacks), code


def read_missing(raw: str) -> str:
    """One of the four parts, or `any` of them.

    Raises
    ------
    ValueError
        It is neither.
    """
    if raw != "any" and raw not in set(Part):
        raise ValueError(raw)
    return raw


GIVEN = (
    "unit_id",
    "to_unit_id",
    "happened",
    "dangerous",
    "promised",
    "facts",
    "given_by",
    "given_name",
    "given_at",
)
"""What of a hand-over the one who goes signs."""

TAKEN = ("content_hash", "taken_by", "taken_name", "taken_at", "remark")
"""What the one who comes signs: that content, and what they say of it."""


def handover_digest(content: Mapping[str, Any], signed: Sequence[str] = GIVEN) -> bytes:
    """What stands for a hand-over when it is signed: the SHA-256 of what is signed, written in one way only.

    Parameters
    ----------
    content
        At least what `signed` names; instants with their time zone.
    signed
        `GIVEN` for the one who goes, `TAKEN` for the one who comes.
    """
    plain = {name: _signed(content[name]) for name in signed}
    written = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).digest()


def _signed(value: Any) -> Any:
    if isinstance(value, datetime):
        return int(value.timestamp() * 1_000_000)
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value


def masked_phone(phone: str | None) -> str:
    """A telephone number of which three digits at the front and four at the end are shown: enough to recognise it."""
    if not phone:
        return ""
    if len(phone) < 9:
        return "*" * (len(phone) - 2) + phone[-2:]
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]
