"""`/registry/import`: a file of elements is sent; imports of one's own are listed."""

from __future__ import annotations

import uuid
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.errors import AppError, ForbiddenError
from app.grid.api import here
from app.interop.pages.blueprint import blueprint, name_of, sent, told
from app.interop.rules.preparing import KEPT_DAYS, KINDS, MOST_BYTES
from app.interop.service.preparing import sending, telling
from app.interop.service.preparing.files import scratch
from app.interop.service.uploads import kept, layer
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.forms import needed
from app.web.i18n import catalogue
from app.web.pages import page
from app.web.params import number, parameter
from app.web.shapes import MOST_CASE_ID

ROWS = 20
ROOM = 64 << 10
"""Bytes of the form around a file."""


@blueprint.get("/registry/import")
@needs(Permission.EDIT_REGISTRY)
def element_imports() -> Response:
    """The form by which a file is sent, and what was sent before."""
    return _page()


@blueprint.post("/registry/import")
@needs(Permission.EDIT_REGISTRY, most_bytes=MOST_BYTES + ROOM)
def send_elements() -> Response:
    """Take a file, once, however often it is sent; what its columns are is shown next."""
    try:
        kind, client = needed("kind", _kind), needed("client_id", uuid.UUID)
        sending.may_send(kind, me().permissions)
        upload, district_id = sent(), here().district_id
        name = name_of(upload)
        with kept(upload.stream, name, layer, within=scratch()) as path, acting.writing() as connection:
            made = sending.send(connection, district_id, client, kind, name, path, hand())
    except ForbiddenError:
        raise
    except AppError as error:
        return _page(status_of(error), problem=said(error), kind=request.form.get("kind", ""))
    return redirect(url_for("interop.element_import", import_id=made), 303)


def said(error: AppError) -> str:
    """What went wrong in words: of a file that cannot be read, why."""
    if error.code != "import_unreadable":
        return told("error", error.code, error.facts)
    reason, facts = error.facts["reason"], error.facts["told"]
    known = catalogue("zh_CN")
    for domain, code in (("import", f"source_{reason}"), ("source", reason), ("fault", reason)):
        if f"{domain}.{code}" in known:
            return told(domain, code, {"row": "", "field": "", "value": "", **facts})
    return told("error", "import_unreadable", {})


def _kind(raw: str) -> str:
    if raw not in KINDS:
        raise ValueError(raw)
    return raw


def _page(status: int = 200, /, **facts: Any) -> Response:
    before = parameter("before", number(1, MOST_CASE_ID), None)
    with acting.reading() as connection:
        rows, following = telling.page(connection, before=before, limit=ROWS)
    return page(
        "element-imports.html", status, me=me(), rows=rows, following=following, client_id=str(uuid.uuid4()),
        kinds=sending.kinds_for(me().permissions), most_mb=MOST_BYTES >> 20, days=KEPT_DAYS, **facts,
    )  # fmt: skip
