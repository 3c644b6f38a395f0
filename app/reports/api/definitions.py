"""Definitions are listed, composed and retired."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.accounts.guard import hand
from app.accounts.rules import Permission
from app.errors import ConflictError, InvalidError, NotFoundError
from app.grid.api import here
from app.registry.api.asked import Asked as Body
from app.registry.api.asked import said_in
from app.reports.api import shapes
from app.reports.api.blueprint import blueprint
from app.reports.api.runs import texts
from app.reports.api.steps import edition_of
from app.reports.rules.definitions import Definition, choosable
from app.reports.rules.kinds import KINDS
from app.reports.service import composing
from app.reports.service.asking import definition_of, definitions_of
from app.reports.service.composing import LONGEST_TITLE, Draft
from app.reports.service.offering import makeable
from app.web import acting, answers
from app.web.doors import needs
from app.web.shapes import items, record
from app.web.stating import states


def plain(one: Definition) -> dict[str, Any]:
    """A definition as it is told."""
    return {
        "code": one.code,
        "version": one.version,
        "kind": one.kind.value,
        "title": one.title,
        "title_en": one.title_en,
        "sections": list(one.sections),
        "formats": [form.value for form in one.formats],
        "retired": one.retired,
        "grain": KINDS[one.kind].grain,
        "choosable": list(choosable(one.kind)),
        "made": makeable(one.kind),
    }


@blueprint.get("/definitions")
@needs(Permission.MAKE_REPORTS)
@states(record(items=items(shapes.DEFINITION)), kept=False, fails={NotFoundError: ["district_missing"]})
def definitions() -> Response:
    """Every definition as it holds: those that come with the platform, then those of the district."""
    district_id = here().district_id
    with acting.reading() as connection:
        return answers.private({"items": [plain(one) for one in definitions_of(connection, district_id)]})


@blueprint.post("/definitions")
@needs(Permission.KEEP_REPORTS)
@states(
    shapes.DEFINITION,
    status=201,
    body=shapes.COMPOSED,
    kept=False,
    fails={
        InvalidError: ["fields_invalid"],
        NotFoundError: ["district_missing"],
        ConflictError: ["report_definition_changed"],
    },
)
def compose() -> Response:
    """Compose a definition, or another version of one: its sections in their order, its formats, its titles."""
    asked = Body("code", "version", "kind", "title", "title_en", "sections", "formats")
    draft = Draft(
        asked.value("code", said_in(40), "not_definition_code"),
        asked.value("version", edition_of, "not_number"),
        asked.value("kind", said_in(40), "unknown_choice"),
        asked.value("title", said_in(LONGEST_TITLE), "text_unreadable", ""),
        asked.value("title_en", said_in(LONGEST_TITLE), "text_unreadable", ""),
        asked.value("sections", texts(shapes.MOST_SECTIONS), "report_section_unknown"),
        asked.value("formats", texts(shapes.MOST_FORMATS), "not_report_format"),
    )
    asked.done()
    district_id = here().district_id
    with acting.writing() as connection:
        composing.compose(connection, district_id, draft, hand())
        made = definition_of(connection, district_id, draft.code)
    return answers.private(plain(made), 201)


@blueprint.delete("/definitions/<code>")
@needs(Permission.KEEP_REPORTS)
@states(
    status=204,
    kept=False,
    fails={
        NotFoundError: ["district_missing", "report_definition_missing"],
        ConflictError: ["report_definition_changed"],
    },
)
def retire(code: str) -> Response:
    """Offer a definition no longer; what was made by it stays."""
    district_id = here().district_id
    with acting.writing() as connection:
        composing.retire(connection, district_id, code[:60], hand())
    return Response(status=204)
