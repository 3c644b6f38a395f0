"""拨打: the work telephone of somebody at work, one key, bound to the person, logged, and watched for how often."""

from __future__ import annotations

from sqlalchemy import Connection

from app.accounts.service.managing import Hand
from app.errors import NotFoundError
from app.ledger import service as watching
from app.ledger import store as ledger
from app.ledger.store import Entry
from app.staffing.service.absence import person
from app.staffing.store import phones, present


def call(connection: Connection, code: str, *, by: Hand) -> dict[str, str]:
    """Name and work telephone of somebody who works in the caller's territory today.

    Whoever holds a post, looks after a cell by profession, or is on duty now is called at work. The number of a
    volunteer, a building head, a courtyard head is their own: that is read on the roster, for a purpose that is
    written down.

    Raises
    ------
    NotFoundError
        `staff_missing`; `work_phone_missing`: there is no such number, or it is not one of work.
    TooManyError
        `calls_too_many`.
    """
    staff = person(connection, code)
    found = phones.work_phone(connection, staff, on_duty=present.is_present(connection, code))
    if found is None:
        raise NotFoundError("work_phone_missing", code=code)
    watching.watch_calls(connection)
    ledger.add(connection, _entry(code, by, "done"))
    return found


def refused(connection: Connection, code: str, *, by: Hand) -> None:
    """Write down that a number was asked for once too often; in a transaction of its own, for the call's is gone."""
    ledger.add(connection, _entry(code, by, "refused"))


def _entry(code: str, by: Hand, outcome: str) -> Entry:
    about = dict(watching.CALLED)
    return Entry("personal.read", outcome, by.account_id, by.name, "staff", code, by.address, about)
