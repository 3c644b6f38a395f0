"""`/api/v1/figures`, `/api/v1/cells/counts`, `/api/v1/search`: what the one map reads beside its tiles."""

from __future__ import annotations

from flask import Blueprint, Response

from app.accounts.rules import Permission
from app.cases.api import case_filter
from app.cases.store import reading as cases
from app.grid.api import here
from app.grid.store import reading as grid
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import number, parameter

blueprint = Blueprint("console_api", __name__, url_prefix="/api/v1")


@blueprint.get("/figures")
@needs(Permission.READ_CASES)
def figures() -> Response:
    """The figures above the map, of the same cases as the map's."""
    place = here()
    wanted = case_filter(place.timezone)
    with acting.reading() as connection:
        found = cases.figures(connection, place.district_id, wanted, place.timezone)
    return answers.document({**found, "at": wanted.now})


@blueprint.get("/cells/counts")
@needs(Permission.READ_CASES)
def counts() -> Response:
    """How many cases under the filter each cell has: the fill of the map."""
    place = here()
    wanted = case_filter(place.timezone)
    with acting.reading() as connection:
        found = cases.counts_by_cell(connection, place.district_id, wanted)
    return answers.document({"counts": found}, "counts", place.versions, acting.actor().view, wanted)


@blueprint.get("/search")
@needs(Permission.VIEW_MAP)
def search() -> Response:
    """Areas and things on the ground by name or code."""
    place = here()
    words = parameter("q", str, "").strip()[:60]
    limit = parameter("limit", number(1, 50), 12)
    if not words:
        return answers.document({"items": []})
    with acting.reading() as connection:
        found = grid.search(connection, place.district_id, words, limit)
    return answers.document({"items": found})
