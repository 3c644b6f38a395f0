"""Writes what the care of a person's record needs, as whoever acts."""

from __future__ import annotations

from sqlalchemy import Connection, text


def restrict(connection: Connection, person_id: int, reason: str | None) -> None:
    """Restrict a record from now on for a reason; None lifts it."""
    connection.execute(
        text(
            "UPDATE persons SET restriction = CAST(:reason AS text),"
            " restricted_at = CASE WHEN CAST(:reason AS text) IS NULL THEN NULL ELSE now() END WHERE id = :id"
        ),
        {"id": person_id, "reason": reason},
    )


def delete(connection: Connection, person_id: int) -> list[int]:
    """Delete a person and the records that were merged into theirs; ids of all."""
    return list(connection.execute(text("SELECT delete_person(:id)"), {"id": person_id}).scalar_one())
