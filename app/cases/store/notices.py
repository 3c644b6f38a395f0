"""Inboxes: what is written into them, what is read of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import BigInteger, Integer

from app.db import prepared

# Of each row all that decides who is told: who is named in it, who has the case, who asked, who reported it or what was
# merged into it.
ROWS = prepared("""
SELECT t.case_id, t.version, t.move, t.loop, t.unit_id, t.area_no, t.account_id, t.at, t.given, t.facts,
    coalesce(c.number, c.external_ref) AS number, c.category_id, c.handler_id,
    (c.stand ->> 'checker')::int AS checker_id,
    (SELECT a.account_id FROM case_transitions a WHERE a.case_id = t.case_id AND a.version < t.version
        AND a.move = :asked ->> t.move ORDER BY a.version DESC LIMIT 1) AS asker_id,
    ARRAY(SELECT c.reporter_id WHERE c.reporter_id IS NOT NULL UNION SELECT m.reporter_id FROM case_links l
        JOIN cases m ON m.id = l.case_id WHERE l.kind = 'merged_into' AND l.other_id = t.case_id
        AND m.state = 'merged' AND m.reporter_id IS NOT NULL) AS reporter_ids
FROM unnest(:cases, :versions) AS w (case_id, version)
JOIN case_transitions t USING (case_id, version) JOIN cases c ON c.id = t.case_id ORDER BY t.case_id, t.version
""").bindparams(
    bindparam("asked", type_=JSONB),
    bindparam("cases", type_=ARRAY(BigInteger)),
    bindparam("versions", type_=ARRAY(Integer)),
)

# One statement for a batch: people by name, by their unit, by the place that their post is over. Nobody hears of what
# they did themselves, and a row that is read again writes nothing.
TELL = prepared("""
WITH wanted AS (
    SELECT * FROM jsonb_to_recordset(CAST(:wanted AS jsonb)) AS w (case_id bigint, version int, kind text,
        accounts int[], units int[], roles text[], area_no bigint, by int, at timestamptz, facts jsonb)
), days AS MATERIALIZED (
    SELECT id AS district_id, district_today(id) AS today FROM districts
), holders AS (
    SELECT s.account_id, p.id AS post_id, p.role, p.unit_id FROM posts p JOIN post_holders h ON h.post_id = p.id
    JOIN staff_members s ON s.id = h.staff_id JOIN days d ON d.district_id = s.district_id
    WHERE p.role IN (SELECT unnest(roles) FROM wanted)
        AND s.account_id IS NOT NULL AND daterange(h.from_on, h.until_on) @> d.today
), told AS (
    SELECT unnest(w.accounts) AS account_id, w.* FROM wanted w
    UNION ALL SELECT o.account_id, w.* FROM wanted w JOIN holders o ON o.unit_id = ANY (w.units)
        AND o.role = ANY (w.roles)
    UNION ALL SELECT o.account_id, w.* FROM wanted w JOIN holders o ON o.role = ANY (w.roles)
        JOIN post_areas a ON a.post_id = o.post_id JOIN area_numbers n ON n.no = a.area_no
            AND w.area_no BETWEEN n.no AND n.last_no
)
INSERT INTO notices (account_id, kind, case_id, version, facts, at)
SELECT DISTINCT ON (t.account_id, t.case_id, t.version, t.kind) t.account_id, t.kind, t.case_id, t.version, t.facts,
    t.at
FROM told t JOIN accounts a ON a.id = t.account_id AND a.state = 'active'
WHERE t.account_id IS DISTINCT FROM t.by
ON CONFLICT DO NOTHING RETURNING id, account_id
""")

# A move that was undone was never meant: whoever has not read of it does not; who has is told.
TAKE_BACK = text("""
WITH gone AS (
    DELETE FROM notices n USING unnest(:cases, :versions) AS w (case_id, version)
    WHERE n.case_id = w.case_id AND n.version = w.version - 1 AND n.read_at IS NULL
)
INSERT INTO notices (account_id, kind, case_id, version, facts, at)
SELECT DISTINCT n.account_id, 'undone', n.case_id, w.version, n.facts, now() FROM notices n
JOIN unnest(:cases, :versions) AS w (case_id, version) ON n.case_id = w.case_id AND n.version = w.version - 1
WHERE n.read_at IS NOT NULL
ON CONFLICT DO NOTHING
""").bindparams(bindparam("cases", type_=ARRAY(BigInteger)), bindparam("versions", type_=ARRAY(Integer)))

INBOX = text("""
SELECT n.id, n.kind, n.case_id, n.proposal_id, n.report_run_id, n.version, n.facts, n.at, n.read_at, k.name AS category,
    k.name_en AS category_en,
    u.name AS unit, u.name_en AS unit_en,
    EXISTS (SELECT FROM cases c WHERE c.id = n.case_id)
    OR EXISTS (SELECT FROM grid_proposals p WHERE p.id = n.proposal_id)
    OR EXISTS (SELECT FROM report_runs r WHERE r.id = n.report_run_id) AS in_sight
FROM notices n LEFT JOIN case_categories k ON k.id = (n.facts ->> 'category_id')::int
    LEFT JOIN units u ON u.id = (n.facts ->> 'unit_id')::int
WHERE (CAST(:before AS bigint) IS NULL OR n.id < :before) AND (NOT :unread OR n.read_at IS NULL)
    AND n.account_id = acting_account()
ORDER BY n.id DESC LIMIT :limit
""")


def rows(
    connection: Connection, keys: Sequence[tuple[int, int]], asked_by: Mapping[str, str]
) -> list[Row[Any]]:
    """Rows of the log by case and version, with whom they could concern."""
    values = {"cases": [case for case, _ in keys], "versions": [version for _, version in keys]}
    return list(connection.execute(ROWS, {**values, "asked": dict(asked_by)}))


def tell(connection: Connection, wanted: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Write notices to whoever is wanted; id and account of those that are new."""
    told = json.dumps([dict(one) for one in wanted], default=str)
    return [(row.id, row.account_id) for row in connection.execute(TELL, {"wanted": told})]


def take_back(connection: Connection, undone: Sequence[tuple[int, int]]) -> None:
    """Take back what was told of the moves before these rows."""
    values = {"cases": [case for case, _ in undone], "versions": [version for _, version in undone]}
    connection.execute(TAKE_BACK, values)


def inbox(connection: Connection, *, before: int | None, unread: bool, limit: int) -> list[dict[str, Any]]:
    """The notices of the one who asks, the newest first, at most `limit` that come before an id."""
    found = connection.execute(INBOX, {"before": before, "unread": unread, "limit": limit})
    return [dict(row._mapping) for row in found]


def unread(connection: Connection, most: int) -> int:
    """How many notices the one who asks has not read, counted no further than `most`."""
    statement = text(
        "SELECT count(*) FROM (SELECT FROM notices WHERE account_id = acting_account() AND read_at IS NULL"
        " LIMIT :most) waiting"
    )
    return int(connection.execute(statement, {"most": most}).scalar_one())


def mark_read(connection: Connection, *, ids: Sequence[int] | None, upto: int | None) -> int:
    """Mark notices of the one who asks as read: some of them, or all up to an id; how many that were."""
    done = connection.execute(
        text(
            "UPDATE notices SET read_at = now() WHERE account_id = acting_account() AND read_at IS NULL"
            " AND (id = ANY (CAST(:ids AS bigint[])) OR id <= CAST(:upto AS bigint))"
        ),
        {"ids": None if ids is None else list(ids), "upto": upto},
    )
    return int(done.rowcount)


def forget(connection: Connection, days: int, limit: int) -> int:
    """Delete what was told more than so many days ago, a part at a time; how many that were."""
    done = connection.execute(
        text(
            "DELETE FROM notices WHERE id IN (SELECT id FROM notices WHERE at < now() - make_interval(days => :days)"
            " ORDER BY id LIMIT :limit)"
        ),
        {"days": days, "limit": limit},
    )
    return int(done.rowcount)
