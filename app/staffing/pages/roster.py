"""The roster of a cell, a community, a subdistrict: who works there, who is lacking, who could stand in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.errors import AppError, InvalidError, NotFoundError
from app.grid.api import here
from app.grid.store import reading
from app.staffing import store
from app.staffing.pages.blueprint import ROWS, blueprint
from app.staffing.rules import KIND_OF, Duty, read_cursor
from app.staffing.service import absence, assigning
from app.staffing.service.absence import log
from app.staffing.service.assigning import Somebody
from app.staffing.store import cells, rosters
from app.web import acting, forms
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import page
from app.web.params import day as day_of
from app.web.params import parameter, row_id

PURPOSE = 4
"""Least number of characters of the purpose for which a telephone number is read."""


@blueprint.get("/staffing/areas/<int:area_id>")
@needs(Permission.READ_STAFF)
def roster(area_id: int) -> Response:
    """Who works in an area: a cell's people, or the cells below it, gaps first."""
    return _roster(area_id)


def _roster(area_id: int, problem: AppError | None = None) -> Response:
    place = here()
    with acting.reading() as connection:
        area = reading.area(connection, area_id)
        if area is None or area["level"] == "resident_group":
            raise NotFoundError("area_missing", id=area_id)
        today = store.today(connection)
        day = parameter("on", day_of, today)
        facts: dict[str, Any] = {"people": rosters.people_of(connection, area_id, day)}
        if area["level"] == "cell":
            facts["near"] = rosters.suggestions(connection, [area["code"]], day, each=5).get(area["code"], [])
            facts["cell"] = next(
                iter(cells.cells(connection, place.district_id, day, area=area_id, limit=1)), None
            )
        else:
            after = parameter("after", read_cursor, None)
            rows = cells.cells(connection, place.district_id, day, area=area_id, after=after, limit=ROWS + 1)
            facts["rows"] = rows[:ROWS]
            facts["officers"] = rosters.officers(connection, [row["id"] for row in rows[:ROWS]], day)
            last = rows[ROWS - 1] if len(rows) > ROWS else None
            facts["following"] = None if last is None else f"{last['lacks']}~{last['code']}"
    return page(
        "roster.html",
        status_of(problem),
        me=me(),
        area=area,
        day=day,
        today=today,
        one_day=timedelta(days=1),
        duties=[*Duty],
        kind_of=KIND_OF,
        problem=problem,
        given=request.form,
        **facts,
    )


def last_day(name: str = "until") -> date | None:
    """The first day after the last one that was written."""
    last = forms.optional(name, forms.day)
    return None if last is None else last + timedelta(days=1)


def _back(area_id: int) -> Response:
    return redirect(url_for("staffing.roster", area_id=area_id), 303)


def _code(area_id: int) -> str:
    with acting.reading() as connection:
        area = reading.area(connection, area_id)
    if area is None or area["level"] != "cell":
        raise NotFoundError("area_missing", id=area_id)
    return str(area["code"])


@blueprint.post("/staffing/areas/<int:area_id>/assign")
@needs(Permission.MANAGE_STAFFING)
def assign(area_id: int) -> Response:
    """Let somebody look after a cell; who is not known yet is entered with a name."""
    cell = _code(area_id)
    try:
        with acting.writing() as connection:
            code, name = forms.needed("code", str), forms.written("name", 60)
            if name:
                somebody = Somebody(code, name, forms.written("phone", 20) or None)
                assigning.enter(connection, somebody, by=hand())
            from_on = forms.optional("from", forms.day) or store.today(connection)
            assigning.assign(
                connection,
                code,
                cell,
                forms.needed("duty", str),
                from_on,
                last_day(),
                place=forms.written("place", 80) or None,
                by=hand(),
            )
    except AppError as error:
        return _roster(area_id, error)
    flash("board.assigned")
    return _back(area_id)


@blueprint.post("/staffing/areas/<int:area_id>/cover")
@needs(Permission.MANAGE_STAFFING)
def cover(area_id: int) -> Response:
    """Let an officer from elsewhere look after a cell that has none, for some days."""
    cell = _code(area_id)
    try:
        with acting.writing() as connection:
            today = store.today(connection)
            until_on = last_day()
            if until_on is None:
                raise InvalidError("field_needed", field="until")
            absence.cover(connection, cell, forms.needed("code", str), today, until_on, by=hand())
    except AppError as error:
        return _roster(area_id, error)
    flash("leave.stood_in")
    return _back(area_id)


@blueprint.post("/staffing/areas/<int:area_id>/release")
@needs(Permission.MANAGE_STAFFING)
def release(area_id: int) -> Response:
    """Let somebody no longer look after a cell, from today on."""
    _code(area_id)
    with acting.writing() as connection:
        assigning.release(connection, forms.needed("assignment", row_id), store.today(connection), by=hand())
    flash("board.released")
    return _back(area_id)


@blueprint.post("/people/phone")
@needs(Permission.READ_PHONES)
def phone() -> Response:
    """The telephone number of somebody in sight, shown once for a purpose that is logged."""
    code, purpose = forms.needed("code", str), forms.written("purpose")
    with acting.writing() as connection:
        if len(purpose) < PURPOSE:
            raise InvalidError("purpose_needed")
        absence.person(connection, code)
        found = store.phone(connection, code)
        log(connection, hand(), "personal.read", "staff", code, field="phone", purpose=purpose)
    return page("phone.html", me=me(), code=code, phone=found)
