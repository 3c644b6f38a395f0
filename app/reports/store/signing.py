"""What becomes of a run that is done: its words, who signed it, who hears of it."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, text

Record = dict[str, Any]


def alone(connection: Connection, run_id: int) -> None:
    """Wait until nobody else is doing something with a run; until the transaction ends nobody else does."""
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('report_runs', CAST(:id AS bigint)))"),
        {"id": run_id},
    )


SIGNED = text("""
INSERT INTO report_signatures (run_id, edition, account_id, name, agreed, remark)
VALUES (:run, :edition, :account, :name, :agreed, :remark)
ON CONFLICT (run_id, edition, account_id) DO NOTHING
""")


def sign(connection: Connection, run_id: int, edition: int, **values: Any) -> bool:
    """Sign an edition; whether this account had not yet."""
    done = connection.execute(SIGNED, {"run": run_id, "edition": edition, **values})
    return bool(done.rowcount)


def signatures(connection: Connection, run_id: int) -> list[Record]:
    """Who signed which edition, the first one first."""
    rows = connection.execute(
        text(
            "SELECT edition, name, agreed, remark, at, account_id = acting_account() AS own FROM report_signatures"
            " WHERE run_id = :run ORDER BY at, account_id LIMIT 1000"
        ),
        {"run": run_id},
    )
    return [dict(row._mapping) for row in rows]


def tell(connection: Connection, run_id: int, kind: str, *, issuers: bool, by: int | None) -> int:
    """Tell of a step those who can issue the report, or those who have had to do with it; how many."""
    statement = text("SELECT tell_of_report(:run, :kind, :issuers, :by)")
    values = {"run": run_id, "kind": kind, "issuers": issuers, "by": by}
    return int(connection.execute(statement, values).scalar_one())


def reworded(connection: Connection) -> list[int]:
    """Runs whose next edition waits to be written and is in no queue yet; they are now."""
    rows = connection.execute(
        text(
            "UPDATE report_runs SET rewording_queued = true WHERE id IN (SELECT id FROM report_runs"
            " WHERE rewording IS NOT NULL AND NOT rewording_queued ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED)"
            " RETURNING id"
        )
    )
    return sorted(row.id for row in rows)


def tell_part(connection: Connection, run_id: int, part: float, doing: str) -> None:
    """Note how far the next edition is."""
    statement = text(
        "UPDATE report_runs SET part = :part, doing = :doing WHERE id = :id AND rewording IS NOT NULL"
    )
    connection.execute(statement, {"id": run_id, "part": part, "doing": doing})


def end_rewording(connection: Connection, run_id: int, rewording: Record | None, edition: int) -> None:
    """Note that the next edition stands; or, with what speaks against it, that it could not be written."""
    statement = text(
        "UPDATE report_runs SET rewording = CAST(:rewording AS jsonb), edition = :edition, part = 1, doing = NULL"
        " WHERE id = :id"
    )
    said = None if rewording is None else json.dumps(rewording)
    connection.execute(statement, {"id": run_id, "rewording": said, "edition": edition})


def cancel(connection: Connection, run_id: int) -> bool:
    """Want a run no longer; whether it was not over yet."""
    done = connection.execute(
        text(
            "UPDATE report_runs SET cancelling = true,"
            " state = CASE state WHEN 'waiting' THEN 'cancelled' ELSE state END"
            " WHERE id = :id AND state IN ('waiting', 'making')"
        ),
        {"id": run_id},
    )
    return bool(done.rowcount)
