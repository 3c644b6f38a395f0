"""What is done with a run: cancelled, made again, reworded, circulated, signed, issued."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.errors import ConflictError, ForbiddenError, NotFoundError, TooManyError
from app.grid.service import the_district
from app.registry.api.asked import Asked as Body
from app.registry.api.asked import said_in, uuid_of
from app.reports.api import shapes
from app.reports.api.blueprint import MISSING, NOT_ABOUT, WRONG, blueprint, told
from app.reports.rules.states import LONGEST_PARAGRAPH
from app.reports.service import editing, placing, signing
from app.web import acting
from app.web.doors import needs
from app.web.shapes import MOST_ID
from app.web.stating import states

STAGES = ["report_not_done", "report_issued", "report_rewording", "report_edited_since"]


def edition_of(raw: Any) -> int:
    """Reads the number of an edition."""
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= MOST_ID:
        raise ValueError(raw)
    return raw


def yes(raw: Any) -> bool:
    """Reads yes or no."""
    if not isinstance(raw, bool):
        raise ValueError(raw)
    return raw


def written(most: int) -> Any:
    """Reads a text of at most so many characters, with line breaks."""

    def reader(raw: Any) -> str:
        if not isinstance(raw, str) or len(raw) > most:
            raise ValueError(raw)
        return raw

    return reader


def _as_of(raw: Any) -> str:
    if raw not in ("then", "now"):
        raise ValueError(raw)
    return str(raw)


def _words(raw: Any) -> list[tuple[str, str, str]]:
    if not isinstance(raw, list) or not 0 < len(raw) <= shapes.MOST_WORDS:
        raise ValueError(raw)
    found = []
    for one in raw:
        if not isinstance(one, dict) or set(one) != {"section", "paragraph", "text"}:
            raise ValueError(one)
        # Longer than it may be is told of the paragraph, with all else that is wrong.
        text = written(2 * LONGEST_PARAGRAPH)(one["text"])
        found.append((said_in(40)(one["section"]), said_in(40)(one["paragraph"]), text))
    return found


@blueprint.post("/<int:run_id>/cancel")
@needs(Permission.MAKE_REPORTS)
@states(
    shapes.ONE,
    kept=False,
    fails={**MISSING, ForbiddenError: ["report_not_own"], ConflictError: ["report_over"]},
)
def cancel(run_id: int) -> Response:
    """Want a report no longer; nothing of it is kept."""
    with acting.writing() as connection:
        placing.cancel(connection, run_id)
    return told(run_id)


@blueprint.post("/<int:run_id>/again")
@needs(Permission.MAKE_REPORTS)
@states(
    shapes.ONE,
    status=202,
    body=shapes.AGAIN,
    kept=False,
    fails={
        **WRONG,
        NotFoundError: ["report_missing", *NOT_ABOUT],
        ConflictError: ["client_id_used", "report_not_over"],
        TooManyError: ["reports_too_many"],
    },
)
def again(run_id: int) -> Response:
    """Ask for the same report again: `then` comes to the same bytes, `now` to what is known by now."""
    asked = Body("client_id", "as_of")
    client = asked.value("client_id", uuid_of, "not_uuid")
    as_of = asked.value("as_of", _as_of, "unknown_choice")
    asked.done()
    with acting.writing() as connection:
        district = the_district(connection)
        made = placing.again(connection, district, run_id, client, me().account_id, as_of_now=as_of == "now")
    return told(made, 202)


@blueprint.post("/<int:run_id>/words")
@needs(Permission.MAKE_REPORTS)
@states(
    shapes.ONE,
    status=202,
    body=shapes.EDITED,
    kept=False,
    fails={
        **WRONG,
        **MISSING,
        ForbiddenError: ["report_not_own"],
        ConflictError: [*STAGES, "report_words_same"],
    },
)
def reword(run_id: int) -> Response:
    """Reword paragraphs: another edition with all its formats is written by the worker, and that before it is kept."""
    asked = Body("edition", "words")
    edition = asked.value("edition", edition_of, "not_number")
    words = asked.value("words", _words, "text_unreadable")
    asked.done()
    with acting.writing() as connection:
        editing.reword(connection, run_id, edition, words, hand())
    return told(run_id, 202)


@blueprint.post("/<int:run_id>/circulate")
@needs(Permission.MAKE_REPORTS)
@states(
    shapes.ONE,
    body=shapes.AT_EDITION,
    kept=False,
    fails={
        **WRONG,
        **MISSING,
        ForbiddenError: ["report_not_own"],
        ConflictError: [*STAGES, "report_circulated", "report_nobody_else"],
    },
)
def circulate(run_id: int) -> Response:
    """送签: whoever answers for all of the area sees it now, and those who can issue it hear of it."""
    asked = Body("edition")
    edition = asked.value("edition", edition_of, "not_number")
    asked.done()
    with acting.writing() as connection:
        signing.circulate(connection, run_id, edition, hand(), me().name)
    return told(run_id)


@blueprint.post("/<int:run_id>/signatures")
@needs(Permission.MAKE_REPORTS)
@states(
    shapes.ONE,
    body=shapes.SIGNED,
    kept=False,
    fails={
        **WRONG,
        **MISSING,
        ForbiddenError: ["report_own"],
        ConflictError: [*STAGES, "report_signed", "report_not_circulated"],
    },
)
def sign(run_id: int) -> Response:
    """会签: agree with an edition, or object to it and say why; each once."""
    asked = Body("edition", "agreed", "remark")
    edition = asked.value("edition", edition_of, "not_number")
    agreed = asked.value("agreed", yes, "not_yes_or_no")
    remark = asked.value("remark", written(1000), "text_unreadable", "")
    asked.done()
    with acting.writing() as connection:
        signing.sign(connection, run_id, edition, hand(), me().name, agreed=agreed, remark=remark)
    return told(run_id)


@blueprint.post("/<int:run_id>/issue")
@needs(Permission.ISSUE_REPORTS)
@states(
    shapes.ONE,
    body=shapes.ISSUED,
    kept=False,
    fails={
        **WRONG,
        **MISSING,
        ForbiddenError: ["report_issue_not_permitted"],
        ConflictError: [*STAGES, "report_objected"],
    },
)
def issue(run_id: int) -> Response:
    """签发: it stays as it is from now on. Where somebody objects, a reason is needed, which is kept and shown."""
    asked = Body("edition", "reason")
    edition = asked.value("edition", edition_of, "not_number")
    reason = asked.value("reason", written(1000), "text_unreadable", "")
    asked.done()
    with acting.writing() as connection:
        signing.issue(connection, run_id, edition, hand(), me().name, may_issue=True, reason=reason)
    return told(run_id)
