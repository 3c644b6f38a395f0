"""拨打: calling back whoever reported a case. It is bound to the case, logged, and watched for how often it is done."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from app.cases.service import contacts
from app.cases.store import heading
from app.errors import NotFoundError
from app.ledger import service as watching
from app.ledger import store as ledger
from app.ledger.store import Entry


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as the log names them, and from which address."""

    account_id: int | None
    username: str | None
    address: str | None


def call(connection: Connection, case_id: int, by: Caller) -> dict[str, str | None]:
    """Name and telephone of whoever reported a case, for desks that answer callers.

    Raises
    ------
    NotFoundError
        `contact_missing`: the case has none, or not for the one who calls.
    UnavailableError
        `seal_key_missing`, `seal_key_wrong`, `seal_broken`.
    TooManyError
        `calls_too_many`.
    """
    head = heading.head(connection, case_id) if 0 < case_id < 2**63 else None
    phone = None if head is None else contacts.phone(connection, head)
    if head is None or phone is None:
        raise NotFoundError("contact_missing")
    watching.watch_calls(connection)
    ledger.add(connection, _entry(case_id, by, "done"))
    return {"name": head["contact_name"], "phone": phone}


def refused(connection: Connection, case_id: int, by: Caller) -> None:
    """Write down that a number was asked for once too often; in a transaction of its own, for the call's is gone."""
    ledger.add(connection, _entry(case_id, by, "refused"))


def _entry(case_id: int, by: Caller, outcome: str) -> Entry:
    about = dict(watching.CALLED)
    return Entry(
        "personal.read", outcome, by.account_id, by.username, "case", str(case_id), by.address, about
    )
