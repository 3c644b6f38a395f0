"""Whom to tell what became of a case, with their sealed telephones."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text


def add(
    connection: Connection, case_id: int, name: str | None, phone: bytes, index: bytes, tail: bytes
) -> None:
    """Keep whom to tell."""
    connection.execute(
        text(
            "INSERT INTO case_contacts (case_id, name, phone, phone_index, tail_index)"
            " VALUES (:case, :name, :phone, :index, :tail)"
        ),
        {"case": case_id, "name": name, "phone": phone, "index": index, "tail": tail},
    )


def in_clear(connection: Connection, most: int) -> list[tuple[int, str]]:
    """Cases whose telephones came before there were seals, the first so many, held until the transaction ends."""
    rows = connection.execute(
        text(
            "SELECT case_id, plain FROM case_contacts WHERE plain IS NOT NULL ORDER BY case_id LIMIT :most FOR UPDATE"
        ),
        {"most": most},
    )
    return [(row.case_id, row.plain) for row in rows]


def seal(connection: Connection, rows: Sequence[tuple[int, bytes, bytes, bytes]]) -> None:
    """Put sealed telephones, their indexes and those of their last digits in the place of those in clear."""
    connection.execute(
        text(
            "UPDATE case_contacts SET plain = NULL, phone = :phone, phone_index = :index, tail_index = :tail"
            " WHERE case_id = :case"
        ),
        [{"case": case, "phone": phone, "index": index, "tail": tail} for case, phone, index, tail in rows],
    )
