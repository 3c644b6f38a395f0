"""在岗: going on and off duty, the duty roster, desks taken over."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.accounts.service.managing import Hand
from app.errors import ConflictError, InvalidError, NotFoundError
from app.grid.service import the_district
from app.staffing import store
from app.staffing.service.absence import log, person
from app.staffing.service.refusals import refusals
from app.staffing.store import duty

REASON = 4
"""Least number of characters of a reason."""


def myself(connection: Connection, account_id: int) -> dict[str, Any]:
    """The one who acts, as somebody at work.

    Raises
    ------
    NotFoundError
        `not_at_work`: the account belongs to nobody who works here.
    """
    found = duty.me_at_work(connection, account_id)
    if found is None:
        raise NotFoundError("not_at_work")
    return found


def go_on(connection: Connection, account_id: int, unit_id: int | None) -> None:
    """上岗 at a unit in which one holds a post; by default the only one.

    Raises
    ------
    NotFoundError
        `not_at_work`, `desk_missing`.
    """
    me = myself(connection, account_id)
    desks = duty.desks_of(connection, me["id"])
    chosen = next((desk for desk in desks if unit_id in {None, desk["id"]}), None)
    if chosen is None:
        raise NotFoundError("desk_missing")
    with refusals(connection):
        duty.begin_spell(connection, me["id"], chosen["id"])


def go_off(connection: Connection, account_id: int) -> None:
    """下岗.

    Raises
    ------
    NotFoundError
        `not_at_work`.
    ConflictError
        `not_on_duty`.
    """
    if not duty.end_spell(connection, myself(connection, account_id)["id"]):
        raise ConflictError("not_on_duty")


def shift_times(day: date, start: time, end: time, zone: str) -> tuple[datetime, datetime]:
    """When a shift of a day begins and ends; one that ends no later than it starts ends on the next day.

    Parameters
    ----------
    zone
        IANA name of the time zone of day and times.

    Returns
    -------
    tuple of datetime
        Both in UTC.
    """
    place = ZoneInfo(zone)
    last = day if end > start else day + timedelta(days=1)
    return (
        datetime.combine(day, start, place).astimezone(UTC),
        datetime.combine(last, end, place).astimezone(UTC),
    )


def plan(
    connection: Connection,
    unit_id: int,
    code: str,
    day: date,
    start: time,
    end: time,
    *,
    leads: bool,
    days: int = 1,
    by: Hand,
) -> None:
    """Put somebody on the roster of a unit, on so many days in a row.

    Raises
    ------
    NotFoundError
        `unit_missing_id`, `staff_missing`.
    ConflictError
        `shift_overlaps`: somebody would be in two places at a time; `person_on_leave`. None is planned then.
    InvalidError
        `parameter_invalid`.
    """
    if store.unit(connection, unit_id) is None:
        raise NotFoundError("unit_missing_id", id=unit_id)
    if not 1 <= days <= 62:
        raise InvalidError("parameter_invalid", field="days", value=str(days))
    district = the_district(connection)
    staff_id = person(connection, code)
    rows = [
        (staff_id, *shift_times(day + timedelta(days=n), start, end, district.timezone), leads)
        for n in range(days)
    ]
    if duty.away(connection, staff_id, day, day + timedelta(days=days)):
        raise ConflictError("person_on_leave", code=code)
    with refusals(connection):
        duty.add_shifts(connection, unit_id, rows, simulated=district.simulated)
    log(connection, by, "staffing.shift", "staff", code, unit=unit_id, day=str(day), days=days)


def unplan(connection: Connection, shift_id: int, *, by: Hand) -> None:
    """Take a shift off the roster.

    Raises
    ------
    NotFoundError
        `shift_missing`.
    """
    if not duty.remove_shift(connection, shift_id):
        raise NotFoundError("shift_missing", id=shift_id)
    log(connection, by, "staffing.shift_removed", "shift", shift_id)


def take_over(connection: Connection, unit_id: int, by_unit_id: int, reason: str, *, by: Hand) -> None:
    """Let another desk serve a unit's queue from now on, whatever the hour.

    Raises
    ------
    InvalidError
        `reason_needed`.
    NotFoundError
        `unit_missing_id`.
    ConflictError
        `taken_over_already`.
    ForbiddenError
        `outside_territory`.
    """
    if len(reason.strip()) < REASON:
        raise InvalidError("reason_needed")
    unit = store.unit(connection, unit_id)
    if unit is None or store.unit(connection, by_unit_id) is None or unit_id == by_unit_id:
        raise NotFoundError("unit_missing_id", id=unit_id)
    with refusals(connection):
        duty.take_over(connection, unit_id, by_unit_id, reason.strip()[:500], by.account_id)
    log(connection, by, "desk.take_over", "unit", unit["code"], reason=reason.strip()[:500])


def give_back(connection: Connection, unit_id: int, *, by: Hand) -> None:
    """Let a desk serve itself again.

    Raises
    ------
    NotFoundError
        `unit_missing_id`.
    ConflictError
        `not_taken_over`.
    """
    unit = store.unit(connection, unit_id)
    if unit is None:
        raise NotFoundError("unit_missing_id", id=unit_id)
    if not duty.give_back(connection, unit_id, by.account_id):
        raise ConflictError("not_taken_over")
    log(connection, by, "desk.give_back", "unit", unit["code"])
