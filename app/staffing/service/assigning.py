"""Who works where: people entered, cells given and taken, units, posts and their holders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import Connection

from app.accounts.rules import Role
from app.accounts.service.managing import Hand
from app.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.grid.service import the_district
from app.staffing import store
from app.staffing.rules import TERRITORIAL, Duty, UnitKind
from app.staffing.service.absence import cell_number, log, person
from app.staffing.service.refusals import refusals
from app.staffing.store import cells
from spatial.codes import is_credit_code

RESERVED = re.compile(r"A\d{5,}")
"""Codes that the command line gives to those for whom it makes an account."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person to be entered: the code by which the office knows them, name and telephone number."""

    code: str
    name: str
    phone: str | None = None


def enter(connection: Connection, somebody: Somebody, *, by: Hand) -> int:
    """Enter a person at work who has no account; the id.

    Raises
    ------
    InvalidError
        `parameter_invalid`.
    ConflictError
        `staff_code_taken`: also by somebody whom the one who acts may not see.
    """
    code, name, phone = somebody.code.strip(), somebody.name.strip(), (somebody.phone or "").strip()
    for field, value, longest in (("code", code, 40), ("name", name, 60)):
        if not 0 < len(value) <= longest:
            raise InvalidError("parameter_invalid", field=field, value=value[:40])
    if phone and not (5 <= len(phone) <= 20 and set(phone) <= set("0123456789+- ")):
        raise InvalidError("parameter_invalid", field="phone", value=phone[:40])
    if RESERVED.fullmatch(code):
        raise ConflictError("staff_code_taken")
    district = the_district(connection)
    with refusals(connection):
        made = store.add_staff(
            connection,
            district_id=district.id,
            code=code,
            name=name,
            phone=phone or None,
            entered_by=by.account_id,
            simulated=district.simulated,
        )
    log(connection, by, "staffing.enter", "staff", code)
    return made


def assign(
    connection: Connection,
    code: str,
    cell: str,
    duty: str,
    from_on: date,
    until_on: date | None,
    *,
    place: str | None = None,
    by: Hand,
) -> None:
    """Let somebody look after a cell from a day on.

    Raises
    ------
    InvalidError
        `parameter_invalid`, `days_reversed`.
    NotFoundError
        `staff_missing`, `area_missing_coded`.
    ConflictError
        `cell_has_officer`, `officer_has_cell`, `assigned_already`.
    ForbiddenError
        `outside_territory`.
    """
    if duty not in set(Duty):
        raise InvalidError("parameter_invalid", field="duty", value=duty[:40])
    if until_on is not None and until_on <= from_on:
        raise InvalidError("days_reversed")
    staff_id, no = person(connection, code), cell_number(connection, cell)
    with refusals(connection):
        cells.assign(connection, [(staff_id, no, Duty(duty))], from_on, until_on)
        if place:
            cells.place_of(connection, staff_id, no, Duty(duty), place[:80])
    log(connection, by, "staffing.assign", "staff", code, cell=cell, duty=duty, from_on=str(from_on))


def release(connection: Connection, assignment_id: int, on_day: date, *, by: Hand) -> None:
    """End an assignment: from this day on it no longer holds. One that has not begun never was.

    Raises
    ------
    NotFoundError
        `assignment_missing`.
    """
    found = cells.assignment(connection, assignment_id)
    with refusals(connection):
        if found is None or not cells.end(connection, assignment_id, on_day):
            raise NotFoundError("assignment_missing", id=assignment_id)
    log(connection, by, "staffing.release", "staff", found["code"], cell=found["cell"], on_day=str(on_day))


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What is written of a unit; hours are both given or neither."""

    code: str
    name: str
    kind: str
    full_name: str | None = None
    name_en: str | None = None
    credit_code: str | None = None
    opens_at: time | None = None
    closes_at: time | None = None
    night_unit: str | None = None


def make_unit(connection: Connection, facts: UnitFacts, *, by: Hand) -> int:
    """Make a unit; its id.

    Raises
    ------
    InvalidError
        `parameter_invalid`, `credit_code_wrong`, `hours_halved`.
    ConflictError
        `unit_code_taken`.
    """
    district = the_district(connection)
    units = store.unit_ids(connection, district.id)
    if facts.code in units:
        raise ConflictError("unit_code_taken", code=facts.code)
    with refusals(connection):
        made = store.add_unit(
            connection,
            district_id=district.id,
            simulated=False,
            **_values(facts, units),
            code=facts.code.strip(),
        )
    log(connection, by, "staffing.unit", "unit", facts.code, name=facts.name)
    return made


def change_unit(connection: Connection, unit_id: int, facts: UnitFacts, *, by: Hand) -> None:
    """Change what is written of a unit; its code stays.

    Raises
    ------
    NotFoundError
        `unit_missing_id`.
    InvalidError
        `parameter_invalid`, `credit_code_wrong`, `hours_halved`; `kind_crosses`: what its people see would change.
    """
    units = store.unit_ids(connection, the_district(connection).id)
    present = store.unit(connection, unit_id)
    if present is None:
        raise NotFoundError("unit_missing_id", id=unit_id)
    if (present["kind"] in TERRITORIAL) != (facts.kind in TERRITORIAL):
        raise InvalidError("kind_crosses")
    with refusals(connection):
        if not store.change_unit(connection, unit_id, **_values(facts, units)):
            raise NotFoundError("unit_missing_id", id=unit_id)
    log(connection, by, "staffing.unit", "unit", facts.code, name=facts.name)


def credit_code(given: str | None) -> str | None:
    """A unified social credit code as it is kept; None for none.

    Raises
    ------
    InvalidError
        `credit_code_wrong`.
    """
    code = (given or "").strip().upper() or None
    if code is not None and not is_credit_code(code):
        raise InvalidError("credit_code_wrong", value=code[:20])
    return code


def _values(facts: UnitFacts, units: dict[str, int]) -> dict[str, Any]:
    if facts.kind not in set(UnitKind):
        raise InvalidError("parameter_invalid", field="kind", value=facts.kind[:40])
    for field, value in (("code", facts.code), ("name", facts.name)):
        if not 0 < len(value.strip()) <= 80:
            raise InvalidError("parameter_invalid", field=field, value=value[:40])
    credit = credit_code(facts.credit_code)
    if facts.night_unit and facts.night_unit not in units:
        raise NotFoundError("unit_missing", code=facts.night_unit[:40], known="")
    return {
        "name": facts.name.strip(),
        "kind": facts.kind,
        "full_name": (facts.full_name or "").strip() or None,
        "name_en": (facts.name_en or "").strip() or None,
        "credit_code": credit,
        "opens_at": facts.opens_at,
        "closes_at": facts.closes_at,
        "night_unit_id": units.get(facts.night_unit or ""),
    }


def make_post(
    connection: Connection, unit_id: int, role: str, title: str, areas: Sequence[str], *, by: Hand
) -> int:
    """Make a post in a unit, with the areas that it answers for; its id.

    Raises
    ------
    InvalidError
        `role_unknown`, `parameter_invalid`.
    NotFoundError
        `unit_missing_id`, `area_missing_coded`.
    """
    if role not in set(Role):
        raise InvalidError("role_unknown", value=role[:40], known=", ".join(Role))
    if not 0 < len(title.strip()) <= 60:
        raise InvalidError("parameter_invalid", field="title", value=title[:40])
    unit = store.unit(connection, unit_id)
    if unit is None:
        raise NotFoundError("unit_missing_id", id=unit_id)
    numbers = []
    for code in dict.fromkeys(areas):
        no = store.area_to_grant(connection, code)
        if no is None:
            raise NotFoundError("area_missing_coded", code=code[:40])
        numbers.append(no)
    made = store.add_post(connection, unit_id, role, title.strip(), numbers)
    log(connection, by, "posts.make", "post", made, role=role, unit=unit["code"], areas=list(areas))
    return made


def give_post(
    connection: Connection, post_id: int, code: str, from_on: date, until_on: date | None, *, by: Hand
) -> None:
    """Let somebody hold a post from a day on; what they may do changes, so their sessions end.

    Raises
    ------
    NotFoundError
        `staff_missing`, `post_missing`.
    ConflictError
        `held_already`, `powers_apart`.
    ForbiddenError
        `not_oneself`: nobody gives themselves rights.
    """
    staff_id = person(connection, code)
    if store.account_of(connection, staff_id) == by.account_id:
        raise ForbiddenError("not_oneself")
    if not store.post_there(connection, post_id):
        raise NotFoundError("post_missing", id=post_id)
    with refusals(connection):
        store.hold(connection, post_id, staff_id, from_on, until_on)
    log(connection, by, "posts.grant", "staff", code, post=post_id, from_on=str(from_on))


def take_post(connection: Connection, holding_id: int, on_day: date, *, by: Hand) -> None:
    """Let somebody no longer hold a post from a day on.

    Raises
    ------
    NotFoundError
        `holding_missing`.
    """
    if not store.end_holding(connection, holding_id, on_day):
        raise NotFoundError("holding_missing", id=holding_id)
    log(connection, by, "posts.revoke", "holding", holding_id, on_day=str(on_day))
