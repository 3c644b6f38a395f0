"""`/api/v1/staffing`: the audit of the 1+1+1+N: which cells lack whom, today or on any day."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy import Connection

from app.accounts.rules import Permission
from app.errors import NotFoundError
from app.grid import store as grid
from app.grid.api import here
from app.grid.store import reading
from app.staffing.rules import NEIGHBOURHOOD, read_cursor, read_missing
from app.staffing.store import cells, councils, neighbourhood, rosters
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import day as day_of
from app.web.params import number, parameter, row_id

blueprint = Blueprint("staffing_api", __name__, url_prefix="/api/v1")


@blueprint.get("/staffing")
@needs(Permission.READ_STAFF)
def staffing() -> Response:
    """Cells with what they have and lack on a day, those that lack most first; and the sums of the areas above."""
    place = here()
    limit = parameter("limit", number(1, 200), 50)
    with acting.reading() as connection:
        day = parameter("on", day_of, grid.today(connection, place.district_id))
        items = cells.cells(
            connection,
            place.district_id,
            day,
            missing=parameter("missing", read_missing, None),
            area=parameter("area", row_id, None),
            after=parameter("after", read_cursor, None),
            limit=limit + 1,
        )
        sums = cells.summary(connection, place.district_id, day)
    last = items[limit - 1] if len(items) > limit else None
    following = None if last is None else f"{last['lacks']}~{last['code']}"
    return answers.document({"on": day, "items": items[:limit], "next": following, "areas": sums})


@blueprint.get("/staffing/gaps")
@needs(Permission.READ_STAFF)
def gaps() -> Response:
    """Cells that lack somebody on a day, of how many; without their names: what the map needs to paint them."""
    place = here()
    limit = parameter("limit", number(1, 2000), 1000)
    with acting.reading() as connection:
        day = parameter("on", day_of, grid.today(connection, place.district_id))
        after = parameter("after", number(0, 2**31 - 1), 0)
        items = cells.gaps(connection, place.district_id, day, after=after, limit=limit + 1)
        known = cells.audited(connection, place.district_id, day)
    following = items[limit - 1]["id"] if len(items) > limit else None
    return answers.document({"on": day, "items": items[:limit], "next": following, "cells": known})


@blueprint.get("/staffing/cells/<int:area_id>")
@needs(Permission.READ_STAFF)
def cell(area_id: int) -> Response:
    """Who looks after one cell on a day, and who could stand in from next to it."""
    place = here()
    with acting.reading() as connection:
        day = parameter("on", day_of, grid.today(connection, place.district_id))
        found = reading.area(connection, area_id)
        if found is None or found["level"] != "cell":
            raise NotFoundError("area_missing", id=area_id)
        people = rosters.people_of(connection, area_id, day)
        near = rosters.suggestions(connection, [found["code"]], day, each=5).get(found["code"], [])
    return answers.document({"on": day, "people": people, "stand_ins": near})


def _within(connection: Connection) -> int | None:
    """The area that the query asks for, which lies in the reader's territory; None where it asks for none."""
    area = parameter("area", row_id, None)
    if area is not None and neighbourhood.place(connection, area) is None:
        raise NotFoundError("area_missing", id=area)
    return area


def _body_kind(raw: str) -> str:
    if raw not in NEIGHBOURHOOD:
        raise ValueError(raw)
    return raw


@blueprint.get("/neighbourhood")
@needs(Permission.READ_STAFF)
def five_levels() -> Response:
    """District, subdistricts, communities: resident groups and leaders, councils, building heads, security teams."""
    place = here()
    with acting.reading() as connection:
        day = parameter("on", day_of, grid.today(connection, place.district_id))
        total, items = neighbourhood.five_levels(connection, place.district_id, _within(connection), day)
    return answers.document({"on": day, "total": total, "items": items})


@blueprint.get("/bodies")
@needs(Permission.READ_STAFF)
def bodies() -> Response:
    """Councils and security teams with their term and head; those whose term has run out are marked `over`."""
    place = here()
    limit = parameter("limit", number(1, 200), 50)
    kind, after = parameter("kind", _body_kind, None), parameter("after", str, "")[:80]
    with acting.reading() as connection:
        day = parameter("on", day_of, grid.today(connection, place.district_id))
        items = councils.bodies(connection, _within(connection), kind, day, after, limit + 1)
    following = items[limit - 1]["code"] if len(items) > limit else None
    return answers.document({"on": day, "items": items[:limit], "next": following})
