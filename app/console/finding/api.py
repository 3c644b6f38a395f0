"""`/api/v1/find`: what the search box of the console finds."""

from __future__ import annotations

from flask import Blueprint, Response

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.console.finding import service
from app.cube.api.shapes import ROW
from app.errors import NotFoundError
from app.grid.api import here
from app.registry.api.shapes import LISTED
from app.staffing.rules import UnitKind
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import number, this_minute, written
from app.web.shapes import ID, LAT, LON, TEXT, YES, Named, about, items, maybe, record, words
from app.web.stating import Asked, states

blueprint = Blueprint("finding_api", __name__, url_prefix="/api/v1")

MOST = 20
CALLED = {"id": ID, "name": maybe(TEXT), "name_en": maybe(TEXT)}
AREA = Named(
    "FoundArea",
    record(
        **CALLED, kind=TEXT, code=TEXT, path=maybe(TEXT), path_en=maybe(TEXT), lon=maybe(LON), lat=maybe(LAT)
    ),
)
PLACE = Named("FoundPlace", record(**CALLED, kind=TEXT, lon=maybe(LON), lat=maybe(LAT)))
UNIT = Named(
    "FoundUnit",
    record(
        id=ID, code=TEXT, name=TEXT, name_en=maybe(TEXT), kind=words(UnitKind), day_phone=maybe(TEXT),
        night_phone=maybe(TEXT), simulated=YES,
    ),
)  # fmt: skip
POST = record(
    word=about(TEXT, "Role of the post, or duty to the cell."), title=maybe(TEXT), unit_id=maybe(ID), unit=maybe(TEXT),
    unit_en=maybe(TEXT), area_id=maybe(ID), level=maybe(TEXT), area=maybe(TEXT), area_en=maybe(TEXT),
)  # fmt: skip
PERSON = Named(
    "FoundPerson",
    record(
        code=TEXT,
        name=TEXT,
        simulated=YES,
        work_phone=about(YES, "Whether there is a number that `POST /staff/{code}/call` tells."),
        posts=items(POST, most=3),
    ),
)
FOUND = Named(
    "Found",
    record(
        areas=items(AREA, most=MOST), places=items(PLACE, most=MOST), cases=items(ROW, most=MOST),
        units=items(UNIT, most=MOST), staff=items(PERSON, most=MOST), sites=items(LISTED, most=MOST),
        organisations=items(LISTED, most=MOST), objects=items(LISTED, most=MOST),
    ),
)  # fmt: skip
WORDS = Asked(
    "q",
    written(60),
    "",
    "Words of a name, of the address or the description of a case; the beginning of a code, the number of a case or its"
    " last four digits.",
)
LIMIT = Asked("limit", number(1, MOST), 6, "How many of each group at most.")
NOTHING: dict[str, list[str]] = {
    group: [] for group in ("areas", "places", "cases", "units", "staff", "sites", "organisations", "objects")
}


@blueprint.get("/find")
@needs(Permission.VIEW_MAP)
@states(FOUND, query=(WORDS, LIMIT), fails={NotFoundError: ["district_missing"]})
def find() -> Response:
    """Areas, things on the ground, cases, units with their telephones, people at work, and what is registered.

    Cases are there for those who may read cases, units and people for those who may read staff, places, organisations
    and components for those who may read the registry, and of each what the one who asks sees. Nobody's own number is
    told: a work telephone is asked for one by one; and residents are found by `/persons/search` alone.
    """
    place = here()
    said, limit = WORDS.read(), LIMIT.read()
    if not said:
        return answers.document(NOTHING)

    with acting.reading() as connection:
        found = service.find(connection, place.district_id, said, limit, me().may, this_minute())
    return answers.document(found)
