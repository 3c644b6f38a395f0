"""Sealing: at intervals the last rows of all cases that have moved are chained to one another.

Whoever could write the whole log of a case anew would have to write every seal since then anew, too.
"""

from __future__ import annotations

from sqlalchemy import Connection

from app.cases.store import seals
from app.jobs import marks
from app.notify.store import Cursor, begin, read

SEAL = "cases.seal"
MARK = "cases.seals"

PAGE = 5_000
"""Rows of the log that one seal looks at, and cases that it holds at most."""


def seal(connection: Connection) -> None:
    """Seal what was committed since the last time; the first time, and after a restore, everything."""
    mark = marks.take(connection, MARK)
    cursor = None if mark is None else Cursor.of(mark)
    if cursor is None:
        cursor = begin(connection)
        _everything(connection)
    else:
        cursor = _since(connection, cursor)
    marks.keep(connection, MARK, cursor.text)


def _since(connection: Connection, cursor: Cursor) -> Cursor:
    more = True
    while more:
        page = read(connection, cursor, PAGE)
        if page.anew:
            _everything(connection)
        heads: dict[int, int] = {row.case_id: row.version for row in page.rows}
        seals.seal(connection, heads.items())
        cursor, more = page.cursor, page.more
    return cursor


def _everything(connection: Connection) -> None:
    after = 0
    while heads := seals.heads(connection, after=after, limit=PAGE):
        seals.seal(connection, heads)
        after = heads[-1][0]
