"""休假 and 代班: somebody is away, somebody else looks after their cell or holds their post."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.accounts.service.managing import Hand
from app.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.ledger import store as ledger
from app.ledger.store import Entry
from app.staffing import store
from app.staffing.service.refusals import refusals
from app.staffing.store import cells
from app.staffing.store import leave as leaves

LONGEST_DAYS = 366


def log(connection: Connection, by: Hand, action: str, kind: str, subject: object, /, **facts: Any) -> None:
    """Write in the access log what was done with who works where: it is a change of rights."""
    ledger.add(
        connection, Entry(action, "done", by.account_id, by.name, kind, str(subject), by.address, facts)
    )


def person(connection: Connection, code: str) -> int:
    """The id of somebody whom the one who acts may see, by their code.

    Raises
    ------
    NotFoundError
        `staff_missing`.
    """
    found = store.staff_id(connection, code.strip(), now=True)
    if found is None:
        raise NotFoundError("staff_missing", code=code[:40])
    return found


def record_leave(connection: Connection, code: str, from_on: date, until_on: date, *, by: Hand) -> int:
    """Write down that somebody is away from a day until the first day back; the id of the leave.

    Raises
    ------
    NotFoundError
        `staff_missing`.
    InvalidError
        `days_reversed`, `leave_too_long`.
    ConflictError
        `leave_overlaps`.
    """
    staff_id = person(connection, code)
    if (until_on - from_on).days > LONGEST_DAYS:
        raise InvalidError("leave_too_long", days=LONGEST_DAYS)
    with refusals(connection):
        made = leaves.add_leave(connection, staff_id, from_on, until_on)
    log(connection, by, "staffing.leave", "staff", code, from_on=str(from_on), until_on=str(until_on))
    return made


def end_leave(connection: Connection, leave_id: int, back_on: date, *, by: Hand) -> None:
    """Let a leave end earlier, with its stand-ins; one that has not begun never was.

    Raises
    ------
    NotFoundError
        `leave_missing`.
    """
    found = _leave(connection, leave_id)
    with refusals(connection):
        if not leaves.cut_leave(connection, leave_id, back_on):
            raise NotFoundError("leave_missing", id=leave_id)
    log(connection, by, "staffing.leave_end", "staff", found["code"], back_on=str(back_on))


def stand_in(
    connection: Connection,
    leave_id: int,
    code: str,
    *,
    cell: str | None = None,
    post_id: int | None = None,
    by: Hand,
) -> None:
    """Let somebody stand in for a person on leave, in a cell or in a post, for the days of the leave that are left.

    Raises
    ------
    NotFoundError
        `leave_missing`, `staff_missing`, `area_missing_coded`.
    ConflictError
        `stand_in_away`: the stand-in is on leave too; `stand_in_place`, `stand_in_days`, `assigned_already`,
        `held_already`, `powers_apart`.
    ForbiddenError
        `outside_territory`; `not_oneself`: nobody takes a post themselves.
    """
    found = _leave(connection, leave_id)
    staff_id = person(connection, code)
    if post_id is not None and store.account_of(connection, staff_id) == by.account_id:
        raise ForbiddenError("not_oneself")
    no = None if post_id is not None else cell_number(connection, cell or "")
    days = leaves.days_to_cover(connection, leave_id, no, post_id, store.today(connection))
    if days is None:
        raise ConflictError("stand_in_place")
    with refusals(connection):
        if post_id is not None:
            leaves.stand_in_post(connection, leave_id, staff_id, post_id, *days)
        else:
            leaves.stand_in_cell(connection, leave_id, staff_id, no or 0, *days)
    log(connection, by, "staffing.stand_in", "staff", code, for_=found["code"], cell=cell, post=post_id)


def cover(connection: Connection, cell: str, code: str, from_on: date, until_on: date, *, by: Hand) -> None:
    """Let an officer look after a cell that has none, beside their own, for some days.

    Raises
    ------
    NotFoundError
        `staff_missing`, `area_missing_coded`.
    ConflictError
        `stand_in_away`, `assigned_already`; `cell_has_officer`: on leave or not, a leave is covered by its stand-in.
    InvalidError
        `days_reversed`.
    ForbiddenError
        `outside_territory`.
    """
    staff_id, no = person(connection, code), cell_number(connection, cell)
    if until_on <= from_on:
        raise InvalidError("days_reversed")
    if cells.has_officer(connection, no, from_on, until_on):
        raise ConflictError("cell_has_officer")
    with refusals(connection):
        leaves.stand_in_cell(connection, None, staff_id, no, from_on, until_on)
    log(connection, by, "staffing.stand_in", "staff", code, cell=cell, until_on=str(until_on))


def cell_number(connection: Connection, code: str) -> int:
    """The number of a cell that the one who acts may see, by its code.

    Raises
    ------
    NotFoundError
        `area_missing_coded`.
    """
    found = store.cell_number(connection, code.strip())
    if found is None:
        raise NotFoundError("area_missing_coded", code=code[:40])
    return found


def _leave(connection: Connection, leave_id: int) -> dict[str, Any]:
    found = leaves.leave(connection, leave_id)
    if found is None:
        raise NotFoundError("leave_missing", id=leave_id)
    return found
