"""What administrators do with other people's accounts, each time with an entry in the access log."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.exc import IntegrityError

from app.accounts import store
from app.accounts.rules import Permission, Policy, permissions_of
from app.accounts.service import second_factor
from app.accounts.service.secrets import TOKEN_PREFIX, digest, hash_password, new_token
from app.accounts.store import sessions
from app.errors import ConflictError, InvalidError, NotFoundError
from app.ledger import store as ledger
from app.ledger.store import Entry


@dataclass(frozen=True, slots=True)
class Hand:
    """Who lays hands on somebody's account: as the access log names them, with the network address."""

    name: str
    account_id: int | None = None
    address: str | None = None


CONSOLE = Hand("console")
"""Who acts on the command line of the server."""

KIOSK_CODE_LIVES = timedelta(minutes=30)


def first_password() -> str:
    """A password that chance makes, of three classes, easy to read out."""
    return "-".join(secrets.token_hex(2) for _ in range(4)) + "-Aa"


def find(connection: Connection, username: str) -> Row[Any]:
    """An account by its name.

    Raises
    ------
    NotFoundError
        `account_missing_named`.
    """
    found = store.find_account(connection, username.strip().lower(), lock=True)
    if found is None:
        raise NotFoundError("account_missing_named", username=username)
    return found


def add_account(
    connection: Connection,
    username: str,
    name: str,
    *,
    kind: str = "person",
    by: Hand = CONSOLE,
    **facts: Any,
) -> tuple[int, str]:
    """Make an account; its id, and for a person the first password, which has to be changed at once.

    Raises
    ------
    ConflictError
        `username_taken`.
    InvalidError
        `username_invalid`.
    """
    plain = username.strip().lower()
    if store.find_account(connection, plain) is not None:
        raise ConflictError("username_taken", username=plain)
    try:
        with connection.begin_nested():
            account_id = store.add_account(connection, username=plain, name=name.strip(), kind=kind)
    except IntegrityError as error:
        raise InvalidError("username_invalid", value=username) from error
    password = ""
    if kind == "person":
        password = first_password()
        store.add_password(connection, account_id, hash_password(password), must_change=True)
    log(connection, "account.create", account_id, by, username=plain, **facts)
    return account_id, password


def reset_password(connection: Connection, username: str, *, by: Hand = CONSOLE) -> str:
    """Give an account another first password; its sessions end, and a second factor stays."""
    found = find(connection, username)
    password = first_password()
    store.add_password(connection, found.id, hash_password(password), must_change=True)
    sessions.end(connection, found.id, "password_reset")
    log(connection, "account.reset", found.id, by)
    return password


def reset_second_factor(connection: Connection, username: str, *, by: Hand = CONSOLE) -> None:
    """Take an account's second factor away, for somebody who has lost it and the recovery codes; its sessions end."""
    found = find(connection, username)
    second_factor.remove(connection, found.id)
    sessions.end(connection, found.id, "second_factor_reset")
    log(connection, "account.second_factor_reset", found.id, by)


def unlock_account(connection: Connection, username: str, reason: str, *, by: Hand = CONSOLE) -> None:
    """Lift the lock of an account.

    Raises
    ------
    InvalidError
        `reason_needed`.
    """
    if len(reason.strip()) < 4:
        raise InvalidError("reason_needed")
    found = find(connection, username)
    count = store.forgive(connection, found.username)
    log(connection, "account.unlock", found.id, by, reason=reason.strip()[:500], failures=count)


def set_state(connection: Connection, username: str, state: str, *, by: Hand = CONSOLE) -> None:
    """Disable an account, which ends its sessions, or enable it again."""
    found = find(connection, username)
    store.change_account(connection, found.id, state=state)
    log(connection, f"account.{'enable' if state == 'active' else 'disable'}", found.id, by)


def create_token(
    connection: Connection,
    username: str,
    name: str,
    scopes: Sequence[str],
    lives: timedelta,
    *,
    by: Hand = CONSOLE,
) -> tuple[str, datetime]:
    """Make an API token; the token, which is never shown again, and when it expires.

    Raises
    ------
    InvalidError
        `scope_not_held`: a scope that the account's roles do not allow.
    """
    found = find(connection, username)
    held = permissions_of(store.actor_of(connection, found.id).roles)
    missing = [scope for scope in scopes if scope not in {p.value for p in held}]
    if missing:
        raise InvalidError("scope_not_held", scopes=", ".join(missing), known=", ".join(sorted(Permission)))
    token = TOKEN_PREFIX + new_token()
    expires = sessions.add_token(connection, found.id, name, digest(token), sorted(set(scopes)), lives)
    log(connection, "token.create", found.id, by, scopes=sorted(set(scopes)), expires=f"{expires:%Y-%m-%d}")
    return token, expires


def add_kiosk_code(connection: Connection, account_id: int) -> str:
    """A code that turns a machine into a wall screen, once, within half an hour."""
    code = new_token()
    sessions.add_kiosk_code(connection, account_id, digest(code), KIOSK_CODE_LIVES)
    return code


def set_policy(connection: Connection, changed: Policy, *, by: Hand = CONSOLE) -> None:
    """Put another security policy in force.

    Raises
    ------
    InvalidError
        `policy_refused`: a number outside what the database takes.
    """
    present = store.policy(connection)
    try:
        with connection.begin_nested():
            store.set_policy(connection, changed)
    except IntegrityError as error:
        name = getattr(getattr(error.orig, "diag", None), "constraint_name", None) or ""
        field = name.removeprefix("security_policies_").removesuffix("_check")
        raise InvalidError("policy_refused", field=field) from error
    before, after = asdict(present), asdict(changed)
    differ = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    entry = Entry("policy.change", "done", by.account_id, by.name, "policy", None, by.address, differ)
    ledger.add(connection, entry)


def log(connection: Connection, action: str, account_id: int, by: Hand, **facts: Any) -> None:
    """Write in the access log what was done with an account, and by whom."""
    entry = Entry(action, "done", by.account_id, by.name, "account", str(account_id), by.address, facts)
    ledger.add(connection, entry)
