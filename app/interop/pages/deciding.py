"""The last steps of an import: what is known already is decided, all of it is written, or thrown away."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts.guard import hand
from app.accounts.rules import Permission
from app.errors import AppError, NotFoundError
from app.interop.pages.blueprint import blueprint
from app.interop.pages.preparing import back, show
from app.interop.service.preparing import steps
from app.web import acting
from app.web.doors import needs
from app.web.forms import needed, written
from app.web.params import number


@blueprint.post("/registry/import/<int:import_id>/choices")
@needs(Permission.EDIT_REGISTRY)
def decide(import_id: int) -> Response:
    """Say what a row is, or take that back."""
    try:
        row, decision = needed("row", number(1, 2**31 - 1)), written("decision", 20)
        with acting.writing() as connection:
            steps.decide(connection, import_id, row, decision or None)
    except NotFoundError:
        raise
    except AppError as error:
        return show(import_id, error)
    after = written("after", 12)
    place = {"after": after} if after.isdecimal() and after != "0" else {}
    address = url_for("interop.element_import", import_id=import_id, **place)
    return redirect(f"{address}#row-{row}", 303)


@blueprint.post("/registry/import/<int:import_id>/take-over")
@needs(Permission.EDIT_REGISTRY)
def take_over(import_id: int) -> Response:
    """Have it written."""
    try:
        with acting.writing() as connection:
            steps.take_over(connection, import_id, skip_bad="skip_bad" in request.form, by=hand())
    except NotFoundError:
        raise
    except AppError as error:
        return show(import_id, error)
    return back(import_id)


@blueprint.post("/registry/import/<int:import_id>/discard")
@needs(Permission.EDIT_REGISTRY)
def discard(import_id: int) -> Response:
    """Throw it away, with its file."""
    try:
        with acting.writing() as connection:
            steps.discard(connection, import_id, hand())
    except NotFoundError:
        raise
    except AppError as error:
        return show(import_id, error)
    flash("imports.discarded")
    return redirect(url_for("interop.element_imports"), 303)
