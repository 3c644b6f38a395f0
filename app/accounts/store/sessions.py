"""Reads and writes sessions, API tokens and kiosk codes: always by the hash of what the holder shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, text

Record = dict[str, Any]


def add_session(
    connection: Connection,
    account_id: int,
    token_hash: bytes,
    address: str,
    agent: str,
    *,
    second_factor: bool,
) -> None:
    """Begin a session."""
    connection.execute(
        text(
            "INSERT INTO sessions (account_id, token_hash, address, agent, second_factor)"
            " VALUES (:account, :hash, CAST(:address AS inet), :agent, :second)"
        ),
        {
            "account": account_id,
            "hash": token_hash,
            "address": address,
            "agent": agent[:200],
            "second": second_factor,
        },
    )


def find_session(connection: Connection, token_hash: bytes) -> Row[Any] | None:
    """The session of a token that has not ended, with its account."""
    return connection.execute(
        text(
            "SELECT s.id, s.account_id, s.second_factor, host(s.address) AS address, s.agent, s.created_at, s.seen_at,"
            " a.username, a.name, a.kind, a.password_changed_at, a.must_change,"
            " a.password_hash IS NOT NULL AS has_password, a.totp_confirmed_at, a.locale FROM sessions s"
            " JOIN accounts a ON a.id = s.account_id"
            " WHERE s.token_hash = :hash AND s.ended_at IS NULL AND a.state = 'active'"
        ),
        {"hash": token_hash},
    ).one_or_none()


def find_all(connection: Connection, token_hashes: Sequence[bytes]) -> list[Row[Any]]:
    """The sessions and API tokens of these hashes that have not ended, with their accounts."""
    return list(
        connection.execute(
            text(
                "SELECT s.token_hash, s.account_id, s.second_factor, s.created_at, s.seen_at, a.kind,"
                " a.password_changed_at, a.must_change, a.password_hash IS NOT NULL AS has_password"
                " FROM sessions s JOIN accounts a ON a.id = s.account_id"
                " WHERE s.token_hash = ANY (:hashes) AND s.ended_at IS NULL AND a.state = 'active'"
                " UNION ALL SELECT t.token_hash, t.account_id, true, NULL, NULL, a.kind, NULL, false, false"
                " FROM api_tokens t JOIN accounts a ON a.id = t.account_id WHERE t.token_hash = ANY (:hashes)"
                " AND t.revoked_at IS NULL AND t.expires_at > now() AND a.state = 'active'"
            ),
            {"hashes": list(token_hashes)},
        )
    )


def touch(connection: Connection, session_id: int) -> None:
    """Note that somebody is there."""
    connection.execute(
        text(
            "UPDATE sessions SET seen_at = now() WHERE id = :id AND ended_at IS NULL"
            " AND seen_at < now() - interval '30 seconds'"
        ),
        {"id": session_id},
    )


def unlock(connection: Connection, session_id: int) -> None:
    """Let a locked session go on."""
    connection.execute(text("UPDATE sessions SET seen_at = now() WHERE id = :id"), {"id": session_id})


def confirm_second_factor(connection: Connection, session_id: int) -> None:
    """Note that the person of a session has shown the second factor."""
    connection.execute(text("UPDATE sessions SET second_factor = true WHERE id = :id"), {"id": session_id})


def end(
    connection: Connection, account_id: int, reason: str, *, only: int | None = None, but: int | None = None
) -> int:
    """End sessions of an account: one, all, or all but one; how many that were."""
    done = connection.execute(
        text(
            "UPDATE sessions SET ended_at = now(), end_reason = :reason"
            " WHERE account_id = :account AND ended_at IS NULL"
            " AND (CAST(:only AS bigint) IS NULL OR id = :only) AND (CAST(:but AS bigint) IS NULL OR id <> :but)"
        ),
        {"account": account_id, "reason": reason, "only": only, "but": but},
    )
    return int(done.rowcount)


def live_sessions(connection: Connection, account_id: int, since: datetime) -> list[Record]:
    """The sessions of an account that began after an instant and have not ended, the latest first."""
    rows = connection.execute(
        text(
            "SELECT id, host(address) AS address, agent, created_at, seen_at, second_factor FROM sessions"
            " WHERE account_id = :account AND ended_at IS NULL AND created_at > :since ORDER BY seen_at DESC LIMIT 100"
        ),
        {"account": account_id, "since": since},
    )
    return [dict(row._mapping) for row in rows]


def add_token(
    connection: Connection,
    account_id: int,
    name: str,
    token_hash: bytes,
    scopes: Sequence[str],
    lives: timedelta,
) -> datetime:
    """Insert an API token; when it expires."""
    return connection.execute(  # type: ignore[no-any-return]
        text(
            "INSERT INTO api_tokens (account_id, name, token_hash, scopes, expires_at)"
            " VALUES (:account, :name, :hash, :scopes, now() + :lives) RETURNING expires_at"
        ),
        {"account": account_id, "name": name, "hash": token_hash, "scopes": list(scopes), "lives": lives},
    ).scalar_one()


def find_token(connection: Connection, token_hash: bytes) -> Row[Any] | None:
    """The live API token of a secret, with its account; its use is noted once a minute."""
    row = connection.execute(
        text(
            "SELECT t.id, t.account_id, t.scopes, t.used_at, a.username, a.name, a.kind, a.locale FROM api_tokens t"
            " JOIN accounts a ON a.id = t.account_id WHERE t.token_hash = :hash AND t.revoked_at IS NULL"
            " AND t.expires_at > now() AND a.state = 'active'"
        ),
        {"hash": token_hash},
    ).one_or_none()
    if row is not None:
        connection.execute(
            text(
                "UPDATE api_tokens SET used_at = now() WHERE id = :id"
                " AND (used_at IS NULL OR used_at < now() - interval '1 minute')"
            ),
            {"id": row.id},
        )
    return row


def token_expired(connection: Connection, token_hash: bytes) -> bool:
    """Whether a secret is that of a token that would open the door if its time had not run out."""
    found = text(
        "SELECT EXISTS (SELECT FROM api_tokens WHERE token_hash = :hash AND revoked_at IS NULL AND expires_at <= now())"
    )
    return bool(connection.execute(found, {"hash": token_hash}).scalar_one())


def tokens(connection: Connection, account_id: int) -> list[Record]:
    """The API tokens of an account that are neither revoked nor long over, the latest first."""
    rows = connection.execute(
        text(
            "SELECT id, name, scopes, created_at, expires_at, used_at FROM api_tokens WHERE account_id = :account"
            " AND revoked_at IS NULL AND expires_at > now() ORDER BY id DESC LIMIT 100"
        ),
        {"account": account_id},
    )
    return [dict(row._mapping) for row in rows]


def revoke_token(connection: Connection, account_id: int, token_id: int) -> bool:
    """Revoke a token of an account; whether there was such a one."""
    done = connection.execute(
        text(
            "UPDATE api_tokens SET revoked_at = now() WHERE id = :id AND account_id = :account AND revoked_at IS NULL"
        ),
        {"id": token_id, "account": account_id},
    )
    return bool(done.rowcount)


def add_kiosk_code(connection: Connection, account_id: int, code_hash: bytes, lives: timedelta) -> None:
    """Insert a code that turns a machine into the wall's."""
    connection.execute(
        text(
            "INSERT INTO kiosk_codes (code_hash, account_id, expires_at) VALUES (:hash, :account, now() + :lives)"
        ),
        {"hash": code_hash, "account": account_id, "lives": lives},
    )


def use_kiosk_code(connection: Connection, code_hash: bytes) -> int | None:
    """Use a code up; the account of the wall, or None."""
    return connection.execute(
        text(
            "UPDATE kiosk_codes k SET used_at = now() FROM accounts a WHERE a.id = k.account_id AND a.state = 'active'"
            " AND a.kind = 'kiosk' AND k.code_hash = :hash AND k.used_at IS NULL AND k.expires_at > now()"
            " RETURNING k.account_id"
        ),
        {"hash": code_hash},
    ).scalar()
