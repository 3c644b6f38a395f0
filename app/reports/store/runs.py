"""Runs of reports: asked for, made, edited, signed; what they say, and their files."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, text, update
from sqlalchemy.dialects.postgresql import JSONB

from app.reports.tables import ReportDocument, ReportEdition, ReportFile, ReportRun

Record = dict[str, Any]

ROW = """
SELECT r.*, r.account_id IS NOT DISTINCT FROM acting_account() AS own FROM report_runs r
WHERE r.district_id = :district
"""
PAGE = f"""
{ROW} AND (CAST(:before AS int) IS NULL OR r.id < :before) AND (CAST(:kind AS text) IS NULL OR r.kind = :kind)
    AND CASE :which WHEN 'own' THEN r.account_id = acting_account() WHEN 'issued' THEN r.issued_at IS NOT NULL
        WHEN 'circulated' THEN r.circulated_at IS NOT NULL AND r.issued_at IS NULL ELSE true END
ORDER BY r.id DESC LIMIT :limit
"""
FILES = """
SELECT name, format, size_bytes, sha256 FROM report_files WHERE run_id = :run AND edition = :edition ORDER BY name
"""


def add(connection: Connection, **values: Any) -> int:
    """Write down what is asked for; sent twice it is one.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        Somebody else has sent something under the same id.
    """
    known = of_client(connection, values["client_id"])
    if known is not None:
        return known
    statement = insert(ReportRun).values(values).returning(ReportRun.id)
    return int(connection.execute(statement).scalar_one())


def of_client(connection: Connection, client_id: UUID) -> int | None:
    """The run that was sent under an id."""
    statement = text("SELECT id FROM report_runs WHERE client_id = :client_id")
    return connection.execute(statement, {"client_id": client_id}).scalar()


def page(
    connection: Connection,
    district_id: int,
    *,
    kind: str | None,
    which: str = "all",
    before: int | None,
    limit: int,
) -> list[Record]:
    """Runs in sight, the newest first, those before an id.

    Parameters
    ----------
    which
        `own`: of the one who asks; `circulated`: that wait to be issued; `issued`; or all.
    """
    values = {"district": district_id, "kind": kind, "which": which, "before": before, "limit": limit}
    return [dict(row._mapping) for row in connection.execute(text(PAGE), values)]


def one(connection: Connection, run_id: int, *, hold: bool = False) -> Record | None:
    """One run in sight; held until the transaction ends where it is going to be changed."""
    statement = ROW.replace("r.district_id = :district", "r.id = :id") + (" FOR UPDATE OF r" if hold else "")
    row = connection.execute(text(statement), {"id": run_id}).one_or_none()
    return None if row is None else dict(row._mapping)


def change(connection: Connection, run_id: int, **values: Any) -> None:
    """Change a run."""
    connection.execute(update(ReportRun).where(ReportRun.id == run_id).values(values))


def asked_lately(connection: Connection, minutes: int) -> int:
    """How many runs the one who acts has asked for in the last minutes; what schedules ask for does not count."""
    statement = text(
        "SELECT count(*) FROM report_runs WHERE account_id = acting_account() AND schedule_id IS NULL"
        " AND asked_at > now() - make_interval(mins => :minutes)"
    )
    return int(connection.execute(statement, {"minutes": minutes}).scalar_one())


def asked(connection: Connection) -> list[int]:
    """Runs that wait and are in no queue yet; they are now."""
    rows = connection.execute(
        text(
            "UPDATE report_runs SET queued = true WHERE id IN (SELECT id FROM report_runs WHERE state = 'waiting'"
            " AND NOT queued ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED) RETURNING id"
        )
    )
    return sorted(row.id for row in rows)


def begin(connection: Connection, run_id: int) -> bool:
    """Note that a run is being made; False where there is nothing to be made any more."""
    done = connection.execute(
        text(
            "UPDATE report_runs SET state = CASE WHEN cancelling THEN 'cancelled' ELSE 'making' END, part = 0"
            " WHERE id = :id AND state IN ('waiting', 'making') RETURNING state"
        ),
        {"id": run_id},
    )
    return done.scalar() == "making"


def tell(connection: Connection, run_id: int, part: float, doing: str) -> bool:
    """Note how far it is; whether it is still wanted."""
    done = connection.execute(
        text(
            "UPDATE report_runs SET part = :part, doing = :doing WHERE id = :id AND state = 'making'"
            " RETURNING NOT cancelling"
        ),
        {"id": run_id, "part": part, "doing": doing},
    )
    return done.scalar() is True


def keep_edition(
    connection: Connection,
    run_id: int,
    no: int,
    *,
    digest: bytes,
    counts: Record,
    documents: Iterable[bytes],
    files: Sequence[Record],
    words: Sequence[Record] = (),
    made_by: int | None = None,
) -> None:
    """Keep an edition with all that it says and its files."""
    values = {
        "run_id": run_id,
        "no": no,
        "digest": digest,
        "counts": counts,
        "words": list(words),
        "made_by": made_by,
    }
    connection.execute(insert(ReportEdition).values(values))
    for place, document in enumerate(documents):
        row = {"run_id": run_id, "edition": no, "no": place, "content": zlib.compress(document)}
        connection.execute(insert(ReportDocument).values(row))
    if files:
        connection.execute(insert(ReportFile), [{"run_id": run_id, "edition": no, **one} for one in files])


def documents(connection: Connection, run_id: int, edition: int, limit: int | None = None) -> Iterator[bytes]:
    """What an edition says, document by document, at most so many."""
    rows = connection.execute(
        text(
            "SELECT content FROM report_documents WHERE run_id = :run AND edition = :edition ORDER BY no"
            " LIMIT CAST(:limit AS int)"
        ),
        {"run": run_id, "edition": edition, "limit": limit},
    )
    for row in rows:
        yield zlib.decompress(bytes(row.content))


def editions(connection: Connection, run_id: int) -> list[Record]:
    """The editions of a run, the first one first."""
    rows = connection.execute(
        text(
            "SELECT no, digest, counts, words, made_at FROM report_editions WHERE run_id = :run ORDER BY no"
        ),
        {"run": run_id},
    )
    return [dict(row._mapping) for row in rows]


def files(connection: Connection, run_id: int, edition: int) -> list[Record]:
    """The files of an edition by their names."""
    rows = connection.execute(text(FILES), {"run": run_id, "edition": edition})
    return [{**row._mapping, "sha256": bytes(row.sha256)} for row in rows]


MADE = """
SELECT r.id, r.title, r.kind, r.scope_name, r.since_on, r.until_on, r.known_at, r.definition, r.version, r.issued_at,
    r.edition AS stands, f.edition, f.name, f.format, f.size_bytes, e.digest, e.counts
FROM report_files f JOIN report_runs r ON r.id = f.run_id
JOIN report_editions e ON e.run_id = f.run_id AND e.no = f.edition
WHERE f.sha256 = :sha256 ORDER BY r.id LIMIT 20
"""


def made(connection: Connection, sha256: bytes) -> list[Record]:
    """The runs in sight that made a file of this hash, the first one first."""
    rows = connection.execute(text(MADE), {"sha256": sha256})
    return [dict(row._mapping) for row in rows]


PRINTED = """
SELECT DISTINCT ON (account_id, scope, locale) id, account_id, scope, locale, base_url, title, fingerprint, kind,
    since_on, until_on
FROM report_runs WHERE kind = 'sign' AND state = 'done' AND fingerprint IS NOT NULL
ORDER BY account_id, scope, locale, id DESC
"""


def printed(connection: Connection) -> list[Record]:
    """The last sign that each account had made of each place, with the fingerprint of what it says."""
    return [dict(row._mapping) for row in connection.execute(text(PRINTED))]


def notify(connection: Connection, run_id: int, kind: str, facts: Record) -> None:
    """Tell whoever asked for a run what has become of it."""
    statement = text(
        "INSERT INTO notices (account_id, kind, report_run_id, version, facts, at)"
        " SELECT r.account_id, :kind, r.id, r.edition, :facts, now() FROM report_runs r"
        " JOIN accounts a ON a.id = r.account_id"
        " AND a.state = 'active' WHERE r.id = :run ON CONFLICT DO NOTHING"
    ).bindparams(bindparam("facts", type_=JSONB))
    connection.execute(statement, {"run": run_id, "kind": kind, "facts": facts})
