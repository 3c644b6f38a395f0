"""An account for somebody at work."""

from __future__ import annotations

from sqlalchemy import Connection

from app.accounts.service import managing
from app.accounts.service.managing import Hand
from app.errors import ConflictError, InvalidError
from app.grid.service import the_district
from app.staffing import store


def open_account(connection: Connection, username: str, name: str, code: str, *, by: Hand) -> str:
    """Make an account for a person by their code, whom it enters where they are not known yet; the first password.

    Raises
    ------
    ConflictError
        `username_taken`; `has_account`: the person has one.
    InvalidError
        `username_invalid`; `field_needed`: nobody has this code yet, and there is no name.
    """
    staff_id = store.staff_id(connection, code)
    if staff_id is None and not name:
        raise InvalidError("field_needed", field="name")
    if staff_id is not None and store.account_of(connection, staff_id) is not None:
        raise ConflictError("has_account", code=code)
    known = name if staff_id is None else store.name_of(connection, staff_id)
    account_id, password = managing.add_account(connection, username, known, by=by, code=code)
    if staff_id is None:
        store.add_staff(
            connection, district_id=the_district(connection).id, code=code, name=known, account_id=account_id
        )
    else:
        store.link_account(connection, staff_id, account_id)
    return password
