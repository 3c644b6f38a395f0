"""What is done with an import: its columns are said, it is tried, decided on, stopped, written."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.accounts.guard import hand
from app.accounts.rules import Permission
from app.errors import ConflictError, InvalidError, NotFoundError, UnavailableError
from app.interop.api import shapes
from app.interop.api.blueprint import blueprint
from app.interop.service.preparing import steps, telling
from app.interop.service.preparing.reading import Reading
from app.registry.api.asked import Asked as Body
from app.registry.api.asked import number as positive
from app.registry.api.asked import said_in
from app.web import acting, answers
from app.web.doors import needs
from app.web.i18n import LOCALES
from app.web.pages import page_locale
from app.web.params import number
from app.web.shapes import COUNT, TEXT, WHOLE, YES, optional, page, record, words
from app.web.stating import Asked, states
from spatial.readers.source import AUTO

MISSING = {NotFoundError: ["import_missing"]}
MOVED = ["import_busy", "import_over"]
AFTER = Asked("after", number(0, 2**31 - 1), 0, "`next` of the page before.")
LIMIT = Asked("limit", number(1, 100), 20, "How many at most.")
TEXTS = {"type": "object", "additionalProperties": {**TEXT, "maxLength": 200}, "maxProperties": 60}


def told(import_id: int, status: int = 200) -> Response:
    with acting.reading() as connection:
        return answers.private(telling.one(connection, import_id), status)


def _texts(raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict) or len(raw) > 60:
        raise ValueError(raw)
    return {said_in(60)(name): said_in(200)(value) for name, value in raw.items()}


def _yes(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise ValueError(raw)
    return raw


def _locale(raw: Any) -> str:
    if raw not in LOCALES:
        raise ValueError(raw)
    return str(raw)


@blueprint.post("/imports/<int:import_id>/layer")
@needs(Permission.EDIT_REGISTRY)
@states(
    shapes.ONE,
    body=record(only_these_=True, layer={**TEXT, "minLength": 1, "maxLength": 200}),
    kept=False,
    fails={
        InvalidError: ["fields_invalid", "import_unreadable"],
        **MISSING,
        ConflictError: MOVED,
        UnavailableError: ["seal_broken", "seal_key_missing", "seal_key_wrong"],
    },
)
def choose_layer(import_id: int) -> Response:
    """Read another layer of a GeoPackage, or another sheet of a workbook; what was found out so far is over."""
    asked = Body("layer")
    layer = asked.value("layer", said_in(200), "text_unreadable")
    asked.done()
    with acting.writing() as connection:
        steps.choose_layer(connection, import_id, layer)
    return told(import_id)


@blueprint.post("/imports/<int:import_id>/check")
@needs(Permission.EDIT_REGISTRY)
@states(
    shapes.ONE,
    body=record(
        ("given", "source", "crs", "locale"), only_these_=True, fields=TEXTS, given=optional(TEXTS),
        source=optional({**TEXT, "maxLength": 120}), crs=optional({**TEXT, "maxLength": 80}),
        locale=optional(words(LOCALES)),
    ),
    status=202,
    kept=False,
    fails={
        InvalidError: ["fields_invalid", "import_columns"],
        **MISSING,
        ConflictError: ["import_over"],
    },
)  # fmt: skip
def check(import_id: int) -> Response:
    """Let the whole file be tried, its columns read as is said: nothing is written, and the report says what would be.

    What the columns of such a header mean is remembered for the next file. Asked again while it is under way, it
    changes nothing.
    """
    asked = Body("fields", "given", "source", "crs", "locale")
    said = Reading(
        fields=asked.value("fields", _texts, "not_text"),
        given=asked.value("given", _texts, "not_text", {}),
        source=asked.value("source", said_in(120), "text_unreadable", "") or None,
        crs=asked.value("crs", said_in(80), "text_unreadable", AUTO),
        locale=asked.value("locale", _locale, "unknown_choice", page_locale()),
    )
    asked.done()
    with acting.writing() as connection:
        steps.check(connection, import_id, said, hand())
    return told(import_id, 202)


@blueprint.post("/imports/<int:import_id>/take-over")
@needs(Permission.EDIT_REGISTRY)
@states(
    shapes.ONE,
    body=record(("skip_bad",), only_these_=True, skip_bad=optional(YES)),
    status=202,
    kept=False,
    fails={
        InvalidError: ["fields_invalid"],
        **MISSING,
        ConflictError: [*MOVED, "import_faulty", "import_unchecked"],
    },
)
def take_over(import_id: int) -> Response:
    """Let what was tried be written, in one transaction: all of it, or nothing.

    Rows with faults are only left out where `skip_bad` says so; rows of which nobody has decided are left out.
    """
    asked = Body("skip_bad")
    skip_bad = asked.value("skip_bad", _yes, "unknown_choice", False)
    asked.done()
    with acting.writing() as connection:
        steps.take_over(connection, import_id, skip_bad=skip_bad, by=hand())
    return told(import_id, 202)


@blueprint.post("/imports/<int:import_id>/cancel")
@needs(Permission.EDIT_REGISTRY)
@states(shapes.ONE, kept=False, fails={**MISSING, ConflictError: ["import_over"]})
def cancel(import_id: int) -> Response:
    """Stop what is under way: nothing of it stays, and the import rests as it was before."""
    with acting.writing() as connection:
        steps.cancel(connection, import_id)
    return told(import_id)


@blueprint.get("/imports/<int:import_id>/choices")
@needs(Permission.EDIT_REGISTRY)
@states(page(shapes.CHOICE, COUNT), query=(AFTER, LIMIT), kept=False, fails=MISSING)
def asked_rows(import_id: int) -> Response:
    """Rows that may be known already, each beside what it may be, in the order of the file."""
    after, limit = AFTER.read(), LIMIT.read()
    with acting.reading() as connection:
        telling.one(connection, import_id)
        found, following = telling.asked(connection, import_id, after=after, limit=limit)
    return answers.private({"items": found, "next": following})


@blueprint.post("/imports/<int:import_id>/choices")
@needs(Permission.EDIT_REGISTRY)
@states(
    shapes.ONE,
    body=record(("decision",), only_these_=True, row=WHOLE, decision=optional({**TEXT, "maxLength": 20})),
    kept=False,
    fails={
        InvalidError: ["choice_unknown", "fields_invalid"],
        NotFoundError: ["choice_missing", "import_missing"],
        ConflictError: MOVED,
    },
)
def decide(import_id: int) -> Response:
    """Say what a row is: the id of one of those that it may be, `new`, or `skip`; left out, it is open again."""
    asked = Body("row", "decision")
    row = asked.value("row", positive, "not_number")
    decision = asked.value("decision", said_in(20), "text_unreadable", "")
    asked.done()
    with acting.writing() as connection:
        steps.decide(connection, import_id, min(row, 2**31 - 1), decision or None)
    return told(import_id)
