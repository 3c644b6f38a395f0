"""Rows of an import that may be known already, and what somebody has decided of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

Record = dict[str, Any]


def replace(connection: Connection, import_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put the open rows in the place of those that nobody has decided; what was decided stays."""
    connection.execute(
        text("DELETE FROM element_import_choices WHERE import_id = :id AND decision IS NULL"),
        {"id": import_id},
    )
    if rows:
        connection.execute(
            text(
                "INSERT INTO element_import_choices (import_id, row, said, candidates)"
                " VALUES (:id, :row, CAST(:said AS jsonb), CAST(:candidates AS jsonb)) ON CONFLICT DO NOTHING"
            ),
            [
                {
                    "id": import_id,
                    "row": row["row"],
                    "said": json.dumps(row["said"], ensure_ascii=False),
                    "candidates": json.dumps(row["candidates"], ensure_ascii=False),
                }
                for row in rows
            ],
        )


def page(connection: Connection, import_id: int, *, after: int, limit: int) -> list[Record]:
    """Rows with what they may be, in the order of the file."""
    rows = connection.execute(
        text(
            "SELECT row, said, candidates, decision FROM element_import_choices"
            " WHERE import_id = :id AND row > :after ORDER BY row LIMIT :limit"
        ),
        {"id": import_id, "after": after, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def counts(connection: Connection, import_id: int) -> tuple[int, int]:
    """How many rows wait for a decision, and of how many it is made."""
    row = connection.execute(
        text(
            "SELECT count(*) FILTER (WHERE decision IS NULL), count(decision) FROM element_import_choices"
            " WHERE import_id = :id"
        ),
        {"id": import_id},
    ).one()
    return int(row[0]), int(row[1])


def decided(connection: Connection, import_id: int) -> list[Record]:
    """Rows of which somebody has decided, each with the name that it had."""
    rows = connection.execute(
        text(
            "SELECT row, said ->> 'name' AS name, decision FROM element_import_choices"
            " WHERE import_id = :id AND decision IS NOT NULL"
        ),
        {"id": import_id},
    )
    return [dict(row._mapping) for row in rows]


def decide(connection: Connection, import_id: int, row: int, decision: str | None) -> bool:
    """Say what a row is, or take that back; whether it is one of which that is asked."""
    done = connection.execute(
        text("UPDATE element_import_choices SET decision = :decision WHERE import_id = :id AND row = :row"),
        {"id": import_id, "row": row, "decision": decision},
    )
    return bool(done.rowcount)


def candidates(connection: Connection, import_id: int, row: int) -> set[int] | None:
    """Ids of what a row may be; None where nothing is asked of it."""
    found = connection.execute(
        text("SELECT candidates FROM element_import_choices WHERE import_id = :id AND row = :row"),
        {"id": import_id, "row": row},
    ).scalar()
    return None if found is None else {int(one["id"]) for one in found}


def forget(connection: Connection, import_id: int) -> None:
    """Delete what was asked, once all of it is written."""
    connection.execute(text("DELETE FROM element_import_choices WHERE import_id = :id"), {"id": import_id})
