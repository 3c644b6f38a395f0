"""`/api/v1/cases/…/suggestions`, `/api/v1/dispatch/samples`: whom a case should go to and why; what a desk checks."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.accounts.rules import Permission
from app.cases.api.blueprint import blueprint
from app.cases.rules.grounds import Ground, Scope, UnitNow, Verdict
from app.cases.rules.states import CaseState
from app.cases.service.routing import Suggestion, suggest_for_case, told
from app.cases.service.wording import said
from app.cases.store import routing
from app.errors import NotFoundError
from app.grid.api import here
from app.web import acting, answers
from app.web.doors import needs
from app.web.pages import page_locale
from app.web.params import number
from app.web.shapes import (
    CASE_ID,
    ID,
    INSTANT,
    MOST_CASE_ID,
    NUMBER,
    TEXT,
    Named,
    about,
    items,
    maybe,
    page,
    record,
    words,
)
from app.web.stating import Asked, states

UNIT = Named("SuggestedUnit", record(id=ID, code=TEXT, name=TEXT, name_en=maybe(TEXT)))
REASON = Named(
    "DispatchReason",
    record(
        ("scope", "level", "area", "code", "name", "distance_m", "tolerance_m", "was"),
        by=about(words(Ground), "裁定, 管养区段, 派遣规则, the condition's default unit, 属地."),
        **{"is": words(Verdict)},
        ref=maybe(ID),
        unit_id=maybe(ID),
        unit=maybe(TEXT),
        unit_en=maybe(TEXT),
        area_name=maybe(TEXT),
        area_name_en=maybe(TEXT),
        text=about(TEXT, "The line in the language that the request asks for."),
        scope=words(Scope),
        level=TEXT,
        area=TEXT,
        code=TEXT,
        name=TEXT,
        distance_m=NUMBER,
        tolerance_m=NUMBER,
        was=about(ID, "The unit that has ended and that this one came after."),
    ),
)
SUGGESTIONS = record(
    case_id=CASE_ID,
    unit=maybe(UNIT),
    by=maybe(words(Ground)),
    ref=maybe(ID),
    keeper=about(maybe(UNIT), "Who has it while there is no unit to give it to."),
    reasons=items(REASON),
    others=items(REASON),
)
SAMPLE = record(
    id=CASE_ID,
    number=maybe(TEXT),
    category_id=ID,
    state=words(CaseState),
    unit_id=maybe(ID),
    unit=maybe(TEXT),
    unit_en=maybe(TEXT),
    reported_at=INSTANT,
    dispatched_at=INSTANT,
    by=maybe(words(Ground)),
)
LIMIT = Asked("limit", number(1, 200), 50, "How many at most.")
AFTER = Asked("after", number(1, MOST_CASE_ID), None, "`next` of the page before.")


@blueprint.get("/cases/<int:case_id>/suggestions")
@needs(Permission.MOVE_CASES)
@states(SUGGESTIONS, kept=False, fails={NotFoundError: ["case_missing"]})
def suggestions(case_id: int) -> Response:
    """The unit that a case should go to as it is, the reasons line by line, other units that something speaks for."""
    with acting.reading() as connection:
        found = suggest_for_case(connection, case_id) if 0 < case_id < 2**63 else None
    if found is None:
        raise NotFoundError("case_missing", id=case_id)
    keeper = found.decision.keeper
    return answers.private(
        {
            "case_id": case_id,
            "unit": _unit(found.unit),
            "by": None if found.decision.ground is None else found.decision.ground.value,
            "ref": found.decision.ref,
            "keeper": None if found.unit is not None or keeper is None else _unit(found.units[keeper]),
            "reasons": _lines(found, found.decision.lines),
            "others": _lines(found, found.decision.others),
        }
    )


@blueprint.get("/dispatch/samples")
@needs(Permission.MOVE_CASES)
@states(page(SAMPLE, CASE_ID), kept=False, query=(LIMIT, AFTER), fails={NotFoundError: ["district_missing"]})
def samples() -> Response:
    """抽查: automatic dispatches that were drawn for a look, the newest first, until a desk writes a row about them."""
    limit, after = LIMIT.read(), AFTER.read()
    district_id = here().district_id
    with acting.reading() as connection:
        items = routing.samples(connection, district_id, before=after, limit=limit + 1)
    following = items[limit - 1]["id"] if len(items) > limit else None
    return answers.private({"items": items[:limit], "next": following})


def _unit(unit: UnitNow | None) -> dict[str, Any] | None:
    return (
        None
        if unit is None
        else {"id": unit.id, "code": unit.code, "name": unit.name, "name_en": unit.name_en}
    )


def _lines(found: Suggestion, lines: Any) -> list[dict[str, Any]]:
    return [{**told(line, found), "text": said(page_locale(), line, found)} for line in lines]
