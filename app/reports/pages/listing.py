"""`/reports`: the reports that somebody sees, and the form by which one is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.errors import AppError
from app.grid import store as grid
from app.grid.api import here
from app.grid.service import the_district
from app.reports.pages.blueprint import blueprint, chosen, client_id, faults_of, given, one_more
from app.reports.rules.formats import Format
from app.reports.rules.kinds import KINDS, About, ReportKind
from app.reports.rules.states import Which
from app.reports.service import offering, placing, telling
from app.reports.service.asking import Wanted, period_words
from app.reports.store import runs as store
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.i18n import LOCALES
from app.web.pages import page, page_locale
from app.web.params import number, one_of, parameter, written
from app.web.shapes import MOST_ID

ROWS = 20
FIELDS = ("client_id", "definition", "scope", "code", "period", "locale")
USUAL = ReportKind.MONTHLY.value


@blueprint.get("/reports")
@needs(Permission.MAKE_REPORTS)
def reports() -> Response:
    """报告: the newest first."""
    wanted = {
        "definition": parameter("definition", written(40), ""),
        "scope": parameter("scope", written(2000), ""),
    }
    return _list(wanted)


@blueprint.post("/reports")
@needs(Permission.MAKE_REPORTS)
def ask() -> AnyResponse:
    """Ask for a report, once, however often the form is sent."""
    said = given(*FIELDS)
    said["formats"] = ",".join(chosen("formats", Format))
    try:
        with acting.writing() as connection:
            made = placing.ask(
                connection,
                the_district(connection),
                _wanted(said),
                client_id(said["client_id"]),
                me().account_id,
            )
    except AppError as error:
        return _list(said, error)
    return redirect(url_for("reports.report", run_id=made), 303)


def _wanted(said: Mapping[str, str]) -> Wanted:
    formats = tuple(said["formats"].split(",")) if said["formats"] else ()
    locale = said["locale"] if said["locale"] in LOCALES else page_locale()
    scope = said["code"] or said["scope"]
    return Wanted(said["definition"], scope, said["period"], formats, locale, None, request.url_root)


def _list(said: Mapping[str, str], problem: AppError | None = None) -> Response:
    place = here()
    which = parameter("which", one_of(Which), Which.ALL.value)
    kind = parameter("kind", one_of(ReportKind), None)
    before = parameter("before", number(1, MOST_ID), None)
    with acting.reading() as connection:
        rows = store.page(
            connection, place.district_id, kind=kind, which=which, before=before, limit=ROWS + 1
        )
        form = _form(connection, place.district_id, said)
    return page(
        "reports.html",
        status_of(problem),
        me=me(),
        district=place.record,
        rows=[telling.row(row, page_locale()) for row in rows[:ROWS]],
        following=rows[ROWS - 1]["id"] if len(rows) > ROWS else None,
        which=which,
        kind=kind,
        kinds=[one.value for one in ReportKind if offering.makeable(one)],
        all_which=list(Which),
        given=said,
        problem=problem,
        faults=faults_of(problem),
        client_id=said.get("client_id") or one_more(),
        **form,
    )


def _form(connection: Any, district_id: int, said: Mapping[str, str]) -> dict[str, Any]:
    """What the form offers for the definition that is chosen."""
    definitions = offering.offered(connection, district_id)
    known = {one.code: one for one in definitions}
    chosen_one = known.get(said.get("definition", "")) or known.get(USUAL) or definitions[0]
    rule, locale = KINDS[chosen_one.kind], page_locale()
    today = grid.today(connection, district_id)
    found = [] if rule.grain is None else offering.offered_periods(rule.grain, today)
    return {
        "definitions": definitions,
        "chosen": chosen_one,
        "about": rule.about,
        "places": offering.places(connection, district_id) if rule.about is About.PLACE else [],
        "periods": [(one.written, period_words(one, locale), one.until_on >= today) for one in found],
        "all_formats": [form.value for form in Format],
        "all_locales": LOCALES,
    }
