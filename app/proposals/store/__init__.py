"""Reads and writes proposals, as the one who asks sees them: the walls are in migration 0045."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

Record = dict[str, Any]

SEEN = """
SELECT p.*, n.code AS area, a.name AS area_name, a.name_en AS area_name_en, e.name AS base_edition,
    b.id AS edition_now_id, p.base_edition_id IS DISTINCT FROM b.id AS outdated,
    CASE WHEN p.base_edition_id = b.id THEN '{}' ELSE proposal_touched(p.id) END AS touched,
    district_today(p.district_id) AS today, s.*
FROM grid_proposals p JOIN area_numbers n ON n.no = p.area_no JOIN grid_editions e ON e.id = p.base_edition_id
LEFT JOIN LATERAL (SELECT name, name_en FROM areas x WHERE x.no = p.area_no ORDER BY x.id DESC LIMIT 1) a ON true
LEFT JOIN grid_editions b ON b.district_id = p.district_id AND b.state = 'in_force'
LEFT JOIN LATERAL proposal_signers(p.id) s ON true
"""

CHANGED = frozenset(
    {
        "name", "note", "base_edition_id", "state", "effective_on", "least_households", "most_households", "version",
        "step", "proposed_by", "proposed_at", "approved_by", "approved_at", "ended_by", "ended_at", "reason",
        "edition_id", "doing", "asked", "queued", "part", "problem", "tried_on", "suggestion", "comparison",
    }
)  # fmt: skip


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Begin a proposal; its id.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        There is one under that client id already.
    """
    names = ", ".join(values)
    given = ", ".join(f":{name}" for name in values)
    statement = text(f"INSERT INTO grid_proposals ({names}) VALUES ({given}) RETURNING id")
    return int(connection.execute(statement, dict(values)).scalar_one())


def under(connection: Connection, client_id: UUID) -> int | None:
    """The proposal that was begun under an id of the client."""
    statement = text("SELECT id FROM grid_proposals WHERE client_id = :client")
    return connection.execute(statement, {"client": client_id}).scalar()


def one(connection: Connection, proposal_id: int, *, hold: bool = False) -> Record | None:
    """A proposal; held until the transaction ends where it is to be changed."""
    statement = text(f"{SEEN} WHERE p.id = :id" + (" FOR UPDATE OF p" if hold else ""))
    row = connection.execute(statement, {"id": proposal_id}).one_or_none()
    return None if row is None else dict(row._mapping)


def page(
    connection: Connection, district_id: int, *, state: str | None, before: int | None, limit: int
) -> list[Record]:
    """Proposals, the newest first."""
    rows = connection.execute(
        text(
            f"{SEEN} WHERE p.district_id = :district AND (CAST(:state AS text) IS NULL OR p.state = :state)"
            " AND (CAST(:before AS int) IS NULL OR p.id < :before) ORDER BY p.id DESC LIMIT :limit"
        ),
        {"district": district_id, "state": state, "before": before, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def change(connection: Connection, proposal_id: int, **values: Any) -> None:
    """Put values in the place of those that a proposal has."""
    if not CHANGED.issuperset(values):
        raise ValueError(values)
    parts = [
        f"{name} = CAST(:{name} AS jsonb)" if isinstance(value, dict) else f"{name} = :{name}"
        for name, value in values.items()
    ]
    written = {
        name: json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict) else value
        for name, value in values.items()
    }
    connection.execute(
        text(f"UPDATE grid_proposals SET {', '.join(parts)} WHERE id = :id"), {**written, "id": proposal_id}
    )


def edition_now(connection: Connection, district_id: int) -> int:
    """The edition that is in force."""
    statement = text("SELECT id FROM grid_editions WHERE district_id = :district AND state = 'in_force'")
    return int(connection.execute(statement, {"district": district_id}).scalar_one())


def areas(connection: Connection, district_id: int) -> list[Record]:
    """Areas in the territory of the one who asks whose cells a proposal may draw, by code: all above the cells.

    To the command line of the server, which has no territory, they are all there are.
    """
    rows = connection.execute(
        text(
            "SELECT a.no, a.code, a.level, a.name, a.name_en FROM areas_on(:district, district_today(:district)) a"
            " WHERE a.level NOT IN ('cell', 'resident_group') AND (a.no <@ territory() OR acting_account() IS NULL)"
            ' ORDER BY a.code COLLATE "C" LIMIT 2000'
        ),
        {"district": district_id},
    )
    return [dict(row._mapping) for row in rows]


def asked(connection: Connection) -> list[int]:
    """Proposals for which something is to be done that is not in the queue yet; now they are taken to be."""
    rows = connection.execute(
        text(
            "UPDATE grid_proposals SET queued = true WHERE id IN (SELECT id FROM grid_proposals"
            " WHERE doing IS NOT NULL AND NOT queued ORDER BY id FOR UPDATE SKIP LOCKED) RETURNING id"
        )
    )
    return sorted(rows.scalars())


def due(connection: Connection) -> list[int]:
    """Approved proposals whose day has come, and which were not found impossible today."""
    rows = connection.execute(
        text(
            "SELECT id FROM grid_proposals WHERE state = 'approved' AND effective_on <= district_today(district_id)"
            " AND (tried_on IS NULL OR tried_on < district_today(district_id)) ORDER BY effective_on, id"
        )
    )
    return list(rows.scalars())
