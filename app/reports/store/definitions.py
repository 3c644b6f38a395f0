"""Definitions of reports that a district has made, and schedules."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, text

from app.reports.tables import ReportDefinition, ReportSchedule

Record = dict[str, Any]

LATEST = """
SELECT DISTINCT ON (code) code, version, kind, title, title_en, sections, formats, retired FROM report_definitions
WHERE district_id = :district AND (CAST(:code AS text) IS NULL OR code = :code) ORDER BY code, version DESC
"""


def latest(connection: Connection, district_id: int, code: str | None = None) -> list[Record]:
    """The last version of each definition, or of one, by their codes."""
    rows = connection.execute(text(LATEST), {"district": district_id, "code": code})
    return [dict(row._mapping) for row in rows]


def versions(connection: Connection, district_id: int, code: str) -> list[Record]:
    """Every version of a definition that the district has made, the newest first."""
    rows = connection.execute(
        text(
            "SELECT code, version, kind, title, title_en, sections, formats, retired, made_at FROM report_definitions"
            " WHERE district_id = :district AND code = :code ORDER BY version DESC LIMIT 100"
        ),
        {"district": district_id, "code": code},
    )
    return [dict(row._mapping) for row in rows]


def add(connection: Connection, **values: Any) -> None:
    """Write a version down.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        Somebody else has just made it.
    """
    connection.execute(insert(ReportDefinition).values(values).inline())


def schedules(connection: Connection, district_id: int, *, after: int, limit: int) -> list[Record]:
    """The schedules of the one who asks that go on, by their ids."""
    rows = connection.execute(
        text(
            "SELECT id, definition, scope, formats, locale, at_minute, next_on, problem FROM report_schedules"
            " WHERE district_id = :district AND stopped_at IS NULL AND id > :after ORDER BY id LIMIT :limit"
        ),
        {"district": district_id, "after": after, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def schedule(connection: Connection, **values: Any) -> int:
    """Set a schedule up; sent twice it is one."""
    made = connection.execute(
        text("SELECT id FROM report_schedules WHERE client_id = :client_id"),
        {"client_id": values["client_id"]},
    ).scalar()
    if made is not None:
        return int(made)
    statement = insert(ReportSchedule).values(values).returning(ReportSchedule.id)
    return int(connection.execute(statement).scalar_one())


def stop(connection: Connection, schedule_id: int) -> bool:
    """Stop a schedule; whether there was one of the one who acts."""
    done = connection.execute(
        text("UPDATE report_schedules SET stopped_at = now() WHERE id = :id AND stopped_at IS NULL"),
        {"id": schedule_id},
    )
    return bool(done.rowcount)


def due(connection: Connection) -> list[Record]:
    """The schedules whose hour has come in their district, held until the transaction ends."""
    rows = connection.execute(
        text(
            "SELECT s.*, d.timezone FROM report_schedules s JOIN districts d ON d.id = s.district_id"
            " WHERE s.stopped_at IS NULL"
            " AND (s.next_on + make_interval(mins => s.at_minute)) AT TIME ZONE d.timezone <= now()"
            " ORDER BY s.id FOR UPDATE OF s SKIP LOCKED LIMIT 100"
        )
    )
    return [dict(row._mapping) for row in rows]


def advance(connection: Connection, schedule_id: int, next_on: date, problem: Record | None) -> None:
    """Note when a schedule comes next, and why it could not be made this time."""
    statement = text(
        "UPDATE report_schedules SET next_on = :next_on, problem = CAST(:problem AS jsonb) WHERE id = :id"
    )
    said = None if problem is None else json.dumps(problem)
    connection.execute(statement, {"id": schedule_id, "next_on": next_on, "problem": said})
