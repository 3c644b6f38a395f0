"""`/api/v1/elements` and `/api/v1/relations`, tied: to each other, to cases, and two records made one."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy import Connection

from app.accounts.rules import Permission
from app.errors import ConflictError, InvalidError, NotFoundError
from app.grid import store as grid
from app.grid.api import here
from app.registry.api import shapes
from app.registry.api.asked import Asked, day, no, number, said_in, uuid_of
from app.registry.api.blueprint import blueprint
from app.registry.api.editing import MISSING, ON, REASON, SOURCE, told_of
from app.registry.api.elements import LIMIT
from app.registry.rules.kinds import RelationKind
from app.registry.service import looking, tying
from app.registry.service.forms import BY_HAND
from app.registry.service.looking import id_of
from app.registry.service.repeats import Did, Once
from app.registry.store import writing
from app.web import acting, answers
from app.web.doors import needs
from app.web.shapes import (
    CASE_ID,
    DAY,
    INSTANT,
    MOST_CASE_ID,
    TEXT,
    items,
    maybe,
    optional,
    record,
    words,
)
from app.web.shapes import UUID as CLIENT_ID
from app.web.stating import states

CLIENT = optional(CLIENT_ID)
NO_CLIENT = UUID(int=0)
MERGE = record(
    id=shapes.ELEMENT_ID, kept_id=shapes.ELEMENT_ID, gone_id=shapes.ELEMENT_ID, at=INSTANT, reason=TEXT,
    undone_at=maybe(INSTANT),
)  # fmt: skip


@blueprint.post("/elements/<int:element_id>/relations")
@needs(Permission.EDIT_REGISTRY)
@states(
    shapes.ONE,
    body=record(
        ("from_on", "source", "client_id"), only_these_=True, kind=words(set(RelationKind) - {RelationKind.CONCERNS}),
        target=shapes.ELEMENT_ID, from_on=ON, source=SOURCE, client_id=CLIENT,
    ),
    status=201,
    kept=False,
    fails={
        InvalidError: ["fields_invalid"], NotFoundError: MISSING,
        ConflictError: ["element_merged", "client_id_used"],
    },
)  # fmt: skip
def tie(element_id: int) -> Response:
    """Tie it to another; by what it lies or lives in, it leaves what it lay in before.

    With a `client_id` it is done once, however often it is sent.
    """
    asked = Asked("kind", "target", "from_on", "source", "client_id")
    client = client_of(asked)
    kind = asked.value("kind", _relation, "unknown_choice")
    target = asked.value("target", number, "not_number")
    from_on = asked.value("from_on", day, "day_unreadable", date.max)
    source = asked.value("source", said_in(120), "text_unreadable", BY_HAND)
    asked.done()
    with acting.writing() as connection:
        once = _once(connection, client, Did.TIED)
        if once.earlier(element_id) is None:
            today = grid.today(connection, here().district_id)
            start = today if from_on == date.max else from_on
            tying.tie(connection, id_of(element_id), kind, target, start, today, source=source)
            once.done(element_id)
        return told_of(connection, element_id, 201)


def client_of(asked: Asked) -> UUID | None:
    """The id that the client gave to what it sends; None where it gave none."""
    found: UUID = asked.value("client_id", uuid_of, "not_uuid", NO_CLIENT)
    return None if found == NO_CLIENT else found


def _once(connection: Connection, client: UUID | None, did: Did) -> Once:
    return Once(connection, client, acting.actor().account_id, did)


def _relation(raw: Any) -> RelationKind:
    found = RelationKind(raw)
    return found if found is not RelationKind.CONCERNS else no(raw)  # type: ignore[return-value]


@blueprint.post("/elements/<int:element_id>/concerns")
@needs(Permission.MOVE_CASES)
@states(
    shapes.ONE,
    body=record(("client_id",), only_these_=True, case_id=CASE_ID, client_id=CLIENT),
    status=201,
    kept=False,
    fails={
        InvalidError: ["fields_invalid"],
        NotFoundError: ["element_missing", "case_missing"],
        ConflictError: ["client_id_used"],
    },
)
def concern(element_id: int) -> Response:
    """Say that a case concerns it: whoever acts on the case may, where both are in sight."""
    asked = Asked("case_id", "client_id")
    client = client_of(asked)
    case_id = asked.value("case_id", number, "not_number")
    asked.done()
    with acting.writing() as connection:
        once = _once(connection, client, Did.CONCERNED)
        if once.earlier(element_id) is None:
            today = grid.today(connection, here().district_id)
            tying.concern(connection, id_of(element_id), case_id, today, source=BY_HAND)
            once.done(element_id)
        return told_of(connection, element_id, 201)


@blueprint.post("/relations/<int:relation_id>/end")
@needs(Permission.EDIT_REGISTRY)
@states(
    record(id=shapes.ELEMENT_ID, to_on=DAY),
    body=record(("on",), only_these_=True, on=ON),
    kept=False,
    fails={
        InvalidError: ["fields_invalid"],
        NotFoundError: ["relation_missing", "element_missing"],
        ConflictError: ["relation_ended", "element_merged"],
    },
)
def untie(relation_id: int) -> Response:
    """End a relation on a day, today if none is said."""
    asked = Asked("on")
    on_day = asked.value("on", day, "day_unreadable", date.max)
    asked.done()
    if not 0 < relation_id <= MOST_CASE_ID:
        raise NotFoundError("relation_missing", id=relation_id)
    with acting.writing() as connection:
        today = grid.today(connection, here().district_id)
        last = today if on_day == date.max else on_day
        tying.end(connection, relation_id, last, today)
    return answers.private({"id": relation_id, "to_on": last.isoformat()})


@blueprint.post("/elements/<int:element_id>/merge")
@needs(Permission.EDIT_REGISTRY)
@states(
    record(merge_id=shapes.ELEMENT_ID, kept_id=shapes.ELEMENT_ID),
    body=record(("client_id",), only_these_=True, into=shapes.ELEMENT_ID, reason=REASON, client_id=CLIENT),
    kept=False,
    fails={
        InvalidError: ["fields_invalid"],
        NotFoundError: MISSING,
        ConflictError: ["element_merged", "client_id_used"],
    },
)
def merge(element_id: int) -> Response:
    """Make it one with another record of the same thing, which is kept; what it was tied to hangs on that one."""
    asked = Asked("into", "reason", "client_id")
    client = client_of(asked)
    into = asked.value("into", number, "not_number")
    reason = asked.value("reason", said_in(500), "text_unreadable")
    asked.done()
    with acting.writing() as connection:
        once = _once(connection, client, Did.MERGED)
        earlier = once.earlier(element_id)
        made = earlier.merge_id if earlier else tying.merge(connection, id_of(element_id), into, reason)
        if earlier is None:
            once.done(element_id, made)
    return answers.private({"merge_id": made, "kept_id": into})


@blueprint.get("/elements/<int:element_id>/merges")
@needs(Permission.READ_REGISTRY)
@states(record(items=items(MERGE)), query=(LIMIT,), kept=False, fails={NotFoundError: MISSING})
def merges(element_id: int) -> Response:
    """Mergers that it was in, the newest first."""
    limit = LIMIT.read()
    with acting.reading() as connection:
        looking.one(connection, id_of(element_id))
        found = writing.mergers(connection, element_id, limit)
    return answers.private({"items": found})


@blueprint.post("/merges/<int:merge_id>/undo")
@needs(Permission.EDIT_REGISTRY)
@states(
    record(kept_id=shapes.ELEMENT_ID, gone_id=shapes.ELEMENT_ID),
    kept=False,
    fails={NotFoundError: ["merge_missing"], ConflictError: ["merge_undone"]},
)
def undo(merge_id: int) -> Response:
    """Undo a merger: what hung on the record that went hangs on it again."""
    if not 0 < merge_id <= MOST_CASE_ID:
        raise NotFoundError("merge_missing", id=merge_id)
    with acting.writing() as connection:
        kept, gone = tying.part(connection, merge_id)
    return answers.private({"kept_id": kept, "gone_id": gone})
