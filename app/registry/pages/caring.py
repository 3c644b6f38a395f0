"""The care of a person's record: needs, time, restriction, who looked, deletion."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Response, flash, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.errors import AppError, NotFoundError
from app.grid import store as grid
from app.grid.api import here
from app.registry.pages.blueprint import ROWS, blueprint, faults_of, number, reason
from app.registry.rules.kinds import ElementKind
from app.registry.service import caring, looking, persons
from app.registry.service.forms import BY_HAND
from app.registry.store import types, writing
from app.web import acting, forms
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import page
from app.web.params import parameter

Step = Callable[[Connection, int], None]


@blueprint.get("/registry/persons/<int:person_id>/care")
@needs(Permission.KEEP_PERSONS)
def care(person_id: int) -> Response:
    """What a person's record holds and until when, who has looked at it, and what can be done with it."""
    return show(person_id)


def show(person_id: int, problem: AppError | None = None) -> Response:
    """The page of the care of a record; after something went wrong, with what it was."""
    before = parameter("before", number, None)
    with acting.writing() as connection:
        told = looking.one(connection, looking.id_of(person_id))
        if told["element"]["kind"] != ElementKind.PERSON or writing.hold(connection, person_id) is None:
            raise NotFoundError("element_missing", id=person_id)
        looks = persons.looks(connection, person_id, before=before, limit=ROWS + 1)
        known = types.needs(connection)
    has = {one["need"] for one in told["person"]["needs"]}
    return page(
        "person-care.html", status_of(problem), me=me(), one=told["element"], person=told["person"],
        looks=looks[:ROWS], older=looks[ROWS - 1]["no"] if len(looks) > ROWS else None, problem=problem,
        faults=faults_of(problem), given=request.form, whys=list(caring.Why),
        open_needs=[one for one in known if one["code"] not in has],
    )  # fmt: skip


@contextmanager
def _kept(problems: list[AppError]) -> Iterator[Connection]:
    """A step in a transaction; what is wrong with it is shown beside the form."""
    try:
        with acting.writing() as connection:
            yield connection
    except NotFoundError:
        raise
    except AppError as error:
        problems.append(error)


def _done(person_id: int, word: str, step: Step) -> AnyResponse:
    problems: list[AppError] = []
    with _kept(problems) as connection:
        step(connection, looking.id_of(person_id))
    if problems:
        return show(person_id, problems[0])
    flash(word)
    return redirect(url_for("registry.care", person_id=person_id), 303)


@blueprint.post("/registry/persons/<int:person_id>/needs")
@needs(Permission.KEEP_PERSONS)
def add_need(person_id: int) -> AnyResponse:
    """Record what somebody needs, as long as the reference data say or until a day."""

    def step(connection: Connection, who: int) -> None:
        need, until_on = forms.needed("need", str)[:40], forms.optional("need_until_on", forms.day)
        today = grid.today(connection, here().district_id)
        caring.add_need(connection, who, need, until_on, today, source=BY_HAND, by=hand())

    return _done(person_id, "registry.need_added", step)


@blueprint.post("/registry/persons/<int:person_id>/needs/forget")
@needs(Permission.KEEP_PERSONS)
def forget_need(person_id: int) -> AnyResponse:
    """Take a need back; nothing remembers it any more."""
    return _done(
        person_id,
        "registry.need_forgotten",
        lambda connection, who: caring.forget_need(
            connection, who, forms.needed("need", str)[:40], by=hand()
        ),
    )


@blueprint.post("/registry/persons/<int:person_id>/retain")
@needs(Permission.KEEP_PERSONS)
def retain(person_id: int) -> AnyResponse:
    """Keep the record until another day, for a reason."""

    def step(connection: Connection, who: int) -> None:
        until_on, today = forms.needed("until_on", forms.day), grid.today(connection, here().district_id)
        caring.retain(connection, who, until_on, reason(), today, by=hand())

    return _done(person_id, "registry.retained", step)


@blueprint.post("/registry/persons/<int:person_id>/restrict")
@needs(Permission.KEEP_PERSONS)
def restrict(person_id: int) -> AnyResponse:
    """Keep the record and use it no longer, for a reason."""
    return _done(
        person_id,
        "registry.restricted_done",
        lambda connection, who: caring.restrict(connection, who, reason(), by=hand()),
    )


@blueprint.post("/registry/persons/<int:person_id>/unrestrict")
@needs(Permission.KEEP_PERSONS)
def unrestrict(person_id: int) -> AnyResponse:
    """Use the record again."""
    return _done(
        person_id,
        "registry.unrestricted",
        lambda connection, who: caring.restrict(connection, who, None, by=hand()),
    )


@blueprint.post("/registry/persons/<int:person_id>/delete")
@needs(Permission.KEEP_PERSONS)
def delete(person_id: int) -> AnyResponse:
    """Delete a record and all that was remembered of it, for a reason out of a few: the log keeps it."""
    problems: list[AppError] = []
    with _kept(problems) as connection:
        why = forms.needed("why", caring.Why)
        forms.needed("sure", str)
        caring.delete(connection, looking.id_of(person_id), why=why, by=hand())
    if problems:
        return show(person_id, problems[0])
    flash("registry.deleted")
    return redirect(url_for("registry.elements"), 303)
