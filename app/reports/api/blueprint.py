"""The interface's one blueprint of reports, and what its modules have in common."""

from __future__ import annotations

from flask import Blueprint, Response, request

from app.accounts.guard import me
from app.errors import InvalidError, NotFoundError
from app.reports.service import telling
from app.web import acting, answers
from app.web.i18n import negotiate

blueprint = Blueprint("reports_api", __name__, url_prefix="/api/v1/reports")

MISSING = {NotFoundError: ["report_missing"]}
NOT_ABOUT = [
    "district_missing", "report_definition_missing", "report_scope_missing", "case_missing", "shift_missing",
    "sign_place_missing",
]  # fmt: skip
"""There is no such definition, or what it is to be about is not there for the one who asks."""

WRONG = {InvalidError: ["fields_invalid", "parameter_invalid"]}
"""`parameter_invalid` is said of the question of a selection."""


def spoken() -> str:
    """The language in which a program is told what went wrong."""
    return negotiate([tag for tag, _ in request.accept_languages])


def told(run_id: int, status: int = 200) -> Response:
    """A run as it is now."""
    with acting.reading() as connection:
        return answers.private(telling.one(connection, run_id, me().permissions, spoken()), status)
