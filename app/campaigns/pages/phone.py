"""`/m/campaigns`: the round of whoever goes there: the places of their territory, and two keys for each."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from flask_wtf.csrf import generate_csrf

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.campaigns import store
from app.campaigns.pages.blueprint import blueprint, words
from app.campaigns.rules import Phase, PlaceState
from app.campaigns.service import looking
from app.grid.api import here
from app.web import acting
from app.web.doors import needs
from app.web.pages import page
from app.web.params import number, parameter
from app.web.shapes import MOST_ID

MOST_CAMPAIGNS, PLACES = 50, 200


def campaigns_to_walk() -> int:
    """How many campaigns run today with places in the territory of the one who asks."""
    with acting.reading() as connection:
        return store.to_walk(connection)


@blueprint.get("/m/campaigns")
@needs(Permission.MOVE_CASES)
def phone_campaigns() -> Response:
    """Campaigns that run today and have places in one's territory."""
    place = here()
    with acting.reading() as connection:
        found = store.campaigns(
            connection, place.district_id, phase=Phase.OPEN, before=None, limit=MOST_CAMPAIGNS
        )
    rows = [looking.told(row) for row in found if row["places"]]
    return page("m-campaigns.html", me=me(), district=place.record, rows=rows, words=words())


@blueprint.get("/m/campaigns/<int:campaign_id>")
@needs(Permission.MOVE_CASES)
def phone_campaign(campaign_id: int) -> Response:
    """One's places, those that wait first; the browser sorts them by distance, so that nobody's way is told."""
    after = parameter("after", number(0, MOST_ID), 0)
    done_after = parameter("done_after", number(0, MOST_ID), 0)
    district = here().record
    with acting.reading() as connection:
        one = looking.one(connection, campaign_id)
        waiting = store.places(
            connection, campaign_id, state=PlaceState.UNVISITED, after=after, limit=PLACES + 1
        )
        done = store.places(connection, campaign_id, state="visited", after=done_after, limit=PLACES + 1)
    return page(
        "m-campaign.html",
        me=me(),
        district=district,
        one=one,
        waiting=_cards(waiting),
        waiting_after=_following(waiting),
        waiting_count=one["counts"]["places"] - one["counts"]["visited"],
        done=_cards(done),
        done_after=_following(done),
        csrf_token=generate_csrf(),
        words=words(),
    )


def _cards(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Places that whoever asks can visit, each with an id for either key's request."""
    return [{**row, "clients": (uuid.uuid4(), uuid.uuid4())} for row in rows[:PLACES] if row["own"]]


def _following(rows: list[dict[str, Any]]) -> int | None:
    return rows[PLACES - 1]["id"] if len(rows) > PLACES else None
