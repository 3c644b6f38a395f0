"""`/api/v1/evaluation/counts`: cases as they stand, counted by a key."""

from __future__ import annotations

from flask import Response

from app.accounts.rules import Permission
from app.cases.api import FILTER, case_filter
from app.evaluation import store
from app.evaluation.api.blueprint import blueprint
from app.evaluation.rules import By
from app.evaluation.service.asking import LEVEL, MOST_KEYS
from app.grid.api import HERE, here
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import one_of
from app.web.shapes import COUNT, INSTANT, TEXT, items, maybe, record, words
from app.web.stating import Asked, states

BY = Asked("by", one_of(list(By)), By.STATE.value, "What cases are counted by.")
COUNTS = record(
    by=words(By),
    at=INSTANT,
    items=items(record(key=maybe(TEXT), cases=COUNT, open=COUNT, overdue=COUNT, near=COUNT, suspended=COUNT)),
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
