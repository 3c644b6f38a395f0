"""`/api/v1/view`: what one screen shows of the cases that somebody means, all of it from one state of the data.

And `/api/v1/view/queue`, the further pages of its list.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from app.accounts.rules import Permission
from app.cases.api.lists import ENDED
from app.cases.store import listing
from app.cube.api.asking import FILL, QUESTION, question, versions
from app.cube.api.blueprint import blueprint
from app.cube.api.shapes import LIST, VIEW
from app.cube.rules import Fill
from app.cube.service import Answer, ask, cube_of
from app.cube.service.ordering import DUE, NEW, ORDERS, place_of
from app.grid.api import HERE, Here, here
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import Reader, number, one_of
from app.web.shapes import TEXT
from app.web.stating import Asked, states

ORDER = Asked(
    "order",
    one_of(ORDERS),
    None,
    "`due`: 特急 first, then what is late, then what will be; `new`: the newest first.",
)
LIMIT = Asked("limit", number(1, 200), 50, "How many of the list at most.")
AFTER = Asked("after", Reader(place_of, TEXT), None, "`next` of the page before.")


@blueprint.get("/view")
@needs(Permission.READ_CASES)
@states(VIEW, query=(*QUESTION, ORDER, LIMIT), fails=HERE)
def view() -> Response:
    """Figures, tabs, steps, marks, cells, categories, days and the list of the same cases, from one state of the data.

    The figures leave the states of the filter aside, the tabs the tab, the steps the step, the cells their number of
    cases or the class of what fills them, the days the days.
    """
    place = here()
    asked = question(place)
    order = order_of(asked.wanted.states)
    limit, fill = LIMIT.read(), FILL.read()
    with ask(
        cube_of(acting.database_url(), place.district_id, place.timezone), asked, versions(place)
    ) as answer:
        first, reported, overdue = answer.days()
        told: dict[str, Any] = {
            "at": answer.at,
            "past": asked.past is not None,
            "figures": answer.figures(),
            "tabs": answer.tabs(),
            "steps": answer.steps(),
            "marks": answer.marks(),
            "cells": answer.by_cell(),
            "fill": fill and {"of": fill, "cells": answer.fill(Fill(fill), asked.actor)},
            "categories": answer.by("category"),
            "days": {"first": first, "reported": reported, "overdue": overdue},
        }
        listed = _page(answer, order, None, limit)
    return answers.document({**told, "queue": _told(place, listed)})


@blueprint.get("/view/queue")
@needs(Permission.READ_CASES)
@states(LIST, query=(*QUESTION, ORDER, LIMIT, AFTER), fails=HERE)
def queue() -> Response:
    """A page of the list, after another one."""
    place = here()
    asked = question(place)
    order, limit, after = order_of(asked.wanted.states), LIMIT.read(), AFTER.read()
    with ask(
        cube_of(acting.database_url(), place.district_id, place.timezone), asked, versions(place)
    ) as answer:
        listed = _page(answer, order, after, limit)
    return answers.document(_told(place, listed))


def order_of(states_: str, given: Mapping[str, str] | None = None) -> str:
    """The order that is asked for; else what is due first where all are open, and the newest first where not.

    Parameters
    ----------
    given
        The parameters of another query string than that of the request.
    """
    return ORDER.read(given) or (NEW if states_ in {"all", "closed", *ENDED} else DUE)


def _page(answer: Answer, order: str, after: Any, limit: int) -> dict[str, Any]:
    ids, following = answer.page(order, after, limit)
    stood = answer.stood(ids) if answer.question.past is not None else None
    return {"ids": ids, "next": following, "order": order, "total": answer.total, "stood": stood}


def _told(place: Here, listed: dict[str, Any]) -> dict[str, Any]:
    """A page of the list with its rows."""
    return {**{name: listed[name] for name in ("next", "order", "total")}, "items": rows_of(place, listed)}


def listed_ids(place: Here, limit: int) -> dict[str, Any]:
    """`ids` of the first cases that the query string means, `next` where there are more, and the `total`."""
    asked = question(place)
    cube = cube_of(acting.database_url(), place.district_id, place.timezone)
    with ask(cube, asked, versions(place)) as answer:
        return _page(answer, order_of(asked.wanted.states), None, limit)


def rows_of(place: Here, listed: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a page of the list, read as whoever asks."""
    with acting.reading() as connection:
        rows = listing.some(connection, place.district_id, listed["ids"])
        return rows if listed["stood"] is None else listing.as_they_stood(connection, rows, listed["stood"])
