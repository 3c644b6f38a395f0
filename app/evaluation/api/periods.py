"""`/api/v1/evaluation/schemes`, `/periods`: what is scored by, and what was published."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.accounts.rules import Permission
from app.errors import NotFoundError
from app.evaluation.api.blueprint import blueprint
from app.evaluation.api.period import COUNTS
from app.evaluation.rules import COUNTED, Of
from app.evaluation.rules.indicators import BY_CODE, Sense
from app.evaluation.rules.periods import Phase
from app.evaluation.service import periods as service
from app.evaluation.service import schemes as scheme_service
from app.evaluation.store import periods as store
from app.grid.api import HERE, here
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import day, number
from app.web.shapes import (
    CASE_ID,
    COUNT,
    DAY,
    ID,
    INSTANT,
    NUMBER,
    TEXT,
    WHOLE,
    YES,
    Named,
    about,
    items,
    maybe,
    page,
    record,
    words,
)
from app.web.stating import Asked, states

MOST_LINES = 1_000
WEIGHT = record(indicator=words(BY_CODE), points=about(TEXT, "A decimal number."), sense=words(Sense))
SCHEME = Named(
    "EvaluationScheme",
    record(
        code=TEXT,
        name=TEXT,
        name_en=maybe(TEXT),
        of=words(Of),
        note=maybe(TEXT),
        edition=maybe(about(ID, "None: as it comes with the platform.")),
        weights=items(WEIGHT),
    ),
)
PERIOD_FIELDS = {
    "id": ID,
    "first_on": DAY,
    "last_on": DAY,
    "phase": words(Phase),
    "known_at": maybe(INSTANT),
    "object_until_on": maybe(DAY),
    "published_at": maybe(INSTANT),
    "frozen_at": maybe(INSTANT),
    "sha256": maybe(about(TEXT, "Of the canonical form of what was frozen, in hexadecimal digits.")),
    "schemes": maybe(items(SCHEME)),
    "objections": COUNT,
    "unanswered": COUNT,
}
PERIOD = Named("EvaluationPeriod", record(**PERIOD_FIELDS))
FIGURE = record(of=words(Of), key=TEXT, counts=COUNTS, score=maybe(NUMBER), place=maybe(COUNT))
CORRECTION = record(
    of_period_id=ID,
    first_on=DAY,
    last_on=DAY,
    of=words(Of),
    key=TEXT,
    name=words(COUNTED),
    was=WHOLE,
    now_is=WHOLE,
    added=items(CASE_ID),
    removed=items(CASE_ID),
)
OBJECTION = record(
    id=ID,
    of=words(Of),
    key=TEXT,
    reason=TEXT,
    filed_at=INSTANT,
    upheld=maybe(YES),
    answer=maybe(TEXT),
    answered_at=maybe(INSTANT),
)
LIMIT = Asked("limit", number(1, 100), 30, "How many at most.")
BEFORE = Asked("before", day, None, "`next` of the page before: periods that began earlier.")


@blueprint.get("/schemes")
@needs(Permission.READ_CASES)
@states(record(items=items(SCHEME)), fails=HERE)
def schemes() -> Response:
    """评分方案 as they hold now."""
    place = here()
    with acting.reading() as connection:
        found = scheme_service.schemes(connection, place.district_id)
    return answers.document({"items": [one.told() for one in found]})


@blueprint.get("/periods")
@needs(Permission.READ_CASES)
@states(page(PERIOD, DAY), query=(LIMIT, BEFORE), fails=HERE)
def periods() -> Response:
    """考核周期, the last one first."""
    place, limit = here(), LIMIT.read()
    with acting.reading() as connection:
        found = store.periods(connection, place.district_id, before=BEFORE.read(), limit=limit + 1)
    following = found[limit - 1]["first_on"] if len(found) > limit else None
    return answers.document({"items": [_told(service.told(row)) for row in found[:limit]], "next": following})


@blueprint.get("/periods/<int:period_id>")
@needs(Permission.READ_CASES)
@states(
    record(
        **PERIOD_FIELDS, figures=items(FIGURE), corrections=items(CORRECTION), objection_list=items(OBJECTION)
    ),
    fails={NotFoundError: ["district_missing", "period_missing"]},
)
def published(period_id: int) -> Response:
    """One period with what was published of the objects that the one who asks sees, corrections and objections."""
    place = here()
    with acting.reading() as connection:
        one = service.one(connection, place.district_id, period_id)
        figures = store.figures(connection, period_id)
        corrections = store.corrections(connection, period_id, limit=MOST_LINES)
        objections = store.objections(connection, period_id, limit=MOST_LINES)
    kept = ("of", "key", "counts", "place")
    return answers.document(
        {
            **_told(one),
            "figures": [
                {**{name: row[name] for name in kept}, "score": _number(row["score"])} for row in figures
            ],
            "corrections": corrections,
            "objection_list": objections,
        }
    )


def _told(one: dict[str, Any]) -> dict[str, Any]:
    sealed = {"sha256": one["sha256"].hex() if one["sha256"] else None}
    return {**{name: one[name] for name in PERIOD_FIELDS if name != "sha256"}, **sealed}


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
