"""The queue 案件: by step, mark of time and whose turn it is; and one move for many at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from flask import Response, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.cases.pages.blueprint import blueprint
from app.cases.pages.filled import written
from app.cases.rules.moves import Move
from app.cases.rules.states import CaseState
from app.cases.service import many
from app.cases.service.clock_faces import row_face
from app.cases.service.turns import turn_of
from app.cases.store import choices, queue
from app.cases.store.queue import MARKS, SCOPES, Cursor, QueueFilter
from app.grid.api import Here, here
from app.web import acting
from app.web.doors import needs
from app.web.pages import page
from app.web.params import number, parameter, row_id

PAGE = 50
ASKED = ("scope", "step", "mark", "state", "category", "unit", "area", "q")
AT_ONCE = (Move.ACCEPT, Move.DISPATCH, Move.REMIND, Move.ACKNOWLEDGE)
"""Moves that are made with many cases at once; what else a case needs is its own."""


@blueprint.get("/cases")
@needs(Permission.READ_CASES)
def cases() -> Response:
    """The queue under a filter, a page of it."""
    return _queue([])


def _queue(results: list[dict[str, Any]], status: int = 200) -> Response:
    place = here()
    with acting.reading() as connection:
        wanted = _filter(connection)
        found = queue.rows(connection, place.district_id, wanted, after=_after(), limit=PAGE + 1)
        counted = queue.counts(connection, place.district_id, wanted)
        lists = _lists(connection, place)
    for row in found:
        row["face"] = row_face(row["state"], row["due_at"], row["near_at"], wanted.now)
    last = found[PAGE - 1] if len(found) > PAGE else None
    return page(
        "cases.html",
        status,
        me=me(),
        rows=found[:PAGE],
        following=None if last is None else f"{last['rank']}~{last['at']}~{last['id']}",
        counted=counted,
        wanted=wanted,
        query=_asked(),
        results=results,
        batch=str(uuid4()),
        at_once=AT_ONCE,
        states=list(CaseState),
        **lists,
    )


def _asked(*more: str) -> dict[str, str]:
    """What the address asks for, as far as the queue knows it: for links to the same with something changed."""
    return {name: request.args[name] for name in (*ASKED, *more) if request.args.get(name)}


def _filter(connection: Connection) -> QueueFilter:
    turn = turn_of(connection, acting.actor())
    first = "todo" if any((turn.waiting, turn.serving, turn.checking)) else "all"
    return QueueFilter(
        now=datetime.now(UTC),
        turn=turn,
        step=parameter("step", number(1, 5), None),
        mark=parameter("mark", one_of(MARKS), ""),
        scope=parameter("scope", one_of(SCOPES), first),
        state=parameter("state", one_of(set(CaseState)), ""),
        category=parameter("category", row_id, None),
        unit=parameter("unit", row_id, None),
        area=parameter("area", row_id, None),
        q=parameter("q", str, "").strip()[:60],
    )


def one_of(known: Any) -> Callable[[str], str]:
    """A reader of one of some words."""

    def read(raw: str) -> str:
        if raw not in known:
            raise ValueError(raw)
        return raw

    return read


def _after() -> Cursor | None:
    def read(raw: str) -> Cursor:
        rank, at, case_id = raw.split("~")
        if at != "infinity":
            datetime.fromisoformat(at)
        return int(rank), at, int(case_id)

    return parameter("after", read, None)


def _lists(connection: Connection, place: Here) -> dict[str, Any]:
    """What the filters choose from: categories, units, the areas in sight."""
    return {
        "categories": choices.categories(connection, place.district_id),
        "units": choices.units_in_sight(connection, place.district_id),
        "areas": choices.areas_in_sight(connection, place.district_id, ("subdistrict", "community")),
    }


@blueprint.get("/cases/batch")
@needs(Permission.READ_CASES)
def after_batch() -> AnyResponse:
    """Whoever reloads the results, or reads them in another language, is back at the queue."""
    return redirect(url_for("casework.cases", **_asked("lang")), 303)


@blueprint.post("/cases/batch")
@needs(Permission.MOVE_CASES)
def batch() -> Response:
    """Make one move with every case that is ticked; what becomes of one says nothing about the others."""
    move = request.form.get("move", "")[:40]
    given = {
        name: value
        for name, value in (
            ("unit", request.form.get("unit", "")),
            ("opinion", written("opinion")),
            ("crew", request.form.get("crew", "")),
        )
        if value and name in many.FIELDS_AT_ONCE.get(move, ())
    }
    results = many.make_each(acting.writing, acting.actor(), move, given, ticked(), _key())
    back = request.form.get("back", "")
    if back == "desk":
        return page("case-results.html", me=me(), results=results, move=move, back=url_for("casework.desk"))
    return _queue(results)


def ticked() -> list[tuple[int, int]]:
    """Cases and versions that were ticked, as `id.version`; what is neither is left out."""
    found = []
    for raw in request.form.getlist("case")[: many.MOST]:
        case_id, _, version = raw.partition(".")
        if case_id.isdecimal() and version.isdecimal() and len(raw) < 30:
            found.append((int(case_id), int(version)))
    return found


def _key() -> UUID:
    """The id of the whole batch: the form's, so that one that is sent twice is carried out once."""
    return uuid5(NAMESPACE_OID, f"{acting.actor().account_id} {request.form.get('batch', '')[:60]}")
