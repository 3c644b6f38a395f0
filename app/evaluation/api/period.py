"""`/api/v1/evaluation/period`, `/cases`: the indicators of a period, and the cases of each figure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask import Response
from sqlalchemy import Connection

from app.accounts.rules import Permission
from app.cases.api.shapes import STATE
from app.cases.store import listing
from app.errors import ForbiddenError, InvalidError, NotFoundError
from app.evaluation import store
from app.evaluation.api.blueprint import blueprint
from app.evaluation.rules import COUNTED, INDICATORS, SECONDS, Of
from app.evaluation.rules.indicators import BY_CODE
from app.evaluation.rules.scoring import Line, places, score
from app.evaluation.service import schemes
from app.evaluation.service.asking import (
    AFTER,
    KEY,
    MOST_KEYS,
    NAMES,
    PERIOD_OF,
    SCHEME,
    following,
    looker,
    opened,
    question,
)
from app.evaluation.service.looking import keep_look, look
from app.evaluation.store import Counted
from app.grid.rules import Level
from app.web import answers
from app.web.doors import needs
from app.web.params import number
from app.web.shapes import (
    CASE_ID,
    COUNT,
    INSTANT,
    NUMBER,
    TEXT,
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

FAILS = {
    NotFoundError: ["district_missing"],
    InvalidError: ["period_unusable"],
    ForbiddenError: ["not_permitted"],
}
COUNTS = record(**dict.fromkeys((*COUNTED, SECONDS), COUNT))
SCORE = Named(
    "EvaluationScore",
    record(
        value=maybe(about(NUMBER, "To two places; none where nothing could be judged.")),
        place=maybe(about(COUNT, "名次; none below twenty cases.")),
        cases=about(COUNT, "The largest denominator."),
        points=about(NUMBER, "All points of the scheme, to which the sum is scaled."),
        counted=about(NUMBER, "Points of the lines that have a denominator."),
        lines=items(
            record(
                indicator=words(BY_CODE),
                above=COUNT,
                below=COUNT,
                share=maybe(NUMBER),
                points=NUMBER,
                earned=maybe(NUMBER),
            )
        ),
    ),
)
ASKED_BACK = {
    "of": words(Of),
    "level": words(Level),
    "since": INSTANT,
    "until": INSTANT,
    "known_at": about(INSTANT, "As far as the log was written then."),
}
PERIOD = record(
    **ASKED_BACK,
    formulas=table(record(numerator=items(TEXT), denominator=items(TEXT), per=COUNT)),
    items=items(
        record(
            key=TEXT,
            name=maybe(TEXT),
            name_en=maybe(TEXT),
            counts=COUNTS,
            indicators=table(maybe(NUMBER)),
            score=maybe(SCORE),
        )
    ),
)
MOVED = Named(
    "CountedMove",
    record(
        case_id=CASE_ID,
        version=about(COUNT, "The row of its log that is counted; of what stood undone the last one."),
        at=INSTANT,
        name=about(words(COUNTED), "The count that it is in."),
        seconds=maybe(about(COUNT, "How long it took, of what was handled.")),
        number=maybe(TEXT),
        ref=maybe(TEXT),
        category=TEXT,
        category_en=maybe(TEXT),
        state=STATE,
        unit=maybe(TEXT),
        unit_en=maybe(TEXT),
        area=maybe(TEXT),
        area_en=maybe(TEXT),
        reported_at=INSTANT,
        due_at=maybe(INSTANT),
        closed_at=maybe(INSTANT),
    ),
)
TOLD = tuple(
    name for name in MOVED.schema["properties"] if name not in {"case_id", "version", "at", "name", "seconds"}
)


LIMIT = Asked("limit", number(1, 200), 50, "How many at most.")


@blueprint.get("/period")
@needs(Permission.READ_CASES)
@states(
    PERIOD, query=(*PERIOD_OF, SCHEME), fails={**FAILS, NotFoundError: ["district_missing", "scheme_missing"]}
)
def period() -> Response:
    """What was done in a period, and the shares that it makes: each with what stands above and below the line.

    People are counted for themselves, and for who may see staff, who work in their territory; that is kept in the
    access log.
    """
    asked = question()
    with opened(asked) as connection:
        found = look(connection, looker(), asked, limit=MOST_KEYS)
        called = store.names(connection, asked.district_id, asked.of, [one.key for one in found])
        scores = _scores(connection, asked, found)
    formulas = {
        i.code: {"numerator": i.numerator, "denominator": i.denominator, "per": i.per} for i in INDICATORS
    }
    return answers.document(
        {
            **_asked(asked),
            "formulas": formulas,
            "items": [_row(one, called.get(one.key, {}), scores.get(one.key)) for one in found],
        }
    )


def _asked(asked: store.Question) -> dict[str, Any]:
    return {
        "of": asked.of.value,
        "level": asked.level,
        "since": asked.since,
        "until": asked.until,
        "known_at": asked.known_at,
    }


def _scores(connection: Connection, asked: store.Question, found: list[Counted]) -> dict[str, dict[str, Any]]:
    """What each object earns by the scheme that is asked for; nothing where none is."""
    code = SCHEME.read()
    if not code:
        return {}
    scheme = schemes.default_for(schemes.schemes(connection, asked.district_id), asked.of, code)
    scores = {} if scheme is None else {one.key: score(scheme, one.counts) for one in found}
    ranked = places(scores)
    return {
        key: {
            "value": _number(one.value), "place": ranked.get(key), "cases": one.cases, "points": float(one.points),
            "counted": float(one.counted), "lines": [_line(line) for line in one.lines],
        }
        for key, one in scores.items()
    }  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    return {
        "indicator": line.weight.indicator,
        "above": line.above,
        "below": line.below,
        "share": _number(line.share),
        "points": float(line.weight.points),
        "earned": _number(line.earned),
    }


def _number(value: Fraction | Decimal | None) -> float | None:
    return None if value is None else round(float(value), 6)


def _row(one: Counted, called: dict[str, Any], scored: dict[str, Any] | None) -> dict[str, Any]:
    shares = {i.code: i.value(one.counts) for i in INDICATORS}
    return {
        "key": one.key,
        "name": called.get("name"),
        "name_en": called.get("name_en"),
        "counts": one.counts,
        "indicators": {
            code: None if share is None else round(float(share), 6) for code, share in shares.items()
        },
        "score": scored,
    }


@blueprint.get("/cases")
@needs(Permission.READ_CASES)
@states(
    page(
        MOVED,
        TEXT,
        **ASKED_BACK,
        total=about(COUNT, "How many there are in all; none after the last page."),
        key=TEXT,
        count=items(words(COUNTED)),
    ),
    query=(*PERIOD_OF, KEY, NAMES, LIMIT, AFTER),
    fails=FAILS,
)
def cases() -> Response:
    """The cases of a count, or of several: as many rows as the counts of the period say, in the order of time."""
    asked = question()
    key, names, limit = KEY.read(), NAMES.read(), LIMIT.read()
    with opened(asked) as connection:
        rows = store.listed(connection, asked, key, names, after=AFTER.read(), limit=limit + 1)
        keep_look(connection, looker(), asked, [key] if rows else [])
        cases = listing.some(connection, asked.district_id, [row.case_id for row in rows[:limit]])
    by_id = {one["id"]: one for one in cases}
    told = [
        {
            **{field: by_id[row.case_id][field] for field in TOLD},
            **{name: getattr(row, name) for name in ("case_id", "version", "at", "name", "seconds")},
        }
        for row in rows[:limit]
        if row.case_id in by_id
    ]
    goes_on = following(rows[limit - 1]) if len(rows) > limit else None
    return answers.document(
        {
            **_asked(asked),
            "key": key,
            "count": names,
            "items": told,
            "next": goes_on,
            "total": rows[0].total if rows else 0,
        }
    )
