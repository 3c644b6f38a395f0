"""Units, their posts and who holds them: what the administrator of rights looks after."""

from __future__ import annotations

import re

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts.guard import hand, me
from app.accounts.rules import Permission, Role
from app.errors import AppError, NotFoundError
from app.staffing import store
from app.staffing.pages.blueprint import blueprint
from app.staffing.pages.roster import last_day
from app.staffing.rules import NEIGHBOURHOOD, UnitKind
from app.staffing.service import assigning
from app.staffing.service.assigning import UnitFacts
from app.web import acting, forms
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import page
from app.web.params import row_id


@blueprint.get("/units/<int:unit_id>")
@needs(Permission.READ_STAFF)
def unit(unit_id: int) -> Response:
    """One unit: its facts and hours, its posts, and who holds them."""
    return _unit(unit_id)


def _unit(unit_id: int, problem: AppError | None = None) -> Response:
    with acting.reading() as connection:
        found = store.unit(connection, unit_id)
        if found is None:
            raise NotFoundError("unit_missing_id", id=unit_id)
        posts = store.posts(connection, unit_id)
        today = store.today(connection)
    return page(
        "unit.html",
        status_of(problem),
        me=me(),
        unit=found,
        posts=posts,
        today=today,
        roles=[*Role],
        kinds=[kind for kind in UnitKind if kind not in NEIGHBOURHOOD],
        problem=problem,
        given=request.form,
    )


def _facts() -> UnitFacts:
    return UnitFacts(
        code=forms.needed("code", str),
        name=forms.needed("name", str),
        kind=forms.needed("kind", str),
        full_name=forms.written("full_name", 120),
        name_en=forms.written("name_en", 120),
        credit_code=forms.written("credit_code", 18),
        opens_at=forms.optional("opens_at", forms.clock),
        closes_at=forms.optional("closes_at", forms.clock),
        night_unit=forms.written("night_unit", 40) or None,
    )


@blueprint.get("/units/new")
@needs(Permission.GRANT_POSTS)
def new_unit() -> Response:
    """The form of a unit that is not there yet."""
    return _new()


def _new(problem: AppError | None = None) -> Response:
    status = status_of(problem)
    kinds = [kind for kind in UnitKind if kind not in NEIGHBOURHOOD]
    return page("unit-new.html", status, me=me(), kinds=kinds, problem=problem, given=request.form)


@blueprint.post("/units/new")
@needs(Permission.GRANT_POSTS)
def make_unit() -> Response:
    """Make a unit."""
    try:
        with acting.writing() as connection:
            made = assigning.make_unit(connection, _facts(), by=hand())
    except AppError as error:
        return _new(error)
    flash("units.made")
    return redirect(url_for("staffing.unit", unit_id=made), 303)


@blueprint.post("/units/<int:unit_id>")
@needs(Permission.GRANT_POSTS)
def change_unit(unit_id: int) -> Response:
    """Change what is written of a unit."""
    try:
        with acting.writing() as connection:
            assigning.change_unit(connection, unit_id, _facts(), by=hand())
    except AppError as error:
        return _unit(unit_id, error)
    flash("units.changed")
    return redirect(url_for("staffing.unit", unit_id=unit_id), 303)


@blueprint.post("/units/<int:unit_id>/posts")
@needs(Permission.GRANT_POSTS)
def make_post(unit_id: int) -> Response:
    """Make a post in a unit, with the areas that it answers for."""
    try:
        with acting.writing() as connection:
            areas = [code for code in re.split(r"[\s,，、;；]+", forms.written("areas", 2000)) if code]
            role, title = forms.needed("role", str), forms.needed("title", str)
            assigning.make_post(connection, unit_id, role, title, areas, by=hand())
    except AppError as error:
        return _unit(unit_id, error)
    flash("units.post_made")
    return redirect(url_for("staffing.unit", unit_id=unit_id), 303)


@blueprint.post("/units/<int:unit_id>/give")
@needs(Permission.GRANT_POSTS)
def give_post(unit_id: int) -> Response:
    """Let somebody hold a post; whoever is not known yet is entered first on a cell's roster or by an import."""
    try:
        with acting.writing() as connection:
            from_on = forms.optional("from", forms.day) or store.today(connection)
            post_id, code = forms.needed("post", row_id), forms.needed("code", str)
            assigning.give_post(connection, post_id, code, from_on, last_day(), by=hand())
    except AppError as error:
        return _unit(unit_id, error)
    flash("units.post_given")
    return redirect(url_for("staffing.unit", unit_id=unit_id), 303)


@blueprint.post("/units/<int:unit_id>/take")
@needs(Permission.GRANT_POSTS)
def take_post(unit_id: int) -> Response:
    """Let somebody no longer hold a post, from today on."""
    try:
        with acting.writing() as connection:
            assigning.take_post(
                connection, forms.needed("holding", row_id), store.today(connection), by=hand()
            )
    except AppError as error:
        return _unit(unit_id, error)
    flash("units.post_taken")
    return redirect(url_for("staffing.unit", unit_id=unit_id), 303)
