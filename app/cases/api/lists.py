"""`/api/v1/cases`, `/api/v1/categories`, `/api/v1/conditions`: lists, filters, one case."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Response

from app.accounts.rules import Permission
from app.cases.api import shapes
from app.cases.api.blueprint import blueprint
from app.cases.rules import OPEN_STATES, CaseState
from app.cases.store import reading
from app.cases.store.filters import STATES, CaseFilter
from app.errors import NotFoundError
from app.grid.api import here
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import (
    Reader,
    box,
    day_begin,
    day_end,
    number,
    numbers,
    one_of,
    parameter,
    row_id,
    this_minute,
    whole,
)
from app.web.shapes import MOST_CASE_ID, TEXT, page, record
from app.web.shapes import items as list_of
from app.web.stating import Asked, states

PAGE = 50
ENDED = frozenset(CaseState) - OPEN_STATES
HERE = {NotFoundError: ["district_missing"]}
"""What every route fails with that is about the district, where there is none."""


def _cursor(raw: str) -> tuple[int, str, int]:
    rank, at, case_id = raw.split("~")
    if at != "infinity":
        at = datetime.fromisoformat(at).isoformat()
    if not (0 <= whole(rank) <= 3 and 0 < whole(case_id) <= MOST_CASE_ID):
        raise ValueError(raw)
    return int(rank), at, int(case_id)


STATE = Asked(
    "state", one_of([*STATES, *CaseState]), "open", "One state, or a group of states; `near` is 临期."
)
CATEGORY = Asked("category", numbers, None, "小类: ids between commas.")
SINCE = Asked("from", day_begin("UTC"), None, "Reported on this day or later.")
UNTIL = Asked("to", day_end("UTC"), None, "Reported on this day or before.")
AREA = Asked("area", row_id, None, "Id of an area: what lies in it.")
FILTER = (STATE, CATEGORY, SINCE, UNTIL, AREA)
"""What `case_filter` reads; the days are read again in the district's zone."""

BOX = Asked("bbox", box, None, "West, south, east, north in degrees: only cases in it.")
WHERE = Asked(
    "where",
    one_of(["outside", "unlocated", "everywhere"]),
    None,
    "`outside` every cell, or `unlocated` 待定位; by default in the box, or everywhere.",
)
ORDER = Asked(
    "order",
    one_of(reading.ORDERS),
    None,
    "`due`: what is late first, then what will be; `new`: the newest first. By default as fits the states.",
)
LIMIT = Asked("limit", number(1, 200), PAGE, "How many at most.")
AFTER = Asked("after", Reader(_cursor, TEXT), None, "`next` of the page before.")


def case_filter(zone: str) -> CaseFilter:
    """The filter of the query string: state, category, area, from and to (days in the district's zone).

    Raises
    ------
    InvalidError
        `parameter_invalid`.
    """
    return CaseFilter(
        now=this_minute(),
        states=STATE.read(),
        categories=CATEGORY.read(),
        since=parameter("from", day_begin(zone), None),
        until=parameter("to", day_end(zone), None),
        area=AREA.read(),
    )


@blueprint.get("/cases")
@needs(Permission.READ_CASES)
@states(
    page(shapes.LISTED, TEXT, order=ORDER.reader.schema),
    query=(*FILTER, BOX, WHERE, ORDER, LIMIT, AFTER),
    fails=HERE,
)
def cases() -> Response:
    """Cases under the filter, in a box, in an area, outside every cell, or without a position.

    In the order in which they are due where all of them are open, else the newest first.
    """
    place = here()
    wanted = case_filter(place.timezone)
    bbox = BOX.read()
    where = WHERE.read() or ("box" if bbox else "everywhere")
    order = ORDER.read() or ("new" if wanted.states in {"all", "closed", *ENDED} else "due")
    limit, after = LIMIT.read(), AFTER.read()
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


@blueprint.get("/cases/<int:case_id>")
@needs(Permission.READ_CASES)
@states(shapes.CASE, fails={NotFoundError: ["case_missing"]})
def case(case_id: int) -> Response:
    """One case."""
    with acting.reading() as connection:
        found = reading.case(connection, case_id)
    if found is None:
        raise NotFoundError("case_missing", id=case_id)
    return answers.document(found)


@blueprint.get("/categories")
@needs(Permission.READ_CASES)
@states(record(items=list_of(shapes.CATEGORY)), query=FILTER, fails=HERE)
def categories() -> Response:
    """Every category with its number of cases under the filter, whatever categories that names."""
    place = here()
    wanted = case_filter(place.timezone)
    every = replace(wanted, categories=None)
    with acting.reading() as connection:
        items: list[dict[str, Any]] = reading.categories(connection, place.district_id, every)
    return answers.document({"items": items})
