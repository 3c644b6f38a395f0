"""`/api/v1/areas/…/card`: what the card of an area tells beside its name and size."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.console.card import rules, service, store
from app.console.card.rules import MONTHS, Counted, Untold, by_month
from app.cube import store as cube_store
from app.cube.api import versions
from app.cube.rules import Wanted
from app.cube.service import Question, ask, cube_of
from app.errors import NotFoundError
from app.grid import store as grid
from app.grid.api import Here, here
from app.grid.store import reading
from app.staffing.api.gaps import SUM
from app.staffing.rules import AssignmentKind, Duty, Part
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import instant, this_minute
from app.web.shapes import COUNT, DAY, MOST_ID, TEXT, YES, Named, about, items, maybe, record, table, words
from app.web.stating import Asked, states

blueprint = Blueprint("card_api", __name__, url_prefix="/api/v1")

ELEMENTS = ("person", "place", "case", "object", "organisation")
ONE = record(
    code=TEXT, name=TEXT, simulated=YES, role=maybe(TEXT), duty=maybe(words(Duty)),
    kind=words([*AssignmentKind, "post"]), place=maybe(TEXT), away=YES, has_phone=YES,
)  # fmt: skip
ROSTER = record(
    on=DAY,
    parts=maybe(
        items(
            record(part=words(Part), missing=YES, people=items(ONE, most=service.MOST_NAMED), more=COUNT),
            least=len(Part),
            most=len(Part),
        )
    ),
    sums=maybe(SUM),
)
CARD = Named(
    "AreaCard",
    record(
        open=COUNT,
        overdue=COUNT,
        residents=maybe(about(COUNT, "As the count of persons is.")),
        months=about(
            items(record(month=DAY, reported=COUNT), least=MONTHS, most=MONTHS),
            "Cases of every state by the month of their report, the last one as far as it has come.",
        ),
        elements=items(
            record(
                element=words(ELEMENTS),
                count=maybe(COUNT),
                of=table(COUNT),
                untold=maybe(about(words(Untold), "Why there is no count.")),
            ),
            least=len(ELEMENTS),
            most=len(ELEMENTS),
        ),
        roster=maybe(ROSTER),
    ),
)
PAST = Asked(
    "as_of", instant, None, "截至: cases as they stood at an instant, and people of its day; by default now."
)


@blueprint.get("/areas/<int:area_id>/card")
@needs(Permission.READ_CASES)
@states(CARD, query=(PAST,), fails={NotFoundError: ["district_missing", "area_missing"]})
def card(area_id: int) -> Response:
    """Of one area: its cases month by month, counts of the five elements, and for those who may read staff its roster.

    All cases of the area are counted that the one who asks sees, whatever a screen is filtered by; and what is
    registered of it today, people for those who serve them.
    """
    place, past = here(), PAST.read()
    with acting.reading() as connection:
        area = reading.area(connection, area_id) if area_id <= MOST_ID else None
        if area is None or area["level"] == "resident_group":
            raise NotFoundError("area_missing", id=area_id)
        today = grid.today(connection, place.district_id)
        on_day = past.astimezone(ZoneInfo(place.timezone)).date() if past else today
        stretches, units = store.tied(connection, area_id, on_day)
        reads = me().may(Permission.READ_STAFF)
        roster = service.roster(connection, place.district_id, area, on_day) if reads else None
        numbers = cube_store.ranges_of(connection, area_id)
        registered = service.registered(connection, place.district_id, numbers, me().may, on_day < today)
        # Houses of the map are many: they are looked at only where no register knows better.
        whole = area["level"] == "district"
        drawn = store.drawn(connection, area_id, whole=whole, but=rules.known_better(registered))
    cases = _cases(place, numbers, on_day, past)
    elements = [
        rules.people(registered, me().may(Permission.READ_PERSONS)),
        rules.places(registered, {**drawn, "stretch": stretches} if stretches else drawn),
        Counted("case", cases["open"], {"overdue": cases["overdue"]}),
        rules.objects(registered),
        rules.organisations(registered, units),
    ]
    told = {"residents": elements[0].count, "elements": [asdict(one) for one in elements], "roster": roster}
    return answers.document({**cases, **told})


def _cases(
    place: Here, areas: tuple[tuple[int, int], ...], on_day: date, past: datetime | None
) -> dict[str, Any]:
    """Open and overdue cases of an area, and its months, from one state of the data."""
    wanted = Wanted(this_minute(), "all", areas=areas)
    cube = cube_of(acting.database_url(), place.district_id, place.timezone)
    with ask(cube, Question(acting.actor(), wanted, past=past), versions(place)) as answer:
        figures = answer.figures()
        first, reported, _ = answer.days()
    months = [{"month": month, "reported": n} for month, n in by_month(first, reported, on_day)]
    return {"open": figures["open"], "overdue": figures["overdue"], "months": months}
