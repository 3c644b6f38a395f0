"""`/api/v1/persons`, cared for: exported to the person, restricted, kept longer, deleted; needs put in and out."""

from __future__ import annotations

from datetime import date

from flask import Response

from app.accounts.guard import hand
from app.accounts.rules import Permission
from app.errors import ConflictError, InvalidError, NotFoundError
from app.grid import store as grid
from app.grid.api import here
from app.registry.api import shapes
from app.registry.api.asked import Asked, day, said_in
from app.registry.api.blueprint import blueprint
from app.registry.api.editing import ON, REASON
from app.registry.api.elements import HISTORY, MISSING
from app.registry.api.persons import PURPOSE
from app.registry.service import caring, looking
from app.registry.service import persons as service
from app.registry.service.forms import BY_HAND
from app.registry.service.looking import id_of
from app.web import acting, answers
from app.web.doors import needs
from app.web.shapes import DAY, TEXT, about, items, maybe, record, words
from app.web.stating import states

STALE = {**MISSING, ConflictError: ["element_merged"]}
EXPORT = record(
    element=shapes.LISTED, person=maybe(shapes.PERSON), identity=maybe(TEXT), phone=maybe(TEXT),
    relations=items(shapes.RELATION), history=items(HISTORY), looks=items(shapes.LOOK),
    cut=about(
        items(words(["relations", "history", "looks"])),
        f"Of which there are more than the first {caring.MOST}; their own addresses tell the rest page by page.",
    ),
)  # fmt: skip


@blueprint.post("/persons/<int:person_id>/export")
@needs(Permission.KEEP_PERSONS)
@states(
    EXPORT,
    body=record(only_these_=True, purpose=PURPOSE),
    kept=False,
    fails={**MISSING, InvalidError: ["fields_invalid", "purpose_needed"]},
)
def export(person_id: int) -> Response:
    """Everything that is kept of a person, for that person, numbers in clear; it is logged with its purpose."""
    asked = Asked("purpose")
    purpose = asked.value("purpose", said_in(service.MOST_PURPOSE), "text_unreadable")
    asked.done()
    with acting.writing() as connection:
        return answers.private(caring.export(connection, id_of(person_id), purpose, by=hand()))


@blueprint.post("/persons/<int:person_id>/restrict")
@needs(Permission.KEEP_PERSONS)
@states(
    shapes.ONE,
    body=record(only_these_=True, reason=REASON),
    kept=False,
    fails={**STALE, InvalidError: ["fields_invalid"]},
)
def restrict(person_id: int) -> Response:
    """Keep the record and use it no longer, for a reason."""
    asked = Asked("reason")
    reason = asked.value("reason", said_in(500), "text_unreadable")
    asked.done()
    with acting.writing() as connection:
        caring.restrict(connection, id_of(person_id), reason, by=hand())
        return answers.private(looking.one(connection, person_id))


@blueprint.post("/persons/<int:person_id>/unrestrict")
@needs(Permission.KEEP_PERSONS)
@states(shapes.ONE, kept=False, fails=STALE)
def unrestrict(person_id: int) -> Response:
    """Use the record again."""
    with acting.writing() as connection:
        caring.restrict(connection, id_of(person_id), None, by=hand())
        return answers.private(looking.one(connection, person_id))


@blueprint.post("/persons/<int:person_id>/retain")
@needs(Permission.KEEP_PERSONS)
@states(
    shapes.ONE,
    body=record(only_these_=True, until_on=DAY, reason=REASON),
    kept=False,
    fails={**STALE, InvalidError: ["fields_invalid"]},
)
def retain(person_id: int) -> Response:
    """Keep the record until another day, for a reason."""
    asked = Asked("until_on", "reason")
    until_on = asked.value("until_on", day, "day_unreadable")
    reason = asked.value("reason", said_in(500), "text_unreadable")
    asked.done()
    with acting.writing() as connection:
        today = grid.today(connection, here().district_id)
        caring.retain(connection, id_of(person_id), until_on, reason, today, by=hand())
        return answers.private(looking.one(connection, person_id))


@blueprint.post("/persons/<int:person_id>/needs")
@needs(Permission.KEEP_PERSONS)
@states(
    shapes.ONE,
    body=record(("until_on",), only_these_=True, need={**TEXT, "maxLength": 40}, until_on=ON),
    status=201,
    kept=False,
    fails={
        **MISSING,
        InvalidError: ["fields_invalid"],
        ConflictError: ["element_merged", "person_restricted"],
    },
)
def add_need(person_id: int) -> Response:
    """Record what somebody needs, with the legal basis of it, as long as the reference data say or until a day."""
    asked = Asked("need", "until_on")
    need = asked.value("need", said_in(40), "text_unreadable")
    until_on = asked.value("until_on", day, "day_unreadable", date.max)
    asked.done()
    with acting.writing() as connection:
        today = grid.today(connection, here().district_id)
        last = None if until_on == date.max else until_on
        caring.add_need(connection, id_of(person_id), need, last, today, source=BY_HAND, by=hand())
        return answers.private(looking.one(connection, person_id), 201)


@blueprint.post("/persons/<int:person_id>/needs/forget")
@needs(Permission.KEEP_PERSONS)
@states(
    shapes.ONE,
    body=record(only_these_=True, need={**TEXT, "maxLength": 40}),
    kept=False,
    fails={
        InvalidError: ["fields_invalid"],
        NotFoundError: ["element_missing", "need_missing"],
        ConflictError: ["element_merged"],
    },
)
def forget_need(person_id: int) -> Response:
    """Take a need back; nothing remembers it any more."""
    asked = Asked("need")
    need = asked.value("need", said_in(40), "text_unreadable")
    asked.done()
    with acting.writing() as connection:
        caring.forget_need(connection, id_of(person_id), need, by=hand())
        return answers.private(looking.one(connection, person_id))


@blueprint.post("/persons/<int:person_id>/delete")
@needs(Permission.KEEP_PERSONS)
@states(None, status=204, media=(), kept=False, fails=MISSING)
def delete(person_id: int) -> Response:
    """Delete a person who asks for it, and all that was remembered of them; the log keeps that it was."""
    with acting.writing() as connection:
        caring.delete(connection, id_of(person_id), by=hand())
    return Response(status=204)
