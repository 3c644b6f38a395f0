"""`/campaigns`: what runs, and one campaign with its figures, its coverage and its end."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.campaigns import store
from app.campaigns.pages.blueprint import blueprint, words
from app.campaigns.rules import Phase, PlaceState
from app.campaigns.service import looking
from app.errors import AppError
from app.grid.api import here
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import instant, page
from app.web.params import number, one_of, parameter
from app.web.shapes import MOST_ID

ROWS, PLACES = 30, 200


@blueprint.get("/campaigns")
@needs(Permission.READ_CASES)
def campaigns() -> Response:
    """专项任务: the newest first, with how far each has come."""
    place = here()
    wanted = parameter("state", one_of(Phase), None)
    before = parameter("before", number(1, MOST_ID), None)
    with acting.reading() as connection:
        found = store.campaigns(connection, place.district_id, phase=wanted, before=before, limit=ROWS + 1)
    return page(
        "campaigns.html",
        me=me(),
        district=place.record,
        rows=[looking.told(row) for row in found[:ROWS]],
        following=found[ROWS - 1]["id"] if len(found) > ROWS else None,
        wanted=wanted,
        phases=list(Phase),
    )


@blueprint.get("/campaigns/<int:campaign_id>")
@needs(Permission.READ_CASES)
def campaign(campaign_id: int) -> Response:
    """One campaign. The list beside the map says all that the map shows."""
    return _one(campaign_id)


def _one(campaign_id: int, problem: AppError | None = None) -> Response:
    wanted = parameter("state", one_of(PlaceState), None)
    after = parameter("after", number(0, MOST_ID), 0)
    place = here()
    with acting.reading() as connection:
        one = looking.one(connection, campaign_id)
        may_end = (
            me().may(Permission.OPEN_CAMPAIGNS)
            and one["state"] != Phase.OVER
            and store.may_run(connection, campaign_id, acting.actor())
        )
        places = store.places(connection, campaign_id, state=wanted, after=after, limit=PLACES + 1)
    return page(
        "campaign.html",
        status_of(problem),
        me=me(),
        district=place.record,
        one=one,
        places=[_timed(row, place.timezone) for row in places[:PLACES]],
        following=places[PLACES - 1]["id"] if len(places) > PLACES else None,
        wanted=wanted,
        states=list(PlaceState),
        may_end=may_end,
        problem=problem,
        reason=request.form.get("reason", ""),
        words=words(),
    )


def _timed(row: dict[str, Any], zone: str) -> dict[str, Any]:
    """A place with its hour written out: the templates' filter asks for the zone each time."""
    return {**row, "visited": row["visited_at"] and instant(row["visited_at"], zone)}


@blueprint.post("/campaigns/<int:campaign_id>/end")
@needs(Permission.OPEN_CAMPAIGNS)
def end(campaign_id: int) -> AnyResponse:
    """End it before its last day."""
    try:
        with acting.writing() as connection:
            looking.end(
                connection,
                acting.actor(),
                campaign_id,
                {"reason": request.form.get("reason", "").strip()},
            )
    except AppError as error:
        return _one(campaign_id, error)
    flash("campaign.was_ended")
    return redirect(url_for("campaigns.campaign", campaign_id=campaign_id), 303)
