"""What a person does with their own account: lock off, sessions ended, password and second factor set."""

from __future__ import annotations

from sqlalchemy import Connection

from app.accounts import store
from app.accounts.service import second_factor, signing_in, visiting
from app.accounts.service.passwords import set_password
from app.accounts.service.signing_in import Seat
from app.accounts.service.visiting import Visitor
from app.accounts.store import sessions
from app.db import transaction
from app.errors import ConflictError, NotFoundError
from app.ledger import store as ledger
from app.ledger.store import Entry


def log(connection: Connection, visitor: Visitor, seat: Seat, action: str, **facts: object) -> None:
    """Write in the access log what a visitor did with an account that is their own."""
    subject = str(visitor.account_id)
    ledger.add(
        connection,
        Entry(
            action,
            "done",
            visitor.account_id,
            visitor.username,
            "account",
            subject,
            seat.address,
            dict(facts),
        ),
    )


def unlock(url: str, visitor: Visitor, password: str, seat: Seat) -> None:
    """Let a locked session go on, with the password; it counts as a try to sign in.

    Raises
    ------
    RefusedError, TooManyError
        As for signing in.
    """
    signing_in.check_password(url, visitor.username, password, seat)
    with transaction(url, timeout_s=10) as connection:
        store.forgive(connection, visitor.username)
        if visitor.session_id is not None:
            sessions.unlock(connection, visitor.session_id)
        log(connection, visitor, seat, "session.unlock")
    visiting.forget(visitor.token)


def confirm(url: str, visitor: Visitor, password: str, seat: Seat) -> None:
    """Let a visitor sign something: by their password again, or where they have none by being signed in.

    Raises
    ------
    RefusedError, TooManyError
        As for signing in.
    """
    with transaction(url, read_only=True, timeout_s=10) as connection:
        found = store.account(connection, visitor.account_id)
    if found is None or found.password_hash is None:
        return
    signing_in.check_password(url, visitor.username, password, seat)
    with transaction(url, timeout_s=10) as connection:
        store.forgive(connection, visitor.username)


def end_session(url: str, visitor: Visitor, seat: Seat) -> None:
    """End the visitor's own session."""
    with transaction(url, timeout_s=10) as connection:
        if visitor.session_id is not None:
            sessions.end(connection, visitor.account_id, "signed_out", only=visitor.session_id)
        log(connection, visitor, seat, "session.end")
    visiting.forget(visitor.token)


def end_sessions(url: str, visitor: Visitor, seat: Seat, *, only: int | None) -> int:
    """End one other session of the visitor's account, or all but the present one; how many that were."""
    with transaction(url, timeout_s=10) as connection:
        done = sessions.end(
            connection, visitor.account_id, "ended_by_owner", only=only, but=visitor.session_id
        )
        log(connection, visitor, seat, "session.end", count=done)
    return done


def change_password(url: str, visitor: Visitor, present: str, fresh: str, seat: Seat) -> None:
    """Change the visitor's password; every other session of the account ends.

    Raises
    ------
    RefusedError, TooManyError
        The present password is not right.
    InvalidError
        `password_refused`.
    ConflictError
        `kiosk_has_no_password`.
    """
    if visitor.kiosk:
        raise ConflictError("kiosk_has_no_password")
    signing_in.check_password(url, visitor.username, present, seat)
    with transaction(url, timeout_s=30) as connection:
        store.forgive(connection, visitor.username)
        set_password(connection, visitor.account_id, visitor.username, fresh)
        sessions.end(connection, visitor.account_id, "password_changed", but=visitor.session_id)
        log(connection, visitor, seat, "account.password")
    visiting.forget(visitor.token)


def confirm_second_factor(url: str, visitor: Visitor, code: str, seat: Seat) -> list[str]:
    """Confirm the visitor's second factor; the recovery codes.

    Raises
    ------
    InvalidError
        `second_factor_wrong`.
    """
    with transaction(url, timeout_s=10) as connection:
        codes = second_factor.confirm_enrolment(connection, visitor.account_id, code)
        if visitor.session_id is not None:
            sessions.confirm_second_factor(connection, visitor.session_id)
        log(connection, visitor, seat, "account.second_factor")
    visiting.forget(visitor.token)
    return codes


def revoke_token(url: str, visitor: Visitor, seat: Seat, token_id: int) -> None:
    """Revoke one of the visitor's tokens.

    Raises
    ------
    NotFoundError
        `token_missing`.
    """
    with transaction(url, timeout_s=10) as connection:
        if not sessions.revoke_token(connection, visitor.account_id, token_id):
            raise NotFoundError("token_missing", id=token_id)
        log(connection, visitor, seat, "token.revoke", token=token_id)
