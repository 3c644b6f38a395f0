"""Proposals are listed, begun, looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response
from sqlalchemy import Connection

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.errors import ConflictError, InvalidError, NotFoundError
from app.grid.api import here
from app.grid.service import the_district
from app.proposals import store
from app.proposals.api import shapes
from app.proposals.api.blueprint import blueprint
from app.proposals.rules import HOUSEHOLDS, LONGEST_NAME, MOST_HOUSEHOLDS, State
from app.proposals.service import drafting, telling
from app.registry.api.asked import Asked as Body
from app.registry.api.asked import day, said_in, uuid_of, version
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import number, one_of
from app.web.shapes import ID, MOST_ID, page
from app.web.stating import Asked, states

LIMIT = Asked("limit", number(1, 100), 30, "How many at most.")
BEFORE = Asked("before", number(1, MOST_ID), None, "`next` of the page before.")
STATE = Asked("state", one_of(State), None, "Only those of a state.")
MISSING = {NotFoundError: ["proposal_missing"]}
NOTE_LENGTH = 2000


def told(proposal_id: int, status: int = 200) -> Response:
    """A proposal as it is now."""
    with acting.reading() as connection:
        found = telling.one(connection, proposal_id, me().permissions, me().account_id)
    return answers.private(found, status)


def note(raw: Any) -> str:
    """A text of several lines."""
    if not isinstance(raw, str) or len(raw) > NOTE_LENGTH:
        raise ValueError(raw)
    raw.encode()
    if any(not (letter.isprintable() or letter == "\n") for letter in raw.replace("\r", "")):
        raise ValueError(raw)
    return raw.replace("\r", "").strip()


def bound(raw: Any) -> int:
    """A number of households."""
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= MOST_HOUSEHOLDS:
        raise ValueError(raw)
    return raw


def settings_of(asked: Body) -> dict[str, Any]:
    """What a proposal is called, from when it holds, and between which bounds."""
    return {
        "name": asked.value("name", said_in(LONGEST_NAME), "text_unreadable"),
        "effective_on": asked.value("effective_on", day, "not_day"),
        "note": asked.value("note", note, "text_unreadable", "") or None,
        "bounds": (
            asked.value("least_households", bound, "not_number", HOUSEHOLDS[0]),
            asked.value("most_households", bound, "not_number", HOUSEHOLDS[1]),
        ),
    }


@blueprint.get("/proposals")
@needs(Permission.DRAW_GRID)
@states(
    page(shapes.LISTED, ID),
    query=(LIMIT, BEFORE, STATE),
    kept=False,
    fails={NotFoundError: ["district_missing"]},
)
def proposals() -> Response:
    """网格调整方案 in one's territory, the newest first."""
    limit, district_id = LIMIT.read(), here().district_id
    with acting.reading() as connection:
        found = store.page(connection, district_id, state=STATE.read(), before=BEFORE.read(), limit=limit + 1)
    items = [telling.row(row, me().permissions, me().account_id) for row in found[:limit]]
    return answers.private({"items": items, "next": items[-1]["id"] if len(found) > limit else None})


@blueprint.post("/proposals")
@needs(Permission.DRAW_GRID)
@states(
    shapes.ONE,
    status=201,
    body=shapes.ASKED,
    kept=False,
    fails={
        InvalidError: ["fields_invalid"],
        NotFoundError: ["district_missing"],
        ConflictError: ["client_id_used"],
    },
)
def begin() -> Response:
    """Begin a proposal; the worker cuts the area into blocks, then it can be drawn."""
    known = ("client_id", "name", "area", "effective_on", "note", "least_households", "most_households")
    asked = Body(*known)
    client = asked.value("client_id", uuid_of, "not_uuid")
    area = asked.value("area", said_in(60), "text_unreadable")
    said = settings_of(asked)
    asked.done()
    with acting.writing() as connection:
        district = the_district(connection)
        made = drafting.begin(connection, district, client_id=client, area=area, **said, by=hand())
    return told(made, 201)


@blueprint.get("/proposals/<int:proposal_id>")
@needs(Permission.DRAW_GRID)
@states(shapes.ONE, kept=False, fails=MISSING)
def proposal(proposal_id: int) -> Response:
    """A proposal with its cells and their figures."""
    return told(proposal_id)


@blueprint.post("/proposals/<int:proposal_id>")
@needs(Permission.DRAW_GRID)
@states(
    shapes.ONE,
    body=shapes.CHANGED,
    kept=False,
    fails={
        InvalidError: ["fields_invalid"],
        **MISSING,
        ConflictError: ["proposal_changed", "proposal_not_draft"],
    },
)
def change(proposal_id: int) -> Response:
    """Say anew what a draft is called, from when it is to hold, and between which bounds."""
    asked = Body("version", "name", "effective_on", "note", "least_households", "most_households")
    known = asked.value("version", version, "not_number")
    said = settings_of(asked)
    asked.done()
    with acting.writing() as connection:
        drafting.change(connection, proposal_id, known, **said, by=hand())
    return told(proposal_id)


Drawn = Callable[[Connection, int], dict[str, Any]]


def _features(of: Drawn, proposal_id: int) -> Response:
    with acting.reading() as connection:
        return answers.private(of(connection, proposal_id))


@blueprint.get("/proposals/<int:proposal_id>/blocks")
@needs(Permission.DRAW_GRID)
@states(shapes.FEATURES, kept=False, fails=MISSING)
def blocks(proposal_id: int) -> Response:
    """Its blocks (GeoJSON): ground that no new border cuts, with households, buildings and cases of the last year."""
    return _features(telling.blocks, proposal_id)


@blueprint.get("/proposals/<int:proposal_id>/cells")
@needs(Permission.DRAW_GRID)
@states(shapes.FEATURES, kept=False, fails=MISSING)
def cells(proposal_id: int) -> Response:
    """Its cells (GeoJSON)."""
    return _features(telling.drawn, proposal_id)


@blueprint.get("/proposals/<int:proposal_id>/present")
@needs(Permission.DRAW_GRID)
@states(shapes.FEATURES, kept=False, fails=MISSING)
def present(proposal_id: int) -> Response:
    """The cells of today that it is about (GeoJSON)."""
    return _features(telling.present, proposal_id)


@blueprint.get("/proposals/<int:proposal_id>/findings")
@needs(Permission.DRAW_GRID)
@states(shapes.FINDINGS, kept=False, fails=MISSING)
def findings(proposal_id: int) -> Response:
    """What keeps it from taking effect, and what should be known, each with the cell where it is to be seen."""
    with acting.reading() as connection:
        return answers.private(telling.checked(connection, the_district(connection), proposal_id))
