"""`/api/v1/staffing`: the audit of the 1+1+1+N: which cells lack whom, today or on any day."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response

from app.accounts.rules import Permission
from app.errors import NotFoundError
from app.grid import store as grid
from app.grid.api import here
from app.grid.store import reading
from app.staffing.rules import read_missing
from app.staffing.store import cells
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import number, parameter

blueprint = Blueprint("staffing_api", __name__, url_prefix="/api/v1")


def _cursor(raw: str) -> tuple[int, str]:
    lacks, code = raw.split("~", 1)
    return int(lacks), code


@blueprint.get("/staffing")
@needs(Permission.READ_STAFF)
def staffing() -> Response:
    """Cells with what they have and lack on a day, those that lack most first; and the sums of the areas above."""
    place = here()
    limit = parameter("limit", number(1, 200), 50)
    with acting.reading() as connection:
        day = parameter("on", date.fromisoformat, grid.today(connection, place.district_id))
        items = cells.cells(
            connection,
            place.district_id,
            day,
            missing=parameter("missing", read_missing, None),
            area=parameter("area", number(1, 2**31 - 1), None),
            after=parameter("after", _cursor, None),
            limit=limit + 1,
        )
        sums = cells.summary(connection, place.district_id, day)
    last = items[limit - 1] if len(items) > limit else None
    following = None if last is None else f"{last['lacks']}~{last['code']}"
    return answers.document({"on": day, "items": items[:limit], "next": following, "areas": sums})


@blueprint.get("/staffing/cells/<int:area_id>")
@needs(Permission.READ_STAFF)
def cell(area_id: int) -> Response:
    """Who looks after one cell on a day, and who could stand in from next to it."""
    place = here()
    with acting.reading() as connection:
        day = parameter("on", date.fromisoformat, grid.today(connection, place.district_id))
        found = reading.area(connection, area_id)
        if found is None or found["level"] != "cell":
            raise NotFoundError("area_missing", id=area_id)
        people = cells.roster(connection, area_id, day)
        near = cells.stand_ins(connection, area_id, day)
    return answers.document({"on": day, "people": people, "stand_ins": near})
