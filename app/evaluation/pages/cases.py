"""`/evaluation/cases`: the list into which a figure opens, as long as the figure says."""

from __future__ import annotations

from flask import Response

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.cases.store import listing
from app.evaluation import store
from app.evaluation.pages.blueprint import blueprint
from app.evaluation.pages.figures import address, days
from app.evaluation.service.asking import AFTER, KEY, NAMES, following, looker, opened, question
from app.evaluation.service.looking import keep_look
from app.grid.api import here
from app.web.doors import needs
from app.web.pages import page

PAGE = 50


@blueprint.get("/evaluation/cases")
@needs(Permission.READ_CASES)
def cases() -> Response:
    """The cases of a count, or of several together, of one object."""
    place = here()
    asked = question()
    key, names = KEY.read(), NAMES.read()
    with opened(asked) as connection:
        rows = store.listed(connection, asked, key, names, after=AFTER.read(), limit=PAGE + 1)
        keep_look(connection, looker(), asked, [key] if rows else [])
        found = listing.some(connection, place.district_id, [row.case_id for row in rows[:PAGE]])
        called = store.names(connection, place.district_id, asked.of, [key])
    by_id = {one["id"]: one for one in found}
    return page(
        "evaluation-cases.html",
        me=me(),
        district=place.record,
        asked=asked,
        called=called.get(key, {}),
        key=key,
        names=names,
        rows=[(row, by_id[row.case_id]) for row in rows[:PAGE] if row.case_id in by_id],
        total=rows[0].total if rows else 0,
        following=following(rows[PAGE - 1]) if len(rows) > PAGE else None,
        days=days(asked, place.timezone),
        here=address,
    )
