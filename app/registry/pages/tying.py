"""Relations put in and ended from an element's page."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.errors import AppError, NotFoundError
from app.grid import store as grid
from app.grid.api import here
from app.registry.pages.blueprint import blueprint, day_or, number
from app.registry.pages.element import show
from app.registry.rules.kinds import RelationKind
from app.registry.service import looking, tying
from app.registry.service.forms import BY_HAND
from app.web import acting
from app.web.doors import needs
from app.web.forms import needed


def _kind(raw: str) -> RelationKind:
    found = RelationKind(raw)
    if found is RelationKind.CONCERNS:
        raise ValueError(raw)
    return found


@blueprint.post("/registry/elements/<int:element_id>/relations")
@needs(Permission.EDIT_REGISTRY)
def tie_element(element_id: int) -> Response:
    """Tie it to another; by what it lies or lives in, it leaves what it lay in before."""
    try:
        kind, target = needed("kind", _kind), needed("target", number)
        with acting.writing() as connection:
            today = grid.today(connection, here().district_id)
            start = day_or("from_on", today)
            found = looking.id_of(element_id)
            tying.tie(connection, found, kind, target, start, today, source=BY_HAND)
    except NotFoundError:
        raise
    except AppError as error:
        return show(element_id, error, request.form)
    flash("registry.tied")
    return redirect(url_for("registry.element", element_id=element_id), 303)


@blueprint.post("/registry/elements/<int:element_id>/relations/<int:relation_id>/end")
@needs(Permission.EDIT_REGISTRY)
def end_relation(element_id: int, relation_id: int) -> Response:
    """End a relation on a day, today if none is said."""
    try:
        with acting.writing() as connection:
            today = grid.today(connection, here().district_id)
            looking.one(connection, looking.id_of(element_id))
            if not 0 < relation_id <= looking.MOST_ID:
                raise NotFoundError("relation_missing", id=relation_id)
            tying.end(connection, relation_id, day_or("on", today), today)
    except NotFoundError:
        raise
    except AppError as error:
        return show(element_id, error)
    flash("registry.untied")
    return redirect(url_for("registry.element", element_id=element_id), 303)
