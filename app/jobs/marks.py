"""How far a job has come: a text under a name, kept in the same transaction as what was done."""

from __future__ import annotations

from sqlalchemy import Connection, text


def take(connection: Connection, name: str) -> str | None:
    """The mark of a name, held until the transaction ends; None where there is none yet."""
    found = connection.execute(
        text("SELECT mark FROM job_marks WHERE name = :name FOR UPDATE"), {"name": name}
    )
    return found.scalar()


def keep(connection: Connection, name: str, mark: str) -> None:
    """Write a mark down."""
    connection.execute(
        text(
            "INSERT INTO job_marks (name, mark) VALUES (:name, :mark)"
            " ON CONFLICT (name) DO UPDATE SET mark = EXCLUDED.mark, at = now()"
        ),
        {"name": name, "mark": mark},
    )
