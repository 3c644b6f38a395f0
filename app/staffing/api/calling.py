"""`/api/v1/staff/…/call`: the work telephone of somebody in one's territory."""

from __future__ import annotations

from flask import Response

from app.accounts.guard import hand
from app.accounts.rules import Permission
from app.errors import NotFoundError, TooManyError
from app.staffing.api.blueprint import blueprint
from app.staffing.service import calling
from app.web import acting, answers
from app.web.doors import needs
from app.web.shapes import TEXT, record
from app.web.stating import states


@blueprint.post("/staff/<code>/call")
@needs(Permission.READ_PHONES)
@states(
    record(name=TEXT, phone=TEXT),
    kept=False,
    fails={NotFoundError: ["staff_missing", "work_phone_missing"], TooManyError: ["calls_too_many"]},
)
def call_at_work(code: str) -> Response:
    """拨打: the work telephone of somebody in one's territory by their 工号: logged, and watched for how often."""
    by = hand()
    try:
        with acting.writing() as connection:
            return answers.private(calling.call(connection, code, by=by))
    except TooManyError:
        with acting.writing() as connection:
            calling.refused(connection, code, by=by)
        raise
