"""Cases that were moved, as they are now, and who sees them: one question for all that a look at the log brings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import BigInteger, Integer

from app.notify.rules import Audience, Change
from app.notify.store.reader import OWN, LogRow

# Who saw a case before a move: whose it was in the row before, and what the case keeps of itself from before its last
# move. Of a crew and of helping units the row that named them tells; the log keeps no more of them.
CHANGES = text("""
SELECT w.case_id, w.version AS moved_to, w.xid, c.version, c.state, c.loop, c.unit_id, c.area_no, c.handler_id,
    c.reporter_id, c.co_unit_ids, b.unit_id AS unit_before, b.area_no AS area_before, b.given->'crew' AS crew_named,
    b.given->'co_units' AS helpers_named,
    CASE WHEN c.version = w.version THEN c.stand->'before' END AS stood
FROM unnest(:cases, :versions, :xids) AS w (case_id, version, xid)
JOIN cases c ON c.id = w.case_id
LEFT JOIN case_transitions b ON b.case_id = w.case_id AND b.version = w.version - 1
""").bindparams(
    bindparam("cases", type_=ARRAY(BigInteger)),
    bindparam("versions", type_=ARRAY(Integer)),
    bindparam("xids", type_=ARRAY(BigInteger)),
)

LATEST = text(f"""
SELECT case_id, version, xid::text::bigint AS xid FROM case_transitions l
WHERE xid < pg_snapshot_xmax(CAST(:snapshot AS pg_snapshot))
AND pg_visible_in_snapshot(xid, CAST(:snapshot AS pg_snapshot))
AND {OWN} ORDER BY l.xid DESC LIMIT :limit
""")


def changes(connection: Connection, rows: Sequence[LogRow]) -> list[Change]:
    """What rows of the log tell open screens. A case that has gone on since is told as it is; its next row follows."""
    return _changes(connection, [(row.case_id, row.version, row.xid) for row in rows])


def latest(connection: Connection, snapshot: str, limit: int) -> list[Change]:
    """The last changes that a snapshot shows, by the number of their transaction."""
    found = connection.execute(LATEST, {"snapshot": snapshot, "limit": limit})
    return sorted(_changes(connection, [tuple(row) for row in found]), key=lambda change: change.xid)


def _changes(connection: Connection, keys: Sequence[tuple[int, int, int]]) -> list[Change]:
    if not keys:
        return []
    cases, versions, xids = (list(column) for column in zip(*keys, strict=True))
    found = connection.execute(CHANGES, {"cases": cases, "versions": versions, "xids": xids})
    return [_change(row) for row in found]


def _change(row: Any) -> Change:
    shown = {
        "case_id": row.case_id,
        "version": row.moved_to,
        "state": row.state,
        "loop": row.loop,
        "unit_id": row.unit_id,
    }
    now = _audience(row.area_no, [row.unit_id, *(row.co_unit_ids or ())], [row.handler_id, row.reporter_id])
    if row.area_before is None:
        return Change(row.xid, row.case_id, row.moved_to, shown, now, Audience())
    stood = row.stood or {}
    units = [row.unit_before, stood.get("unit"), *(row.helpers_named or ()), *stood.get("co_units", ())]
    before = _audience(row.area_before, units, [row.crew_named, stood.get("crew"), row.reporter_id])
    return Change(row.xid, row.case_id, row.moved_to, shown, now, before)


def _audience(area: int, units: Sequence[int | None], accounts: Sequence[int | None]) -> Audience:
    return Audience(
        frozenset((area,)),
        frozenset(unit for unit in units if unit is not None),
        frozenset(account for account in accounts if account is not None),
    )
