"""One case: its head, texts, pictures, clocks, log, what is like it, and the moves of the one who looks."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask import Response, flash, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.guard import me, seat
from app.accounts.rules import Permission
from app.cases.pages import filled
from app.cases.pages.blueprint import blueprint
from app.cases.rules.moves import Move
from app.cases.rules.states import OPEN_STATES, STEPS
from app.cases.service import calling as calls
from app.cases.service import moving, offering
from app.cases.service.clock_faces import explained
from app.cases.service.reference_data import reference
from app.cases.service.sheet import Sheet, sheet
from app.cases.service.sheet_told import told, undo_seconds
from app.cases.service.situation import Situation
from app.cases.service.watching import watched
from app.cases.service.wording import said
from app.errors import AppError, NotFoundError, TooManyError
from app.grid.api import here
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.i18n import catalogue
from app.web.pages import page, page_locale
from app.web.params import number, parameter

SHOWN = (
    "holder", "entries", "following", "files", "links", "ratings", "similar", "path", "units", "people",
)  # fmt: skip
"""Of a sheet, what the page shows as it is."""

ON_PAPER = frozenset(
    {"order", "state", "loop", "risk", "stage", "limit_unit", "case_source", "major", "line", "sheet"}
)  # fmt: skip
"""Domains of words that the 交办单 needs."""

SINGLE = frozenset(
    {
        "move.file_no", "move.file_sending", "move.file_failed", "move.file_remove", "move.here", "move.risk",
        "casework.undo_left", "casework.copied", "casework.closing", "casework.place", "casework.what", "casework.due",
        "casework.no_description", "field.condition", "field.co_units", "map.state", "map.no_address", "map.simulated",
    }
)  # fmt: skip
"""Words that the page's scripts need beside those."""


@blueprint.get("/cases/<int:case_id>")
@needs(Permission.READ_CASES)
def case(case_id: int) -> Response:
    """A case as the one who looks sees it."""
    return _case(case_id)


def _case(case_id: int, problem: AppError | None = None, *, phone: str | None = None) -> Response:
    if not 0 < case_id < 2**63:
        raise NotFoundError("case_missing", id=case_id)
    after = parameter("after", number(0, 2**31 - 1), 0)
    with acting.writing() as connection:
        found = watched(connection, case_id, acting.actor())
        shown = sheet(connection, found, after)
        offers = _offers(connection, found)
    head = shown.head
    return page(
        "case.html",
        status_of(problem),
        me=me(),
        said=lambda line, suggestion: said(page_locale(), line, suggestion),
        sources={row["code"] for row in reference("case_sources")},
        one={
            **head,
            "face": shown.face,
            "returns": found.case.returns,
            "extensions": found.case.extensions,
        },
        now=found.case,
        step=STEPS[found.case.state],
        is_open=found.case.state in OPEN_STATES,
        version=found.case.version,
        clocks=explained(found.clocks, found.now),
        after=after,
        undo_for=undo_seconds(found),
        closing=head["closing_condition"],
        problem=problem,
        phone=phone,
        faults=faults_by_field(problem),
        given=filled.kept() if problem is not None else {},
        kept=_kept(problem, offers),
        offers=offers,
        order=_on_paper(shown),
        words=_words(),
        **{name: getattr(shown, name) for name in SHOWN},
    )


def _on_paper(shown: Sheet) -> dict[str, Any]:
    """What the 交办单 is drawn of, which the panel of a case draws in the same way."""
    facts = {**told(shown), "log": [], "similar": []}
    plain: dict[str, Any] = json.loads(json.dumps(facts, default=datetime.isoformat))
    return {"sheet": plain, "zone": shown.found.row.timezone}


def _words() -> dict[str, str]:
    """The words of the page's scripts."""
    return {
        name: word
        for name, word in catalogue(page_locale()).items()
        if name.partition(".")[0] in ON_PAPER or name in SINGLE
    }


def _offers(connection: Connection, found: Situation) -> list[offering.Offer]:
    if not me().may(Permission.MOVE_CASES):
        return []
    return offering.offers(connection, found, moving.moves_for(connection, found))


def faults_by_field(problem: AppError | None) -> dict[str, list[dict[str, str]]]:
    """What is wrong with each field, of an error that names fields."""
    found: dict[str, list[dict[str, str]]] = {}
    for fault in (problem.facts.get("faults") or []) if problem is not None else []:
        found.setdefault(fault["field"], []).append(fault)
    return found


def _kept(problem: AppError | None, offers: list[offering.Offer]) -> list[str]:
    """What was typed for a move that is not offered any more: shown, so that it is not lost."""
    move = request.form.get("move", "")
    if problem is None or any(offer.move == move for offer in offers):
        return []
    texts = (filled.written(name) for name in ("reason", "interim", "opinion", "why", "called", "promised"))
    return [text for text in texts if text]


@blueprint.post("/cases/<int:case_id>")
@needs(Permission.MOVE_CASES, most_bytes=filled.MOST_BODY)
def make_move(case_id: int) -> AnyResponse:
    """Make a move; what is wrong is said at its fields, and what was typed stays."""
    place = here()
    move = request.form.get("move", "")[:40]
    try:
        cleaned = filled.uploads(filled.of_move(move), place.timezone)
        with acting.writing() as connection:
            asked = filled.asked(connection, case_id, place.district_id, place.timezone, cleaned)
            done = moving.make(connection, acting.actor(), asked)
    except NotFoundError:
        raise
    except AppError as error:
        return _case(case_id, error)
    if "split_id" in done:
        flash("casework.was_split")
        return redirect(url_for("casework.case", case_id=done["split_id"]), 303)
    flash("casework.undone" if move == Move.UNDO else "casework.moved")
    if request.form.get("back") == "desk":
        return redirect(url_for("casework.desk"), 303)
    return redirect(url_for("casework.case", case_id=case_id), 303)


@blueprint.get("/cases/<int:case_id>/contact")
@needs(Permission.READ_CASES)
def after_call(case_id: int) -> AnyResponse:
    """Whoever reloads the page on which a telephone was shown is back at the case, where it is not."""
    return redirect(url_for("casework.case", case_id=case_id, lang=request.args.get("lang")), 303)


@blueprint.post("/cases/<int:case_id>/contact")
@needs(Permission.MOVE_CASES)
def call(case_id: int) -> Response:
    """拨打: the telephone of whoever reported, for desks that answer callers; bound to the case, and logged."""
    who = me()
    by = calls.Caller(who.account_id, who.username, seat().address)
    try:
        with acting.writing() as connection:
            phone = calls.call(connection, case_id, by)["phone"]
    except TooManyError as error:
        with acting.writing() as connection:
            calls.refused(connection, case_id, by)
        return _case(case_id, error)
    return _case(case_id, phone=phone)
