"""One move with many cases: each by itself, with a result of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.cases.rules.moves import Move
from app.cases.service.moving import Request, make
from app.cases.store import heading
from app.db import Actor
from app.errors import AppError

MOST = 100
"""Cases at once."""

FIELDS_AT_ONCE: Mapping[str, Sequence[str]] = {
    Move.ACCEPT: (),
    Move.DISPATCH: ("unit", "opinion"),
    Move.REMIND: ("opinion",),
    Move.ACKNOWLEDGE: ("crew",),
    Move.ASSIGN_INSIDE: ("crew", "opinion"),
}
"""What can be given once for all."""

BUSY = {"40P01", "40001"}
"""Two who moved the same cases in another order waited for each other: one of them has to try again."""


def make_each(
    writing: Callable[[], AbstractContextManager[Connection]],
    actor: Actor,
    move: str,
    given: Mapping[str, Any],
    cases: Sequence[tuple[int, int]],
    key: UUID,
) -> list[dict[str, Any]]:
    """Make a move with each of some cases, given as id and version; what each came to, in their order.

    Parameters
    ----------
    writing
        Opens a transaction of the one who acts; each case has its own.
    key
        The id of the whole: that of each request is made from it, so that a batch sent twice is made once.
    """
    return [_one(writing, actor, move, given, case, key) for case in cases]


def _one(
    writing: Callable[[], AbstractContextManager[Connection]],
    actor: Actor,
    move: str,
    given: Mapping[str, Any],
    case: tuple[int, int],
    key: UUID,
) -> dict[str, Any]:
    case_id, version = case
    told: dict[str, Any] = {"case_id": case_id, "name": str(case_id), "move": move}
    try:
        with writing() as connection:
            told["name"] = heading.number_of(connection, case_id) or told["name"]
            request = Request(case_id, move, given, version, uuid5(key, str(case_id)))
            return {**told, "answer": make(connection, actor, request), "code": None}
    except AppError as error:
        return {**told, "code": error.code, "facts": error.facts}
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in BUSY:
            raise
        return {**told, "code": "case_busy", "facts": {}}
