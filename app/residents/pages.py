"""`/r`: whoever reported looks up what became of it, without an account."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.accounts.guard import csrf, seat
from app.errors import AppError, NotFoundError, RefusedError, TooManyError
from app.residents import service
from app.residents.rules import LONGEST_REMARK, STAGES
from app.web import forms
from app.web.acting import database_url
from app.web.doors import public
from app.web.errors import status_of
from app.web.limits import limiter, look_ups
from app.web.pages import page
from app.web.params import number, visible

blueprint = Blueprint("residents", __name__)

VISIT = "receipt"
"""Where the browser's signed cookie keeps the token of a visit."""


@blueprint.get("/r")
@public
def look_up() -> Response:
    """The form that asks for number and digits; a code on paper has filled the number in."""
    return page("receipt-find.html", number=visible(request.args.get("n", "")[:40]), problem=None)


@blueprint.post("/r")
@public
@limiter.limit(look_ups)
def look_up_now() -> Response:
    """Open a receipt."""
    csrf.protect()
    given, digits = request.form.get("number", "")[:80], request.form.get("digits", "")[:20]
    try:
        token = service.look_up(
            database_url(), given.replace("\0", ""), digits.replace("\0", ""), seat().address
        )
    except (RefusedError, TooManyError) as error:
        status = 429 if isinstance(error, TooManyError) else 401
        return page("receipt-find.html", status, number=visible(given), problem=error)
    session[VISIT] = token
    return redirect(url_for("residents.receipt"), 303)


@blueprint.get("/r/receipt")
@public
def receipt() -> Response:
    """The receipt of the visit: where the report is, who has it, until when, what was done."""
    return _receipt()


def _receipt(problem: AppError | None = None) -> Response:
    try:
        found = service.receipt(database_url(), session.get(VISIT, ""))
    except NotFoundError as error:
        session.pop(VISIT, None)
        return page("receipt-find.html", 404, number="", problem=error)
    return page(
        "receipt.html",
        status_of(problem),
        receipt=found,
        stages=STAGES,
        problem=problem,
        given=request.form,
        longest=LONGEST_REMARK,
    )


@blueprint.post("/r/receipt/rating")
@public
@limiter.limit(look_ups)
def rate() -> Response:
    """Say whether it was solved, and how satisfied one is."""
    csrf.protect()
    try:
        solved = forms.needed("solved", _yes)
        satisfied = forms.needed("satisfied", number(1, 5))
        remark = forms.written("remark", LONGEST_REMARK) or None
        service.rate(
            database_url(), session.get(VISIT, ""), solved=solved, satisfied=satisfied, remark=remark
        )
    except NotFoundError:
        return redirect(url_for("residents.receipt"), 303)
    except AppError as error:
        return _receipt(error)
    flash("receipt.rated")
    return redirect(url_for("residents.receipt"), 303)


def _yes(raw: str) -> bool:
    if raw not in {"yes", "no"}:
        raise ValueError(raw)
    return raw == "yes"


@blueprint.post("/r/receipt/leave")
@public
def leave() -> Response:
    """Forget the visit: the telephone may be somebody else's."""
    csrf.protect()
    session.pop(VISIT, None)
    return redirect(url_for("residents.look_up"), 303)
