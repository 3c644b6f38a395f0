"""`/api/v1/figures`, `/api/v1/cells/counts`: what programs read beside the tiles of the one map.

And `/api/v1/openapi.json`, which says what all of the interface takes and answers.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from app.accounts.rules import Permission
from app.cases.api import FILTER, case_filter
from app.cases.store import reading as cases
from app.grid.api import HERE, here
from app.web import acting, answers, openapi
from app.web.doors import needs
from app.web.shapes import COUNT, INSTANT, Named, record, table
from app.web.stating import states

blueprint = Blueprint("console_api", __name__, url_prefix="/api/v1")

FIGURES = Named(
    "Figures",
    record(
        open=COUNT, overdue=COUNT, near=COUNT, suspended=COUNT, unlocated=COUNT, outside=COUNT, today=COUNT,
        at=INSTANT,
    ),
)  # fmt: skip


@blueprint.get("/figures")
@needs(Permission.READ_CASES)
@states(FIGURES, query=FILTER, fails=HERE)
def figures() -> Response:
    """The figures above the map, of the same cases as the map's."""
    place = here()
    wanted = case_filter(place.timezone)
    with acting.reading() as connection:
        found = cases.figures(connection, place.district_id, wanted, place.timezone)
    return answers.document({**found, "at": wanted.now})


@blueprint.get("/cells/counts")
@needs(Permission.READ_CASES)
@states(record(counts=table(COUNT)), query=FILTER, fails=HERE)
def counts() -> Response:
    """How many cases under the filter each cell has: the fill of the map."""
    place = here()
    wanted = case_filter(place.timezone)
    with acting.reading() as connection:
        found = cases.counts_by_cell(connection, place.district_id, wanted)
    return answers.document({"counts": found}, "counts", place.versions, acting.actor().view, wanted)


@blueprint.get("/openapi.json")
@needs(Permission.HOME)
@states({"type": "object"})
def description() -> Response:
    """This document."""
    return answers.document(openapi.document(current_app))
