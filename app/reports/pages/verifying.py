"""`/reports/verify`: whether a file is what the platform made. The browser hashes it where it can."""

from __future__ import annotations

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.errors import AppError, InvalidError
from app.grid.api import here
from app.reports.pages.blueprint import blueprint
from app.reports.service.shelving import hash_of
from app.reports.service.verifying import digest_of, verify
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import page
from app.web.params import parameter

MOST_BYTES = 64 << 20
"""Of a file that is sent because the browser cannot hash it."""

ROOM = 64 << 10


@blueprint.get("/reports/verify")
@needs(Permission.MAKE_REPORTS)
def verify_page() -> Response:
    """核验: the form, and what is known of a hash."""
    return _page(parameter("sha256", digest_of, b""))


@blueprint.post("/reports/verify")
@needs(Permission.MAKE_REPORTS, most_bytes=MOST_BYTES + ROOM)
def verify_file() -> AnyResponse:
    """Hash a file that was sent; nothing of it is kept."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return _page(b"", InvalidError("upload_missing"))
    return redirect(url_for("reports.verify_page", sha256=hash_of(upload.stream).hex()), 303)


def _page(digest: bytes, problem: AppError | None = None) -> Response:
    place = here()
    found = []
    if digest:
        with acting.reading() as connection:
            found = verify(connection, digest)
    return page(
        "report-verify.html", status_of(problem), me=me(), district=place.record, sha256=digest.hex(), found=found,
        problem=problem, most=MOST_BYTES >> 20,
    )  # fmt: skip
