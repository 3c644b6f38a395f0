"""`/api/v1/cases`, `/api/v1/categories`: lists, filters, one case."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app

from app.cases.rules import CaseState
from app.cases.store import reading
from app.cases.store.filters import STATES, CaseFilter
from app.db import transaction
from app.errors import NotFoundError
from app.grid.api import here
from app.web import answers
from app.web.params import box, day_begin, day_end, number, numbers, parameter, this_minute

blueprint = Blueprint("cases", __name__, url_prefix="/api/v1")

SLOWEST_S = 10.0
PAGE = 50


def _state(raw: str) -> str:
    if raw not in STATES and raw not in set(CaseState):
        raise ValueError(raw)
    return raw


def _cursor(raw: str) -> tuple[datetime, int]:
    at, case_id = raw.split("~")
    return datetime.fromisoformat(at), int(case_id)


def case_filter(zone: str) -> CaseFilter:
    """The filter of the query string: state, category, area, from and to (days in the district's zone).

    Raises
    ------
    InvalidError
        `parameter_invalid`.
    """
    return CaseFilter(
        now=this_minute(),
        states=parameter("state", _state, "open"),
        categories=parameter("category", numbers, None),
        since=parameter("from", day_begin(zone), None),
        until=parameter("to", day_end(zone), None),
        area=parameter("area", number(1, 2**31 - 1), None),
    )


@blueprint.get("/cases")
def cases() -> Response:
    """Cases under the filter, newest first: in a box, in an area, outside every cell, or without a position."""
    place = here()
    wanted = case_filter(place.timezone)
    bbox = parameter("bbox", box, None)
    where = parameter("where", _where, "box" if bbox else "everywhere")
    limit = parameter("limit", number(1, 200), PAGE)
    after = parameter("after", _cursor, None)
    with transaction(current_app.config["DATABASE_URL"], read_only=True, timeout_s=SLOWEST_S) as connection:
        items = reading.cases(
            connection, place.district_id, wanted, scope=where, box=bbox, after=after, limit=limit
        )
    last = items[-1] if len(items) == limit else None
    following = f"{last['reported_at'].isoformat()}~{last['id']}" if last else None
    return answers.document({"items": items, "next": following})


def _where(raw: str) -> str:
    if raw not in {"outside", "unlocated", "everywhere"}:
        raise ValueError(raw)
    return raw


@blueprint.get("/cases/<int:case_id>")
def case(case_id: int) -> Response:
    """One case."""
    with transaction(current_app.config["DATABASE_URL"], read_only=True, timeout_s=SLOWEST_S) as connection:
        found = reading.case(connection, case_id)
    if found is None:
        raise NotFoundError("case_missing", id=case_id)
    return answers.document(found)


@blueprint.get("/categories")
def categories() -> Response:
    """Every category with its number of cases under the filter, whatever categories that names."""
    place = here()
    wanted = case_filter(place.timezone)
    every = replace(wanted, categories=None)
    with transaction(current_app.config["DATABASE_URL"], read_only=True, timeout_s=SLOWEST_S) as connection:
        items: list[dict[str, Any]] = reading.categories(connection, place.district_id, every)
    return answers.document({"items": items})
