"""The log of moves: a case is locked, its next row is written, and what folding gives is kept in its own row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import BigInteger, Integer, LargeBinary, Text

from app.db import prepared

# Who moves is read in the same breath: the posts of the account, and whether the case lies in its territory.
LOCK = prepared("""
SELECT c.id, c.district_id, c.number, c.category_id, c.state, c.loop, c.version, c.stand, c.unit_id, c.area_no,
    c.due_at, c.closed_at, c.reported_at, c.handler_id, c.condition_id, c.import_id, d.timezone,
    (SELECT inner_check FROM units WHERE id = c.unit_id) AS inner_check,
    (SELECT version FROM data_versions WHERE topic = 'reference') AS reference_version,
    now() AS now, c.area_no <@ territory() AS within,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(post_id, role, unit_id)), '[]') FROM acting_posts()) AS posts
FROM cases c JOIN districts d ON d.id = c.district_id WHERE c.id = :case FOR UPDATE OF c
""")

ROWS = prepared("""
SELECT version, move, source, target, loop, unit_id, account_id, post_id, given, facts, at, recorded_at, client_id
FROM case_transitions WHERE case_id = :case ORDER BY version
""")

# One statement for all that a move writes.
RECORD = prepared("""
WITH row AS (
    INSERT INTO case_transitions (case_id, version, move, source, target, loop, unit_id, area_no, account_id, post_id,
        seats, given, facts, at, client_id)
    VALUES (:case, :version, :move, :source, :target, :loop, :unit, :area_no, :account, :post,
        :seats, :given, :facts, :at, :client)
), said AS (
    INSERT INTO case_remarks (case_id, version, field, body, salt)
    SELECT :case, :version, * FROM unnest(:remark_fields, :remark_bodies, :remark_salts)
), shown AS (
    INSERT INTO case_attachments (case_id, file_id, version, field)
    SELECT :case, file_id, :version, field FROM unnest(:file_ids, :file_fields) AS f (file_id, field)
)
UPDATE cases SET state = :target, loop = :loop, version = :version, stand = :stand, unit_id = :unit,
    handler_id = :handler, co_unit_ids = :co_units, condition_id = :condition, category_id = :category,
    due_at = :due_at, near_at = :near_at, closed_at = :closed_at
WHERE id = :case AND version = :version - 1
""").bindparams(
    bindparam("seats", type_=ARRAY(Text)),
    bindparam("given", type_=JSONB),
    bindparam("facts", type_=JSONB),
    bindparam("stand", type_=JSONB),
    bindparam("co_units", type_=ARRAY(Integer)),
    bindparam("remark_fields", type_=ARRAY(Text)),
    bindparam("remark_bodies", type_=ARRAY(Text)),
    bindparam("remark_salts", type_=ARRAY(LargeBinary)),
    bindparam("file_ids", type_=ARRAY(Integer)),
    bindparam("file_fields", type_=ARRAY(Text)),
    bindparam("case", type_=BigInteger),
    bindparam("version", type_=Integer),
)


@dataclass(frozen=True, slots=True)
class Remark:
    """A text of a row of the log, and the salt of its hash there."""

    field: str
    body: str
    salt: bytes


@dataclass(frozen=True, slots=True)
class NewRow:
    """The next row of a case's log, and the case after it."""

    case_id: int
    version: int
    move: str
    source: str | None
    target: str
    loop: str
    unit: int | None
    area_no: int
    account: int | None
    post: int | None
    seats: Sequence[str]
    given: Mapping[str, Any]
    facts: Mapping[str, Any]
    at: datetime
    client: UUID | None
    stand: Mapping[str, Any]
    handler: int | None
    co_units: Sequence[int] | None
    condition: int | None
    category: int
    due_at: datetime | None
    near_at: datetime | None
    closed_at: datetime | None
    remarks: Sequence[Remark] = ()
    files: Sequence[tuple[int, str]] = field(default=())


def lock(connection: Connection, case_id: int) -> Row[Any] | None:
    """The case as it is, held until the transaction ends, with who acts; None where the one who acts sees none."""
    return connection.execute(LOCK, {"case": case_id}).one_or_none()


def rows(connection: Connection, case_id: int) -> list[Row[Any]]:
    """The whole log of a case, in its order."""
    return list(connection.execute(ROWS, {"case": case_id}))


def record(connection: Connection, row: NewRow) -> None:
    """Write the next row of a log, and the case as it is after it. The case has to be locked."""
    connection.execute(RECORD, _values(row))


def begin(connection: Connection, case_id: int) -> None:
    """Give a case that came from elsewhere the first row of its log, with what its source said."""
    connection.execute(text("SELECT log_import_of(:case)"), {"case": case_id})


def link(connection: Connection, case_id: int, kind: str, other_id: int, version: int) -> None:
    """Note that a case goes on in, comes again after, or was split from another."""
    connection.execute(
        text(
            "INSERT INTO case_links (case_id, kind, other_id, version) VALUES (:case, :kind, :other, :version)"
        ),
        {"case": case_id, "kind": kind, "other": other_id, "version": version},
    )


def _values(row: NewRow) -> dict[str, Any]:
    return {
        "case": row.case_id,
        "version": row.version,
        "move": row.move,
        "source": row.source,
        "target": row.target,
        "loop": row.loop,
        "unit": row.unit,
        "area_no": row.area_no,
        "account": row.account,
        "post": row.post,
        "seats": list(row.seats),
        "given": dict(row.given),
        "facts": dict(row.facts),
        "at": row.at,
        "client": row.client,
        "stand": dict(row.stand),
        "handler": row.handler,
        "co_units": None if not row.co_units else list(row.co_units),
        "condition": row.condition,
        "category": row.category,
        "due_at": row.due_at,
        "near_at": row.near_at,
        "closed_at": row.closed_at,
        "remark_fields": [remark.field for remark in row.remarks],
        "remark_bodies": [remark.body for remark in row.remarks],
        "remark_salts": [remark.salt for remark in row.remarks],
        "file_ids": [file_id for file_id, _ in row.files],
        "file_fields": [name for _, name in row.files],
    }
