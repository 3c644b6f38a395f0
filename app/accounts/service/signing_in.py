"""Signing in: name and password, then the second factor where there is one. Refusals tell nothing about the account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, text

from app.accounts import store
from app.accounts.rules import locked_until
from app.accounts.service import second_factor
from app.accounts.service.secrets import digest, new_token, verify_password
from app.accounts.store import sessions
from app.db import transaction
from app.errors import RefusedError, TooManyError
from app.ledger import store as ledger
from app.ledger.store import Entry


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody sits: network address and browser."""

    address: str
    agent: str


def check_password(url: str, username: str, password: str, seat: Seat) -> int:
    """The account that a name and a password open.

    Raises
    ------
    TooManyError
        `sign_in_locked`: too many failures of this name, or from this address; whether or not there is such an account.
    RefusedError
        `sign_in_refused`: wrong name, wrong password, or an account that is disabled.
    """
    name = username.strip().lower()
    with transaction(url, timeout_s=10) as connection:
        _let_try(connection, name, seat)
        found = store.find_account(connection, name)
        hashed = (
            None
            if found is None or found.state != "active" or found.kind != "person"
            else found.password_hash
        )
    if not verify_password(hashed, password) or found is None:
        with transaction(url, timeout_s=10) as connection:
            ledger.add(connection, _refused(name, seat, "password"))
        raise RefusedError("sign_in_refused")
    if not second_factor.enrolled(found):
        with transaction(url, timeout_s=10) as connection:
            store.forgive(connection, name)
    return int(found.id)


def _let_try(connection: Connection, name: str, seat: Seat) -> None:
    """Count an attempt before it is made, one of a name at a time, so that a volley has no more tries than a person.

    The password's success forgives it.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(530106, hashtext(:name))"), {"name": name})
    policy, now = store.policy(connection), datetime.now(UTC)
    by_name, by_address = store.failures(connection, name, seat.address, now - policy.lock)
    until = max(
        filter(
            None,
            (
                locked_until(by_name, policy.account_failures, policy, now),
                locked_until(by_address, policy.address_failures, policy, now),
            ),
        ),
        default=None,
    )
    if until is None:
        store.add_failure(connection, name, seat.address)
        return
    wait = int((until - now).total_seconds()) + 1
    raise TooManyError("sign_in_locked", minutes=-(-wait // 60), retry_after=wait)


def check_second_factor(url: str, account_id: int, code: str, seat: Seat) -> None:
    """Hold a code of the second factor, or a recovery code, against an account whose password was right.

    Raises
    ------
    TooManyError, RefusedError
        As for the password; `second_factor_refused`.
    """
    with transaction(url, timeout_s=10) as connection:
        found = store.account(connection, account_id, lock=True)
        if found is None or found.state != "active":
            raise RefusedError("sign_in_refused")
        _let_try(connection, found.username, seat)
        right = second_factor.matches(connection, found, code)
        if right:
            store.forgive(connection, found.username)
        else:
            ledger.add(connection, _refused(found.username, seat, "second_factor"))
    if not right:
        raise RefusedError("second_factor_refused")


def begin_session(url: str, account_id: int, seat: Seat, *, by: str, second: bool) -> str:
    """Begin a session for somebody who has shown all that was asked; its token.

    Parameters
    ----------
    by
        What they signed in with: `password`, `oidc`, `kiosk`.
    second
        Whether a second factor was shown.
    """
    token = new_token()
    with transaction(url, timeout_s=10) as connection:
        found = store.account(connection, account_id)
        if found is None or found.state != "active":
            raise RefusedError("sign_in_refused")
        sessions.add_session(
            connection, account_id, digest(token), seat.address, seat.agent, second_factor=second
        )
        entry = Entry(
            "session.begin",
            account_id=account_id,
            account_name=found.username,
            address=seat.address,
            facts={"by": by, "second_factor": second},
        )
        ledger.add(connection, entry)
    return token


def begin_kiosk(url: str, code: str, seat: Seat) -> str:
    """Begin the session of a wall screen, bound to where it is opened; its token.

    Raises
    ------
    RefusedError
        `kiosk_code_refused`: no such code, or used, or too old.
    """
    with transaction(url, timeout_s=10) as connection:
        account_id = sessions.use_kiosk_code(connection, digest(code))
    if account_id is None:
        raise RefusedError("kiosk_code_refused")
    return begin_session(url, account_id, seat, by="kiosk", second=False)


def _refused(name: str, seat: Seat, at: str) -> Entry:
    return Entry("session.begin", "refused", account_name=name[:80], address=seat.address, facts={"at": at})
