"""Alarms of clocks 提醒, and the cases whose clocks are still to be watched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, text

KEY = "case:"
"""What the key of a job begins with that looks at a case; its id follows."""

# Once per case, kind, stage and instant, however often it is tried.
RAISE = text("""
INSERT INTO case_alarms (case_id, version, kind, stage, at, told, loop, unit_id, area_no)
VALUES (:case, :version, :kind, :stage, :at, :told, :loop, :unit, :area_no) ON CONFLICT DO NOTHING RETURNING id
""")

LIVE = "(open_state(c.state) OR c.state = 'closed')"

CASE = """
SELECT c.id, c.district_id, c.state, c.loop, c.version, c.stand, c.unit_id, c.due_at, d.timezone, now() AS now,
    (SELECT version FROM data_versions WHERE topic = 'reference') AS reference_version
FROM cases c JOIN districts d ON d.id = c.district_id WHERE c.version > 0
"""
CASES = text(f"{CASE} AND c.id = ANY (:ids) AND {LIVE} ORDER BY c.id")
UNDUE = text(
    f"{CASE} AND c.state = ANY (:states) AND c.due_at > now() AND c.id > :after ORDER BY c.id LIMIT :limit"
)

LOGS = text("""
SELECT case_id, version, move, target, loop, unit_id, account_id, given, facts, at, client_id
FROM case_transitions WHERE case_id = ANY (:ids) ORDER BY case_id, version
""")

RAISED = text("SELECT case_id, kind, stage, at FROM case_alarms WHERE case_id = ANY (:ids)")

UNWATCHED = text(f"""
SELECT c.id FROM cases c WHERE c.version > 0 AND {LIVE} AND NOT EXISTS (
    SELECT FROM jobs.procrastinate_jobs j WHERE j.queueing_lock = '{KEY}' || c.id AND j.status = 'todo')
AND c.id > :after ORDER BY c.id LIMIT :limit
""")


class Raised(NamedTuple):
    """An alarm that was raised."""

    kind: str
    stage: str
    at: datetime


def raise_alarm(connection: Connection, values: Mapping[str, Any]) -> bool:
    """Note that an instant has come; whether it had not been noted yet."""
    return connection.execute(RAISE, dict(values)).one_or_none() is not None


def raised(connection: Connection, ids: Sequence[int]) -> dict[int, set[Raised]]:
    """The alarms of cases, by case."""
    found: dict[int, set[Raised]] = {}
    for row in connection.execute(RAISED, {"ids": list(ids)}):
        found.setdefault(row.case_id, set()).add(Raised(row.kind, row.stage, row.at))
    return found


def live(connection: Connection, ids: Sequence[int]) -> list[Row[Any]]:
    """Those of some cases of which something may come by itself: open ones, and closed ones until they are archived."""
    return list(connection.execute(CASES, {"ids": list(ids)}))


def undue(connection: Connection, states: Sequence[str], *, after: int, limit: int) -> list[Row[Any]]:
    """Cases in some states that are due later than now, at most `limit` whose ids come after one."""
    values = {"states": list(states), "after": after, "limit": limit}
    return list(connection.execute(UNDUE, values))


def logs(connection: Connection, ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """The whole logs of cases, by case."""
    found: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(LOGS, {"ids": list(ids)}):
        found.setdefault(row.case_id, []).append(row)
    return found


def unwatched(connection: Connection, *, after: int, limit: int) -> list[int]:
    """Live cases that no job waits to look at, at most `limit` whose ids come after one."""
    return list(connection.execute(UNWATCHED, {"after": after, "limit": limit}).scalars())


def districts(connection: Connection) -> list[int]:
    """Ids of the districts that there are."""
    return list(connection.execute(text("SELECT id FROM districts ORDER BY id LIMIT 1000")).scalars())
