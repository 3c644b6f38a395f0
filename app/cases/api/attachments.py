"""`/api/v1/files`: pictures and films are taken in, made safe, and handed to those who may see the case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request
from werkzeug.http import parse_range_header

from app.accounts.rules import Permission
from app.cases.api import shapes
from app.cases.api.blueprint import blueprint
from app.cases.api.story import there
from app.cases.store import story
from app.errors import InvalidError, NotFoundError, UnavailableError
from app.files import service as files
from app.files.rules import CHUNK_BYTES, KEPT_AS, MOST_BYTES, PREVIEW, THUMBNAIL, Small
from app.files.service import Opened, Taken
from app.grid.api import here
from app.web import acting, answers
from app.web.doors import needs
from app.web.shapes import YES, record
from app.web.shapes import items as list_of
from app.web.stating import BYTES, MULTIPART, states

MOST_BODY = max(MOST_BYTES.values()) + CHUNK_BYTES
"""The largest file, and the form around it."""

MOST_FILES = 200
BINARY = {"type": "string", "contentMediaType": BYTES}
MEDIA_TYPES = [media_type for _, media_type in KEPT_AS.values()]
GONE = {NotFoundError: ["file_unknown"], UnavailableError: ["file_gone", "files_unreadable", "s3_missing"]}
SMALL_GONE = {
    NotFoundError: ["file_unknown", "file_without_picture"],
    UnavailableError: ["file_gone", "files_unreadable", "files_unwritable", "s3_missing"],
}
REFUSED = [
    "file_broken",
    "file_empty",
    "file_hostile",
    "file_kind",
    "file_too_large",
    "film_too_long",
    "image_too_big",
]


@blueprint.post("/files")
@needs(Permission.REPORT_CASES, most_bytes=MOST_BODY)
@states(
    shapes.TAKEN,
    status=201,
    bodies={MULTIPART: record(file=BINARY), BYTES: BINARY},
    fails={
        InvalidError: REFUSED,
        NotFoundError: ["district_missing"],
        UnavailableError: ["files_unreadable", "files_unwritable", "s3_missing"],
    },
)
def take_file() -> Response:
    """Take a picture or film in: the field `file` of a form, or the body itself. It is attached by a report or a move.

    Of where and when it was taken is told what the file said; the file that is kept says nothing of it.
    """
    zone = ZoneInfo(here().timezone)
    if request.mimetype == "multipart/form-data":
        sent = request.files.get("file")
        if sent is None:
            raise InvalidError("file_empty")
        cleaned = files.clean(sent.stream, zone=zone)
    else:
        cleaned = files.clean(request.stream, zone=zone)
    # The upload is over: only now is there a transaction.
    with acting.writing() as connection:
        taken = files.keep(connection, cleaned, account_id=acting.actor().account_id or 0)
    return answers.private(_told(taken), 201)


def _told(taken: Taken) -> dict[str, Any]:
    place = taken.facts.position
    return {
        "id": taken.file_id,
        "kind": taken.kind.value,
        "size_bytes": taken.size,
        "width": taken.width,
        "height": taken.height,
        "duration_s": taken.duration_s,
        "taken_at": taken.facts.taken_at,
        "position": None
        if place is None
        else {"lon": place.lon, "lat": place.lat, "accuracy_m": place.accuracy_m},
    }


@blueprint.get("/files/<int:file_id>")
@needs(Permission.REPORT_CASES)
@states(
    BINARY,
    media=MEDIA_TYPES,
    also={206: "The part from a byte on that `Range` asks for.", 416: "The file ends before that byte."},
    fails=GONE,
)
def file(file_id: int) -> Response:
    """A file whole, or the part from a byte on that a player asks for."""
    wanted = parse_range_header(request.headers.get("Range"))
    start = wanted.ranges[0][0] if wanted is not None and len(wanted.ranges) == 1 else 0
    with acting.reading() as connection:
        opened = files.open_file(connection, file_id, start=max(start, 0))
    if opened.size is not None and (start < 0 or start >= opened.size):
        opened.stream.close()
        return Response(status=416, headers={"Content-Range": f"bytes */{opened.size}"})
    response = _sent(opened)
    response.headers["Accept-Ranges"] = "bytes"
    if opened.size is not None and start > 0 and response.status_code == 200:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{opened.size - 1}/{opened.size}"
        response.content_length = opened.size - start
    elif opened.size is not None and response.status_code == 200:
        response.content_length = opened.size
    return response


@blueprint.get("/files/<int:file_id>/thumbnail")
@needs(Permission.REPORT_CASES)
@states(BINARY, media=["image/jpeg"], fails=SMALL_GONE)
def file_thumbnail(file_id: int) -> Response:
    """A small copy of a picture, for lists."""
    return _small(file_id, THUMBNAIL)


@blueprint.get("/files/<int:file_id>/preview")
@needs(Permission.REPORT_CASES)
@states(BINARY, media=["image/jpeg"], fails=SMALL_GONE)
def file_preview(file_id: int) -> Response:
    """A copy of a picture as large as a screen."""
    return _small(file_id, PREVIEW)


@blueprint.get("/cases/<int:case_id>/files")
@needs(Permission.READ_CASES)
@states(
    record(items=list_of(shapes.ATTACHED, most=MOST_FILES), more=YES),
    kept=False,
    fails={NotFoundError: ["case_missing"]},
)
def case_files(case_id: int) -> Response:
    """What is attached to a case, with how far from it each was taken, in metres, where the file said so."""
    with acting.reading() as connection:
        there(connection, case_id)
        items = story.files(connection, case_id, limit=MOST_FILES + 1)
    return answers.private({"items": items[:MOST_FILES], "more": len(items) > MOST_FILES})


def _small(file_id: int, small: Small) -> Response:
    with acting.reading() as connection:
        opened = files.thumbnail(connection, file_id, small)
    return _sent(opened)


def _sent(opened: Opened) -> Response:
    """A file on its way: asked about each time, for whoever may see it today may not tomorrow."""
    response = Response(_pieces(opened), mimetype=opened.media_type, direct_passthrough=True)
    response.set_etag(opened.tag)
    response.cache_control.private = True
    response.cache_control.no_cache = True
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Content-Disposition"] = "inline"
    if request.if_none_match.contains(opened.tag):
        opened.stream.close()
        return Response(
            status=304, headers={"ETag": response.headers["ETag"], "Cache-Control": "private, no-cache"}
        )
    return response


def _pieces(opened: Opened) -> Iterator[bytes]:
    with opened.stream as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk
