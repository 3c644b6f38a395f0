"""`/api/v1/elements`, written: made, changed, ended."""

from __future__ import annotations

from datetime import date

from flask import Response
from sqlalchemy import Connection

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.errors import ConflictError, InvalidError, NotFoundError
from app.grid import store as grid
from app.grid.api import here
from app.registry.api import shapes
from app.registry.api.asked import Asked, day, entry, said_in, uuid_of, version
from app.registry.api.blueprint import blueprint
from app.registry.rules.kinds import ElementKind
from app.registry.service import forms, looking
from app.registry.service.forms import BY_HAND
from app.registry.service.looking import id_of
from app.registry.service.repeats import Did, Once
from app.registry.store import writing
from app.web import acting, answers
from app.web.doors import needs
from app.web.shapes import (
    DAY,
    TEXT,
    UUID,
    WHOLE,
    optional,
    record,
    words,
)
from app.web.stating import states

SOURCE = optional({**TEXT, "maxLength": 120})
ON = optional(DAY)
REASON = {**TEXT, "minLength": 1, "maxLength": 500}
ENTRY = {
    "type": "object",
    "additionalProperties": {"type": ["string", "number", "null"]},
    "description": "Fields of an entry of this kind, texts or numbers; `site` by code or id, `area`, `unit` by code.",
}
MISSING = ["element_missing"]
STALE = ["element_changed", "element_merged"]


def told_of(connection: Connection, element_id: int, status: int = 200) -> Response:
    return answers.private(looking.one(connection, element_id), status)


@blueprint.post("/elements")
@needs(Permission.EDIT_REGISTRY)
@states(
    shapes.ONE,
    body=record(
        ("source",), only_these_=True, kind=words(ElementKind), client_id=UUID, source=SOURCE, entry=ENTRY
    ),
    status=201,
    kept=False,
    fails={
        InvalidError: ["fields_invalid"],
        NotFoundError: ["district_missing"],
        ConflictError: ["client_id_used"],
    },
)
def make() -> Response:
    """Register a place, an object, an organisation or a person, once, however often it is sent."""
    asked = Asked("kind", "client_id", "source", "entry")
    kind = asked.value("kind", ElementKind, "unknown_choice")
    client = asked.value("client_id", uuid_of, "not_uuid")
    source = asked.value("source", said_in(120), "text_unreadable", BY_HAND)
    given = asked.value("entry", entry, "not_text")
    asked.done()
    forms.may_write(kind, me().permissions)
    district_id = here().district_id
    with acting.writing() as connection:
        once = Once(connection, client, acting.actor().account_id, Did.MADE)
        earlier = once.earlier()
        if earlier is not None:
            return told_of(connection, earlier.element_id, 201)
        today = grid.today(connection, district_id)
        said = forms.texts_of(kind, given)
        made = forms.make(connection, district_id, kind, said, today, source=source, by=hand())
        once.done(made)
        return told_of(connection, made, 201)


@blueprint.patch("/elements/<int:element_id>")
@needs(Permission.EDIT_REGISTRY)
@states(
    shapes.ONE,
    body=record(
        ("source", "from_on"), only_these_=True, version=WHOLE, entry=ENTRY, from_on=ON, source=SOURCE
    ),
    kept=False,
    fails={InvalidError: ["fields_invalid"], NotFoundError: MISSING, ConflictError: STALE},
)
def change(element_id: int) -> Response:
    """Change what is said in `entry` and nothing else, if it is still as it was seen; what it said is remembered.

    Where it moves, `from_on` is the day on which it left what it lay in before.
    """
    asked = Asked("version", "entry", "from_on", "source")
    seen = asked.value("version", version, "not_number")
    given = asked.value("entry", entry, "not_text")
    source = asked.value("source", said_in(120), "text_unreadable", BY_HAND)
    from_on = asked.value("from_on", day, "day_unreadable", date.max)
    asked.done()
    with acting.writing() as connection:
        held = writing.hold(connection, id_of(element_id))
        if held is None:
            raise NotFoundError("element_missing", id=element_id)
        said = forms.texts_of(ElementKind(held["kind"]), given, without=frozenset({"needs"}))
        today = grid.today(connection, held["district_id"])
        start = today if from_on == date.max else from_on
        forms.edit(connection, element_id, seen, said, today, from_on=start, source=source, by=hand())
        return told_of(connection, element_id)


@blueprint.post("/elements/<int:element_id>/end")
@needs(Permission.EDIT_REGISTRY)
@states(
    shapes.ONE,
    body=record(("on",), only_these_=True, version=WHOLE, on=ON, reason=REASON),
    kept=False,
    fails={InvalidError: ["fields_invalid"], NotFoundError: MISSING, ConflictError: STALE},
)
def end(element_id: int) -> Response:
    """Let it be valid no longer from a day on, and say why."""
    asked = Asked("version", "on", "reason")
    seen = asked.value("version", version, "not_number")
    reason = asked.value("reason", said_in(500), "text_unreadable")
    on_day = asked.value("on", day, "day_unreadable", date.max)
    asked.done()
    with acting.writing() as connection:
        today = grid.today(connection, here().district_id)
        last = today if on_day == date.max else on_day
        forms.end(connection, id_of(element_id), seen, last, reason, today)
        return told_of(connection, element_id)
