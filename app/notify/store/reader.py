"""The log of moves, read as it grows: every committed row once, none missed, none twice, however commits interleave.

A move writes its row and tells nobody; whoever wants to know reads on from where they were. Numbers do not come in the
order of commits, so a place in the log is a snapshot of PostgreSQL (`lowest:next:running`): what it shows was read, and
a transaction that was still running then comes later, whole. Nothing has to be remembered beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, text

NUMBER = re.compile(r"\d{1,18}", re.ASCII)
SNAPSHOT = re.compile(r"\d{1,18}:\d{1,18}:(\d{1,18}(,\d{1,18})*)?", re.ASCII)
EPOCH = re.compile(r"[0-9a-f]{12}", re.ASCII)

# Transaction ids mean something only in the history in which they were given: another cluster, another database made
# from a dump, or a history that was turned back to an earlier instant and went on from there, all count differently.
EPOCH_SQL = """
left(md5(concat_ws('.', (SELECT system_identifier FROM pg_control_system()),
    left(pg_walfile_name(pg_current_wal_lsn()), 8),
    (SELECT oid FROM pg_database WHERE datname = current_database()))), 12)
"""

NOW = text(f"SELECT {EPOCH_SQL} AS epoch, pg_current_snapshot()::text AS snapshot")

# What a restored database brought along from the future of this cluster is left out: a row was written by the very
# transaction whose id it carries, or by a part of it, which comes later; one that was copied in carries a later id.
OWN = "(l.xmin::text::bigint - l.xid::text::bigint) & 4294967295 < 2147483648"

SORTED_PAGES = 20
"""A backlog of fewer pages is sorted anew for each; in a longer one each page walks on through the log by case."""

_COLUMNS = """
    l.case_id, l.version, l.move, l.source, l.target, l.loop, l.unit_id, l.area_no, l.account_id, l.at, l.facts,
    l.xid::text::bigint AS xid
"""

# What is new began after the snapshot or ran during it. A planner cannot know that this is little, and would rather go
# through the whole log in the order that is asked for; with each half in the order of ids it takes the index.
# (Of an equal id it would think that it is that of all: one import may have written nearly the whole log.)
READ = text(f"""
WITH now AS MATERIALIZED (SELECT {EPOCH_SQL} AS epoch, pg_current_snapshot() AS snapshot),
new AS MATERIALIZED (
    (SELECT case_id, version, xid FROM case_transitions l
    WHERE xid >= pg_snapshot_xmax(CAST(:done AS pg_snapshot)) AND {OWN} AND (SELECT epoch FROM now) = :epoch
    ORDER BY xid LIMIT :few)
    UNION ALL
    (SELECT t.* FROM pg_snapshot_xip(CAST(:done AS pg_snapshot)) AS ran (xid), LATERAL (
        SELECT case_id, version, xid FROM case_transitions l
        WHERE l.xid >= ran.xid AND l.xid <= ran.xid AND {OWN} AND (SELECT epoch FROM now) = :epoch
        ORDER BY xid LIMIT :few) t)
), page AS MATERIALIZED (
    SELECT case_id, version FROM new, now
    WHERE pg_visible_in_snapshot(xid, coalesce(CAST(:upto AS pg_snapshot), now.snapshot))
    AND (case_id, version) > (:case, :version)
    ORDER BY case_id, version LIMIT :limit
)
SELECT now.epoch, now.snapshot::text AS snapshot, (SELECT count(*) FROM new) AS new, t.*
FROM now LEFT JOIN (
    page JOIN LATERAL (
        SELECT {_COLUMNS} FROM case_transitions l
        WHERE l.case_id = page.case_id AND l.version = page.version LIMIT 1) t ON true
) ON true
ORDER BY t.case_id, t.version
""")

WALK = text(f"""
WITH now AS MATERIALIZED (SELECT {EPOCH_SQL} AS epoch, pg_current_snapshot() AS snapshot)
SELECT now.epoch, now.snapshot::text AS snapshot, NULL AS new, t.*
FROM now LEFT JOIN LATERAL (
    SELECT {_COLUMNS} FROM case_transitions l
    WHERE now.epoch = :epoch
    AND NOT pg_visible_in_snapshot(l.xid, CAST(:done AS pg_snapshot))
    AND pg_visible_in_snapshot(l.xid, coalesce(CAST(:upto AS pg_snapshot), now.snapshot))
    AND (l.case_id, l.version) > (:case, :version)
    AND {OWN}
    ORDER BY l.case_id, l.version LIMIT :limit
) t ON true
""")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the log.

    Parameters
    ----------
    epoch
        The history in which the place means something.
    done
        What this snapshot shows was read.
    upto, after
        In the midst of a long page: what this snapshot shows is read, up to this case and version; None where nothing
        is left of it.
    """

    epoch: str
    done: str
    upto: str | None = None
    after: tuple[int, int] = (0, 0)

    @property
    def text(self) -> str:
        """The place as text, to be kept with what was made of the rows before it."""
        if self.upto is None:
            return f"{self.epoch}~{self.done}"
        return f"{self.epoch}~{self.done}~{self.upto}~{self.after[0]}~{self.after[1]}"

    @classmethod
    def of(cls, kept: str) -> Cursor | None:
        """The place that a text names; None where it names none."""
        epoch, *parts = kept.split("~")
        if not EPOCH.fullmatch(epoch) or len(parts) not in {1, 4} or not all(map(_is_snapshot, parts[:2])):
            return None
        if len(parts) == 1:
            return cls(epoch, parts[0])
        done, upto, case, version = parts
        if not NUMBER.fullmatch(case) or not NUMBER.fullmatch(version):
            return None
        return cls(epoch, done, upto, (int(case), int(version)))


def _is_snapshot(given: str) -> bool:
    """Whether PostgreSQL will read it as a `pg_snapshot`."""
    if not SNAPSHOT.fullmatch(given):
        return False
    lowest, following, *running = (int(number) for number in re.findall(r"\d+", given))
    return 0 < lowest <= following and all(
        before < this < following for before, this in pairwise((lowest - 1, *running))
    )


@dataclass(frozen=True, slots=True)
class LogRow:
    """A move that was committed."""

    case_id: int
    version: int
    move: str
    source: str | None
    target: str
    loop: str
    unit_id: int | None
    area_no: int
    account_id: int | None
    at: datetime
    facts: dict[str, Any]
    xid: int


@dataclass(frozen=True, slots=True)
class Page:
    """What was read.

    Parameters
    ----------
    rows
        By case, and of each case in its order; the versions of a case never come in another order, over pages either.
    cursor
        From where to read on.
    more
        Whether there is more to read now.
    anew
        Whether the place read from belongs to another history, of a database that was restored since: what comes
        between is not known. There are no rows; whoever made something of the log has to look at all of it once.
    """

    rows: tuple[LogRow, ...]
    cursor: Cursor
    more: bool = False
    anew: bool = False


def begin(connection: Connection) -> Cursor:
    """The end of the log now: first take it, then look at what there is, then read on from here."""
    found = connection.execute(NOW).one()
    return Cursor(found.epoch, found.snapshot)


def read(connection: Connection, cursor: Cursor, limit: int, *, walk: bool = True) -> Page:
    """The rows that were committed since a place in the log, at most `limit` of them.

    The transaction has to be READ COMMITTED, so that each call sees what was committed until then; what it has written
    itself it does not read. Rows with ids from the future, which only a dump can have brought, are never news: they
    tell of what was before it, and a place that was kept from then gives `anew`.

    Parameters
    ----------
    walk
        Whether a backlog is read at all, which costs one pass through the log over all its pages; without it there are
        no rows then, only `more`.
    """
    values = {
        "epoch": cursor.epoch,
        "done": cursor.done,
        "upto": cursor.upto,
        "case": cursor.after[0],
        "version": cursor.after[1],
        "limit": limit,
    }
    few = limit * SORTED_PAGES
    found = connection.execute(READ, {**values, "few": few}).all()
    if found[0].new >= few:
        if not walk:
            return Page((), cursor, more=True)
        found = connection.execute(WALK, values).all()
    epoch, now = found[0].epoch, found[0].snapshot
    if epoch != cursor.epoch:
        return Page((), Cursor(epoch, now), anew=True)
    rows = tuple(LogRow(*row[3:]) for row in found if row.case_id is not None)
    upto = cursor.upto or now
    if len(rows) == limit:
        last = (rows[-1].case_id, rows[-1].version)
        return Page(rows, Cursor(epoch, cursor.done, upto, last), more=True)
    return Page(rows, Cursor(epoch, upto), more=cursor.upto is not None)
