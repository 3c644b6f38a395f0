"""`/api/v1/cases/…/sheet`, `…/forms`, `…/call`: what a screen shows of a case, what can be done, and calling back."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.accounts.guard import me, seat
from app.accounts.rules import Permission
from app.cases.api import sheet_shapes
from app.cases.api.blueprint import blueprint
from app.cases.service import calling, moving, offering
from app.cases.service.asking import Asked, Choice
from app.cases.service.routing import Suggestion
from app.cases.service.sheet import sheet
from app.cases.service.sheet_told import told
from app.cases.service.watching import watched
from app.cases.service.wording import said
from app.errors import NotFoundError, TooManyError
from app.seals import service as seals
from app.web import acting, answers
from app.web.doors import needs
from app.web.pages import page_locale
from app.web.stating import states

MISSING = {NotFoundError: ["case_missing"]}


@blueprint.get("/cases/<int:case_id>/sheet")
@needs(Permission.READ_CASES)
@states(sheet_shapes.SHEET, kept=False, fails=MISSING)
def case_sheet(case_id: int) -> Response:
    """All that a screen shows of a case at once: head, whose turn it is, clocks, the story with names, files, links."""
    _known(case_id)
    with acting.writing() as connection:
        found = sheet(connection, watched(connection, case_id, acting.actor()))
    return answers.private(told(found))


@blueprint.get("/cases/<int:case_id>/forms")
@needs(Permission.MOVE_CASES)
@states(sheet_shapes.FORMS, kept=False, fails=MISSING)
def case_forms(case_id: int) -> Response:
    """The moves that the one who asks could make now, in the order in which they are offered, with their forms.

    A list that several fields choose from is told once; a field names it by its place in `lists`.
    """
    _known(case_id)
    lists: list[Any] = []
    with acting.writing() as connection:
        found = watched(connection, case_id, acting.actor())
        offers = offering.offers(connection, found, moving.moves_for(connection, found))
    items = [
        {
            "move": offer.move,
            "target": offer.target,
            "place": offer.place,
            "fields": [_field(asked, lists) for asked in offer.fields],
        }
        for offer in offers
    ]
    return answers.private(
        {
            "case_id": case_id,
            "account_id": acting.actor().account_id,
            "version": found.case.version,
            "items": items,
            "lists": [[_choice(one) for one in listed] for listed in lists],
        }
    )


@blueprint.post("/cases/<int:case_id>/call")
@needs(Permission.MOVE_CASES)
@states(
    sheet_shapes.CONTACT,
    kept=False,
    fails={NotFoundError: ["contact_missing"], TooManyError: ["calls_too_many"], **seals.FAILS},
)
def call(case_id: int) -> Response:
    """拨打: name and telephone of whoever reported, for desks that answer callers; bound to the case, and logged."""
    who = me()
    by = calling.Caller(who.account_id, who.username, seat().address)
    try:
        with acting.writing() as connection:
            return answers.private(calling.call(connection, case_id, by))
    except TooManyError:
        with acting.writing() as connection:
            calling.refused(connection, case_id, by)
        raise


def _known(case_id: int) -> None:
    if not 0 < case_id < 2**63:
        raise NotFoundError("case_missing", id=case_id)


def _field(asked: Asked, lists: list[Any]) -> dict[str, Any]:
    """A field of a form; its choices by the place of their list among those that are told."""
    place = None
    if asked.choices:
        place = next((n for n, listed in enumerate(lists) if listed is asked.choices), None)
        if place is None:
            place = len(lists)
            lists.append(asked.choices)
    return {
        "name": asked.name,
        "kind": asked.kind,
        "needed": asked.needed,
        "list": place,
        "phrases": list(asked.phrases),
        "least": asked.least,
        "most": asked.most,
        "unit": asked.unit,
        "why": _why(asked.suggestion),
    }


def _why(suggestion: Suggestion | None) -> list[str]:
    return (
        []
        if suggestion is None
        else [said(page_locale(), line, suggestion) for line in suggestion.decision.lines]
    )


def _choice(choice: Choice) -> dict[str, Any]:
    return {
        "value": choice.value,
        "name": choice.name,
        "name_en": choice.name_en,
        "suggested": choice.suggested,
        "note": dict(choice.note),
    }
