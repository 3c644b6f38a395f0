"""News: the log is read on after the commit, and whoever a move concerns finds it in their inbox."""

from __future__ import annotations

from sqlalchemy import Connection

from app.cases.rules.moves import Move
from app.cases.service import notices, repeats
from app.jobs import marks
from app.notify.store import Cursor, begin, read

MARK = "cases.notices"
PAGE = 500


def follow(connection: Connection) -> bool:
    """Tell of the next rows of the log, and tie what comes again to its first; whether there are more.

    What was before the first time is no news.
    """
    mark = marks.take(connection, MARK)
    cursor = None if mark is None else Cursor.of(mark)
    if cursor is None:
        marks.keep(connection, MARK, begin(connection).text)
        return False
    page = read(connection, cursor, PAGE)
    if page.rows:
        notices.notices_for(connection, page.rows)
        for row in page.rows:
            if row.move == Move.REPORT:
                repeats.tie(connection, row.case_id)
    if page.rows or page.anew or cursor.upto is not None:
        marks.keep(connection, MARK, page.cursor.text)
    return page.more
