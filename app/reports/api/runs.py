"""Runs are asked for, listed and looked at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response, request

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.errors import ConflictError, NotFoundError, TooManyError
from app.grid.api import here
from app.grid.service import the_district
from app.registry.api.asked import Asked as Body
from app.registry.api.asked import said_in, uuid_of
from app.reports.api import shapes
from app.reports.api.blueprint import MISSING, NOT_ABOUT, WRONG, blueprint, spoken, told
from app.reports.rules.kinds import ReportKind
from app.reports.rules.states import Which
from app.reports.service import editing, placing, telling
from app.reports.service.asking import Wanted
from app.reports.store import runs as store
from app.web import acting, answers
from app.web.doors import needs
from app.web.i18n import LOCALES
from app.web.params import instant, number, one_of
from app.web.shapes import ID, MOST_ID, items, page, record
from app.web.stating import Asked, states

LIMIT = Asked("limit", number(1, 100), 30, "How many at most.")
BEFORE = Asked("before", number(1, MOST_ID), None, "`next` of the page before.")
KIND = Asked("kind", one_of(ReportKind), None, "Only those of a kind.")
WHICH = Asked(
    "which", one_of(Which), "all", "own: of the one who asks; circulated: that wait to be issued; issued."
)


def texts(most: int) -> Callable[[Any], tuple[str, ...]]:
    """Reads a list of at most so many words."""

    def reader(raw: Any) -> tuple[str, ...]:
        if not isinstance(raw, list) or len(raw) > most:
            raise ValueError(raw)
        return tuple(said_in(40)(one) for one in raw)

    return reader


def moment(raw: Any) -> datetime:
    """Reads an instant with its zone."""
    if not isinstance(raw, str):
        raise ValueError(raw)
    return instant(raw)


def spoken_in(raw: Any) -> str:
    """Reads one of the languages."""
    if raw not in LOCALES:
        raise ValueError(raw)
    return str(raw)


@blueprint.get("")
@needs(Permission.MAKE_REPORTS)
@states(
    page(shapes.LISTED, ID),
    query=(LIMIT, BEFORE, KIND, WHICH),
    kept=False,
    fails={NotFoundError: ["district_missing"]},
)
def reports() -> Response:
    """报告: one's own, and those that were circulated or issued about what one answers for; the newest first."""
    limit, district_id = LIMIT.read(), here().district_id
    with acting.reading() as connection:
        found = store.page(
            connection,
            district_id,
            kind=KIND.read(),
            which=WHICH.read(),
            before=BEFORE.read(),
            limit=limit + 1,
        )
    rows = [telling.row(one, spoken()) for one in found[:limit]]
    return answers.private({"items": rows, "next": rows[-1]["id"] if len(found) > limit else None})


@blueprint.post("")
@needs(Permission.MAKE_REPORTS)
@states(
    shapes.ONE,
    status=202,
    body=shapes.ASKED,
    kept=False,
    fails={
        **WRONG,
        NotFoundError: NOT_ABOUT,
        ConflictError: ["client_id_used"],
        TooManyError: ["reports_too_many"],
    },
)
def ask() -> Response:
    """Ask for a report; the worker makes it with the eyes of the one who asks. At most 30 an hour."""
    asked = Body("client_id", "definition", "scope", "period", "formats", "locale", "known_at")
    client = asked.value("client_id", uuid_of, "not_uuid")
    wanted = Wanted(
        asked.value("definition", said_in(40), "text_unreadable"),
        asked.value("scope", said_in(2000), "text_unreadable", ""),
        asked.value("period", said_in(20), "not_report_period", ""),
        asked.value("formats", texts(shapes.MOST_FORMATS), "not_report_format", ()),
        asked.value("locale", spoken_in, "unknown_choice", "zh_CN"),
        moment(asked.raw["known_at"]) if _known_at(asked) else None,
        request.url_root,
    )
    asked.done()
    with acting.writing() as connection:
        made = placing.ask(connection, the_district(connection), wanted, client, me().account_id)
    return told(made, 202)


def _known_at(asked: Body) -> bool:
    """Whether an instant is given that can be read; what cannot is a fault."""
    unset = datetime.min
    return asked.value("known_at", moment, "not_instant", unset) != unset


@blueprint.get("/<int:run_id>")
@needs(Permission.MAKE_REPORTS)
@states(shapes.ONE, kept=False, fails=MISSING)
def report(run_id: int) -> Response:
    """A report: how far it is, its editions with their files, who signed it, and what can be done with it."""
    return told(run_id)


@blueprint.get("/<int:run_id>/paragraphs")
@needs(Permission.MAKE_REPORTS)
@states(record(edition=ID | {"minimum": 0}, items=items(shapes.PARAGRAPH)), kept=False, fails=MISSING)
def paragraphs(run_id: int) -> Response:
    """The paragraphs of the edition that stands: what can be reworded until it is issued."""
    with acting.reading() as connection:
        run = store.one(connection, run_id)
        if run is None:
            raise NotFoundError("report_missing")
        found = editing.paragraphs(connection, run)
    rows = [{"section": p.section, "code": p.code, "heading": p.heading, "text": p.text} for p in found]
    return answers.private({"edition": run["edition"], "items": rows})
