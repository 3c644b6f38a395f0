"""Writes relations, as whoever acts."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, text

Record = dict[str, Any]


def add(
    connection: Connection,
    kind: str,
    source_id: int | None,
    target_id: int,
    *,
    case_id: int | None = None,
    from_on: date,
    source: str,
) -> int:
    """Tie one to another; the relation's id.

    Raises
    ------
    sqlalchemy.exc.DBAPIError
        It is there, it would make something lie in itself, or its ends are not for the one who acts.
    """
    return int(
        connection.execute(
            text(
                "INSERT INTO relations (kind, source_id, case_id, target_id, from_on, source)"
                " VALUES (:kind, :source_id, :case_id, :target_id, :from_on, :source) RETURNING id"
            ),
            {
                "kind": kind, "source_id": source_id, "case_id": case_id, "target_id": target_id,
                "from_on": from_on, "source": source,
            },
        ).scalar_one()
    )  # fmt: skip


def site(connection: Connection, element_id: int) -> Record | None:
    """The relation by which an element lies where it does, if what it lies in is in sight."""
    row = connection.execute(
        text(
            "SELECT id, target_id, from_on FROM relations WHERE source_id = :id"
            " AND kind IN ('lives_in', 'located_in') AND to_on IS NULL"
        ),
        {"id": element_id},
    ).one_or_none()
    return None if row is None else dict(row._mapping)


def relation(connection: Connection, relation_id: int) -> Record | None:
    """A relation in sight."""
    row = connection.execute(
        text("SELECT id, kind, source_id, case_id, target_id, from_on, to_on FROM relations WHERE id = :id"),
        {"id": relation_id},
    ).one_or_none()
    return None if row is None else dict(row._mapping)


def end(connection: Connection, relation_id: int, on_day: date) -> bool:
    """End a relation on a day; one that begins on it was a slip and goes. Whether it was for the one who acts."""
    about = {"id": relation_id, "day": on_day}
    gone = connection.execute(
        text("DELETE FROM relations WHERE id = :id AND from_on >= :day"), about
    ).rowcount
    ended = connection.execute(
        text("UPDATE relations SET to_on = :day WHERE id = :id AND from_on < :day AND to_on IS NULL"), about
    )
    return bool(gone or ended.rowcount)


def leave(connection: Connection, element_id: int, on_day: date) -> None:
    """Let something lie no longer in what is out of sight, if it does; nobody is told whether it did."""
    connection.execute(text("SELECT leave_site(:id, :day)"), {"id": element_id, "day": on_day})


def case_seen(connection: Connection, case_id: int) -> bool:
    """Whether a case is in sight."""
    return bool(
        connection.execute(
            text("SELECT EXISTS (SELECT FROM cases WHERE id = :id)"), {"id": case_id}
        ).scalar_one()
    )


def end_all(connection: Connection, element_id: int, on_day: date) -> None:
    """End every open relation of an element that is for the one who acts."""
    about = {"id": element_id, "day": on_day}
    mine = "(source_id = :id OR target_id = :id) AND to_on IS NULL AND kind <> 'concerns'"
    connection.execute(text(f"DELETE FROM relations WHERE {mine} AND from_on >= :day"), about)
    connection.execute(text(f"UPDATE relations SET to_on = :day WHERE {mine}"), about)
