"""The interface's one blueprint of reports, and what its modules have in common."""

from __future__ import annotations

from flask import Blueprint, Response, request

from app.accounts.guard import me
from app.errors import NotFoundError
from app.reports.service import telling
from app.web import acting, answers
from app.web.i18n import negotiate

blueprint = Blueprint("reports_api", __name__, url_prefix="/api/v1/reports")

MISSING = {NotFoundError: ["report_missing"]}


def spoken() -> str:
    """The language in which a program is told what went wrong."""
    return negotiate([tag for tag, _ in request.accept_languages])


def told(run_id: int, status: int = 200) -> Response:
    """A run as it is now."""
    with acting.reading() as connection:
        return answers.private(telling.one(connection, run_id, me().permissions, spoken()), status)
