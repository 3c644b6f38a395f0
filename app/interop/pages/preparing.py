"""`/registry/import/<id>`: one import, from its columns to what was written, as far as it has come."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.errors import AppError, NotFoundError
from app.interop.pages.blueprint import blueprint
from app.interop.pages.importing import said
from app.interop.rules.preparing import KEPT_DAYS
from app.interop.service.preparing import steps, telling
from app.interop.service.preparing.headers import known_fields
from app.interop.service.preparing.reading import SYSTEMS, Reading
from app.interop.service.preparing.reports import fault_of
from app.interop.service.report import sentence
from app.registry.store import types
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.forms import needed, optional, written
from app.web.pages import page, page_locale
from app.web.params import number, parameter
from app.web.sheets import WORKBOOK
from spatial.readers.source import AUTO

ASKED = 20
"""Rows on which a page has somebody decide."""

Facts = Mapping[str, Any]


@blueprint.get("/registry/import/<int:import_id>")
@needs(Permission.EDIT_REGISTRY)
def element_import(import_id: int) -> Response:
    """An import as it stands."""
    return show(import_id)


def show(import_id: int, problem: AppError | None = None, reading: Facts | None = None) -> Response:
    """The page of an import; after something went wrong, with what it was and what was filled in."""
    after, locale = parameter("after", number(0, 2**31 - 1), 0), page_locale()
    with acting.reading() as connection:
        one = telling.one(connection, import_id)
        rows, following = telling.asked(connection, import_id, after=after, limit=ASKED)
        near, known = telling.likeliest(connection, one["report"]), types.types(connection)
    faults = [fault_of(each) for each in (one["report"] or {}).get("faults", ())]
    reading = reading or one["reading"]
    return page(
        "element-import.html", status_of(problem), me=me(), one=one, reading=reading,
        problem=None if problem is None else said(problem), faults_at=_faults_at(problem),
        stopped=_stopped(one["problem"]), asked=rows, following=following, near=near, days=KEPT_DAYS,
        faults=[(each, sentence(locale, each)) for each in faults], systems=SYSTEMS, step=_step(one),
        required=known_fields(one["kind"])[1], of_column={column: name for name, column in reading["fields"].items()},
        types={each["code"]: each for each in known if each["kind"] == one["kind"]},
    )  # fmt: skip


def _step(one: Facts) -> int:
    """How far it is: the file, its columns, the try, the decisions, the writing, and past all of them."""
    if one["state"] == "done":
        return 6
    if one["doing"] is not None:
        return 3 if one["doing"] == "check" else 5
    if one["report"] is None:
        return 2
    return 4 if one["choices_open"] else 5


def _faults_at(problem: AppError | None) -> list[Facts]:
    return list(problem.facts["faults"]) if problem is not None and problem.code == "import_columns" else []


def _stopped(problem: Facts | None) -> str | None:
    """Why the worker has written nothing."""
    return None if problem is None else said(AppError(problem["code"], **problem["facts"]))


def back(import_id: int, word: str | None = None) -> Response:
    """On to the page of an import, so that sending a form again sends nothing."""
    if word is not None:
        flash(word)
    return redirect(url_for("interop.element_import", import_id=import_id), 303)


@blueprint.post("/registry/import/<int:import_id>/layer")
@needs(Permission.EDIT_REGISTRY)
def choose_layer(import_id: int) -> Response:
    """Read another layer or sheet."""
    try:
        layer = needed("layer", str)
        with acting.writing() as connection:
            steps.choose_layer(connection, import_id, layer)
    except NotFoundError:
        raise
    except AppError as error:
        return show(import_id, error)
    return back(import_id)


@blueprint.post("/registry/import/<int:import_id>/check")
@needs(Permission.EDIT_REGISTRY)
def check(import_id: int) -> Response:
    """Have the file tried as its columns are read in the form."""
    reading: Reading | None = None
    try:
        with acting.writing() as connection:
            columns = telling.one(connection, import_id)["header"]["columns"] or []
            reading, faults = _reading(columns)
            steps.check(connection, import_id, reading, hand(), also=faults)
    except NotFoundError:
        raise
    except AppError as error:
        return show(import_id, error, None if reading is None else reading.kept)
    return back(import_id)


def _reading(columns: list[str]) -> tuple[Reading, list[tuple[str, str]]]:
    """What the form says, and the fields that it gives to more than one column."""
    fields: dict[str, str] = {}
    twice = []
    for i, column in enumerate(columns):
        name = request.form.get(f"column_{i}", "")[:60]
        if name and name in fields:
            twice.append((name, "column_twice"))
        elif name:
            fields[name] = column
    retain = written("retain_until_on", 20)
    given = {
        "type": written("type", 60),
        "legal_basis": written("legal_basis", 200),
        "retain_until_on": retain,
    }
    found = Reading(
        fields, {name: text for name, text in given.items() if text}, written("source", 120) or None,
        crs=optional("crs", str) or AUTO, locale=page_locale(),
    )  # fmt: skip
    return found, twice


@blueprint.post("/registry/import/<int:import_id>/cancel")
@needs(Permission.EDIT_REGISTRY)
def cancel(import_id: int) -> Response:
    """Stop what is under way."""
    try:
        with acting.writing() as connection:
            steps.cancel(connection, import_id)
    except NotFoundError:
        raise
    except AppError as error:
        return show(import_id, error)
    return back(import_id, "imports.cancelled")


@blueprint.get("/registry/import/<int:import_id>/faults.xlsx")
@needs(Permission.EDIT_REGISTRY)
def faults(import_id: int) -> Response:
    """The workbook of what is wrong."""
    with acting.writing() as connection:
        found, content = steps.faults_of(connection, import_id, hand())
    name = found["file_name"].rpartition(".")[0] or found["file_name"]
    response = send_file(
        io.BytesIO(b"".join(content)), WORKBOOK, as_attachment=True, download_name=f"{name}-faults.xlsx"
    )
    response.cache_control.no_store = True
    return response
