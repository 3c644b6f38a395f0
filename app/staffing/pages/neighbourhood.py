"""The five levels 区-街道-社区-居民小组-楼栋: who there is in every area; groups and bodies of a community."""

from __future__ import annotations

from datetime import date

from flask import Response

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.errors import NotFoundError
from app.grid import store as grid
from app.grid.api import here
from app.staffing.pages.blueprint import blueprint
from app.staffing.store import councils, neighbourhood
from app.web import acting
from app.web.doors import needs
from app.web.pages import page
from app.web.params import number, parameter

MOST = 200
"""Groups or bodies of a page."""


def _cursor(raw: str) -> tuple[bool, str]:
    led, code = raw.split("~", 1)
    if led not in {"0", "1"}:
        raise ValueError(raw)
    return led == "1", code


@blueprint.get("/neighbourhood")
@needs(Permission.READ_STAFF)
def five_levels() -> Response:
    """The five levels of the reader's areas, with their sums and what is vacant."""
    district = here().district_id
    with acting.reading() as connection:
        day = parameter("on", date.fromisoformat, grid.today(connection, district))
        area = parameter("area", number(1, 2**31 - 1), None)
        within = None if area is None else neighbourhood.place(connection, area)
        if area is not None and within is None:
            raise NotFoundError("area_missing", id=area)
        total, rows = neighbourhood.five_levels(connection, district, area, day)
    return page("neighbourhood.html", me=me(), day=day, within=within, total=total, rows=rows)


@blueprint.get("/neighbourhood/<int:area_id>")
@needs(Permission.READ_STAFF)
def community(area_id: int) -> Response:
    """A community: resident groups with leaders and building heads, the vacant ones first; council; security teams."""
    district = here().district_id
    with acting.reading() as connection:
        day = parameter("on", date.fromisoformat, grid.today(connection, district))
        after = parameter("after", _cursor, None)
        area = neighbourhood.place(connection, area_id)
        if area is None or area["level"] != "community":
            raise NotFoundError("area_missing", id=area_id)
        groups = neighbourhood.groups(connection, area_id, day, after, MOST + 1)
        loose = neighbourhood.heads_without_group(connection, area_id, day)
        bodies = councils.bodies(connection, area_id, None, day, "", MOST)
        sitting = [body["id"] for body in bodies if body["kind"] == "council"]
        boards = [councils.body(connection, unit_id, day) for unit_id in sitting[:20]]
    last = groups[MOST - 1] if len(groups) > MOST else None
    following = None if last is None else f"{int(last['led'])}~{last['code']}"
    return page(
        "neighbourhood-community.html",
        me=me(),
        day=day,
        area=area,
        groups=groups[:MOST],
        following=following,
        loose=loose,
        boards=boards,
        teams=[body for body in bodies if body["kind"] != "council"],
    )
