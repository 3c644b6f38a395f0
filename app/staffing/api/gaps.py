"""`/api/v1/staffing`: the audit of the 1+1+1+N: which cells lack whom, today or on any day."""

from __future__ import annotations

from flask import Response
from sqlalchemy import Connection

from app.accounts.rules import Permission
from app.errors import NotFoundError
from app.grid import store as grid
from app.grid.api import HERE, here
from app.grid.store import reading
from app.staffing.api.blueprint import blueprint
from app.staffing.rules import NEIGHBOURHOOD, AssignmentKind, Duty, Part, read_cursor
from app.staffing.store import cells, councils, neighbourhood, rosters
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import Reader, number, one_of, row_id, written
from app.web.params import day as day_of
from app.web.shapes import COUNT, DAY, ID, MOST_ID, TEXT, YES, Named, maybe, page, record, words
from app.web.shapes import items as list_of
from app.web.stating import Asked, states

PARTS = list_of(words(Part))
CALLED = {"id": ID, "code": TEXT, "name": TEXT, "name_en": maybe(TEXT)}
CELL = Named(
    "StaffedCell",
    record(
        **CALLED, community=maybe(TEXT), community_en=maybe(TEXT), inspectors=COUNT, supervisors=COUNT, officers=COUNT,
        part_time=COUNT, away=COUNT, missing=PARTS, lacks=COUNT,
    ),
)  # fmt: skip
SUM = Named(
    "StaffingSum",
    record(**CALLED, level=TEXT, cells=COUNT, complete=COUNT, inspector=COUNT, supervisor=COUNT, officer=COUNT,
           part_time=COUNT),
)  # fmt: skip
GAP = Named("StaffingGap", record(id=ID, missing=PARTS, away=COUNT))
PERSON = Named(
    "PersonInCharge",
    record(
        code=TEXT, name=TEXT, simulated=YES, role=maybe(TEXT), duty=maybe(words(Duty)),
        kind=words([*AssignmentKind, "post"]), place=maybe(TEXT), unit=maybe(TEXT), from_on=DAY, until_on=maybe(DAY),
        away=YES, has_phone=YES, assignment_id=maybe(ID),
    ),
)  # fmt: skip
STAND_IN = Named(
    "StandIn", record(of_cell=TEXT, code=TEXT, name=TEXT, simulated=YES, cell=TEXT, open_cases=COUNT)
)
LEVEL = Named(
    "FiveLevels",
    record(
        id=maybe(ID), level=TEXT, code=maybe(TEXT), name=maybe(TEXT), name_en=maybe(TEXT), communities=COUNT,
        five_levels=COUNT, groups=COUNT, led=COUNT, councils=COUNT, over=COUNT, chairs=COUNT, members=COUNT,
        heads=COUNT, teams=COUNT,
    ),
)  # fmt: skip
BODY = Named(
    "Body",
    record(
        **CALLED, kind=words(NEIGHBOURHOOD), credit_code=maybe(TEXT), simulated=YES, area_id=maybe(ID),
        area=maybe(TEXT), area_en=maybe(TEXT), term_id=maybe(ID), term=maybe(COUNT), from_on=maybe(DAY),
        until_on=maybe(DAY), over=YES, head_code=maybe(TEXT), head=maybe(TEXT), head_simulated=maybe(YES),
        members=COUNT,
    ),
)  # fmt: skip

ON = Asked("on", day_of, None, "The day; by default today.")
AREA = Asked("area", row_id, None, "Id of an area: what lies in it.")
LIMIT = Asked("limit", number(1, 200), 50, "How many at most.")
MISSING = Asked("missing", one_of(["any", *Part]), None, "Only cells that lack this, or `any`thing.")
AFTER = Asked("after", Reader(read_cursor, TEXT), None, "`next` of the page before.")
MANY = Asked("limit", number(1, 2000), 1000, "How many at most.")
AFTER_ID = Asked("after", number(0, MOST_ID), 0, "`next` of the page before.")
KIND = Asked("kind", one_of(NEIGHBOURHOOD), None, "理事会 or 群防队 alone.")
AFTER_CODE = Asked("after", written(80), "", "`next` of the page before.")
PLACES = {NotFoundError: ["district_missing", "area_missing"]}


@blueprint.get("/staffing")
@needs(Permission.READ_STAFF)
@states(page(CELL, TEXT, on=DAY, areas=list_of(SUM)), query=(LIMIT, ON, MISSING, AREA, AFTER), fails=HERE)
def staffing() -> Response:
    """Cells with what they have and lack on a day, those that lack most first; and the sums of the areas above."""
    place = here()
    limit = LIMIT.read()
    with acting.reading() as connection:
        day = ON.read() or grid.today(connection, place.district_id)
        items = cells.cells(
            connection,
            place.district_id,
            day,
            missing=MISSING.read(),
            area=AREA.read(),
            after=AFTER.read(),
            limit=limit + 1,
        )
        sums = cells.summary(connection, place.district_id, day)
    last = items[limit - 1] if len(items) > limit else None
    following = None if last is None else f"{last['lacks']}~{last['code']}"
    return answers.document({"on": day, "items": items[:limit], "next": following, "areas": sums})


@blueprint.get("/staffing/gaps")
@needs(Permission.READ_STAFF)
@states(page(GAP, ID, on=DAY, cells=COUNT), query=(MANY, ON, AFTER_ID), fails=HERE)
def gaps() -> Response:
    """Cells that lack somebody on a day, of how many; without their names: what the map needs to paint them."""
    place = here()
    limit = MANY.read()
    with acting.reading() as connection:
        day = ON.read() or grid.today(connection, place.district_id)
        items = cells.gaps(connection, place.district_id, day, after=AFTER_ID.read(), limit=limit + 1)
        known = cells.audited(connection, place.district_id, day)
    following = items[limit - 1]["id"] if len(items) > limit else None
    return answers.document({"on": day, "items": items[:limit], "next": following, "cells": known})


@blueprint.get("/staffing/cells/<int:area_id>")
@needs(Permission.READ_STAFF)
@states(record(on=DAY, people=list_of(PERSON), stand_ins=list_of(STAND_IN)), query=(ON,), fails=PLACES)
def cell(area_id: int) -> Response:
    """Who looks after one cell on a day, and who could stand in from next to it."""
    place = here()
    with acting.reading() as connection:
        day = ON.read() or grid.today(connection, place.district_id)
        found = reading.area(connection, area_id) if area_id <= MOST_ID else None
        if found is None or found["level"] != "cell":
            raise NotFoundError("area_missing", id=area_id)
        people = rosters.people_of(connection, area_id, day)
        near = rosters.suggestions(connection, [found["code"]], day, each=5).get(found["code"], [])
    return answers.document({"on": day, "people": people, "stand_ins": near})


def _within(connection: Connection) -> int | None:
    """The area that the query asks for, which lies in the reader's territory; None where it asks for none."""
    area: int | None = AREA.read()
    if area is not None and neighbourhood.place(connection, area) is None:
        raise NotFoundError("area_missing", id=area)
    return area


@blueprint.get("/neighbourhood")
@needs(Permission.READ_STAFF)
@states(record(on=DAY, total=LEVEL, items=list_of(LEVEL)), query=(ON, AREA), fails=PLACES)
def five_levels() -> Response:
    """District, subdistricts, communities: resident groups and leaders, councils, building heads, security teams."""
    place = here()
    with acting.reading() as connection:
        day = ON.read() or grid.today(connection, place.district_id)
        total, items = neighbourhood.five_levels(connection, place.district_id, _within(connection), day)
    return answers.document({"on": day, "total": total, "items": items})


@blueprint.get("/bodies")
@needs(Permission.READ_STAFF)
@states(page(BODY, TEXT, on=DAY), query=(LIMIT, KIND, AFTER_CODE, ON, AREA), fails=PLACES)
def bodies() -> Response:
    """Councils and security teams with their term and head; those whose term has run out are marked `over`."""
    place = here()
    limit, kind, after = LIMIT.read(), KIND.read(), AFTER_CODE.read()
    with acting.reading() as connection:
        day = ON.read() or grid.today(connection, place.district_id)
        items = councils.bodies(connection, _within(connection), kind, day, after, limit + 1)
    following = items[limit - 1]["code"] if len(items) > limit else None
    return answers.document({"on": day, "items": items[:limit], "next": following})
