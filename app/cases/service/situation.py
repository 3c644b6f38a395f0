"""A case that is held for a move: the case as it is, its log, who moves, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row

from app.cases.rules.changing import CaseNow
from app.cases.rules.deciding import Asker
from app.cases.rules.extensions import ExtensionRefusal, against_asking, may_ask
from app.cases.rules.folding import IMPORTED, LoggedMove, fold, from_stand
from app.cases.rules.limits import Limit
from app.cases.rules.loops import Loop, Seat, roles_of
from app.cases.rules.states import CaseState
from app.cases.rules.timing import Stage, StageClock, TimedMove, Timetable, clocks, current
from app.cases.service.timetable import timetable_of
from app.cases.store import log
from app.db import Actor
from app.errors import NotFoundError

RETURN_SHARE = 4
"""退回: within this part of the limit."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a move is decided on.

    Parameters
    ----------
    row
        The case's own row, with `timezone`, `now` and `posts`.
    log
        The rows of its log so far, the last one included.
    now
        When the move is made: never before the move before it, whatever the clock of the machine says.
    table
        What its clocks are read by.
    """

    row: Row[Any]
    log: Sequence[Row[Any]]
    timed: Sequence[TimedMove]
    case: CaseNow
    asker: Asker
    now: datetime
    table: Timetable

    @property
    def local(self) -> datetime:
        """Now, in the district's time."""
        return self.now.astimezone(ZoneInfo(self.row.timezone))

    @property
    def clocks(self) -> list[StageClock]:
        """The clocks that the log gives."""
        return clocks(self.timed, self.table)

    def post_for(self, seats: frozenset[Seat]) -> int | None:
        """The post by which one of these seats is taken."""
        wanted = {str(role) for seat in seats for role in roles_of(seat, self.case.loop)}
        fitting = [post for post in self.row.posts if post[1] in wanted]
        of_unit = [post for post in fitting if post[2] == self.case.unit]
        return next((post[0] for post in [*of_unit, *fitting]), None)


def situation(connection: Connection, case_id: int, actor: Actor | None) -> Situation:
    """Hold a case for the one who acts; for nobody it is held for the platform's own jobs.

    Raises
    ------
    NotFoundError
        `case_missing`: there is none, or not for them.
    """
    row = log.lock(connection, case_id)
    if row is not None and row.version == 0:
        log.begin(connection, case_id)
        row = log.lock(connection, case_id)
    if row is None:
        raise NotFoundError("case_missing", id=case_id)
    return of(connection, row, log.rows(connection, case_id), actor)


def of(connection: Connection, row: Row[Any], rows: Sequence[Row[Any]], actor: Actor | None) -> Situation:
    """The situation of a case and its log."""
    asker = Asker(None, platform=True) if actor is None else _asker(row, actor)
    case = _case(row, rows)
    now = max([row.now, *(r.at for r in rows[-1:])])
    table = timetable_of(connection, row.district_id, row.reference_version)
    found = Situation(row, rows, [timed(r) for r in rows], case, asker, now, table)
    # The platform returns nothing and asks for no extension.
    return found if actor is None else replace(found, case=replace(case, **_of_the_moment(found)))


def _case(row: Row[Any], rows: Sequence[Row[Any]]) -> CaseNow:
    """The case as its row keeps it; one that came from elsewhere has nothing kept yet."""
    if not row.stand and rows:
        return fold(LoggedMove(r.move, r.account_id, {**r.given, **r.facts}, r.at) for r in rows)
    columns = {"state": row.state, "loop": row.loop, "version": row.version, "unit": row.unit_id}
    return from_stand(columns, row.stand)


def timed(row: Row[Any]) -> TimedMove:
    """A row of the log as clocks read it."""
    given = {**row.given, **row.facts}
    return TimedMove(row.version, row.move, row.at, Loop(row.loop), CaseState(row.target), given, row.unit_id)


def _asker(row: Row[Any], actor: Actor) -> Asker:
    held = frozenset(actor.roles)
    # A token or a wall screen may do less than its owner: roles of the session count, posts only name units.
    units = frozenset(post[2] for post in row.posts if post[1] in held)
    return Asker(actor.account_id, held, units, within=bool(row.within))


def _of_the_moment(found: Situation) -> dict[str, Any]:
    """Whether the unit checks its own work, and whether a return or an extension would come in time."""
    inner_check = bool(found.row.inner_check)
    handling = [clock for clock in found.clocks if clock.stage is Stage.HANDLING and not clock.ended]
    if not handling:
        return {"inner_check": inner_check}
    reading = handling[-1].read(found.now)
    return {
        "inner_check": inner_check,
        "may_return": reading.used * RETURN_SHARE <= reading.limit.amount,
        "extensible": against_asking(reading, reading.limit) is None,
    }


def extension_refusal(found: Situation, amount: Limit) -> ExtensionRefusal | None:
    """What speaks against asking for so much more time."""
    handling = [clock for clock in found.clocks if clock.stage is Stage.HANDLING and not clock.ended]
    if not handling:
        return ExtensionRefusal.NOT_RUNNING
    clock = handling[-1]
    return may_ask(clock.events, clock.calendar, found.now, amount)


class Times(NamedTuple):
    """By when a case is due, and from when it is nearly due 临期; neither while its clock stands."""

    due_at: datetime | None
    near_at: datetime | None


def times(table: Timetable, rows: Sequence[TimedMove], state: CaseState, now: datetime) -> Times:
    """What the clock of a case says after these rows; without a clock of ours, what its source said."""
    running = clocks(rows, table)
    clock = current(running, state)
    if clock is not None:
        reading = clock.read(now)
        return Times(reading.due_at, reading.near_at)
    said = next((row.given.get("due_at") for row in reversed(rows) if row.move == IMPORTED), None)
    return Times(datetime.fromisoformat(said) if said and not running else None, None)


def first_answer(rows: Sequence[Row[Any]], client: Any) -> Row[Any] | None:
    """The row that a client's id has already made."""
    return next((row for row in rows if client is not None and row.client_id == client), None)


def answer(case: Row[Any], row: Row[Any] | Mapping[str, Any]) -> dict[str, Any]:
    """What a client is told of a move: from its row alone, so that it is told the same when it asks again."""
    get = row.__getitem__ if isinstance(row, Mapping) else row._mapping.__getitem__
    facts = get("facts")
    return {
        "case_id": case.id,
        "number": case.number,
        "version": get("version"),
        "move": get("move"),
        "state": get("target"),
        "loop": get("loop"),
        "unit_id": get("unit_id"),
        "due_at": facts.get("due_at"),
        "at": get("at").isoformat() if isinstance(get("at"), datetime) else get("at"),
        **({"split_id": facts["split_id"]} if "split_id" in facts else {}),
    }
