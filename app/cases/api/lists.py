"""`/api/v1/cases`, `/api/v1/categories`, `/api/v1/conditions`: lists, filters, one case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Response
from sqlalchemy import Row

from app.accounts.rules import Permission
from app.cases.api import shapes
from app.cases.api.blueprint import blueprint
from app.cases.rules import OPEN_STATES, CaseState
from app.cases.store import conditions as condition_store
from app.cases.store import reading
from app.cases.store.filters import STATES, CaseFilter
from app.errors import NotFoundError
from app.grid.api import HERE, here
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
    written,
)
from app.web.shapes import MOST_CASE_ID, TEXT, page, record
from app.web.shapes import items as list_of
from app.web.stating import Asked, states

PAGE = 50
MOST_SAID = 60
ENDED = frozenset(CaseState) - OPEN_STATES
"""What every route fails with that is about the district, where there is none."""


def _cursor(raw: str) -> tuple[int, str, int]:
    rank, at, case_id = raw.split("~")
    if at != "infinity":
        at = datetime.fromisoformat(at).isoformat()
    if not (0 <= whole(rank) <= 3 and 0 < whole(case_id) <= MOST_CASE_ID):
        raise ValueError(raw)
    return int(rank), at, int(case_id)


def _said(raw: str) -> str:
    found = " ".join(raw.split())
    if len(found) > MOST_SAID or all(len(word) < 2 for word in found.split()):
        raise ValueError(raw)
    return found


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
UNIT = Asked("unit", row_id, None, "主办: id of the unit that has it.")
CONDITION = Asked("condition", written(40), "", "立案条件: number of the one that it is registered under.")
SAID = Asked(
    "q",
    Reader(_said, {**TEXT, "minLength": 2, "maxLength": MOST_SAID}),
    None,
    "A number 编号 or its last four digits, what its source calls it, or words of address and description, all of which"
    " have to be there. At least one word has two letters.",
)
OF_CATEGORY = Asked("category", row_id, None, "小类: its id; left out for the conditions of all.")
AFTER = Asked("after", Reader(_cursor, TEXT), None, "`next` of the page before.")


def case_filter(zone: str, given: Mapping[str, str] | None = None) -> CaseFilter:
    """The filter of the query string: state, category, area, from and to (days in the district's zone).

    Parameters
    ----------
    given
        The parameters of another query string than that of the request.

    Raises
    ------
    InvalidError
        `parameter_invalid`.
    """
    return CaseFilter(
        now=this_minute(),
        states=STATE.read(given),
        categories=CATEGORY.read(given),
        since=parameter("from", day_begin(zone), None, given),
        until=parameter("to", day_end(zone), None, given),
        area=AREA.read(given),
    )


@blueprint.get("/cases")
@needs(Permission.READ_CASES)
@states(
    page(shapes.LISTED, TEXT, order=ORDER.reader.schema),
    query=(*FILTER, SAID, UNIT, CONDITION, BOX, WHERE, ORDER, LIMIT, AFTER),
    fails=HERE,
)
def cases() -> Response:
    """Cases under the filter, that a search finds, of a unit, in a box, outside every cell, or without a position.

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
            unit=UNIT.read(),
            condition=CONDITION.read() or None,
            said=SAID.read(),
            after=after,
            limit=limit + 1,
        )
    following = _place_after(items[limit - 1]) if len(items) > limit else None
    return answers.document({"items": items[:limit], "next": following, "order": order})


def _place_after(last: dict[str, Any]) -> str:
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


@blueprint.get("/conditions")
@needs(Permission.READ_CASES)
@states(record(items=list_of(shapes.CONDITION)), query=(OF_CATEGORY,), fails=HERE)
def conditions() -> Response:
    """立案条件: the filing conditions that hold today, by number."""
    place = here()
    with acting.reading() as connection:
        rows = condition_store.conditions(connection, place.district_id, OF_CATEGORY.read())
    return answers.document({"items": [_condition(row) for row in rows]})


def _condition(row: Row[Any]) -> dict[str, Any]:
    def limit(name: str) -> dict[str, Any] | None:
        amount = getattr(row, f"{name}_amount")
        return None if amount is None else {"amount": float(amount), "unit": getattr(row, f"{name}_unit")}

    kept = (
        "id", "number", "category_id", "condition", "closing_condition", "season", "default_unit", "lowest_loop",
        "risk", "verification", "self_handle", "standard_ref", "valid_from_on", "valid_to_on",
    )  # fmt: skip
    return {
        **{name: getattr(row, name) for name in kept},
        "limit": limit("limit"),
        "control": limit("control"),
        "season_limit": limit("season"),
    }
