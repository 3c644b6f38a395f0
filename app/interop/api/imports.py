"""A file is sent; imports are listed and told, and thrown away."""

from __future__ import annotations

import uuid

from flask import Response, request

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, UnavailableError
from app.grid.api import here
from app.interop.api import shapes
from app.interop.api.blueprint import blueprint
from app.interop.rules.preparing import KINDS, MOST_BYTES
from app.interop.service.preparing import sending, steps, telling
from app.interop.service.preparing.files import scratch
from app.interop.service.uploads import kept, layer
from app.web import acting, answers
from app.web.doors import needs
from app.web.forms import needed
from app.web.params import number, visible
from app.web.shapes import MOST_CASE_ID, UUID, page, record, words
from app.web.sheets import WORKBOOK
from app.web.stating import BYTES, MULTIPART, Asked, states

BINARY = {"type": "string", "contentMediaType": BYTES}
ROOM = 64 << 10
"""Bytes of the form around a file."""

LIMIT = Asked("limit", number(1, 100), 20, "How many at most.")
BEFORE = Asked("before", number(1, MOST_CASE_ID), None, "`next` of the page before.")
MISSING = ["import_missing"]
SEALS = {UnavailableError: ["seal_broken", "seal_key_missing", "seal_key_wrong"]}


@blueprint.post("/imports")
@needs(Permission.EDIT_REGISTRY, most_bytes=MOST_BYTES + ROOM)
@states(
    shapes.ONE,
    status=201,
    kept=False,
    bodies={MULTIPART: record(file=BINARY, kind=words(KINDS), client_id=UUID)},
    fails={
        InvalidError: [
            "field_needed",
            "import_unreadable",
            "parameter_invalid",
            "upload_empty",
            "upload_layer",
            "upload_missing",
            "upload_swells",
        ],
        ForbiddenError: ["not_permitted"],
        NotFoundError: ["district_missing"],
        ConflictError: ["client_id_used", "imports_many"],
        **SEALS,
    },
)
def send() -> Response:
    """Send a workbook, a CSV file, a zipped Shapefile or a GeoPackage, once, however often it is sent.

    Nothing is written: its columns are told, each with the field that it would be read as. It is kept sealed, and seen
    by nobody else. Where a `client_id` was used before, what was sent then is the answer.
    """
    kind = needed("kind", _kind)
    client = needed("client_id", uuid.UUID)
    sending.may_send(kind, me().permissions)
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise InvalidError("upload_missing")
    name, district_id = visible(upload.filename.replace("\\", "/").rpartition("/")[2]), here().district_id
    with kept(upload.stream, name, layer, within=scratch()) as path, acting.writing() as connection:
        made = sending.send(connection, district_id, client, kind, name, path, hand())
        return answers.private(telling.one(connection, made), 201)


def _kind(raw: str) -> str:
    if raw not in KINDS:
        raise ValueError(raw)
    return raw


@blueprint.get("/imports")
@needs(Permission.EDIT_REGISTRY)
@states(page(shapes.LISTED, shapes.IMPORT_ID), query=(LIMIT, BEFORE), kept=False)
def imports() -> Response:
    """Imports of one's own, the newest first; nobody sees those of others."""
    limit, before = LIMIT.read(), BEFORE.read()
    with acting.reading() as connection:
        found, following = telling.page(connection, before=before, limit=limit)
    return answers.private({"items": found, "next": following})


@blueprint.get("/imports/<int:import_id>")
@needs(Permission.EDIT_REGISTRY)
@states(shapes.ONE, kept=False, fails={NotFoundError: MISSING})
def one(import_id: int) -> Response:
    """An import: how far it is, how its file is read, what was found. Numbers of people are told by none of it."""
    with acting.reading() as connection:
        return answers.private(telling.one(connection, import_id))


@blueprint.delete("/imports/<int:import_id>")
@needs(Permission.EDIT_REGISTRY)
@states(
    status=204,
    kept=False,
    fails={NotFoundError: MISSING, ConflictError: ["import_busy", "import_over"]},
)
def discard(import_id: int) -> Response:
    """Throw an import away that is not written, with its file."""
    with acting.writing() as connection:
        steps.discard(connection, import_id, hand())
    return Response(status=204)


@blueprint.get("/imports/<int:import_id>/faults.xlsx")
@needs(Permission.EDIT_REGISTRY)
@states(
    BINARY, media=(WORKBOOK,), kept=False, fails={NotFoundError: [*MISSING, "import_without_faults"], **SEALS}
)
def faults(import_id: int) -> Response:
    """One's own workbook with every faulty cell marked, or one of the faulty rows of another file. It is logged."""
    with acting.writing() as connection:
        _, content = steps.faults_of(connection, import_id, hand())
    response = Response(b"".join(content), mimetype=WORKBOOK)
    response.headers["Content-Disposition"] = f'attachment; filename="faults-{import_id}.xlsx"'
    response.cache_control.no_store = True
    return response
