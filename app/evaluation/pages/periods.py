"""`/evaluation/periods`: periods are opened, published, objected to, answered, frozen and verified."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Response, flash, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.cases.rules.fields import client_id
from app.errors import AppError
from app.evaluation import store
from app.evaluation.pages.blueprint import blueprint
from app.evaluation.rules import Of
from app.evaluation.rules.periods import Phase
from app.evaluation.rules.scoring import Score, scheme_of, score
from app.evaluation.service import periods as service
from app.evaluation.service import schemes
from app.evaluation.service.asking import SLOW_S
from app.evaluation.store import periods as period_store
from app.grid.api import here
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import page
from app.web.params import day, parameter

ROWS, MOST_LINES = 30, 500


@blueprint.get("/evaluation/periods")
@needs(Permission.READ_CASES)
def periods() -> Response:
    """考核周期: the last one first."""
    return _list()


def _list(problem: AppError | None = None) -> Response:
    place = here()
    before = parameter("before", day, None)
    with acting.reading() as connection:
        found = period_store.periods(connection, place.district_id, before=before, limit=ROWS + 1)
    return page(
        "evaluation-periods.html",
        status_of(problem),
        me=me(),
        district=place.record,
        rows=[service.told(row) for row in found[:ROWS]],
        following=found[ROWS - 1]["first_on"] if len(found) > ROWS else None,
        given=request.form,
        problem=problem,
    )


@blueprint.post("/evaluation/periods")
@needs(Permission.KEEP_EVALUATION)
def open_period() -> AnyResponse:
    """Open a period."""
    try:
        with acting.writing() as connection:
            made = service.open_period(
                connection, here().district_id, acting.actor(), _day("first_on"), _day("last_on")
            )
    except AppError as error:
        return _list(error)
    flash("evaluation.period_opened")
    return redirect(url_for("evaluation.period", period_id=made), 303)


@blueprint.get("/evaluation/periods/<int:period_id>")
@needs(Permission.READ_CASES)
def period(period_id: int) -> Response:
    """One period: what was published of what one sees, objections, corrections."""
    return _one(period_id)


def _one(period_id: int, problem: AppError | None = None, verified: dict[str, Any] | None = None) -> Response:
    place = here()
    with acting.reading() as connection:
        one = service.one(connection, place.district_id, period_id)
        figures = period_store.figures(connection, period_id)
        lines = period_store.corrections(connection, period_id, limit=MOST_LINES)
        called = {
            of.value: store.names(connection, place.district_id, of, [r["key"] for r in (*figures, *lines)])
            for of in (Of.AREA, Of.UNIT)
        }
        objections = period_store.objections(connection, period_id, limit=MOST_LINES)
    running = one["phase"] is Phase.PUBLISHED and one["today"] <= one["object_until_on"]
    return page(
        "evaluation-period.html",
        status_of(problem),
        me=me(),
        district=place.record,
        one=one,
        figures=[{**row, "sum": _sum(one, row)} for row in figures if row["of"] != Of.DISTRICT],
        lines=lines,
        objections=objections,
        called=called,
        may_object=running and me().may(Permission.OBJECT_TO_EVALUATION),
        may_keep=me().may(Permission.KEEP_EVALUATION),
        running=running,
        client_id=str(uuid.uuid4()),
        given=request.form,
        problem=problem,
        verified=verified,
    )


def _sum(one: dict[str, Any], row: dict[str, Any]) -> Score | None:
    """How the score of a published figure comes about, by the scheme that it was published with."""
    scheme = next((scheme_of(raw) for raw in one["schemes"] if raw["of"] == row["of"]), None)
    return score(scheme, row["counts"]) if scheme else None


Act = Callable[[Connection, int], object]


def _done(period_id: int, act: Act, told: str) -> AnyResponse:
    """Do something with a period and come back to it; what speaks against it is told there."""
    try:
        with acting.writing(SLOW_S) as connection:
            act(connection, here().district_id)
    except AppError as error:
        return _one(period_id, error)
    flash(told)
    return redirect(url_for("evaluation.period", period_id=period_id), 303)


@blueprint.post("/evaluation/periods/<int:period_id>/publish")
@needs(Permission.KEEP_EVALUATION)
def publish(period_id: int) -> AnyResponse:
    """公示, by the schemes as they hold now."""

    def act(connection: Connection, district_id: int) -> None:
        known = schemes.schemes(connection, district_id)
        chosen = [
            schemes.default_for(known, of, request.form.get(f"scheme_{of.value}"))
            for of in (Of.AREA, Of.UNIT)
        ]
        service.publish(
            connection, district_id, here().timezone, acting.actor(), period_id,
            [one for one in chosen if one], _day("object_until_on"),
        )  # fmt: skip

    return _done(period_id, act, "evaluation.published")


@blueprint.post("/evaluation/periods/<int:period_id>/objections")
@needs(Permission.OBJECT_TO_EVALUATION)
def file_objection(period_id: int) -> AnyResponse:
    """异议 against a figure of one's own."""

    def act(connection: Connection, district_id: int) -> None:
        client = client_id(request.form.get("client_id"))
        service.object_to(connection, district_id, acting.actor(), period_id, request.form, client)

    return _done(period_id, act, "evaluation.objection_filed")


@blueprint.post("/evaluation/periods/<int:period_id>/objections/<int:objection_id>")
@needs(Permission.KEEP_EVALUATION)
def answer(period_id: int, objection_id: int) -> AnyResponse:
    """Answer an objection."""
    upheld, said = request.form.get("upheld") == "yes", request.form.get("answer", "")

    def act(connection: Connection, district_id: int) -> None:
        service.answer(connection, district_id, acting.actor(), period_id, objection_id, upheld, said)

    return _done(period_id, act, "evaluation.answered")


@blueprint.post("/evaluation/periods/<int:period_id>/freeze")
@needs(Permission.KEEP_EVALUATION)
def freeze(period_id: int) -> AnyResponse:
    """定稿."""
    return _done(
        period_id,
        lambda connection, district_id: service.freeze(connection, district_id, acting.actor(), period_id),
        "evaluation.frozen",
    )


@blueprint.post("/evaluation/periods/<int:period_id>/verify")
@needs(Permission.KEEP_EVALUATION)
def verify(period_id: int) -> Response:
    """核验: the hash, and the figures worked out again as known then."""
    try:
        with acting.reading(SLOW_S) as connection:
            found = service.verify(connection, here().district_id, period_id)
    except AppError as error:
        return _one(period_id, error)
    return _one(period_id, verified=found)


def _day(name: str) -> date | None:
    """A day of the form; None where it says none."""
    try:
        return day(request.form.get(name, ""))
    except ValueError:
        return None
