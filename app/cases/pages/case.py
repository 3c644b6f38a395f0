"""One case: its head, texts, pictures, clocks, log, what is like it, and the moves of the one who looks."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.guard import me, seat
from app.accounts.rules import Permission
from app.cases.pages import filled
from app.cases.pages.blueprint import blueprint
from app.cases.rules.deciding import UNDOING
from app.cases.rules.moves import Move
from app.cases.rules.states import OPEN_STATES, STEPS
from app.cases.service import moving, offering, telling
from app.cases.service.clock_faces import explained, face
from app.cases.service.reference_data import reference
from app.cases.service.situation import Situation
from app.cases.service.watching import watched
from app.cases.service.wording import said
from app.cases.store import heading, ratings, story
from app.errors import AppError, NotFoundError
from app.grid.api import here
from app.grid.store import reading
from app.ledger import store as ledger
from app.ledger.store import Entry
from app.staffing.rules import masked_phone
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import page, page_locale
from app.web.params import number, parameter

NEAR_METRES, NEAR_DAYS, NEAR_MOST = 50.0, 7, 20
MOST_FILES = 200


@blueprint.get("/cases/<int:case_id>")
@needs(Permission.READ_CASES)
def case(case_id: int) -> Response:
    """A case as the one who looks sees it."""
    return _case(case_id)


def _case(case_id: int, problem: AppError | None = None, *, calling: bool = False) -> Response:
    if not 0 < case_id < 2**63:
        raise NotFoundError("case_missing", id=case_id)
    after = parameter("after", number(0, 2**31 - 1), 0)
    with acting.writing() as connection:
        found = watched(connection, case_id, acting.actor())
        head = heading.head(connection, case_id)
        if head is None:
            raise NotFoundError("case_missing", id=case_id)
        head |= heading.confided(connection, case_id)
        entries, following = telling.told(connection, found.row.district_id, case_id, after)
        facts: dict[str, Any] = {
            "files": story.files(connection, case_id, limit=MOST_FILES),
            "links": heading.links(connection, case_id),
            "ratings": ratings.ratings(connection, case_id),
            "similar": story.similar(
                connection, case_id, metres=NEAR_METRES, days=NEAR_DAYS, limit=NEAR_MOST
            ),
            "offers": _offers(connection, found),
            "path": _path(connection, head["area_id"]),
            "units": heading.units_by_id(connection, _units(found)),
            "people": heading.people_by_account(connection, _people(found)),
        }
    shown = face(head["state"], head["due_at"], found.clocks, found.now)
    return page(
        "case.html",
        status_of(problem),
        me=me(),
        said=lambda line, suggestion: said(page_locale(), line, suggestion),
        sources={row["code"] for row in reference("case_sources")},
        one={
            **head,
            "phone": head["contact_phone"] if calling else masked_phone(head["contact_phone"]),
            "face": shown,
            "returns": found.case.returns,
            "extensions": found.case.extensions,
        },
        now=found.case,
        step=STEPS[found.case.state],
        is_open=found.case.state in OPEN_STATES,
        version=found.case.version,
        clocks=explained(found.clocks, found.now),
        entries=entries,
        following=following,
        after=after,
        undo_for=_undo_seconds(found),
        closing=head["closing_condition"],
        problem=problem,
        calling=calling,
        faults=faults_by_field(problem),
        given=filled.kept() if problem is not None else {},
        kept=_kept(problem, facts["offers"]),
        **facts,
    )


def _offers(connection: Connection, found: Situation) -> list[offering.Offer]:
    if not me().may(Permission.MOVE_CASES):
        return []
    return offering.offers(connection, found, moving.moves_for(connection, found))


def _path(connection: Connection, area_id: int | None) -> list[dict[str, Any]]:
    area = None if area_id is None else reading.area(connection, area_id)
    return [] if area is None else area["path"]


def _units(found: Situation) -> set[int]:
    """Every unit whose time some clock measured, and those that help."""
    parts = (part.whose for clock in found.clocks for part in clock.read(found.now).segments)
    named = {
        int(whose.partition(":")[2]) for whose in parts if whose.startswith("unit:") and whose[5:].isdecimal()
    }
    return named | found.case.co_units


def _people(found: Situation) -> set[int]:
    case = found.case
    return {one for one in (case.crew, case.checker, case.confirmer, case.reporter) if one is not None}


def _undo_seconds(found: Situation) -> int:
    """For how long the last move can still be taken back."""
    if found.case.last_at is None:
        return 0
    return max(0, int((found.case.last_at + UNDOING - found.now).total_seconds()))


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
            told = moving.make(connection, acting.actor(), asked)
    except NotFoundError:
        raise
    except AppError as error:
        return _case(case_id, error)
    if "split_id" in told:
        flash("casework.was_split")
        return redirect(url_for("casework.case", case_id=told["split_id"]), 303)
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
    with acting.writing() as connection:
        head = heading.head(connection, case_id) if 0 < case_id < 2**63 else None
        if head is None or head["contact_phone"] is None:
            raise NotFoundError("case_missing", id=case_id)
        who = me()
        ledger.add(
            connection,
            Entry("personal.read", "done", who.account_id, who.username, "case", str(case_id), seat().address,
                  {"field": "contact"}),
        )  # fmt: skip
    return _case(case_id, calling=True)
