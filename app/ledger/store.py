"""Adds to the access log, reads it page by page, and holds its rows against their chain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from app.ledger.rules import Break, ChainFault, faults

ADD = text(
    "INSERT INTO access_log (account_id, account_name, action, outcome, subject_kind, subject_id, address, facts)"
    " VALUES (:account_id, :account_name, :action, :outcome, :subject_kind, :subject_id, CAST(:address AS inet),"
    " :facts)"
).bindparams(bindparam("facts", type_=JSONB))


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was done or refused.

    Parameters
    ----------
    action
        A word like `session.begin`, of those that the messages `action.…` explain.
    account_id, account_name
        Who; both None where nobody is known.
    facts
        What else matters; never a password, a token, or what the subject's record holds.
    """

    action: str
    outcome: str = "done"
    account_id: int | None = None
    account_name: str | None = None
    subject_kind: str | None = None
    subject_id: str | None = None
    address: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def add(connection: Connection, entry: Entry) -> None:
    """Write an entry; it is there if the transaction is, and the thing done is there only if the entry is."""
    values = {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
    connection.execute(ADD, values)


def page(
    connection: Connection,
    *,
    before: int | None = None,
    action: str | None = None,
    account: str | None = None,
    limit: int,
) -> list[dict[str, Any]]:
    """Entries, the newest first, at most `limit` that come before a number."""
    rows = connection.execute(
        text(
            "SELECT no, at, account_id, account_name, action, outcome, subject_kind, subject_id,"
            " host(address) AS address, facts FROM access_log WHERE (CAST(:before AS bigint) IS NULL OR no < :before)"
            " AND (CAST(:action AS text) IS NULL OR action = :action OR action LIKE :action || '.%')"
            " AND (CAST(:account AS text) IS NULL OR account_name = :account) ORDER BY no DESC LIMIT :limit"
        ),
        {"before": before, "action": action, "account": account, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def calls_of_mine(connection: Connection, seconds: int) -> int:
    """How many telephone numbers the one who acts was shown to call in the last seconds, up to a thousand."""
    return int(connection.execute(text("SELECT my_calls(:seconds)"), {"seconds": seconds}).scalar_one())


def verify(connection: Connection) -> tuple[int, list[ChainFault]]:
    """How many rows there are, and every one that is not as it was written."""
    end = connection.execute(text("SELECT no, hash FROM access_log_end")).one()
    last = connection.execute(text("SELECT no, hash FROM access_log ORDER BY no DESC LIMIT 1")).one_or_none()
    breaks = connection.execute(
        text(
            "SELECT no, before_no, whole, linked FROM (SELECT no, coalesce(lag(no) OVER w, 0) AS before_no,"
            " hash = access_log_hash(l) AS whole, previous = coalesce(lag(hash) OVER w, '') AS linked"
            " FROM access_log l WINDOW w AS (ORDER BY no)) row"
            " WHERE NOT (whole AND linked AND no = before_no + 1) ORDER BY no"
        )
    )
    found = faults(
        (Break(*row) for row in breaks),
        (0, b"") if last is None else (last.no, bytes(last.hash)),
        (end.no, bytes(end.hash)),
        lambda no, others: _written_as(connection, no, others),
    )
    count = connection.execute(text("SELECT count(*) FROM access_log")).scalar_one()
    return count, list(found)


def _written_as(connection: Connection, no: int, others: Iterable[int]) -> int | None:
    statement = text(
        "SELECT other FROM access_log l, unnest(CAST(:others AS bigint[])) other WHERE l.no = :no"
        " AND l.hash = access_log_hash(ROW(other, l.at, l.account_id, l.account_name, l.action, l.outcome,"
        " l.subject_kind, l.subject_id, l.address, l.facts, l.previous, l.hash)::access_log)"
    )
    return connection.execute(statement, {"no": no, "others": list(others)}).scalar()
