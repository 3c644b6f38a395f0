"""Reads and writes accounts, sessions, failures and tokens. Secrets come in hashed or encrypted already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, text, update

from app.accounts.rules import Policy
from app.accounts.tables import Account, SecurityPolicy
from app.db import Actor

Record = dict[str, Any]

now = func.now
"""The transaction's instant, as a value to store."""

accounts = Account.__table__


def policy(connection: Connection) -> Policy:
    """What the security administrator has set."""
    row = connection.execute(select(SecurityPolicy.__table__)).one()
    return Policy(**{column.name: getattr(row, column.name) for column in fields(Policy)})


def set_policy(connection: Connection, changed: Policy) -> None:
    """Put another policy in place of the present one."""
    values = {column.name: getattr(changed, column.name) for column in fields(Policy)}
    connection.execute(update(SecurityPolicy).values(**values))


def find_account(connection: Connection, username: str, *, lock: bool = False) -> Row[Any] | None:
    """An account by its name, in lower case."""
    query = select(accounts).where(accounts.c.username == username)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def account(connection: Connection, account_id: int, *, lock: bool = False) -> Row[Any] | None:
    """An account by its id."""
    query = select(accounts).where(accounts.c.id == account_id)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def anybody(connection: Connection) -> bool:
    """Whether there is an account at all."""
    return bool(connection.execute(text("SELECT EXISTS (SELECT FROM accounts)")).scalar_one())


def add_account(connection: Connection, **values: Any) -> int:
    """Insert an account; its id."""
    return int(connection.execute(accounts.insert().values(**values).returning(accounts.c.id)).scalar_one())


def change_account(connection: Connection, account_id: int, **values: Any) -> None:
    """Update columns of an account."""
    connection.execute(update(Account).where(Account.id == account_id).values(**values))


def actor_of(connection: Connection, account_id: int) -> Actor:
    """Who an account is today: roles, territory, units, as the posts of its staff member say."""
    row = connection.execute(
        text("SELECT roles, CAST(territory AS text) AS territory, units FROM account_view(:id)"),
        {"id": account_id},
    ).one()
    return Actor(account_id, tuple(row.roles), row.territory, tuple(row.units))


def actors_of(connection: Connection, account_ids: Sequence[int]) -> dict[int, Actor]:
    """Who several accounts are today."""
    rows = connection.execute(
        text(
            "SELECT a.id, v.roles, CAST(v.territory AS text) AS territory, v.units"
            " FROM unnest(CAST(:ids AS int[])) AS a (id), LATERAL account_view(a.id) v"
        ),
        {"ids": list(account_ids)},
    )
    return {row.id: Actor(row.id, tuple(row.roles), row.territory, tuple(row.units)) for row in rows}


def add_password(connection: Connection, account_id: int, hashed: str, *, must_change: bool) -> None:
    """Give an account another password, and remember it among those that it has had."""
    values = {"password_hash": hashed, "password_changed_at": now(), "must_change": must_change}
    connection.execute(update(Account).where(Account.id == account_id).values(**values))
    connection.execute(
        text("INSERT INTO password_history (account_id, password_hash) VALUES (:id, :hash)"),
        {"id": account_id, "hash": hashed},
    )


def former_passwords(connection: Connection, account_id: int, count: int) -> list[str]:
    """Hashes of the last passwords of an account, the newest first."""
    rows = connection.execute(
        text(
            "SELECT password_hash FROM password_history WHERE account_id = :id ORDER BY id DESC LIMIT :count"
        ),
        {"id": account_id, "count": count},
    )
    return list(rows.scalars())


def add_failure(connection: Connection, username: str, address: str) -> None:
    """Remember a failed sign-in."""
    connection.execute(
        text("INSERT INTO sign_in_failures (username, address) VALUES (:name, CAST(:address AS inet))"),
        {"name": username[:200], "address": address},
    )


def failures(
    connection: Connection, username: str, address: str, since: datetime
) -> tuple[list[Any], list[Any]]:
    """When sign-in failed for a name, and from an address, since an instant."""
    asked = (
        "SELECT at FROM sign_in_failures WHERE {} AND at > :since AND forgiven_at IS NULL"
        " ORDER BY at DESC LIMIT 1000"
    )
    values = {"name": username[:200], "address": address, "since": since}
    by_name = connection.execute(text(asked.format("username = :name")), values).scalars()
    by_address = connection.execute(text(asked.format("address = CAST(:address AS inet)")), values).scalars()
    return list(by_name), list(by_address)


def locked(connection: Connection, usernames: Sequence[str]) -> set[str]:
    """Which of these names are locked now."""
    rows = connection.execute(
        text(
            "SELECT f.username FROM sign_in_failures f, security_policies p WHERE f.username = ANY(:names)"
            " AND f.forgiven_at IS NULL AND f.at > now() - make_interval(mins => p.lock_minutes)"
            " GROUP BY f.username, p.account_failures HAVING count(*) >= p.account_failures"
        ),
        {"names": list(usernames)},
    )
    return set(rows.scalars())


def forgive(connection: Connection, username: str) -> int:
    """Lift the lock of a name; how many failures that were."""
    done = connection.execute(
        text(
            "UPDATE sign_in_failures SET forgiven_at = now() WHERE username = :name AND forgiven_at IS NULL"
        ),
        {"name": username},
    )
    return int(done.rowcount)


def add_recovery_codes(connection: Connection, account_id: int, hashes: Sequence[bytes]) -> None:
    """Put these codes in place of all that an account has."""
    connection.execute(text("DELETE FROM recovery_codes WHERE account_id = :id"), {"id": account_id})
    if hashes:
        connection.execute(
            text("INSERT INTO recovery_codes (account_id, code_hash) VALUES (:id, :hash)"),
            [{"id": account_id, "hash": hashed} for hashed in hashes],
        )


def use_recovery_code(connection: Connection, account_id: int, hashed: bytes) -> bool:
    """Use a code up; whether there was such a one."""
    done = connection.execute(
        text(
            "UPDATE recovery_codes SET used_at = now() WHERE account_id = :id AND code_hash = :hash AND used_at IS NULL"
        ),
        {"id": account_id, "hash": hashed},
    )
    return bool(done.rowcount)
