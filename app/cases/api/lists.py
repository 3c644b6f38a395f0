"""`/api/v1/cases`, `/api/v1/categories`: lists, filters, one case."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Response

from app.accounts.rules import Permission
from app.cases.api.blueprint import blueprint
from app.cases.rules import OPEN_STATES, CaseState
from app.cases.store import reading
from app.cases.store.filters import STATES, CaseFilter
from app.errors import NotFoundError
from app.grid.api import here
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import box, day_begin, day_end, number, numbers, parameter, row_id, this_minute

PAGE = 50
ENDED = frozenset(CaseState) - OPEN_STATES


def _state(raw: str) -> str:
    if raw not in STATES and raw not in set(CaseState):
        raise ValueError(raw)
    return raw


def _cursor(raw: str) -> tuple[int, str, int]:
    rank, at, case_id = raw.split("~")
    if at != "infinity":
        datetime.fromisoformat(at)
    return int(rank), at, int(case_id)


def _order(raw: str) -> str:
    if raw not in reading.ORDERS:
        raise ValueError(raw)
    return raw


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
        area=parameter("area", row_id, None),
    )


@blueprint.get("/cases")
@needs(Permission.READ_CASES)
def cases() -> Response:
    """Cases under the filter, in a box, in an area, outside every cell, or without a position.

    In the order in which they are due where all of them are open, else the newest first.
    """
    place = here()
    wanted = case_filter(place.timezone)
    bbox = parameter("bbox", box, None)
    where = parameter("where", _where, "box" if bbox else "everywhere")
    order = parameter("order", _order, "new" if wanted.states in {"all", "closed", *ENDED} else "due")
    limit = parameter("limit", number(1, 200), PAGE)
    after = parameter("after", _cursor, None)
    with acting.reading() as connection:
        items = reading.cases(
            connection,
            place.district_id,
            wanted,
            scope=where,
            order=order,
            box=bbox,
            after=after,
            limit=limit + 1,
        )
    following = _written(items[limit - 1]) if len(items) > limit else None
    return answers.document({"items": items[:limit], "next": following, "order": order})


def _written(last: dict[str, Any]) -> str:
    return f"{last['rank']}~{last['at']}~{last['id']}"


def _where(raw: str) -> str:
    if raw not in {"outside", "unlocated", "everywhere"}:
        raise ValueError(raw)
    return raw


@blueprint.get("/cases/<int:case_id>")
@needs(Permission.READ_CASES)
def case(case_id: int) -> Response:
    """One case."""
    with acting.reading() as connection:
        found = reading.case(connection, case_id)
    if found is None:
        raise NotFoundError("case_missing", id=case_id)
    return answers.document(found)


@blueprint.get("/categories")
@needs(Permission.READ_CASES)
def categories() -> Response:
    """Every category with its number of cases under the filter, whatever categories that names."""
    place = here()
    wanted = case_filter(place.timezone)
    every = replace(wanted, categories=None)
    with acting.reading() as connection:
        items: list[dict[str, Any]] = reading.categories(connection, place.district_id, every)
    return answers.document({"items": items})
