"""`/api/v1/view/waiting`: what waits for the one who asks 待办, as far as they have to be called to it."""

from __future__ import annotations

from flask import Response

from app.accounts.rules import Permission
from app.cases.service.turns import turn_of
from app.cases.store import listing
from app.cube.api.asking import versions
from app.cube.api.blueprint import blueprint
from app.cube.api.shapes import ROW
from app.cube.rules import Flag, Tab, Wanted
from app.cube.service import Question, ask, cube_of
from app.cube.service.ordering import DUE
from app.errors import NotFoundError
from app.grid.api import here
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import this_minute
from app.web.shapes import CASE_ID, COUNT, INSTANT, Named, about, items, record
from app.web.stating import states

MOST, MOST_URGENT = 1000, 20

WAITING = Named(
    "Waiting",
    record(
        at=INSTANT,
        total=COUNT,
        ids=about(items(CASE_ID, most=MOST), "Those that are due first."),
        urgent=record(of=COUNT, items=about(items(ROW, most=MOST_URGENT), "特急, those that are due first.")),
    ),
)


@blueprint.get("/view/waiting")
@needs(Permission.MOVE_CASES)
@states(WAITING, kept=False, fails={NotFoundError: ["district_missing"]})
def waiting() -> Response:
    """Ids of what waits for the one who asks, and what of it is 特急, with as much of each as a list shows."""
    place, actor = here(), acting.actor()
    with acting.reading() as connection:
        turn = turn_of(connection, actor)
    asked = Question(actor, Wanted(now=this_minute(), tab=Tab.TODO), turn)
    cube = cube_of(acting.database_url(), place.district_id, place.timezone)
    with ask(cube, asked, versions(place)) as answer:
        ids, _ = answer.page(DUE, None, MOST)
        told = {"at": answer.at, "total": answer.total, "ids": ids}
        urgent = answer.flagged(Flag.MOST_URGENT)
    # 特急 comes before all else in this order.
    with acting.reading() as connection:
        rows = listing.some(connection, place.district_id, ids[: min(urgent, MOST_URGENT)])
    return answers.private({**told, "urgent": {"of": urgent, "items": rows}})
