"""`/reference/…/import`: a table of reference data is sent, tried and taken in."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.cases.service import reference_editing as editing
from app.errors import AppError
from app.interop.pages.blueprint import SHOWN, SLOWEST_S, blueprint, name_of, sent, told, unreadable
from app.interop.service.reference import ReferenceReport, import_reference
from app.interop.service.report import FaultLog, sentence
from app.interop.service.uploads import kept
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import page, page_locale
from spatial.errors import LayerError, SpatialError


@blueprint.get("/reference/<name>/import")
@needs(Permission.EDIT_REFERENCE)
def reference_form(name: str) -> Response:
    """The form by which a table of reference data is sent."""
    return _page(name)


@blueprint.post("/reference/<name>/import")
@needs(Permission.EDIT_REFERENCE)
def take_reference_in(name: str) -> Response:
    """Show what a file would add, change and end, or take it in."""
    check, log = bool(request.form.get("check")), FaultLog(None, page_locale())
    try:
        found = _import(name, sent(), log, dry_run=check)
    except LayerError as error:
        return _page(name, 422, check=check, faults=error.faults, count=error.count)
    except SpatialError as error:
        return _page(name, 400, check=check, problem=unreadable("reference", error))
    except AppError as error:
        said = told("error", error.code, error.facts)
        return _page(name, status_of(error), check=check, problem=said)
    return _page(name, check=check, found=found)


def _import(name: str, upload: FileStorage, log: FaultLog, *, dry_run: bool) -> ReferenceReport:
    file_name, by = name_of(upload), hand()
    with kept(upload.stream, file_name) as path, acting.writing(SLOWEST_S) as connection:
        return import_reference(connection, name, path, dry_run=dry_run, log=log, file_name=file_name, by=by)


def _page(name: str, status: int = 200, /, **facts: Any) -> Response:
    table, locale = editing.table_of(name), page_locale()
    faults = [(fault, sentence(locale, fault)) for fault in facts.pop("faults", ())[:SHOWN]]
    return page("reference-import.html", status, me=me(), table=table, faults=faults, shown=SHOWN, **facts)
