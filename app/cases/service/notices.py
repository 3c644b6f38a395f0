"""消息: rows of the log become notices to people, a batch at a time, after their moves and never within one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Row

from app.cases.rules.loops import Loop
from app.cases.rules.moves import Move
from app.cases.rules.notices import ASKED_BY, BESIDE, Whom, roles_told, told_of
from app.cases.store import notices as store


class LogKey(Protocol):
    """A row of the log, as far as it is needed to find it: `app.notify.store.LogRow` is one."""

    @property
    def case_id(self) -> int:
        """Its case."""

    @property
    def version(self) -> int:
        """Its place in the case's log."""


KEPT_DAYS = 180
"""How long an inbox keeps what it was told."""


def notices_for(connection: Connection, rows: Iterable[LogKey]) -> list[tuple[int, int]]:
    """Tell of rows of the log whomever they concern; id and account of every notice that is new.

    The same rows given twice tell nobody twice, so a reader that has lost its place may start again. The connection is
    the platform's own: an inbox is written past the wall. Two statements, whatever the number of rows.
    """
    found = store.rows(connection, [(row.case_id, row.version) for row in rows], ASKED_BY)
    wanted = [
        want
        for row in found
        for kind, whom in told_of(row.move)
        if (want := _wanted(row, kind, whom, row.at)) is not None
    ]
    told = store.tell(connection, wanted) if wanted else []
    undone = [(row.case_id, row.version) for row in found if row.move == Move.UNDO]
    if undone:
        store.take_back(connection, undone)
    return told


def notices_of_time(
    connection: Connection, kind: str, rows: Iterable[LogKey], at: datetime
) -> list[tuple[int, int]]:
    """Tell of clocks that have run so far, such as `overdue`, or of a voice; the rows are the last of their logs.

    Raises
    ------
    KeyError
        A kind that is none of `BESIDE`.
    """
    found = store.rows(connection, [(row.case_id, row.version) for row in rows], ASKED_BY)
    wanted = [
        want for row in found for whom in BESIDE[kind] if (want := _wanted(row, kind, whom, at)) is not None
    ]
    return store.tell(connection, wanted) if wanted else []


def forget_old(connection: Connection, limit: int = 10_000) -> int:
    """Delete what inboxes have kept long enough, a part at a time; how many that were."""
    return store.forget(connection, KEPT_DAYS, limit)


def _wanted(row: Row[Any], kind: str, whom: Whom, at: datetime) -> dict[str, Any] | None:
    """Who is to be told what of a row; None where it names nobody."""
    accounts = _accounts(row, whom)
    units: Sequence[int] = ()
    if whom in {Whom.UNIT, Whom.UNIT_LEADERS} and row.unit_id is not None:
        units = [row.unit_id]
    elif whom is Whom.HELPERS:
        units = row.given.get("co_units") or ()
    place = row.area_no if whom in {Whom.ACCEPTORS, Whom.DISPATCHERS, Whom.HEADS, Whom.LEADERS} else None
    if not accounts and not units and place is None:
        return None
    return {
        "case_id": row.case_id,
        "version": row.version,
        "kind": kind,
        "accounts": accounts,
        "units": list(units),
        "roles": sorted(roles_told(whom, Loop(row.loop))),
        "area_no": place,
        "by": row.account_id if kind not in BESIDE else None,
        "at": at.isoformat(),
        "facts": _facts(row),
    }


def _accounts(row: Row[Any], whom: Whom) -> list[int]:
    if whom is Whom.REPORTERS:
        return list(row.reporter_ids)
    named = {
        Whom.CONFIRMER: row.given.get("confirmer"),
        # Whoever is to look again after feedback was named before it.
        Whom.CHECKER: row.given.get("checker") or row.checker_id,
        Whom.NAMED_CREW: row.given.get("crew"),
        Whom.CREW_NOW: row.handler_id,
        Whom.ASKER: row.asker_id,
    }
    account = named.get(whom)
    return [] if account is None else [account]


def _facts(row: Row[Any]) -> dict[str, Any]:
    """What the notice says of the case: never a text, never who."""
    facts = {
        "number": row.number,
        "category_id": row.category_id,
        "move": row.move,
        "unit_id": row.unit_id,
        "due_at": row.facts.get("due_at"),
        "into": row.facts.get("into_number"),
    }
    return {name: value for name, value in facts.items() if value is not None}
