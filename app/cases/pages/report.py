"""上报: the form of a report. What is wrong is said at the fields, nothing that was typed is lost, twice is once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Response, flash, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.cases.pages import filled
from app.cases.pages.blueprint import blueprint
from app.cases.pages.case import faults_by_field
from app.cases.rules.fields import client_id
from app.cases.service import reporting
from app.cases.service.reference_data import reference
from app.cases.store import choices, conditions
from app.errors import AppError, ConflictError
from app.grid.api import Here, here
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import page

FILES = frozenset({"files"})


@blueprint.get("/cases/new")
@needs(Permission.REPORT_CASES)
def new() -> Response:
    """The empty form; an address can bring a position, a category or an area with it."""
    return _form({name: request.args.get(name, "")[:60] for name in ("lon", "lat", "category", "area")})


def _form(given: Mapping[str, Any], problem: AppError | None = None) -> Response:
    place = here()
    with acting.reading() as connection:
        kinds = choices.categories(connection, place.district_id)
        rows = conditions.conditions(connection, place.district_id)
        areas = choices.areas_in_sight(connection, place.district_id, ("subdistrict", "community", "cell"))
    return page(
        "case-new.html",
        status_of(problem),
        me=me(),
        kinds=kinds,
        filing=rows,
        areas=areas,
        sources=[row["code"] for row in reference("case_sources")],
        given=given,
        client_id=given.get("client_id") or str(uuid.uuid4()),
        problem=problem,
        faults=faults_by_field(problem),
        place=place,
    )


@blueprint.post("/cases/new")
@needs(Permission.REPORT_CASES, most_bytes=filled.MOST_BODY)
def take() -> AnyResponse:
    """Take the report in: it becomes a case, once, however often the form is sent."""
    place = here()
    try:
        cleaned = filled.uploads(FILES, place.timezone)
        told = _reported(place, cleaned)
    except AppError as error:
        return _form(filled.kept(), error)
    if me().may(Permission.READ_CASES):
        if request.form.get("contact_phone", "").strip():
            # Whoever left a telephone is handed the number, with the code that leads to its receipt.
            return redirect(url_for("field.reported", case_id=told["case_id"], receipt=1), 303)
        flash("casework.was_reported")
        return redirect(url_for("casework.case", case_id=told["case_id"]), 303)
    return page("case-reported.html", me=me(), told=told)


def _reported(place: Here, cleaned: filled.Uploads) -> dict[str, Any]:
    """The answer of the service; who sends the same form twice at once is told of the first."""
    key = client_id(request.form.get("client_id"))
    try:
        with acting.writing() as connection:
            raw = _raw(connection, cleaned)
            return reporting.report(connection, place.district_id, acting.actor(), raw, key)
    except ConflictError as error:
        if error.code != "client_id_used":
            raise
        with acting.writing() as connection:
            raw = _raw(connection, {})
            return reporting.report(connection, place.district_id, acting.actor(), raw, key)


def _raw(connection: Connection, cleaned: filled.Uploads) -> dict[str, Any]:
    """The report as the service takes it."""
    form = request.form
    raw: dict[str, Any] = {
        name: form.get(name, "").strip() for name in ("category", "condition", "area", "source")
    }
    raw |= {name: filled.written(name) for name in ("description", "address")}
    raw["files"] = filled.file_ids(connection, "files", cleaned)
    lon, lat = (form.get(name, "").strip() for name in ("lon", "lat"))
    if lon or lat:
        raw["position"] = {"lon": lon, "lat": lat}
        raw.pop("area")
    name, phone = filled.written("contact_name"), form.get("contact_phone", "").strip()
    if name or phone:
        raw["contact"] = {"name": name, "phone": phone}
    return {key: value for key, value in raw.items() if value not in ("", [])}
