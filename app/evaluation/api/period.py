"""`/api/v1/evaluation/period`, `/cases`: the indicators of a period, and the cases of each figure."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from flask import Response
from sqlalchemy import Connection

from app.accounts.rules import Permission
from app.cases.api.shapes import STATE
from app.cases.store import listing
from app.errors import ForbiddenError, InvalidError
from app.evaluation import store
from app.evaluation.api.asking import MOST_KEYS, PERIOD_OF, looker, question
from app.evaluation.api.blueprint import blueprint
from app.evaluation.rules import COUNTED, INDICATORS, SECONDS, Of
from app.evaluation.service.looking import keep_look, look
from app.evaluation.store import Counted, Place
from app.grid.api import HERE
from app.grid.rules import Level
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import Reader, instant, number, one_of, whole, written
from app.web.shapes import (
    CASE_ID,
    COUNT,
    INSTANT,
    MOST_CASE_ID,
    MOST_ID,
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

FAILS = {**HERE, InvalidError: ["period_unusable"], ForbiddenError: ["not_permitted"]}
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
            counts=record(**dict.fromkeys((*COUNTED, SECONDS), COUNT)),
            indicators=table(maybe(NUMBER)),
        )
    ),
)
MOVED = Named(
    "CountedMove",
    record(
        case_id=CASE_ID,
        version=about(COUNT, "The row of its log that is counted; of what stood undone the last one."),
        at=INSTANT,
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
    name for name in MOVED.schema["properties"] if name not in {"case_id", "version", "at", "seconds"}
)


def _place(raw: str) -> Place:
    at, case, version = raw.split("~")
    if not (0 < whole(case) <= MOST_CASE_ID and 0 < whole(version) <= MOST_ID):
        raise ValueError(raw)
    return instant(at), int(case), int(version)


KEY = Asked("key", written(40), Of.DISTRICT.value, "The object: its key in the answer of the period.")
NAME = Asked("count", one_of(COUNTED), "handled", "The count that is opened.")
LIMIT = Asked("limit", number(1, 200), 50, "How many at most.")
AFTER = Asked("after", Reader(_place, TEXT), None, "`next` of the page before.")


@blueprint.get("/period")
@needs(Permission.READ_CASES)
@states(PERIOD, query=PERIOD_OF, fails=FAILS)
def period() -> Response:
    """What was done in a period, and the shares that it makes: each with what stands above and below the line.

    People are counted for themselves, and for who may see staff, who work in their territory; that is kept in the
    access log.
    """
    asked = question()
    with opened(asked) as connection:
        found = look(connection, looker(), asked, limit=MOST_KEYS)
        called = store.names(connection, asked.district_id, asked.of, [one.key for one in found])
    formulas = {
        i.code: {"numerator": i.numerator, "denominator": i.denominator, "per": i.per} for i in INDICATORS
    }
    return answers.document(
        {
            **_asked(asked),
            "formulas": formulas,
            "items": [_row(one, called.get(one.key, {})) for one in found],
        }
    )


def opened(asked: store.Question) -> AbstractContextManager[Connection]:
    """A transaction in which a question is answered: one that writes where a look is kept."""
    return acting.writing() if asked.of is Of.PERSON else acting.reading()


def _asked(asked: store.Question) -> dict[str, Any]:
    return {
        "of": asked.of.value,
        "level": asked.level,
        "since": asked.since,
        "until": asked.until,
        "known_at": asked.known_at,
    }


def _row(one: Counted, called: dict[str, Any]) -> dict[str, Any]:
    shares = {i.code: i.value(one.counts) for i in INDICATORS}
    return {
        "key": one.key,
        "name": called.get("name"),
        "name_en": called.get("name_en"),
        "counts": one.counts,
        "indicators": {
            code: None if share is None else round(float(share), 6) for code, share in shares.items()
        },
    }


@blueprint.get("/cases")
@needs(Permission.READ_CASES)
@states(
    page(MOVED, TEXT, **ASKED_BACK, key=TEXT, count=words(COUNTED)),
    query=(*PERIOD_OF, KEY, NAME, LIMIT, AFTER),
    fails=FAILS,
)
def cases() -> Response:
    """The cases of one count: as many rows as the count of the period says, in the order in which they happened."""
    asked = question()
    key, name, limit = KEY.read(), NAME.read(), LIMIT.read()
    with opened(asked) as connection:
        rows = store.listed(connection, asked, key, name, after=AFTER.read(), limit=limit + 1)
        keep_look(connection, looker(), asked, [key] if rows else [])
        cases = listing.some(connection, asked.district_id, [row.case_id for row in rows[:limit]])
    by_id = {one["id"]: one for one in cases}
    told = [
        {**{field: by_id[row.case_id][field] for field in TOLD}, **row._mapping}
        for row in rows[:limit]
        if row.case_id in by_id
    ]
    following = after(rows[limit - 1]) if len(rows) > limit else None
    return answers.document({**_asked(asked), "key": key, "count": name, "items": told, "next": following})


def after(last: Any) -> str:
    """Where a list goes on after a row."""
    at: datetime = last.at
    return f"{at.isoformat()}~{last.case_id}~{last.version}"
