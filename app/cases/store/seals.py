"""Seals of the log: the last rows of cases that have moved, chained over all cases; see `0015_queue_jobs.sql`."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import BigInteger, Integer

# Simulated cases are thrown away when real data come; a seal over them would then hold nothing.
SEAL = text("""
INSERT INTO case_seals (case_ids, versions, heads)
SELECT array_agg(case_id ORDER BY case_id), array_agg(version ORDER BY case_id), string_agg(hash, '' ORDER BY case_id)
FROM (SELECT t.case_id, t.version, t.hash FROM unnest(:cases, :versions) AS w (case_id, version)
    JOIN case_transitions t USING (case_id, version) JOIN cases c ON c.id = case_id AND NOT c.simulated) heads
HAVING count(*) > 0 RETURNING no
""").bindparams(bindparam("cases", type_=ARRAY(BigInteger)), bindparam("versions", type_=ARRAY(Integer)))

HEADS = text("""
SELECT case_id, max(version) AS version FROM case_transitions WHERE case_id > :after
GROUP BY case_id ORDER BY case_id LIMIT :limit
""")


def seal(connection: Connection, heads: Iterable[tuple[int, int]]) -> int | None:
    """Seal the logs of cases up to a version each; the number of the seal, None where there was nothing to seal."""
    wanted = list(heads)
    values = {"cases": [case for case, _ in wanted], "versions": [version for _, version in wanted]}
    return connection.execute(SEAL, values).scalar()


def heads(connection: Connection, *, after: int, limit: int) -> list[tuple[int, int]]:
    """Cases with the versions that their logs have come to, at most `limit` whose ids come after one."""
    rows = connection.execute(HEADS, {"after": after, "limit": limit})
    return [(row.case_id, row.version) for row in rows]
