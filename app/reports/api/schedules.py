"""定时报表 of one's own are listed, set up and stopped."""

from __future__ import annotations

from flask import Response, request

from app.accounts.guard import hand
from app.accounts.rules import Permission
from app.errors import ConflictError, NotFoundError
from app.grid.api import here
from app.grid.service import the_district
from app.registry.api.asked import Asked as Body
from app.registry.api.asked import said_in, uuid_of
from app.reports.api import shapes
from app.reports.api.blueprint import NOT_ABOUT, WRONG, blueprint, spoken
from app.reports.api.runs import spoken_in, texts
from app.reports.service import composing
from app.reports.service.asking import Wanted
from app.reports.service.composing import minute_of
from app.reports.service.telling import schedule
from app.reports.store import definitions as store
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import number
from app.web.shapes import ID, MOST_ID, page, record
from app.web.stating import Asked, states

LIMIT = Asked("limit", number(1, 100), 30, "How many at most.")
AFTER = Asked("after", number(1, MOST_ID), 0, "`next` of the page before.")


@blueprint.get("/schedules")
@needs(Permission.MAKE_REPORTS)
@states(
    page(shapes.SCHEDULE, ID), query=(LIMIT, AFTER), kept=False, fails={NotFoundError: ["district_missing"]}
)
def schedules() -> Response:
    """One's own schedules that go on, by their ids."""
    limit, district_id = LIMIT.read(), here().district_id
    with acting.reading() as connection:
        found = store.schedules(connection, district_id, after=AFTER.read(), limit=limit + 1)
    rows = [schedule(one, spoken()) for one in found[:limit]]
    return answers.private({"items": rows, "next": rows[-1]["id"] if len(found) > limit else None})


@blueprint.post("/schedules")
@needs(Permission.MAKE_REPORTS)
@states(
    record(id=ID),
    status=201,
    body=shapes.SCHEDULED,
    kept=False,
    fails={
        **WRONG,
        NotFoundError: NOT_ABOUT,
        ConflictError: ["client_id_used", "report_schedules_many"],
    },
)
def add() -> Response:
    """Have a report made for each period as soon as it is over, with the eyes of the one who asks."""
    asked = Body("client_id", "definition", "scope", "formats", "locale", "at")
    client = asked.value("client_id", uuid_of, "not_uuid")
    wanted = Wanted(
        asked.value("definition", said_in(40), "text_unreadable"),
        asked.value("scope", said_in(2000), "text_unreadable", ""),
        "",
        asked.value("formats", texts(shapes.MOST_FORMATS), "not_report_format", ()),
        asked.value("locale", spoken_in, "unknown_choice", "zh_CN"),
        None,
        request.url_root,
    )
    at = asked.value("at", minute_of, "not_clock")
    asked.done()
    with acting.writing() as connection:
        made = composing.schedule(connection, the_district(connection), wanted, at, client, hand())
    return answers.private({"id": made}, 201)


@blueprint.delete("/schedules/<int:schedule_id>")
@needs(Permission.MAKE_REPORTS)
@states(status=204, kept=False, fails={NotFoundError: ["report_schedule_missing"]})
def stop(schedule_id: int) -> Response:
    """Have it made no longer."""
    with acting.writing() as connection:
        composing.stop(connection, schedule_id)
    return Response(status=204)
