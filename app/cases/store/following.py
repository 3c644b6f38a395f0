"""关注: the cases that somebody keeps in sight, read and written as themselves."""

from __future__ import annotations

from sqlalchemy import Connection, text

from app.errors import ConflictError, NotFoundError

MOST = 500
"""Cases that one person follows; what is older than these nobody keeps in sight."""


def followed(connection: Connection) -> tuple[int, ...]:
    """Ids of the cases that the one who asks follows, the newest first."""
    rows = connection.execute(
        text("SELECT case_id FROM case_followers ORDER BY since DESC, case_id DESC LIMIT :most"),
        {"most": MOST},
    )
    return tuple(rows.scalars())


def follows(connection: Connection, case_id: int) -> bool:
    """Whether the one who asks follows a case."""
    statement = text("SELECT EXISTS (SELECT FROM case_followers WHERE case_id = :case)")
    return bool(connection.execute(statement, {"case": case_id}).scalar_one())


def follow(connection: Connection, case_id: int) -> None:
    """Follow a case; twice is once.

    Raises
    ------
    NotFoundError
        `case_missing`: not there, or not for the one who asks.
    ConflictError
        `follows_too_many`.
    """
    there = connection.execute(text("SELECT EXISTS (SELECT FROM cases WHERE id = :case)"), {"case": case_id})
    if not there.scalar_one():
        raise NotFoundError("case_missing", id=case_id)
    if len(followed(connection)) >= MOST and not follows(connection, case_id):
        raise ConflictError("follows_too_many", most=MOST)
    connection.execute(
        text(
            "INSERT INTO case_followers (account_id, case_id) VALUES (acting_account(), :case) ON CONFLICT DO NOTHING"
        ),
        {"case": case_id},
    )


def let_go(connection: Connection, case_id: int) -> None:
    """Follow a case no longer; not to have followed it is as good."""
    connection.execute(text("DELETE FROM case_followers WHERE case_id = :case"), {"case": case_id})
