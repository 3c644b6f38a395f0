"""Below the community: leaders of resident groups, councils 理事会 and security teams 群防队, terms and members."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from app.accounts.service.managing import Hand
from app.errors import InvalidError, NotFoundError
from app.grid.service import the_district
from app.staffing import store
from app.staffing.rules import NEIGHBOURHOOD, Standing, UnitKind
from app.staffing.service.absence import log, person
from app.staffing.service.assigning import credit_code
from app.staffing.service.refusals import refusals
from app.staffing.store import councils, neighbourhood

HEADS = {UnitKind.COUNCIL: Standing.CHAIR, UnitKind.SECURITY_TEAM: Standing.LEADER}
"""What the head of a body is called."""


def lead(
    connection: Connection, community_id: int, group_id: int, code: str, from_on: date, *, by: Hand
) -> None:
    """Let somebody lead a resident group of a community from a day on.

    Raises
    ------
    NotFoundError
        `area_missing`, `staff_missing`.
    ConflictError
        `group_has_leader`.
    ForbiddenError
        `outside_territory`.
    """
    number = neighbourhood.group_number(connection, community_id, group_id)
    if number is None:
        raise NotFoundError("area_missing", id=group_id)
    staff_id = person(connection, code)
    with refusals(connection):
        neighbourhood.lead_group(connection, [(staff_id, number)], from_on)
    log(connection, by, "staffing.lead", "staff", code, group=group_id, from_on=str(from_on))


def vacate(connection: Connection, leader_id: int, on_day: date, *, by: Hand) -> None:
    """Let somebody no longer lead a group from a day on.

    Raises
    ------
    NotFoundError
        `assignment_missing`.
    """
    if not neighbourhood.end_group_leader(connection, leader_id, on_day):
        raise NotFoundError("assignment_missing", id=leader_id)
    log(connection, by, "staffing.lead_end", "group_leader", leader_id, on_day=str(on_day))


def found(
    connection: Connection,
    community_id: int,
    kind: str,
    name: str,
    credit: str,
    from_on: date,
    until_on: date | None,
    *,
    by: Hand,
) -> int:
    """Make a council or a security team of a community, or of an enterprise in it, with its first term; its id.

    Raises
    ------
    NotFoundError
        `area_missing`.
    InvalidError
        `parameter_invalid`, `credit_code_wrong`, `days_reversed`; `field_needed`: a council is elected until a day.
    ForbiddenError
        `outside_territory`.
    """
    if kind not in NEIGHBOURHOOD:
        raise InvalidError("parameter_invalid", field="kind", value=kind[:40])
    if not 0 < len(name.strip()) <= 80:
        raise InvalidError("parameter_invalid", field="name", value=name[:40])
    if kind == UnitKind.COUNCIL and until_on is None:
        raise InvalidError("field_needed", field="until")
    place = neighbourhood.place(connection, community_id)
    if place is None or place["level"] != "community":
        raise NotFoundError("area_missing", id=community_id)
    district = the_district(connection)
    with refusals(connection):
        unit_id = store.make_body(
            connection,
            district_id=district.id,
            kind=kind,
            name=name.strip(),
            credit_code=credit_code(credit),
            area_no=place["no"],
            area_code=place["code"],
            simulated=district.simulated,
        )
        councils.add_term(connection, unit_id, 1, from_on, until_on)
    log(connection, by, "staffing.unit", "unit", unit_id, name=name.strip(), kind=kind)
    return unit_id


def begin_term(
    connection: Connection, unit_id: int, from_on: date, until_on: date | None, *, by: Hand
) -> None:
    """Begin the next term of a body; its members are named anew.

    Raises
    ------
    NotFoundError
        `unit_missing_id`.
    ConflictError
        `term_overlaps`.
    InvalidError
        `days_reversed`.
    """
    body = councils.body(connection, unit_id, from_on)
    if body is None:
        raise NotFoundError("unit_missing_id", id=unit_id)
    no = (body["term"] or 0) + 1
    with refusals(connection):
        councils.add_term(connection, unit_id, no, from_on, until_on)
    log(connection, by, "staffing.term", "unit", unit_id, no=no, from_on=str(from_on))


def join(connection: Connection, unit_id: int, code: str, *, heads: bool, from_on: date, by: Hand) -> None:
    """Let somebody sit on a council or belong to a team until its term ends, as its head or as a member.

    Raises
    ------
    NotFoundError
        `unit_missing_id`, `staff_missing`.
    ConflictError
        `one_head_a_term`, `member_already`.
    InvalidError
        `outside_the_term`.
    """
    body = councils.body(connection, unit_id, from_on)
    if body is None or body["term_id"] is None:
        raise NotFoundError("unit_missing_id", id=unit_id)
    staff_id = person(connection, code)
    standing = HEADS[UnitKind(body["kind"])] if heads else Standing.MEMBER
    with refusals(connection):
        row = (body["term_id"], staff_id, standing, from_on, body["until_on"])
        councils.add_members(connection, [row])
    log(connection, by, "staffing.member", "staff", code, unit=unit_id, standing=standing.value)


def leave(connection: Connection, member_id: int, on_day: date, *, by: Hand) -> None:
    """Let somebody no longer be a member from a day on.

    Raises
    ------
    NotFoundError
        `assignment_missing`.
    """
    if not councils.end_member(connection, member_id, on_day):
        raise NotFoundError("assignment_missing", id=member_id)
    log(connection, by, "staffing.member_end", "member", member_id, on_day=str(on_day))
