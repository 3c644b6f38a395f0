"""The log of moves held against its chain of hashes, and the seals against theirs and against the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, text

MOST = 1_000
"""Rows that one question names at most: who has changed more has changed everything."""

BREAKS = text("""
SELECT case_id, version, before_version, whole, linked FROM (
    SELECT t.case_id, t.version, coalesce(lag(t.version) OVER w, 0) AS before_version,
        t.hash = transition_hash(t) AS whole, t.previous = coalesce(lag(t.hash) OVER w, first_link(t.case_id)) AS linked
    FROM case_transitions t WINDOW w AS (PARTITION BY t.case_id ORDER BY t.version)) row
WHERE NOT (whole AND linked AND version = before_version + 1) ORDER BY case_id, version LIMIT :most
""")

# A case without a log has version 0; a log whose case is gone has none.
ENDS = text("""
SELECT coalesce(c.id, t.case_id) AS case_id, c.version, coalesce(t.version, 0) AS last FROM cases c
FULL JOIN (SELECT case_id, max(version) AS version FROM case_transitions GROUP BY case_id) t ON t.case_id = c.id
WHERE c.version IS DISTINCT FROM coalesce(t.version, 0) ORDER BY 1 LIMIT :most
""")

WRITTEN_AS = text("""
SELECT other FROM case_transitions t, unnest(CAST(:others AS int[])) other
WHERE t.case_id = :case AND t.version = :version
AND t.hash = transition_hash(jsonb_populate_record(t, jsonb_build_object('version', other))) LIMIT 1
""")

SEALS = text("""
SELECT no, before_no, whole, linked FROM (SELECT s.no, coalesce(lag(s.no) OVER w, 0) AS before_no,
    s.hash = seal_hash(s) AS whole, s.previous = coalesce(lag(s.hash) OVER w, sha256('seals')) AS linked
    FROM case_seals s WINDOW w AS (ORDER BY s.no)) row
WHERE NOT (whole AND linked AND no = before_no + 1) ORDER BY no LIMIT :most
""")

SEALED_AS = text("""
SELECT other FROM case_seals s, unnest(CAST(:others AS bigint[])) other WHERE s.no = :no
AND s.hash = seal_hash(jsonb_populate_record(s, jsonb_build_object('no', other))) LIMIT 1
""")

# Heads of seals that are whole: one that was changed says nothing about the log.
HEADS = text("""
SELECT h.case_id, min(h.version) AS version, max(h.version) AS sealed,
    (SELECT coalesce(max(version), 0) FROM case_transitions l WHERE l.case_id = h.case_id) AS last FROM case_seals s
CROSS JOIN unnest(s.case_ids, s.versions) WITH ORDINALITY AS h (case_id, version, place)
LEFT JOIN case_transitions t ON t.case_id = h.case_id AND t.version = h.version
WHERE s.hash = seal_hash(s) AND t.hash IS DISTINCT FROM substring(s.heads FROM 32 * (h.place::int - 1) + 1 FOR 32)
GROUP BY h.case_id ORDER BY h.case_id LIMIT :most
""")

COUNTS = text("""
SELECT (SELECT count(*) FROM case_transitions) AS rows, (SELECT count(*) FROM case_seals) AS seals,
    (SELECT encode(hash, 'hex') FROM case_seals ORDER BY no DESC LIMIT 1) AS last_seal
""")

CASES = text("""
SELECT id, state, loop, version, unit_id, stand FROM cases WHERE version > 0 AND id > :after ORDER BY id LIMIT :limit
""")
LOGS = text("""
SELECT case_id, version, move, account_id, given, facts, at FROM case_transitions
WHERE case_id > :after AND case_id <= :upto ORDER BY case_id, version
""")


def hold_still(connection: Connection) -> None:
    """See one instant from here on and write nothing; the first thing that a transaction does."""
    connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


def breaks(connection: Connection) -> list[Row[Any]]:
    """Rows at which the chain of a case does not hold."""
    return list(connection.execute(BREAKS, {"most": MOST}))


def ends(connection: Connection) -> list[Row[Any]]:
    """Cases whose row and log do not end alike; without a version those that are gone."""
    return list(connection.execute(ENDS, {"most": MOST}))


def written_as(connection: Connection, case_id: int, version: int, others: Iterable[int]) -> int | None:
    """Under which of other versions a row of a case was written; None for none of them."""
    values = {"case": case_id, "version": version, "others": list(others)}
    return connection.execute(WRITTEN_AS, values).scalar()


def seal_breaks(connection: Connection) -> list[Row[Any]]:
    """Seals at which their chain does not hold."""
    return list(connection.execute(SEALS, {"most": MOST}))


def sealed_as(connection: Connection, no: int, others: Iterable[int]) -> int | None:
    """Under which of other numbers a seal was made; None for none of them."""
    return connection.execute(SEALED_AS, {"no": no, "others": list(others)}).scalar()


def unlike_heads(connection: Connection) -> list[Row[Any]]:
    """Cases whose log is not as a seal has it: from which version on, how far it was sealed, how far it goes."""
    return list(connection.execute(HEADS, {"most": MOST}))


def counts(connection: Connection) -> Row[Any]:
    """How many rows and seals there are, and the hash of the last seal."""
    return connection.execute(COUNTS).one()


def folded(connection: Connection, page: int) -> Iterator[tuple[Row[Any], list[Row[Any]]]]:
    """Every case that has a log, with it, in the order of their ids."""
    after = 0
    while cases := list(connection.execute(CASES, {"after": after, "limit": page})):
        logs: dict[int, list[Row[Any]]] = {}
        for row in connection.execute(LOGS, {"after": after, "upto": cases[-1].id}):
            logs.setdefault(row.case_id, []).append(row)
        yield from ((case, logs.get(case.id, [])) for case in cases)
        after = cases[-1].id
