"""The five levels 区-街道-社区-居民小组-楼栋: who there is in every area; groups and bodies of a community."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Response, flash, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.errors import AppError, NotFoundError
from app.grid import store as grid
from app.grid.api import here
from app.staffing import store
from app.staffing.pages.blueprint import blueprint
from app.staffing.pages.roster import last_day
from app.staffing.service import assigning, governing
from app.staffing.service.assigning import Somebody
from app.staffing.store import councils, neighbourhood
from app.web import acting, forms
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import page
from app.web.params import day as day_of
from app.web.params import parameter, row_id

MOST = 200
"""Groups or bodies of a page."""

MOST_OPEN = 40
"""Bodies whose members are listed."""


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
        day = parameter("on", day_of, grid.today(connection, district))
        area = parameter("area", row_id, None)
        within = None if area is None else neighbourhood.place(connection, area)
        if area is not None and within is None:
            raise NotFoundError("area_missing", id=area)
        total, rows = neighbourhood.five_levels(connection, district, area, day)
    return page("neighbourhood.html", me=me(), day=day, within=within, total=total, rows=rows)


@blueprint.get("/neighbourhood/<int:area_id>")
@needs(Permission.READ_STAFF)
def community(area_id: int) -> Response:
    """A community: resident groups with leaders and building heads, the vacant ones first; council; security teams."""
    return _community(area_id)


def _community(area_id: int, problem: AppError | None = None) -> Response:
    district = here().district_id
    with acting.reading() as connection:
        today = grid.today(connection, district)
        day = parameter("on", day_of, today)
        after = parameter("after", _cursor, None)
        area = neighbourhood.place(connection, area_id)
        if area is None or area["level"] != "community":
            raise NotFoundError("area_missing", id=area_id)
        groups = neighbourhood.groups(connection, area_id, day, after, MOST + 1)
        loose = neighbourhood.heads_without_group(connection, area_id, day)
        bodies = councils.bodies(connection, area_id, None, day, "", MOST)
        boards = [councils.body(connection, one["id"], day) for one in bodies[:MOST_OPEN]]
    last = groups[MOST - 1] if len(groups) > MOST else None
    following = None if last is None else f"{int(last['led'])}~{last['code']}"
    return page(
        "neighbourhood-community.html",
        status_of(problem),
        me=me(),
        day=day,
        today=today,
        area=area,
        groups=groups[:MOST],
        following=following,
        loose=loose,
        boards=boards,
        problem=problem,
        given=request.form,
    )


def _change(area_id: int, work: Callable[[Connection], object], told: str) -> AnyResponse:
    """Do what a form of a community asks; with an error beside the form, which keeps what was typed."""
    try:
        with acting.writing() as connection:
            if neighbourhood.place(connection, area_id) is None:
                raise NotFoundError("area_missing", id=area_id)
            work(connection)
    except AppError as error:
        return _community(area_id, error)
    flash(told)
    return redirect(url_for("staffing.community", area_id=area_id), 303)


def _whom(connection: Connection) -> str:
    """The code of the person whom a form names, entered where a name is given too."""
    code, name = forms.needed("code", str), forms.written("name", 60)
    if name:
        assigning.enter(connection, Somebody(code, name, forms.written("phone", 20) or None), by=hand())
    return code


def _since(connection: Connection) -> date:
    return forms.optional("from", forms.day) or store.today(connection)


@blueprint.post("/neighbourhood/<int:area_id>/lead")
@needs(Permission.MANAGE_STAFFING)
def lead_group(area_id: int) -> AnyResponse:
    """Let somebody lead a resident group."""

    def work(connection: Connection) -> None:
        group, code = forms.needed("group", row_id), _whom(connection)
        governing.lead(connection, area_id, group, code, _since(connection), by=hand())

    return _change(area_id, work, "neighbourhood.leads_now")


@blueprint.post("/neighbourhood/<int:area_id>/vacate")
@needs(Permission.MANAGE_STAFFING)
def vacate_group(area_id: int) -> AnyResponse:
    """Let somebody no longer lead a resident group, from today on."""

    def work(connection: Connection) -> None:
        governing.vacate(connection, forms.needed("leader", row_id), store.today(connection), by=hand())

    return _change(area_id, work, "neighbourhood.vacated")


@blueprint.post("/neighbourhood/<int:area_id>/bodies")
@needs(Permission.MANAGE_STAFFING)
def found_body(area_id: int) -> AnyResponse:
    """Make a council or a security team, with its first term."""

    def work(connection: Connection) -> None:
        kind, name = forms.needed("kind", str), forms.needed("title", str)
        credit = forms.written("credit_code", 18)
        governing.found(connection, area_id, kind, name, credit, _since(connection), last_day(), by=hand())

    return _change(area_id, work, "neighbourhood.founded")


@blueprint.post("/neighbourhood/<int:area_id>/terms")
@needs(Permission.MANAGE_STAFFING)
def begin_term(area_id: int) -> AnyResponse:
    """Begin the next term of a council or a team."""

    def work(connection: Connection) -> None:
        governing.begin_term(
            connection, forms.needed("unit", row_id), _since(connection), last_day(), by=hand()
        )

    return _change(area_id, work, "neighbourhood.term_begun")


@blueprint.post("/neighbourhood/<int:area_id>/members")
@needs(Permission.MANAGE_STAFFING)
def join_body(area_id: int) -> AnyResponse:
    """Let somebody sit on a council or belong to a team."""

    def work(connection: Connection) -> None:
        unit, code, heads = forms.needed("unit", row_id), _whom(connection), forms.written("heads") == "1"
        governing.join(connection, unit, code, heads=heads, from_on=_since(connection), by=hand())

    return _change(area_id, work, "neighbourhood.joined")


@blueprint.post("/neighbourhood/<int:area_id>/members/end")
@needs(Permission.MANAGE_STAFFING)
def leave_body(area_id: int) -> AnyResponse:
    """Let somebody no longer be a member, from today on."""

    def work(connection: Connection) -> None:
        governing.leave(connection, forms.needed("member", row_id), store.today(connection), by=hand())

    return _change(area_id, work, "neighbourhood.left")
