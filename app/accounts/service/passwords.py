"""Passwords: a new one is held against the policy and against the former ones."""

from __future__ import annotations

from sqlalchemy import Connection

from app.accounts import store
from app.accounts.rules import password_faults
from app.accounts.service.secrets import hash_password, verify_password
from app.errors import InvalidError


def set_password(
    connection: Connection, account_id: int, username: str, password: str, *, must_change: bool = False
) -> None:
    """Give an account a password.

    Raises
    ------
    InvalidError
        `password_refused`, with every reason: codes of `app.accounts.rules.password_faults`, and `password_used`.
    """
    policy = store.policy(connection)
    faults = password_faults(password, username, policy)
    former = store.former_passwords(connection, account_id, policy.password_history)
    if not faults and any(verify_password(hashed, password) for hashed in former):
        faults.append("password_used")
    if faults:
        raise InvalidError("password_refused", reasons=faults, length=policy.password_length)
    store.add_password(connection, account_id, hash_password(password), must_change=must_change)
