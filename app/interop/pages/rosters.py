"""`/staffing/import`: a roster is sent in and checked; what is wrong with it is listed row by row."""

from __future__ import annotations

import io
from typing import Any

from flask import request, send_file
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.accounts.guard import hand, me, seat
from app.accounts.rules import Permission
from app.errors import AppError, InvalidError
from app.interop.pages.blueprint import SHOWN, SLOWEST_S, blueprint, name_of, sent, told, unreadable
from app.interop.service.report import FaultLog, ImportReport, sentence
from app.interop.service.staff import import_shifts, import_staff, log_import
from app.interop.service.staff.blanks import FIELDS, blank
from app.interop.service.uploads import kept
from app.ledger import store as ledger
from app.ledger.store import Entry
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.i18n import translate
from app.web.pages import page, page_locale
from app.web.params import visible
from app.web.sheets import WORKBOOK
from spatial.errors import LayerError, SpatialError


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
        report = _import(kind, sent(), log, dry_run=check)
    except LayerError as error:
        return _page(422, kind=kind, check=check, faults=error.faults, count=error.count)
    except SpatialError as error:
        return _page(400, kind=kind, check=check, problem=unreadable(kind, error))
    except AppError as error:
        return _page(status_of(error), kind=kind, check=check, problem=told("error", error.code, error.facts))
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


def _note(kind: str, check: bool) -> None:
    """Log that a roster was sent, also one that is only checked: what is wrong with it tells of people too."""
    with acting.writing() as connection:
        facts = {"kind": visible(kind[:20]), "check": check}
        entry = Entry(
            "roster.send", "done", me().account_id, me().username, address=seat().address, facts=facts
        )
        ledger.add(connection, entry)


def _import(kind: str, upload: FileStorage, log: FaultLog, *, dry_run: bool) -> ImportReport:
    name, account = name_of(upload), me().account_id
    with kept(upload.stream, name) as path, acting.writing(SLOWEST_S) as connection:
        if kind == "staff":
            report = import_staff(connection, path, dry_run=dry_run, entered_by=account, log=log)
        else:
            report = import_shifts(connection, path, dry_run=dry_run, log=log)
        if not dry_run:
            log_import(connection, kind, name, report, by=hand())
    return report


def _page(status: int = 200, /, **facts: Any) -> Response:
    locale = page_locale()
    faults = [(fault, sentence(locale, fault)) for fault in facts.pop("faults", ())[:SHOWN]]
    return page("staff-import.html", status, me=me(), kinds=tuple(FIELDS), faults=faults, **facts)
