"""`/api/v1/campaigns`: 专项任务 are opened, listed, looked at, visited and ended."""

from __future__ import annotations

from flask import Blueprint, Response

from app.accounts.rules import Permission
from app.campaigns import store
from app.campaigns.rules import LONGEST_NAME, MOST_PLACES, Outcome, Phase, PlaceState
from app.campaigns.service import looking, opening, visiting
from app.campaigns.service.opening import MOST_BODY
from app.cases.rules.fields import LONGEST, MOST_FILES, client_id
from app.cases.rules.states import CaseState
from app.errors import ConflictError, InvalidError, NotFoundError
from app.grid.api import here
from app.web import acting, answers
from app.web.body import json_object
from app.web.doors import needs
from app.web.params import number, one_of
from app.web.shapes import (
    CASE_ID,
    COUNT,
    DAY,
    ID,
    INSTANT,
    LAT,
    LON,
    MOST_ID,
    TEXT,
    UUID,
    YES,
    Named,
    Schema,
    about,
    items,
    maybe,
    optional,
    page,
    record,
    words,
)
from app.web.stating import Asked, states

blueprint = Blueprint("campaigns_api", __name__, url_prefix="/api/v1")

CODE: Schema = {"type": "string", "minLength": 1, "maxLength": 40, "pattern": r"^\S+$"}
NAME: Schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}
COUNTS = record(
    places=about(
        COUNT, "Places on the list that the one who asks sees; the other figures count among these."
    ),
    visited=COUNT,
    clear=about(COUNT, "Nothing was found at the last visit."),
    found=about(
        COUNT, "Something was found at the last visit: handled on the spot, handed on, or neither yet."
    ),
    on_the_spot=about(COUNT, "自行处置: handled on the spot by whoever found it."),
    handed_on=about(COUNT, "With a unit."),
)
CAMPAIGN = {
    "id": ID,
    "name": TEXT,
    "admission": about(TEXT, "准入编号: the record that the task may be pushed to communities."),
    "category": TEXT,
    "category_name": TEXT,
    "category_name_en": maybe(TEXT),
    "area": maybe(TEXT),
    "area_name": maybe(TEXT),
    "area_name_en": maybe(TEXT),
    "unit_id": ID,
    "unit": maybe(TEXT),
    "unit_en": maybe(TEXT),
    "first_on": DAY,
    "last_on": DAY,
    "state": words(Phase),
    "days_left": about(COUNT, "Today among them."),
    "opened_at": INSTANT,
    "ended_at": maybe(INSTANT),
    "end_reason": maybe(TEXT),
    "size": about(COUNT, "Places on the whole list."),
    "counts": COUNTS,
}
LISTED = Named("ListedCampaign", record(**CAMPAIGN))
ONE = Named(
    "Campaign",
    record(
        **CAMPAIGN, case_ids=about(items(CASE_ID), "Cases of the last visits, as far as they are in sight.")
    ),
)
PLACE = Named(
    "CampaignPlace",
    record(
        id=ID,
        label=TEXT,
        lon=LON,
        lat=LAT,
        state=words(PlaceState),
        own=about(YES, "It lies in the territory of the one who asks, who can visit it."),
        visits=COUNT,
        visited_at=maybe(INSTANT),
        case_id=maybe(CASE_ID),
        case_number=maybe(TEXT),
        case_state=maybe(words(CaseState)),
        before_id=maybe(about(ID, "A picture from before the handling on the spot.")),
        after_id=maybe(ID),
    ),
)
ASKED = Named(
    "CampaignRequest",
    record(
        ("admission", "unit"),
        only_these_=True,
        client_id=about(UUID, "Made by the client: what is sent again is one campaign."),
        name=NAME,
        admission=about(CODE, "准入编号. Without one the request is refused (409), whatever else it says."),
        category=about(CODE, "小类: its code. What is found becomes a case of it."),
        area=about(CODE, "Code of the district, a subdistrict, a community or a cell."),
        unit=about(ID, "Id of the unit that asks for it; by default the own one."),
        first_on=DAY,
        last_on=about(DAY, "Its last day, not gone yet and at most 366 days after the first."),
        places=items(record(only_these_=True, label=NAME, lon=LON, lat=LAT), least=1, most=MOST_PLACES),
    ),
)
VISIT_ASKED = Named(
    "CampaignVisitRequest",
    record(
        ("description", "files"),
        only_these_=True,
        client_id=UUID,
        outcome=words(Outcome),
        description=about(
            optional({"type": "string", "maxLength": LONGEST}),
            "What was found; this or a file is needed then.",
        ),
        files=optional(items(ID, most=MOST_FILES)),
    ),
)
VISIT = Named(
    "CampaignVisit",
    record(
        visit_id={"type": "integer", "format": "int64", "minimum": 1},
        campaign_id=ID,
        place_id=ID,
        outcome=words(Outcome),
        case_id=maybe(about(CASE_ID, "What was found, as an ordinary case of whoever found it.")),
        at=INSTANT,
    ),
)

LIMIT = Asked("limit", number(1, 100), 30, "How many at most.")
BEFORE = Asked("before", number(1, MOST_ID), None, "`next` of the page before.")
STATE = Asked("state", one_of(Phase), None, "Only those that are coming, open or over.")
MANY = Asked("limit", number(1, MOST_PLACES), 500, "How many at most.")
AFTER = Asked("after", number(0, MOST_ID), 0, "`next` of the page before.")
MISSING = {NotFoundError: ["campaign_missing"]}


@blueprint.get("/campaigns")
@needs(Permission.READ_CASES)
@states(
    page(LISTED, ID), query=(LIMIT, BEFORE, STATE), kept=False, fails={NotFoundError: ["district_missing"]}
)
def campaigns() -> Response:
    """专项任务 that touch the territory of the one who asks or were asked for by their unit, the newest first."""
    limit, district_id = LIMIT.read(), here().district_id
    with acting.reading() as connection:
        found = store.campaigns(
            connection, district_id, phase=STATE.read(), before=BEFORE.read(), limit=limit + 1
        )
    following = found[limit - 1]["id"] if len(found) > limit else None
    return answers.private({"items": [looking.told(row) for row in found[:limit]], "next": following})


@blueprint.post("/campaigns")
@needs(Permission.OPEN_CAMPAIGNS, most_bytes=MOST_BODY)
@states(
    ONE,
    status=201,
    body=ASKED,
    fails={
        InvalidError: ["fields_invalid"],
        NotFoundError: ["district_missing"],
        ConflictError: ["campaign_not_admitted", "client_id_used"],
    },
)
def open_campaign() -> Response:
    """Open a campaign with its whole list of places, once, however often it is sent."""
    raw = json_object()
    client = client_id(raw.get("client_id"))
    district_id = here().district_id
    with acting.writing() as connection:
        made = opening.open_campaign(connection, district_id, acting.actor(), raw, client)
        found = looking.one(connection, made)
    return answers.private(found, 201)


@blueprint.get("/campaigns/<int:campaign_id>")
@needs(Permission.READ_CASES)
@states(ONE, kept=False, fails=MISSING)
def campaign(campaign_id: int) -> Response:
    """One campaign with its counts, which are those of its places in sight."""
    with acting.reading() as connection:
        found = looking.one(connection, campaign_id)
    return answers.private(found)


@blueprint.get("/campaigns/<int:campaign_id>/places")
@needs(Permission.READ_CASES)
@states(page(PLACE, ID), query=(MANY, AFTER), kept=False, fails=MISSING)
def places(campaign_id: int) -> Response:
    """Its places in sight in the order of the list, with how it stands at each."""
    limit = MANY.read()
    with acting.reading() as connection:
        looking.one(connection, campaign_id)
        found = store.places(connection, campaign_id, after=AFTER.read(), limit=limit + 1)
    following = found[limit - 1]["id"] if len(found) > limit else None
    return answers.private({"items": found[:limit], "next": following})


@blueprint.post("/campaigns/<int:campaign_id>/end")
@needs(Permission.OPEN_CAMPAIGNS)
@states(
    ONE,
    body=record(
        only_these_=True, reason={"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": r"\S"}
    ),
    fails={InvalidError: ["fields_invalid"], ConflictError: ["campaign_over"], **MISSING},
)
def end(campaign_id: int) -> Response:
    """End a campaign before its last day; what was found stays, no place is visited any more."""
    raw = json_object()
    with acting.writing() as connection:
        found = looking.end(connection, acting.actor(), campaign_id, raw)
    return answers.private(found)


@blueprint.post("/campaigns/<int:campaign_id>/places/<int:place_id>/visits")
@needs(Permission.MOVE_CASES)
@states(
    VISIT,
    status=201,
    body=VISIT_ASKED,
    fails={
        InvalidError: ["fields_invalid"],
        NotFoundError: ["campaign_place_missing"],
        ConflictError: ["campaign_over", "campaign_not_begun", "client_id_used"],
    },
)
def visit(campaign_id: int, place_id: int) -> Response:
    """Visit a place of one's own territory: `clear`, or `found` with what it is, which becomes an ordinary case."""
    raw = json_object()
    client = client_id(raw.get("client_id"))
    if not (0 < campaign_id <= MOST_ID and 0 < place_id <= MOST_ID):
        raise NotFoundError("campaign_place_missing", id=place_id)
    with acting.writing() as connection:
        told = visiting.visit(connection, acting.actor(), campaign_id, place_id, raw, client)
    return answers.private(told, 201)
