"""`/api/v1/cases/…/follow`: 关注, for oneself."""

from __future__ import annotations

from flask import Response

from app.accounts.rules import Permission
from app.cases.api.blueprint import blueprint
from app.cases.store import following
from app.errors import ConflictError, NotFoundError
from app.web import acting, answers
from app.web.doors import needs
from app.web.shapes import MOST_CASE_ID, YES, record
from app.web.stating import states

FOLLOWED = record(followed=YES)


@blueprint.put("/cases/<int:case_id>/follow")
@needs(Permission.READ_CASES)
@states(FOLLOWED, fails={NotFoundError: ["case_missing"], ConflictError: ["follows_too_many"]})
def follow(case_id: int) -> Response:
    """Follow a case."""
    if case_id > MOST_CASE_ID:
        raise NotFoundError("case_missing", id=case_id)
    with acting.writing() as connection:
        following.follow(connection, case_id)
    return answers.private({"followed": True})


@blueprint.delete("/cases/<int:case_id>/follow")
@needs(Permission.READ_CASES)
@states(FOLLOWED)
def let_go(case_id: int) -> Response:
    """Follow a case no longer."""
    with acting.writing() as connection:
        following.let_go(connection, min(case_id, MOST_CASE_ID))
    return answers.private({"followed": False})
