"""`/campaigns/new`: the form by which a campaign is opened. What is wrong is told at once, nothing typed is lost."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.guard import me
from app.accounts.rules import Permission, Role
from app.campaigns import store
from app.campaigns.pages.blueprint import blueprint
from app.campaigns.rules import MOST_DAYS, rows_of_table
from app.campaigns.service import lists, opening
from app.cases.rules.fields import client_id
from app.cases.store import choices
from app.errors import AppError
from app.grid import store as grid
from app.grid.api import here
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import page

FIELDS = ("name", "admission", "category", "area", "unit", "first_on", "last_on")
MOST_TEXT = 1 << 20


@blueprint.get("/campaigns/new")
@needs(Permission.OPEN_CAMPAIGNS)
def new() -> Response:
    """The empty form."""
    return _form({})


@blueprint.post("/campaigns/new")
@needs(Permission.OPEN_CAMPAIGNS, most_bytes=opening.MOST_BODY)
def take() -> AnyResponse:
    """Open the campaign, once, however often the form is sent."""
    given = {name: request.form.get(name, "").strip() for name in ("client_id", *FIELDS)}
    given["places"] = request.form.get("places", "")[:MOST_TEXT]
    try:
        upload = request.files.get("file")
        if upload is not None and upload.filename:
            # It comes back in the field, so that a wrong row is mended here and not in the file.
            given["places"] = lists.text_of(upload.stream, upload.filename)
        raw: dict[str, Any] = {name: given[name] for name in FIELDS if given[name]}
        raw["places"] = list(rows_of_table(given["places"]))
        district_id = here().district_id
        with acting.writing() as connection:
            client = client_id(given["client_id"])
            made = opening.open_campaign(connection, district_id, acting.actor(), raw, client)
    except AppError as error:
        return _form(given, error)
    flash("campaign.was_opened")
    return redirect(url_for("campaigns.campaign", campaign_id=made), 303)


def _form(given: Mapping[str, str], problem: AppError | None = None) -> Response:
    place = here()
    with acting.reading() as connection:
        anywhere = Role.UNIT_DISPATCHER.value in acting.actor().roles
        areas = store.areas_for(connection, place.district_id, anywhere=anywhere)
        kinds = choices.categories(connection, place.district_id)
        units = choices.units_in_sight(connection, place.district_id)
        today = grid.today(connection, place.district_id)
        own = {unit for role, unit in store.posts(connection) if role in opening.OPENERS}
    desk = bool(set(acting.actor().roles) & (opening.OPENERS - {Role.UNIT_DISPATCHER.value}))
    faults = list(problem.facts.get("faults") or []) if problem is not None else []
    return page(
        "campaign-new.html",
        status_of(problem),
        me=me(),
        district=place.record,
        given=given,
        client_id=given.get("client_id") or str(uuid.uuid4()),
        kinds=kinds,
        areas=areas,
        units=[unit for unit in units if desk or unit["id"] in own],
        desk=desk,
        today=today,
        most_days=MOST_DAYS,
        problem=problem,
        faults={fault["field"]: fault for fault in faults if not fault.get("row")},
        rows=[fault for fault in faults if fault.get("row")],
        count=problem.facts.get("count", 0) if problem is not None else 0,
    )
