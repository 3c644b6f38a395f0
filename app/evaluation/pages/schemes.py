"""`/evaluation/schemes`: what earns how many points; a change is another edition."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.errors import AppError
from app.evaluation.pages.blueprint import blueprint
from app.evaluation.rules import INDICATORS
from app.evaluation.service import schemes as service
from app.grid.api import here
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import page


@blueprint.get("/evaluation/schemes")
@needs(Permission.READ_CASES)
def schemes() -> Response:
    """评分方案: every scheme with its weights."""
    place = here()
    with acting.reading() as connection:
        found = service.schemes(connection, place.district_id)
    return page("evaluation-schemes.html", me=me(), district=place.record, schemes=found)


@blueprint.get("/evaluation/schemes/<code>")
@needs(Permission.KEEP_EVALUATION)
def scheme(code: str) -> Response:
    """The form by which a scheme is changed."""
    return _form(code, None)


@blueprint.post("/evaluation/schemes/<code>")
@needs(Permission.KEEP_EVALUATION)
def change(code: str) -> AnyResponse:
    """Keep another edition of it."""
    try:
        with acting.writing() as connection:
            service.change(connection, here().district_id, acting.actor(), code, request.form)
    except AppError as error:
        return _form(code, request.form, error)
    flash("evaluation.scheme_saved")
    return redirect(url_for("evaluation.schemes"), 303)


def _form(code: str, given: Mapping[str, str] | None, problem: AppError | None = None) -> Response:
    place = here()
    with acting.reading() as connection:
        found = service.scheme(connection, place.district_id, code)
    if given is None:
        given = {"name": found.name, "name_en": found.name_en or "", "note": found.note or ""}
        for weight in found.weights:
            given |= {
                f"points_{weight.indicator}": str(weight.points),
                f"sense_{weight.indicator}": weight.sense.value,
            }
    faults = list(problem.facts.get("faults") or []) if problem is not None else []
    return page(
        "evaluation-scheme.html",
        status_of(problem),
        me=me(),
        district=place.record,
        scheme=found,
        given=given,
        indicators=[one for one in INDICATORS if one.is_share],
        problem=problem,
        faults={fault["field"]: fault for fault in faults},
    )
