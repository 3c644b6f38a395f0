"""`/api/v1/inbox`: what the one who asks was told."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.accounts.rules import Permission
from app.cases.api.blueprint import blueprint
from app.cases.rules.fields import FieldProblem, refuse
from app.cases.rules.notices import KINDS
from app.cases.store import notices
from app.errors import InvalidError
from app.web import acting, answers
from app.web.body import json_object
from app.web.doors import needs
from app.web.params import number
from app.web.shapes import (
    CASE_ID,
    COUNT,
    ID,
    INSTANT,
    TEXT,
    YES,
    Named,
    about,
    items,
    maybe,
    page,
    record,
    table,
    words,
)
from app.web.stating import Asked, states

MOST_COUNTED, MOST_AT_ONCE, MOST_NOTICE = 99, 200, 2**62

NOTICE_ID = {"type": "integer", "format": "int64", "minimum": 1, "maximum": MOST_NOTICE}
NOTICE = Named(
    "Notice",
    record(
        id=NOTICE_ID,
        kind=words(KINDS),
        case_id=maybe(about(CASE_ID, "None where it is told of a proposal or a report.")),
        proposal_id=maybe(ID),
        report_run_id=maybe(ID),
        version=COUNT,
        facts=table({}),
        at=INSTANT,
        read_at=maybe(INSTANT),
        category=maybe(TEXT),
        category_en=maybe(TEXT),
        unit=maybe(TEXT),
        unit_en=maybe(TEXT),
        in_sight=YES,
    ),
)
UNREAD = {"type": "integer", "minimum": 0, "maximum": MOST_COUNTED}

LIMIT = Asked("limit", number(1, 100), 30, "How many at most.")
BEFORE = Asked("before", number(1, MOST_NOTICE), None, "Only those before this notice.")
ONLY = Asked("unread", number(0, 1), 0, "1: only what is unread.")


@blueprint.get("/inbox")
@needs(Permission.SELF)
@states(page(NOTICE, NOTICE_ID, unread=UNREAD), query=(LIMIT, BEFORE, ONLY), kept=False)
def inbox() -> Response:
    """消息: the notices of the one who asks, the newest first, and how many are unread, counted up to 99."""
    limit = LIMIT.read()
    with acting.reading() as connection:
        found = notices.inbox(connection, before=BEFORE.read(), unread=ONLY.read() == 1, limit=limit + 1)
        unread = notices.unread(connection, MOST_COUNTED)
    following = found[limit - 1]["id"] if len(found) > limit else None
    return answers.private({"items": found[:limit], "next": following, "unread": unread})


@blueprint.post("/inbox/read")
@needs(Permission.SELF)
@states(
    record(read=COUNT, unread=UNREAD),
    kept=False,
    body={
        **record(("ids", "upto"), only_these_=True, ids=items(NOTICE_ID, most=MOST_AT_ONCE), upto=NOTICE_ID),
        "minProperties": 1,
    },
    fails={InvalidError: ["fields_invalid"]},
)
def read_notices() -> Response:
    """Mark notices as read: those of `ids`, or all up to the id `upto`; how many that were, and what is left."""
    ids, upto = _marked(json_object())
    with acting.writing() as connection:
        read = notices.mark_read(connection, ids=ids, upto=upto)
        unread = notices.unread(connection, MOST_COUNTED)
    return answers.private({"read": read, "unread": unread})


def _marked(raw: dict[str, Any]) -> tuple[list[int] | None, int | None]:
    ids, upto = raw.get("ids"), raw.get("upto")
    faults = [FieldProblem(name[:60], "unknown_field") for name in raw if name not in {"ids", "upto"}]
    if not raw:
        faults.append(FieldProblem("ids", "missing"))
    if "ids" in raw and (
        not isinstance(ids, list) or len(ids) > MOST_AT_ONCE or not all(map(_is_notice, ids))
    ):
        faults.append(FieldProblem("ids", "not_ids"))
    if "upto" in raw and not _is_notice(upto):
        faults.append(FieldProblem("upto", "not_ids"))
    refuse(faults)
    return ids, upto


def _is_notice(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST_NOTICE
