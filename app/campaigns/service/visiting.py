"""A place is visited: nothing was found, or something that becomes an ordinary case in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row
from sqlalchemy.exc import IntegrityError

from app.campaigns import store
from app.campaigns.rules import Outcome, must_run
from app.cases.rules.fields import FieldProblem, refuse
from app.cases.service import reporting
from app.cases.store import reported
from app.db import Actor
from app.errors import ConflictError, ForbiddenError, NotFoundError

SAID = ("description", "files")
"""What a visit tells of what was found; what it is about and where it is, the campaign and the place say."""

FIELDS = frozenset({"client_id", "outcome", *SAID})


def visit(
    connection: Connection,
    actor: Actor,
    campaign_id: int,
    place_id: int,
    raw: Mapping[str, Any],
    client: UUID,
) -> dict[str, Any]:
    """Keep a visit; sent twice it is one, and answered alike.

    Raises
    ------
    NotFoundError
        `campaign_place_missing`: not there, or not for the one who asks.
    ConflictError
        `campaign_over`, `campaign_not_begun`, `client_id_used`.
    ForbiddenError
        `not_permitted`: the place is seen, but lies in somebody else's territory.
    InvalidError
        `fields_invalid`.
    """
    outcome = _outcome(raw)
    if (earlier := _earlier(connection, campaign_id, place_id, client)) is not None:
        return _told(earlier)
    place = store.place(connection, campaign_id, place_id)
    if place is None:
        raise NotFoundError("campaign_place_missing", id=place_id)
    if not place.own:
        raise ForbiddenError("not_permitted")
    must_run(place.first_on, place.last_on, place.ended_at is not None, place.today)
    case_id = _found(connection, actor, place, raw, client) if outcome is Outcome.FOUND else None
    try:
        made = store.add_visit(connection, place_id, client, actor.account_id, outcome.value, case_id)
    except IntegrityError as error:
        constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
        if constraint == "campaign_visits_in_time":
            # It was ended between the look above and this row.
            raise ConflictError("campaign_over", reason="ended", last_on=str(place.last_on)) from error
        if constraint == "campaign_visits_client_id_key":
            raise ConflictError("client_id_used") from error
        raise
    kept = store.visit(connection, made.id)
    assert kept is not None
    return _told(kept)


def _told(row: Row[Any]) -> dict[str, Any]:
    return {
        "visit_id": row.id,
        "campaign_id": row.campaign_id,
        "place_id": row.place_id,
        "outcome": row.outcome,
        "case_id": row.case_id,
        "at": row.at.isoformat(),
    }


def _earlier(connection: Connection, campaign_id: int, place_id: int, client: UUID) -> Row[Any] | None:
    """The visit that this request has become already."""
    found = store.request_of(connection, client)
    if found is None:
        if reported.claimed(connection, client) is not None:
            raise ConflictError("client_id_used")
        return None
    row = store.visit(connection, found.visit_id) if found.mine and found.visit_id is not None else None
    if row is None or (row.campaign_id, row.place_id) != (campaign_id, place_id):
        raise ConflictError("client_id_used")
    return row


def _outcome(raw: Mapping[str, Any]) -> Outcome:
    faults = [FieldProblem(str(name)[:60], "unknown_field") for name in raw if name not in FIELDS]
    outcome = raw.get("outcome")
    if outcome is None or outcome == "":
        faults.append(FieldProblem("outcome", "missing"))
    elif outcome not in tuple(Outcome):
        faults.append(FieldProblem("outcome", "unknown", str(outcome)[:60]))
    elif outcome == Outcome.CLEAR:
        faults += [
            FieldProblem(name, "nothing_found") for name in SAID if raw.get(name) not in (None, "", [])
        ]
    refuse(faults)
    return Outcome(str(outcome))


def _found(
    connection: Connection, actor: Actor, place: Row[Any], raw: Mapping[str, Any], client: UUID
) -> int:
    """Report what was found; the case is the reporter's own, so they can handle it on the spot."""
    report = {
        "category": place.category,
        "position": {"lon": place.lon, "lat": place.lat},
        "address": place.label,
        **{name: raw[name] for name in SAID if name in raw},
    }
    return int(reporting.report(connection, place.district_id, actor, report, client)["case_id"])
