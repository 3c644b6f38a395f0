"""反复件并根: the third case of one category at one place within thirty days is tied to the first, by rule."""

from __future__ import annotations

import uuid

from sqlalchemy import Connection

from app.cases.rules.moves import Move
from app.cases.service.moving import Request, make
from app.cases.store import log, repeats
from app.errors import AppError

METRES, DAYS, TIMES = 50.0, 30, 3
"""As near, within as many days, as often as that."""

NAMESPACE = uuid.UUID("5f0a1b52-6c1e-5b0a-9d0e-3b8f2a4d7c11")


def tie(connection: Connection, case_id: int) -> int | None:
    """Tie a case that was just reported to the first of its kind there; the root, None where it is no third.

    Told twice it is done once; a case that nobody can tie any more, since it is merged or over, is left alone.
    """
    before = repeats.earlier(connection, case_id, metres=METRES, days=DAYS)
    if len(before) < TIMES - 1:
        return None
    first, its_root = before[0]
    root = its_root or first
    rows = log.rows(connection, case_id)
    request = Request(
        case_id, Move.LINK_ROOT, {"root": root}, len(rows), uuid.uuid5(NAMESPACE, f"{case_id} repeats")
    )
    try:
        with connection.begin_nested():
            make(connection, None, request)
    except AppError:
        return None
    return root
