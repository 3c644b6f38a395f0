"""`/brief`: 今日简报, the one page of a leader, for a telephone as for a desk, and for paper."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.cube.api import versions
from app.cube.rules import Wanted
from app.cube.service import Question, ask, cube_of
from app.grid.api import Here, here
from app.screens.service.briefing import brief
from app.screens.service.places import parts
from app.staffing.service.presence import shift
from app.web import acting
from app.web.doors import needs
from app.web.pages import page
from app.web.params import this_minute

blueprint = Blueprint("screens", __name__)

MOST_DESKS = 6
FIGURES = ("today", "open", "overdue", "near", "to_verify", "suspended")


@blueprint.get("/brief")
@needs(Permission.READ_CASES)
def brief_page() -> Response:
    """Today's figures, the five worst, what is dangerous, what waits for a decision, and the last fortnight."""
    place, now = here(), datetime.now(UTC)
    figures = _figures(place)
    actor, url, minute = acting.actor(), acting.database_url(), this_minute()
    with acting.reading() as connection:
        level, places = parts(connection, url, actor.view, place.versions["areas"], place.district_id, minute)
        facts = brief(connection, place.district_id, place.timezone, places, now)
        on_duty = (
            shift(connection, place.district_id, me().account_id)["units"]
            if me().may(Permission.READ_STAFF)
            else []
        )
    return page(
        "brief.html",
        me=me(),
        at=now,
        district=place.record,
        figures=figures,
        shown=FIGURES,
        level=level.value,
        on_duty=on_duty[:MOST_DESKS],
        **facts,
    )


def _figures(place: Here) -> dict[str, int]:
    """The figures of all that the one who asks sees, as the console has them."""
    asked = Question(acting.actor(), Wanted(now=this_minute()))
    cube = cube_of(acting.database_url(), place.district_id, place.timezone)
    with ask(cube, asked, versions(place)) as answer:
        return answer.figures()
