"""A case that somebody looks at: the situation of a move, held by nobody."""

from __future__ import annotations

from sqlalchemy import Connection

from app.cases.service.situation import Situation, of, situation
from app.cases.store import heading, log
from app.db import Actor
from app.errors import NotFoundError


def watched(connection: Connection, case_id: int, actor: Actor) -> Situation:
    """The situation of a case for somebody who looks at it; one without a log is held, for its first row.

    Raises
    ------
    NotFoundError
        `case_missing`.
    """
    row = heading.seen(connection, case_id)
    if row is None or row.version == 0:
        return situation(connection, case_id, actor)
    return of(connection, row, log.rows(connection, case_id), actor)


def glimpsed(connection: Connection, case_id: int, actor: Actor) -> Situation:
    """The same in a transaction that only reads: a case without a log is as its own row says.

    Raises
    ------
    NotFoundError
        `case_missing`.
    """
    row = heading.seen(connection, case_id)
    if row is None:
        raise NotFoundError("case_missing", id=case_id)
    return of(connection, row, log.rows(connection, case_id), actor)
