"""A campaign as it is told: its phase, its days and its counts, which are derived from visits and cases each time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from app.campaigns import store
from app.campaigns.rules import days_left, phase
from app.cases.rules.fields import READERS, FieldProblem, Kind, refuse, why
from app.db import Actor
from app.errors import ConflictError, ForbiddenError, NotFoundError
from app.web.shapes import MOST_ID

COUNTS = ("places", "visited", "clear", "found", "on_the_spot", "handed_on")


def told(row: dict[str, Any]) -> dict[str, Any]:
    """A campaign's row as the doors tell it."""
    found = phase(row["first_on"], row["last_on"], row["ended_at"] is not None, row["today"])
    kept = {name: value for name, value in row.items() if name not in {*COUNTS, "today", "area_no"}}
    return {
        **kept,
        "state": found.value,
        "days_left": 0 if row["ended_at"] else days_left(row["last_on"], row["today"]),
        "counts": {name: row[name] for name in COUNTS},
    }


def one(connection: Connection, campaign_id: int) -> dict[str, Any]:
    """One campaign with the ids of its cases.

    Raises
    ------
    NotFoundError
        `campaign_missing`: not there, or not for the one who asks.
    """
    row = _row(connection, campaign_id)
    return {**told(row), "case_ids": store.cases_of(connection, campaign_id)}


def _row(connection: Connection, campaign_id: int) -> dict[str, Any]:
    row = store.campaign(connection, campaign_id) if 0 < campaign_id <= MOST_ID else None
    if row is None:
        raise NotFoundError("campaign_missing", id=campaign_id)
    return row


def end(connection: Connection, actor: Actor, campaign_id: int, raw: dict[str, Any]) -> dict[str, Any]:
    """End a campaign before its last day is over.

    Raises
    ------
    NotFoundError
        `campaign_missing`.
    ForbiddenError
        `not_permitted`: it is seen, but neither of one's territory nor of one's unit.
    ConflictError
        `campaign_over`.
    InvalidError
        `fields_invalid`: a reason is needed.
    """
    row = _row(connection, campaign_id)
    if not store.may_run(connection, campaign_id, actor):
        raise ForbiddenError("not_permitted")
    faults = [FieldProblem(str(name)[:60], "unknown_field") for name in raw if name != "reason"]
    reason = ""
    if raw.get("reason") in (None, ""):
        faults.append(FieldProblem("reason", "missing"))
    else:
        try:
            reason = READERS[Kind.TEXT](raw["reason"])
        except (ValueError, TypeError) as error:
            faults.append(FieldProblem("reason", why(error, "text"), str(raw["reason"])[:60]))
    refuse(faults)
    over = row["ended_at"] is not None or row["today"] > row["last_on"]
    if over or not store.end(connection, campaign_id, actor.account_id, reason):
        gone = "ended" if row["ended_at"] or not over else "last_day_gone"
        raise ConflictError("campaign_over", reason=gone, last_on=str(row["last_on"]))
    return one(connection, campaign_id)
