"""`/staffing/import`: a roster is sent in and checked; what is wrong with it is listed row by row."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, request, send_file
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.accounts.guard import me, seat
from app.accounts.rules import Permission
from app.accounts.service.managing import Hand
from app.cases.service import reference_editing as editing
from app.errors import AppError, InvalidError
from app.interop.service.reference import ReferenceReport, import_reference
from app.interop.service.report import FaultLog, ImportReport, sentence
from app.interop.service.staff import import_shifts, import_staff, log_import
from app.interop.service.staff.blanks import FIELDS, blank, heading
from app.interop.service.uploads import kept
from app.ledger import store as ledger
from app.ledger.store import Entry
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.i18n import catalogue, translate
from app.web.pages import page, page_locale
from app.web.params import visible
from spatial.errors import LayerError, SpatialError

blueprint = Blueprint("interop", __name__)

SHOWN = 200
"""Faults that the page lists."""

SLOWEST_S = 60.0
"""The rules of who may write what are asked of every row: a statement may take longer than on other pages."""

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/staffing/import")
@needs(Permission.MANAGE_STAFFING)
def form() -> Response:
    """The form by which a roster is sent."""
    return _page()


@blueprint.post("/staffing/import")
@needs(Permission.MANAGE_STAFFING)
def take_in() -> Response:
    """Check a roster, and take it in unless it is only to be checked."""
    kind, check = request.form.get("kind", ""), bool(request.form.get("check"))
    log = FaultLog(None, page_locale())
    _note(kind, check)
    try:
        if kind not in FIELDS:
            raise InvalidError("parameter_invalid", field="kind", value=kind[:20])
        upload = request.files.get("file")
        if upload is None or not upload.filename:
            raise InvalidError("upload_missing")
        report = _import(kind, upload, log, dry_run=check)
    except LayerError as error:
        return _page(422, kind=kind, check=check, faults=error.faults, count=error.count)
    except SpatialError as error:
        return _page(400, kind=kind, check=check, problem=_unreadable(kind, error))
    except AppError as error:
        return _page(
            status_of(error), kind=kind, check=check, problem=_told("error", error.code, error.facts)
        )
    return _page(kind=kind, check=check, report=report)


@blueprint.get("/staffing/import/template/<any(staff, shifts):kind>.xlsx")
@needs(Permission.MANAGE_STAFFING)
def template(kind: str) -> Response:
    """A blank form to be filled in."""
    locale = page_locale()
    name = f"{translate(locale, f'import.kind_{kind}')}.xlsx"
    return send_file(
        io.BytesIO(blank(kind, locale)), mimetype=WORKBOOK, as_attachment=True, download_name=name
    )


@blueprint.get("/reference/<name>/import")
@needs(Permission.EDIT_REFERENCE)
def reference_form(name: str) -> Response:
    """The form by which a table of reference data is sent."""
    return _reference_page(name)


@blueprint.post("/reference/<name>/import")
@needs(Permission.EDIT_REFERENCE)
def take_reference_in(name: str) -> Response:
    """Show what a file would add, change and end, or take it in."""
    check, log = bool(request.form.get("check")), FaultLog(None, page_locale())
    try:
        upload = request.files.get("file")
        if upload is None or not upload.filename:
            raise InvalidError("upload_missing")
        found = _import_reference(name, upload, log, dry_run=check)
    except LayerError as error:
        return _reference_page(name, 422, check=check, faults=error.faults, count=error.count)
    except SpatialError as error:
        return _reference_page(name, 400, check=check, problem=_unreadable("reference", error))
    except AppError as error:
        told = _told("error", error.code, error.facts)
        return _reference_page(name, status_of(error), check=check, problem=told)
    return _reference_page(name, check=check, found=found)


def _import_reference(name: str, upload: FileStorage, log: FaultLog, *, dry_run: bool) -> ReferenceReport:
    file_name = visible((upload.filename or "").replace("\\", "/").rpartition("/")[2])
    by = Hand(me().username, me().account_id, seat().address)
    with kept(upload.stream, file_name) as path, acting.writing(SLOWEST_S) as connection:
        return import_reference(connection, name, path, dry_run=dry_run, log=log, file_name=file_name, by=by)


def _reference_page(name: str, status: int = 200, /, **facts: Any) -> Response:
    table, locale = editing.table_of(name), page_locale()
    faults = [(fault, sentence(locale, fault)) for fault in facts.pop("faults", ())[:SHOWN]]
    return page("reference-import.html", status, me=me(), table=table, faults=faults, shown=SHOWN, **facts)


def _note(kind: str, check: bool) -> None:
    """Log that a roster was sent, also one that is only checked: what is wrong with it tells of people too."""
    with acting.writing() as connection:
        facts = {"kind": visible(kind[:20]), "check": check}
        entry = Entry(
            "roster.send", "done", me().account_id, me().username, address=seat().address, facts=facts
        )
        ledger.add(connection, entry)


def _import(kind: str, upload: FileStorage, log: FaultLog, *, dry_run: bool) -> ImportReport:
    name = (upload.filename or "").replace("\\", "/").rpartition("/")[2]
    account = me().account_id
    with kept(upload.stream, name) as path, acting.writing(SLOWEST_S) as connection:
        if kind == "staff":
            report = import_staff(connection, path, dry_run=dry_run, entered_by=account, log=log)
        else:
            report = import_shifts(connection, path, dry_run=dry_run, log=log)
        if not dry_run:
            log_import(connection, kind, name, report, by=Hand(me().username, account, seat().address))
    return report


def _page(status: int = 200, /, **facts: Any) -> Response:
    locale = page_locale()
    faults = [(fault, sentence(locale, fault)) for fault in facts.pop("faults", ())[:SHOWN]]
    return page("staff-import.html", status, me=me(), kinds=tuple(FIELDS), faults=faults, **facts)


def _told(domain: str, code: str, facts: Any) -> str:
    return translate(page_locale(), f"{domain}.{code}", **facts)


def _unreadable(kind: str, error: SpatialError) -> str:
    """Why a file cannot be read, without the options of the command line, and with the headings of the form."""
    facts, locale = dict(error.facts), page_locale()
    if error.code == "column_missing":
        names = str(facts["missing"]).split(", ")
        columns = (heading(locale, kind, name) for name in names)
        if kind == "reference":
            columns = (translate(locale, f"reference.column_{name}") for name in names)
        facts["missing"] = ", ".join(columns)
    own = f"source_{error.code}"
    if f"import.{own}" in catalogue("zh_CN"):
        return _told("import", own, facts)
    return _told("source", error.code, facts)
