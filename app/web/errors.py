"""Errors at the door: one table from kind to status, one form of answer (RFC 9457, `application/problem+json`)."""

from __future__ import annotations

import json
import logging
import secrets
from typing import Any

from flask import Flask, Response, request
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from app.errors import (
    AppError,
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    RefusedError,
    TooManyError,
    UnavailableError,
)
from app.web.i18n import negotiate, translate
from app.web.pages import page, wants_page

log = logging.getLogger(__name__)

STATUS: dict[type[AppError], int] = {
    NotFoundError: 404,
    InvalidError: 400,
    RefusedError: 401,
    ForbiddenError: 403,
    ConflictError: 409,
    TooManyError: 429,
    UnavailableError: 503,
}

QUERY_CANCELED = "57014"


def problem(status: int, code: str, /, **facts: Any) -> Response:
    """A problem document, or for somebody who looks at a page, a page; in the language that the request prefers."""
    response = _page(status, code, facts) if wants_page() else _document(status, code, facts)
    response.cache_control.no_store = True
    if status == 503:
        response.headers["Retry-After"] = "5"
    elif "retry_after" in facts:
        response.headers["Retry-After"] = str(facts["retry_after"])
    return response


def _page(status: int, code: str, facts: dict[str, Any]) -> Response:
    return page("problem.html", status, code=code, status=status, facts=facts)


def title_of(code: str, facts: dict[str, Any]) -> str:
    """What went wrong as a sentence, in the language that the request prefers."""
    locale = negotiate([tag for tag, _ in request.accept_languages])
    return translate(locale, f"error.{code}", **facts)


def _document(status: int, code: str, facts: dict[str, Any]) -> Response:
    content = {
        "type": f"urn:panlong:problem:{code}",
        "code": code,
        "status": status,
        "title": title_of(code, facts),
        **{name: value for name, value in facts.items() if name not in {"type", "code", "status", "title"}},
    }
    # What was given is told back: half of a surrogate pair is no character, and shows as a question mark.
    body = json.dumps(content, ensure_ascii=False, default=str).encode("utf-8", "replace")
    return Response(body, status, mimetype="application/problem+json")


def _of_ours(error: AppError) -> Response:
    return problem(code_of(error), error.code, **error.facts)


def _of_http(error: HTTPException) -> Response:
    status = error.code or 500
    response = problem(status, f"http_{status}" if status in {404, 405, 413, 429} else "http_other")
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.allow.update(error.valid_methods)
    return response


def _of_database(error: DBAPIError | PoolTimeoutError) -> Response:
    if getattr(getattr(error, "orig", None), "sqlstate", None) == QUERY_CANCELED:
        return problem(503, "too_slow")
    if not isinstance(error, OperationalError | InterfaceError | PoolTimeoutError):
        return _faulty(error)
    log.warning("database: %s", error.__class__.__name__, exc_info=error)
    return problem(503, "database_unreachable", reason=error.__class__.__name__)


def _unexpected(error: InternalServerError) -> Response:
    return _faulty(error.original_exception)


def _faulty(error: BaseException | None) -> Response:
    number = secrets.token_hex(4)
    log.error("unexpected error %s", number, exc_info=error)
    return problem(500, "unexpected", number=number)


def register(app: Flask) -> None:
    """Let every error of the application leave as a problem document."""
    app.register_error_handler(AppError, _of_ours)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(DBAPIError, _of_database)
    app.register_error_handler(PoolTimeoutError, _of_database)
    app.register_error_handler(InternalServerError, _unexpected)


def status_of(error: AppError | None) -> int:
    """The status with which a page leaves that shows an error of ours beside its form, or none."""
    return 200 if error is None else code_of(error)


def code_of(error: AppError) -> int:
    """The status of an error of ours."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
