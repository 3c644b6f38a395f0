"""`/api/v1/evaluation`: cases counted by a key, and the indicators of a period with their arithmetic."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response

from app.accounts.rules import Permission
from app.cases.api import FILTER, case_filter
from app.errors import InvalidError
from app.evaluation import store
from app.evaluation.rules import COUNTED, INDICATORS, By, Of
from app.grid.api import HERE, here
from app.grid.rules import Level
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import day_begin, day_end, one_of, parameter, row_id, this_minute
from app.web.shapes import COUNT, INSTANT, NUMBER, TEXT, items, maybe, record, table, words
from app.web.stating import Asked, states

blueprint = Blueprint("evaluation_api", __name__, url_prefix="/api/v1/evaluation")

MOST_KEYS = 2_000
LONGEST = timedelta(days=400)
BY = Asked("by", one_of(list(By)), By.STATE.value, "What cases are counted by.")
OF = Asked("of", one_of(list(Of)), Of.DISTRICT.value, "Whose moves are counted.")
LEVEL = Asked("level", one_of(list(Level)), Level.SUBDISTRICT.value, "The level of the areas.")
SINCE = Asked("from", day_begin("UTC"), None, "First day, of the district; by default 30 days ago.")
UNTIL = Asked("to", day_end("UTC"), None, "Last day, of the district; by default today.")
AREA = Asked("area", row_id, None, "Only what lies in an area.")

COUNTS = record(
    by=words(By),
    at=INSTANT,
    items=items(record(key=maybe(TEXT), cases=COUNT, open=COUNT, overdue=COUNT, near=COUNT, suspended=COUNT)),
)
PERIOD = record(
    of=words(Of),
    since=INSTANT,
    until=INSTANT,
    formulas=table(record(numerator=items(TEXT), denominator=items(TEXT))),
    items=items(
        record(
            key=maybe(TEXT),
            counts=record(**dict.fromkeys(COUNTED, COUNT)),
            indicators=table(maybe(NUMBER)),
        )
    ),
)


@blueprint.get("/counts")
@needs(Permission.READ_CASES)
@states(COUNTS, query=(*FILTER, BY, LEVEL), fails=HERE)
def counts() -> Response:
    """Cases under the filter counted by state, mark of time, step, loop, area, unit, category, source or day."""
    place = here()
    wanted = case_filter(place.timezone)
    by = By(BY.read())
    with acting.reading() as connection:
        found = store.counts(
            connection,
            place.district_id,
            wanted,
            by,
            level=LEVEL.read(),
            zone=place.timezone,
            limit=MOST_KEYS,
        )
    return answers.document({"by": by.value, "at": wanted.now, "items": found})


@blueprint.get("/period")
@needs(Permission.READ_CASES)
@states(PERIOD, query=(OF, LEVEL, SINCE, UNTIL, AREA), fails={**HERE, InvalidError: ["period_unusable"]})
def period() -> Response:
    """What was done in a period, and the shares that it makes: each with what stands above and below the line."""
    place = here()
    now = this_minute()
    since = parameter("from", day_begin(place.timezone), None) or now - timedelta(days=30)
    until = parameter("to", day_end(place.timezone), None) or now + timedelta(minutes=1)
    if not since < until or until - since > LONGEST:
        raise InvalidError("period_unusable", since=since.isoformat(), until=until.isoformat())
    of = Of(OF.read())
    with acting.reading() as connection:
        rows = store.period(
            connection,
            place.district_id,
            of,
            since,
            until,
            area_id=AREA.read(),
            level=LEVEL.read(),
            now=now,
            limit=MOST_KEYS,
        )
    formulas = {i.code: {"numerator": i.numerator, "denominator": i.denominator} for i in INDICATORS}
    told = {"of": of.value, "since": since, "until": until, "formulas": formulas}
    return answers.document({**told, "items": [_row(row) for row in rows]})


def _row(row: dict[str, Any]) -> dict[str, Any]:
    counts = {name: row[name] for name in COUNTED}
    shares = {i.code: i.value(counts) for i in INDICATORS}
    return {
        "key": row["key"],
        "counts": counts,
        "indicators": {
            code: None if share is None else round(float(share), 6) for code, share in shares.items()
        },
    }
