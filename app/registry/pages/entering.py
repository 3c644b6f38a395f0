"""The forms in which an element is registered, changed and ended."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.errors import AppError, NotFoundError
from app.grid import store as grid
from app.grid.api import here
from app.registry.pages.blueprint import Given, blueprint, day_or, faults_of, reason, seen_version
from app.registry.pages.element import show
from app.registry.rules.kinds import ElementKind, HouseholdRelation, ObjectState
from app.registry.service import forms, looking
from app.registry.service.entries import FIELDS, SEALED
from app.registry.service.forms import BY_HAND
from app.registry.service.repeats import Did, Once
from app.registry.store import types, writing
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.forms import needed
from app.web.pages import page
from app.web.params import parameter

CHOICES = {"state": list(ObjectState), "household_relation": list(HouseholdRelation)}


def _given(kind: ElementKind, *, without: frozenset[str] = frozenset()) -> dict[str, str]:
    """What was filled in, by field; several needs between commas."""
    known = [one.name for one in FIELDS[kind] if one.name not in without]
    return {name: ",".join(request.form.getlist(name)) for name in known if name in request.form}


def _form(template: str, kind: ElementKind, given: Given, problem: AppError | None, **facts: Any) -> Response:
    with acting.reading() as connection:
        known, wants = types.types(connection), types.needs(connection)
    return page(
        template, status_of(problem), me=me(), kind=kind, given=given, problem=problem, faults=faults_of(problem),
        fields=FIELDS[kind], types=[one for one in known if one["kind"] == kind], needs=wants, choices=CHOICES,
        sealed=SEALED.get(kind, frozenset()), **facts,
    )  # fmt: skip


@blueprint.get("/registry/new")
@needs(Permission.EDIT_REGISTRY)
def new_element() -> Response:
    """The form of an element that is not there yet."""
    kind = parameter("kind", ElementKind, ElementKind.PLACE)
    forms.may_write(kind, me().permissions)
    return _form("element-new.html", kind, {}, None, client_id=str(uuid.uuid4()))


@blueprint.post("/registry/new")
@needs(Permission.EDIT_REGISTRY)
def make_element() -> AnyResponse:
    """Register it, once, however often the form is sent."""
    kind, client = parameter("kind", ElementKind, ElementKind.PLACE), needed("client_id", uuid.UUID)
    forms.may_write(kind, me().permissions)
    given = _given(kind)
    try:
        made = _make(kind, client, given)
    except AppError as error:
        return _form("element-new.html", kind, given, error, client_id=str(client))
    flash("registry.made")
    return redirect(url_for("registry.element", element_id=made), 303)


def _make(kind: ElementKind, client: uuid.UUID, given: dict[str, str]) -> int:
    district_id = here().district_id
    with acting.writing() as connection:
        once = Once(connection, client, acting.actor().account_id, Did.MADE)
        earlier = once.earlier()
        if earlier is not None:
            return earlier.element_id
        today = grid.today(connection, district_id)
        said = forms.texts_of(kind, given)
        made = forms.make(connection, district_id, kind, said, today, source=BY_HAND, by=hand())
        once.done(made)
        return made


@blueprint.get("/registry/elements/<int:element_id>/edit")
@needs(Permission.EDIT_REGISTRY)
def edit_element(element_id: int) -> Response:
    """The form of an element, filled with what it says."""
    return _edit(element_id)


def _edit(element_id: int, given: Given | None = None, problem: AppError | None = None) -> Response:
    with acting.writing() as connection:
        told = looking.one(connection, looking.id_of(element_id))
        held = writing.hold(connection, element_id)
        if held is None:
            raise NotFoundError("element_missing", id=element_id)
        filled = {**forms.current(connection, held), **forms.places_of(told["element"])}
    there = [name for name in ("identity", "phone") if _has(told, name)]
    if told["person"]:
        filled["name"], there = "", ["name", *there]
    return _form(
        "element-edit.html", ElementKind(told["element"]["kind"]), given or filled, problem, told=told,
        one=told["element"], version=request.form.get("version", told["element"]["version"]),
        there=there,
    )  # fmt: skip


def _has(told: dict[str, Any], name: str) -> bool:
    return any((told[kind] or {}).get(f"has_{name}", False) for kind in ("person", "organisation"))


@blueprint.post("/registry/elements/<int:element_id>/edit")
@needs(Permission.EDIT_REGISTRY)
def change_element(element_id: int) -> AnyResponse:
    """Change what was written anew, and nothing else."""
    given: dict[str, str] = {}
    try:
        with acting.writing() as connection:
            told = looking.one(connection, looking.id_of(element_id))["element"]
            held = writing.hold(connection, element_id)
            if held is None:
                raise NotFoundError("element_missing", id=element_id)
            kind = ElementKind(held["kind"])
            given = _given(kind, without=frozenset({"needs"}))
            filled = {**forms.current(connection, held), **forms.places_of(told)}
            if kind is ElementKind.PERSON and not given.get("name", "").strip():
                given.pop("name", None)
            said = {name: text for name, text in given.items() if text.strip() != filled.get(name, "")}
            said |= dict.fromkeys(set(request.form.getlist("clear")) & (SEALED.get(kind, frozenset())), "")
            today = grid.today(connection, held["district_id"])
            start = day_or("from_on", today)
            if said:
                forms.edit(
                    connection,
                    element_id,
                    seen_version(),
                    said,
                    today,
                    from_on=start,
                    source=BY_HAND,
                    by=hand(),
                )
    except NotFoundError:
        raise
    except AppError as error:
        return _edit(element_id, given, error)
    flash("registry.changed" if said else "registry.nothing_changed")
    return redirect(url_for("registry.element", element_id=element_id), 303)


@blueprint.post("/registry/elements/<int:element_id>/end")
@needs(Permission.EDIT_REGISTRY)
def end_element(element_id: int) -> AnyResponse:
    """Let it be valid no longer from a day on."""
    try:
        with acting.writing() as connection:
            today = grid.today(connection, here().district_id)
            last = day_or("on", today)
            forms.end(connection, looking.id_of(element_id), seen_version(), last, reason(), today)
    except NotFoundError:
        raise
    except AppError as error:
        return show(element_id, error, request.form)
    flash("registry.ended_done")
    return redirect(url_for("registry.element", element_id=element_id), 303)
