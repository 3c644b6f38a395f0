"""`/reports/schedules`: 定时报表 of one's own."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.cases.rules.fields import FieldProblem, refuse
from app.errors import AppError
from app.grid.api import here
from app.grid.service import the_district
from app.reports.pages.blueprint import blueprint, chosen, client_id, faults_of, given, one_more
from app.reports.rules.formats import Format
from app.reports.rules.kinds import KINDS
from app.reports.service import composing, offering, telling
from app.reports.service.asking import Wanted
from app.reports.service.composing import MOST_SCHEDULES, minute_of
from app.reports.store import definitions as store
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.i18n import LOCALES
from app.web.pages import page, page_locale

FIELDS = ("client_id", "definition", "scope", "code", "at", "locale")


@blueprint.get("/reports/schedules")
@needs(Permission.MAKE_REPORTS)
def schedules() -> Response:
    """定时报表: what is made by itself, and when next."""
    return _page({})


@blueprint.post("/reports/schedules")
@needs(Permission.MAKE_REPORTS)
def add_schedule() -> AnyResponse:
    """Have a report made for each period."""
    said = given(*FIELDS)
    formats = chosen("formats", Format)
    locale = said["locale"] if said["locale"] in LOCALES else page_locale()
    wanted = Wanted(
        said["definition"], said["code"] or said["scope"], "", formats, locale, None, request.url_root
    )
    try:
        at = _at(said["at"])
        with acting.writing() as connection:
            district = the_district(connection)
            composing.schedule(connection, district, wanted, at, client_id(said["client_id"]), hand())
    except AppError as error:
        return _page(said, error)
    flash("reports.told_scheduled")
    return redirect(url_for("reports.schedules"), 303)


def _at(raw: str) -> int:
    try:
        return minute_of(raw)
    except ValueError:
        refuse([FieldProblem("at", "not_clock", raw[:20])])
        raise


@blueprint.post("/reports/schedules/<int:schedule_id>/stop")
@needs(Permission.MAKE_REPORTS)
def stop_schedule(schedule_id: int) -> AnyResponse:
    """Have it made no longer."""
    with acting.writing() as connection:
        composing.stop(connection, schedule_id)
    flash("reports.told_stopped")
    return redirect(url_for("reports.schedules"), 303)


def _page(said: Mapping[str, str], problem: AppError | None = None) -> Response:
    place = here()
    with acting.reading() as connection:
        rows = store.schedules(connection, place.district_id, after=0, limit=MOST_SCHEDULES)
        offered = offering.offered(connection, place.district_id)
        places = offering.places(connection, place.district_id)
    return page(
        "report-schedules.html",
        status_of(problem),
        me=me(),
        district=place.record,
        rows=[telling.schedule(row, page_locale()) for row in rows],
        called={one.code: one for one in offered},
        definitions=[one for one in offered if KINDS[one.kind].grain is not None],
        places=places,
        all_formats=[form.value for form in Format],
        all_locales=LOCALES,
        given=said,
        problem=problem,
        faults=faults_of(problem),
        client_id=said.get("client_id") or one_more(),
    )
