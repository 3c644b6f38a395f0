"""What a report can be about: an area or a unit, a case, a cell, a duty, a place with a sign, a selection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row

from app.cases.store import heading
from app.errors import NotFoundError
from app.grid.rules import Level
from app.reports.rules.kinds import About
from app.reports.service.context import UNIT, Scope
from app.reports.service.sections.case import case_of
from app.reports.service.sections.handover import shift_of
from app.reports.service.sections.placing import places
from app.reports.service.sections.selection import chosen
from app.reports.store import scopes
from app.web.i18n import DEFAULT
from app.web.pages import instant


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report is about.

    Parameters
    ----------
    code
        As it is asked for again.
    area_no
        Number of the area that it lies in: whoever answers for all of that sees what was circulated.
    scope
        The area or unit that it is made of; None where it is about something in the district.
    """

    code: str
    name: str
    area_no: int | None = None
    unit_id: int | None = None
    scope: Scope | None = None


Find = Callable[[Connection, Any, str], Subject]


def place(connection: Connection, district: Row[Any], code: str) -> Subject:
    """An area or a unit by its code; without one the widest area that the one who asks answers for, or else their unit.

    Raises
    ------
    NotFoundError
        `report_scope_missing`.
    """
    found = scopes.areas_of(connection, district.id, code or None) or scopes.units_of(
        connection, district.id, code or None
    )
    if not found:
        raise NotFoundError("report_scope_missing", code=code[:40])
    row = found[0]
    if row.level == UNIT:
        whole = whole_district(connection, district)
        scope = Scope(UNIT, row.id, row.code, row.name, whole.no, whole.last_no)
        return Subject(row.code, row.name, unit_id=row.id, scope=scope)
    scope = Scope(row.level, row.id, row.code, row.name, row.no, row.last_no)
    return Subject(row.code, row.name, row.no, scope=scope)


def cell(connection: Connection, district: Row[Any], code: str) -> Subject:
    """A cell by its code.

    Raises
    ------
    NotFoundError
        `report_scope_missing`.
    """
    found = place(connection, district, code)
    if not code or found.scope is None or found.scope.level != Level.CELL:
        raise NotFoundError("report_scope_missing", code=code[:40])
    return found


def whole_district(connection: Connection, district: Row[Any]) -> Scope:
    """The district as it is drawn today, whoever asks.

    Raises
    ------
    NotFoundError
        `district_missing`: it has no outline yet.
    """
    row = scopes.root(connection, district.id)
    if row is None:
        raise NotFoundError("district_missing")
    return Scope(row.level, row.id, row.code, row.name, row.no, row.last_no)


def case(connection: Connection, district: Row[Any], code: str) -> Subject:
    """A case by its number, by its source's, or by its id.

    Raises
    ------
    NotFoundError
        `case_missing`.
    """
    row = heading.seen(connection, case_of(connection, district.id, code))
    called = heading.number_of(connection, row.id) if row is not None else None
    if row is None:
        raise NotFoundError("case_missing", id=code[:80])
    return Subject(called or str(row.id), called or str(row.id), row.area_no)


def duty(connection: Connection, district: Row[Any], code: str) -> Subject:
    """A planned duty by its id.

    Raises
    ------
    NotFoundError
        `shift_missing`.
    """
    found = shift_of(connection, district.id, code)
    begins = instant(found["starts_at"], district.timezone)
    return Subject(str(found["id"]), f"{found['unit']} {begins} ", found["area_no"])


def signed(connection: Connection, district: Row[Any], code: str) -> Subject:
    """A place with a sign: a cell by its code, a courtyard or a building by its id.

    Raises
    ------
    NotFoundError
        `sign_place_missing`.
    """
    today = datetime.now(ZoneInfo(district.timezone)).date()
    found = places(connection, district.id, today, {code}).get(code)
    if found is None:
        raise NotFoundError("sign_place_missing", subject=code[:40])
    return Subject(code, found.called(DEFAULT), found.area["no"])


def selection(connection: Connection, district: Row[Any], code: str) -> Subject:
    """A question of the console: whatever it selects, the one who asks sees it.

    Raises
    ------
    InvalidError
        `parameter_invalid`.
    """
    chosen(connection, district.id, district.timezone, code)
    return Subject(code, district.name)


SUBJECTS: Mapping[About, Find] = {
    About.PLACE: place,
    About.CELL: cell,
    About.CASE: case,
    About.DUTY: duty,
    About.SIGN: signed,
    About.SELECTION: selection,
}


def subject_of(connection: Connection, district: Row[Any], about: About, code: str) -> Subject:
    """What is asked about, as far as the one who asks may.

    Raises
    ------
    NotFoundError
        It does not exist, or not for the one who asks.
    """
    return SUBJECTS[about](connection, district, code.strip())
