"""Files of reports are fetched, and held against what the platform made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import quote

from flask import Response, request

from app.accounts.guard import hand
from app.accounts.rules import Permission
from app.errors import NotFoundError, UnavailableError
from app.reports.api import shapes
from app.reports.api.blueprint import blueprint
from app.reports.rules.formats import MEDIA_TYPES, Format
from app.reports.service import noting, shelving, telling
from app.reports.service.verifying import digest_of, verify
from app.reports.store import runs as store
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import Reader
from app.web.shapes import items, record
from app.web.stating import BYTES, Asked, states

BINARY = {"type": "string", "contentMediaType": BYTES}
CHUNK_BYTES = 1 << 16

SHA256 = Asked("sha256", Reader(digest_of, shapes.SHA256), None, "SHA-256 of the whole file, as hexadecimal.")


@blueprint.get("/<int:run_id>/editions/<int:edition>/<name>")
@needs(Permission.MAKE_REPORTS)
@states(
    BINARY,
    media=sorted(MEDIA_TYPES.values()),
    fails={
        NotFoundError: ["report_missing", "report_file_missing"],
        UnavailableError: ["file_gone", "files_unreadable"],
    },
)
def file(run_id: int, edition: int, name: str) -> Response:
    """A file of an edition, to be kept: never shown within the platform's own pages. It is logged.

    Its tag is its SHA-256.
    """
    with acting.writing() as connection:
        run = store.one(connection, run_id)
        if run is None:
            raise NotFoundError("report_missing")
        known = {one["name"]: one for one in store.files(connection, run_id, min(edition, 2**31 - 1))}
        if name not in known:
            raise NotFoundError("report_file_missing")
        found = known[name]
        stream = shelving.opened(found["sha256"])
        noting.log(connection, "download", run_id, hand(), edition=edition, name=name)
    response = _headed(Response(_pieces(stream), mimetype=None, direct_passthrough=True), found["sha256"])
    if request.if_none_match.contains(found["sha256"].hex()):
        stream.close()
        return _headed(Response(status=304), found["sha256"])
    response.content_type = MEDIA_TYPES[Format(found["format"])]
    response.content_length = found["size_bytes"]
    called = quote(telling.called(run, edition, name))
    response.headers["Content-Disposition"] = f"attachment; filename=\"{name}\"; filename*=UTF-8''{called}"
    return response


def _headed(response: Response, digest: bytes) -> Response:
    response.set_etag(digest.hex())
    response.cache_control.private = True
    response.cache_control.no_cache = True
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk


@blueprint.get("/verify")
@needs(Permission.MAKE_REPORTS)
@states(
    record(items=items(shapes.VERIFIED, most=20)),
    query=(SHA256,),
    kept=False,
    fails={NotFoundError: ["district_missing"]},
)
def verified() -> Response:
    """Which reports in sight have a file of this hash, to the byte.

    None: it is not the platform's, was changed since, or is out of sight.
    """
    digest = SHA256.read()
    with acting.reading() as connection:
        found = [] if digest is None else verify(connection, digest)
    return answers.private({"items": found})
