"""Imports that somebody prepares: as whoever acts sees them, which are their own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

Record = dict[str, Any]

SEEN = (
    "id, client_id, account_id, district_id, kind, file_name, ending, size_bytes, state, doing, begun_at, cancelled,"
    " rows_read, part, options, header, report, problem, sent_at, done_at"
)


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Write down that a file was sent; its id.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        That account has sent one under that id already.
    """
    statement = text(
        "INSERT INTO element_imports (client_id, account_id, district_id, kind, file_name, ending, size_bytes, options,"
        " header) VALUES (:client_id, :account_id, :district_id, :kind, :file_name, :ending, :size_bytes,"
        " CAST(:options AS jsonb), CAST(:header AS jsonb)) RETURNING id"
    )
    return int(connection.execute(statement, _written(values)).scalar_one())


def under(connection: Connection, client_id: UUID) -> int | None:
    """What the one who acts has sent under an id of their own."""
    statement = text("SELECT id FROM element_imports WHERE client_id = :client")
    return connection.execute(statement, {"client": client_id}).scalar()


def unwritten(connection: Connection) -> int:
    """How many imports of the one who acts are not written yet."""
    return int(
        connection.execute(text("SELECT count(*) FROM element_imports WHERE state <> 'done'")).scalar_one()
    )


def one(connection: Connection, import_id: int, *, hold: bool = False) -> Record | None:
    """An import; held until the transaction ends where it is to be changed."""
    row = connection.execute(
        text(f"SELECT {SEEN} FROM element_imports WHERE id = :id" + (" FOR UPDATE" if hold else "")),
        {"id": import_id},
    ).one_or_none()
    return None if row is None else dict(row._mapping)


def page(connection: Connection, *, before: int | None, limit: int) -> list[Record]:
    """Imports, the newest first."""
    rows = connection.execute(
        text(
            f"SELECT {SEEN} FROM element_imports WHERE CAST(:before AS bigint) IS NULL OR id < :before"
            " ORDER BY id DESC LIMIT :limit"
        ),
        {"before": before, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


CHANGED = frozenset(
    {
        "state", "doing", "queued", "begun_at", "cancelled", "rows_read", "part", "options", "header", "report",
        "problem", "done_at",
    }
)  # fmt: skip


def change(connection: Connection, import_id: int, **values: Any) -> None:
    """Put values in the place of those that an import has."""
    if not CHANGED.issuperset(values):
        raise ValueError(values)
    parts = [f"{name} = :{name}" for name in values]
    connection.execute(
        text(f"UPDATE element_imports SET {', '.join(parts)} WHERE id = :id"),
        {**_written(values), "id": import_id},
    )


def _written(values: Mapping[str, Any]) -> Record:
    return {
        name: json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else value
        for name, value in values.items()
    }


def asked(connection: Connection) -> list[int]:
    """Imports of which somebody wants something that is not in the queue yet; now they are taken to be."""
    rows = connection.execute(
        text(
            "UPDATE element_imports SET queued = true WHERE id IN (SELECT id FROM element_imports"
            " WHERE doing IS NOT NULL AND NOT queued ORDER BY id FOR UPDATE SKIP LOCKED) RETURNING id"
        )
    )
    return sorted(rows.scalars())


def begin(connection: Connection, import_id: int) -> bool:
    """Take an import that waits for a worker; whether it still does."""
    statement = text(
        "UPDATE element_imports SET begun_at = now(), rows_read = 0, part = 0 WHERE id = :id AND doing IS NOT NULL"
    )
    return bool(connection.execute(statement, {"id": import_id}).rowcount)


def advance(connection: Connection, import_id: int, rows_read: int, part: float) -> bool:
    """Say how far the reading is; whether somebody wants it to go on."""
    statement = text(
        "UPDATE element_imports SET rows_read = :rows, part = :part WHERE id = :id"
        " RETURNING doing IS NOT NULL AND NOT cancelled"
    )
    values = {"id": import_id, "rows": rows_read, "part": min(max(part, 0.0), 1.0)}
    return bool(connection.execute(statement, values).scalar())


def remove(connection: Connection, import_id: int) -> None:
    """Delete an import with its file and its choices."""
    connection.execute(text("DELETE FROM element_imports WHERE id = :id"), {"id": import_id})


def add_part(connection: Connection, import_id: int, what: str, no: int, sealed: bytes) -> None:
    """Keep a part of a file."""
    connection.execute(
        text(
            "INSERT INTO element_import_parts (import_id, what, no, sealed) VALUES (:id, :what, :no, :sealed)"
        ),
        {"id": import_id, "what": what, "no": no, "sealed": sealed},
    )


def parts(connection: Connection, import_id: int, what: str) -> Iterator[tuple[int, bytes]]:
    """The parts of a file in their order, one at a time."""
    statement = text(
        "SELECT sealed FROM element_import_parts WHERE import_id = :id AND what = :what AND no = :no"
    )
    no = 0
    while (
        found := connection.execute(statement, {"id": import_id, "what": what, "no": no}).scalar()
    ) is not None:
        yield no, bytes(found)
        no += 1


def remove_parts(connection: Connection, import_id: int, what: str) -> None:
    """Delete a file."""
    connection.execute(
        text("DELETE FROM element_import_parts WHERE import_id = :id AND what = :what"),
        {"id": import_id, "what": what},
    )


def files_there(connection: Connection, import_ids: Sequence[int]) -> dict[int, set[str]]:
    """Which files imports still have."""
    rows = connection.execute(
        text("SELECT import_id, what FROM element_import_parts WHERE import_id = ANY (:ids) AND no = 0"),
        {"ids": list(import_ids)},
    )
    found: dict[int, set[str]] = {number: set() for number in import_ids}
    for row in rows:
        found[row.import_id].add(row.what)
    return found


def forget(connection: Connection, days: int) -> tuple[int, int]:
    """Delete what is older: imports that nobody has written, and workbooks; how many of each."""
    old = "sent_at < now() - make_interval(days => :days) AND doing IS NULL"
    values = {"days": days}
    gone = connection.execute(
        text(f"DELETE FROM element_imports WHERE state <> 'done' AND {old}"), values
    ).rowcount
    books = connection.execute(
        text(
            "DELETE FROM element_import_parts p USING element_imports i WHERE i.id = p.import_id"
            " AND i.done_at < now() - make_interval(days => :days)"
        ),
        values,
    ).rowcount
    return int(gone), int(books)


def held_alone(connection: Connection) -> bool:
    """Take the place of the one import that is read at a time, until the transaction ends; whether it was free.

    Two that are read at once would not find each other's elements, and write them twice.
    """
    statement = text("SELECT pg_try_advisory_xact_lock(hashtext('element_imports'))")
    return bool(connection.execute(statement).scalar_one())
