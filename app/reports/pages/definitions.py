"""`/reports/definitions`: which reports there are; one is composed of sections in an order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.errors import AppError
from app.grid.api import here
from app.reports.pages.blueprint import blueprint, chosen, faults_of, given
from app.reports.rules.definitions import BUILT_IN, Definition, choosable
from app.reports.rules.formats import Format
from app.reports.rules.kinds import ReportKind
from app.reports.service import composing, offering
from app.reports.service.composing import Draft
from app.reports.store import definitions as store
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import page
from app.web.params import one_of, parameter, written
from app.web.shapes import MOST_ID

FIELDS = ("code", "version", "kind", "title", "title_en")


@blueprint.get("/reports/definitions")
@needs(Permission.KEEP_REPORTS)
def definitions() -> Response:
    """报告定义: all of them; the form shows the one that is asked for, or a new one of a kind."""
    return _page(parameter("of", written(40), ""), parameter("kind", one_of(ReportKind), None))


@blueprint.post("/reports/definitions")
@needs(Permission.KEEP_REPORTS)
def compose() -> AnyResponse:
    """Keep a definition, or another version of one."""
    said = given(*FIELDS)
    kind = said["kind"]
    known = choosable(ReportKind(kind)) if kind in set(ReportKind) else ()
    sections, formats = _ordered(known), chosen("formats", Format)
    number = said["version"]
    version = int(number) if number.isdecimal() and len(number) < len(str(MOST_ID)) else 0
    draft = Draft(said["code"], version, kind, said["title"], said["title_en"], sections, formats)
    try:
        with acting.writing() as connection:
            made = composing.compose(connection, here().district_id, draft, hand())
    except AppError as error:
        return _page("", ReportKind(kind) if known else None, error, draft)
    flash("reports.told_composed")
    return redirect(url_for("reports.definitions", of=made.code), 303)


def _ordered(known: tuple[str, ...]) -> tuple[str, ...]:
    """The sections that were ticked, by the numbers beside them; of two with one number the usual order holds."""
    sent = chosen("sections", known)

    def place(code: str) -> tuple[int, int]:
        number = request.form.get(f"place_{code}", "").strip()
        return int(number) if number.isdecimal() and len(number) <= 3 else 999, sent.index(code)

    return tuple(sorted(sent, key=place))


@blueprint.post("/reports/definitions/<code>/retire")
@needs(Permission.KEEP_REPORTS)
def retire(code: str) -> AnyResponse:
    """Offer it no longer."""
    try:
        with acting.writing() as connection:
            composing.retire(connection, here().district_id, code[:60], hand())
    except AppError as error:
        return _page("", None, error)
    flash("reports.told_retired")
    return redirect(url_for("reports.definitions"), 303)


def _page(of: str, kind: str | None, problem: AppError | None = None, draft: Draft | None = None) -> Response:
    place = here()
    with acting.reading() as connection:
        found = offering.offered(connection, place.district_id)
        facts = _form(connection, place.district_id, found, of, kind, draft)
    return page(
        "report-definitions.html",
        status_of(problem),
        me=me(),
        district=place.record,
        definitions=found,
        kinds=[one.value for one in ReportKind if offering.makeable(one)],
        all_formats=[form.value for form in Format],
        built_in=BUILT_IN,
        problem=problem,
        faults=faults_of(problem),
        **facts,
    )


def _form(
    connection: Connection,
    district_id: int,
    found: list[Definition],
    of: str,
    kind: str | None,
    draft: Draft | None,
) -> Mapping[str, Any]:
    """The definition in the form: one that was sent, one that holds, or a new one."""
    held = next((one for one in found if one.code == (draft.code if draft else of)), None)
    shown_kind = ReportKind(kind) if kind else held.kind if held else ReportKind.MONTHLY
    shown: Draft = draft or (
        Draft(held.code, held.version, held.kind, held.title, held.title_en, held.sections, held.formats)
        if held
        else Draft("", 0, shown_kind, "", "", BUILT_IN[shown_kind].sections, BUILT_IN[shown_kind].formats)
    )
    return {
        "draft": shown,
        "held": held,
        "kind": shown_kind,
        "choosable": [*shown.sections, *(one for one in choosable(shown_kind) if one not in shown.sections)],
        "versions": store.versions(connection, district_id, held.code) if held else [],
    }
