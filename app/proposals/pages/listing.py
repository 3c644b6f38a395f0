"""`/grid/proposals`: what is proposed in one's territory, and the form that begins another."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.errors import AppError, InvalidError
from app.grid import store as grid
from app.grid.api import here
from app.grid.service import the_district
from app.proposals import store
from app.proposals.pages.blueprint import blueprint
from app.proposals.rules import HOUSEHOLDS, LONGEST_NAME, LONGEST_NOTE, MOST_DAYS, MOST_HOUSEHOLDS, State
from app.proposals.service import drafting, telling
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import page
from app.web.params import number, one_of, parameter
from app.web.shapes import MOST_ID
from app.writing import read_day

ROWS = 30
FIELDS = ("client_id", "name", "area", "effective_on", "note", "least_households", "most_households")


@blueprint.get("/grid/proposals")
@needs(Permission.DRAW_GRID)
def proposals() -> Response:
    """网格调整方案: the newest first."""
    return _list({})


@blueprint.post("/grid/proposals")
@needs(Permission.DRAW_GRID)
def begin() -> AnyResponse:
    """Begin a proposal, once, however often the form is sent."""
    given = {name: request.form.get(name, "").strip() for name in FIELDS}
    try:
        said = _read(given)
        with acting.writing() as connection:
            made = drafting.begin(connection, the_district(connection), **said, by=hand())
    except AppError as error:
        return _list(given, error)
    return redirect(url_for("proposals.proposal", proposal_id=made), 303)


def _read(given: Mapping[str, str]) -> dict[str, object]:
    """The fields of the form.

    Raises
    ------
    InvalidError
        `fields_invalid`, with every fault.
    """
    faults = []

    def wrong(field: str, reason: str) -> None:
        faults.append({"field": field, "reason": reason, "value": given[field][:60]})

    found: dict[str, object] = {"area": given["area"], "note": given["note"] or None}
    try:
        found["client_id"] = uuid.UUID(given["client_id"])
    except ValueError:
        wrong("client_id", "not_uuid")
    found["name"] = given["name"]
    if not 1 <= len(given["name"]) <= LONGEST_NAME or not given["name"].isprintable():
        wrong("name", "text_unreadable")
    if len(given["note"]) > LONGEST_NOTE:
        wrong("note", "text_unreadable")
    try:
        found["effective_on"] = read_day(given["effective_on"], 1000)
    except ValueError:
        wrong("effective_on", "not_day")
    bounds = []
    for field in ("least_households", "most_households"):
        text = given[field]
        bounds.append(int(text) if text.isdecimal() and len(text) < 7 else -1)
        if not 1 <= bounds[-1] <= MOST_HOUSEHOLDS:
            wrong(field, "not_number")
    found["bounds"] = (bounds[0], bounds[1])
    if faults:
        fields = ", ".join(sorted({fault["field"] for fault in faults}))
        raise InvalidError("fields_invalid", faults=faults, fields=fields, count=len(faults))
    return found


def _list(given: Mapping[str, str], problem: AppError | None = None) -> Response:
    place = here()
    wanted = parameter("state", one_of(State), None)
    before = parameter("before", number(1, MOST_ID), None)
    with acting.reading() as connection:
        rows = store.page(connection, place.district_id, state=wanted, before=before, limit=ROWS + 1)
        areas = store.areas(connection, place.district_id)
        today = grid.today(connection, place.district_id)
    faults = list(problem.facts.get("faults") or []) if problem is not None else []
    return page(
        "proposals.html",
        status_of(problem),
        me=me(),
        district=place.record,
        rows=[telling.row(row, me().permissions, me().account_id) for row in rows[:ROWS]],
        following=rows[ROWS - 1]["id"] if len(rows) > ROWS else None,
        wanted=wanted,
        all_states=list(State),
        areas=areas,
        tomorrow=today + timedelta(days=1),
        latest=today + timedelta(days=MOST_DAYS),
        given=given,
        client_id=given.get("client_id") or str(uuid.uuid4()),
        usual=HOUSEHOLDS,
        problem=problem,
        faults={fault["field"]: fault for fault in faults},
    )
