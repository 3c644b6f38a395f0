"""Which cases the query string of a map, a list or a figure means: one reading for all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from flask import request
from sqlalchemy import Connection

from app.cases.api.lists import FILTER, SAID, case_filter
from app.cases.rules.routing import STATIONS
from app.cases.service.turns import turn_of
from app.cases.store import following, reading
from app.cases.store.filters import CaseFilter
from app.cube import store
from app.cube.rules import Fill, Tab, Wanted, Within
from app.cube.service import NOBODY, Question
from app.db import Actor
from app.grid.api import Here
from app.web import acting
from app.web.params import Reader, instant, number, numbers, one_of, whole
from app.web.shapes import TEXT
from app.web.stating import Asked

MOST_FOUND = 1_000
"""Cases that a search by words leads to."""

MOST_PER_CELL = 10**9


MOST_CORNERS = 200
CORNER = r"-?\d{1,3}(\.\d{1,9})?,-?\d{1,2}(\.\d{1,9})?"


def _ring(raw: str) -> tuple[tuple[float, float], ...]:
    found = [tuple(float(part) for part in corner.split(",")) for corner in raw.split(";")]
    if not RING_SHAPE.fullmatch(raw) or any(abs(lon) > 180 or abs(lat) > 90 for lon, lat in found):
        raise ValueError(raw)
    return tuple((lon, lat) for lon, lat in found)


RING_SHAPE = re.compile(rf"{CORNER}(;{CORNER}){{2,{MOST_CORNERS - 1}}}", re.ASCII)


def _bounds(raw: str) -> tuple[int, int]:
    least, _, most = raw.partition("-")
    found = whole(least), whole(most) if most else MOST_PER_CELL
    if not 1 <= found[0] <= found[1] <= MOST_PER_CELL:
        raise ValueError(raw)
    return found


NONE = "none"
ANY = float("inf")
CLASS = r"\d{1,7}(\.\d{1,6})?"


def _class(raw: str) -> tuple[float | None, float]:
    least, _, most = raw.partition("-")
    if raw == NONE:
        return None, ANY
    if not CLASS_SHAPE.fullmatch(raw):
        raise ValueError(raw)
    found = float(least), float(most) if most else ANY
    if found[0] > found[1]:
        raise ValueError(raw)
    return found


CLASS_SHAPE = re.compile(rf"{CLASS}-({CLASS})?", re.ASCII)

TAB = Asked("tab", one_of(list(Tab)), Tab.ALL.value, "待办, 临期, 超期, 待核查, 督办, 关注.")
STEP = Asked("step", number(1, 5), None, "One of the steps.")
UNITS = Asked("unit", numbers, None, "主办: ids of units between commas.")
PLACED = Asked(
    "where", one_of(["outside", "unlocated"]), None, "`outside` every cell, or `unlocated` 待定位."
)
PER_CELL = Asked(
    "per_cell",
    Reader(_bounds, {**TEXT, "pattern": r"^[1-9]\d{0,8}-([1-9]\d{0,8})?$"}),
    None,
    "Only in cells with so many of them: at least and at most (`3-5`), or at least (`12-`).",
)
FILL = Asked(
    "fill", one_of(list(Fill)), None, "填色指标: what fills the cells, a share of two numbers of each cell."
)
WITHIN = Asked(
    "within",
    Reader(_class, {**TEXT, "pattern": rf"^({NONE}|{CLASS}-({CLASS})?)$"}),
    None,
    "With `fill`: only in cells whose value is at least and less than so much (`20-40`), just so much (`0-0`), at least"
    " (`40-`), or not known (`none`). Values are per 1,000 households, or per cent.",
)
RING = Asked(
    "ring",
    Reader(_ring, {**TEXT, "pattern": rf"^{CORNER}(;{CORNER}){{2,{MOST_CORNERS - 1}}}$"}),
    None,
    "Corners of a drawn area, `lon,lat` in degrees (EPSG:4490), between semicolons: only what lies in it.",
)
STATION = Asked(
    "station",
    one_of(STATIONS),
    None,
    "Of a community's two desks, only what is 工作站's or 综治站's by its business line.",
)
PAST = Asked("as_of", instant, None, "截至: as the cases stood at an instant; by default now.")
QUESTION = (*FILTER, TAB, STEP, UNITS, PLACED, PER_CELL, FILL, WITHIN, RING, SAID, STATION, PAST)
"""What `question` reads."""


def question(place: Here, *, turns: bool = True) -> Question:
    """The question of the query string, asked by whoever sent it.

    Parameters
    ----------
    turns
        Whether it has to be known what waits for them, though the tab is another one.

    Raises
    ------
    InvalidError
        `parameter_invalid`.
    """
    asking = Asking(place.district_id, place.timezone, acting.actor(), acting.reading)
    return question_of(request.args, asking, turns=turns)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, of which district, and how a transaction of theirs is opened where one is needed."""

    district_id: int
    timezone: str
    actor: Actor
    reading: Callable[[], AbstractContextManager[Connection]]


def question_of(given: Mapping[str, str], asking: Asking, *, turns: bool = False) -> Question:
    """The question of a query string that was kept, or of the request.

    Parameters
    ----------
    given
        Its parameters; others than those of `QUESTION` are passed over.
    turns
        As `question` takes it.

    Raises
    ------
    InvalidError
        `parameter_invalid`.
    """
    asked, actor = case_filter(asking.timezone, given), asking.actor
    tab, said = Tab(TAB.read(given)), SAID.read(given)
    units, past = UNITS.read(given), PAST.read(given)
    areas, ids, turn, kept = None, None, NOBODY, ()
    step, where = STEP.read(given), PLACED.read(given)
    per_cell, ring = PER_CELL.read(given), RING.read(given)
    station, categories = STATION.read(given), asked.categories
    waits, own = (past is None and (turns or tab is one) for one in (Tab.TODO, Tab.FOLLOWED))
    if waits or own or asked.area is not None or said is not None or station is not None:
        with asking.reading() as connection:
            if station is not None:
                of_station = store.categories_of(connection, asking.district_id, station)
                categories = tuple(of_station if categories is None else of_station & set(categories))
            if asked.area is not None:
                areas = store.ranges_of(connection, asked.area)
            if said is not None:
                ids = tuple(_found(connection, asking.district_id, asked.now, said))
            if waits:
                turn = turn_of(connection, actor)
            if own:
                kept = following.followed(connection)
    wanted = Wanted(
        now=asked.now,
        states=asked.states,
        tab=tab,
        step=step,
        categories=categories,
        areas=areas,
        units=units,
        per_cell=per_cell,
        within=_within(given),
        ids=ids,
        since=asked.since,
        until=asked.until,
        where=where or "",
        ring=ring,
    )
    return Question(actor, wanted, turn, kept, past)


def _within(given: Mapping[str, str]) -> Within | None:
    """The class that is asked for; none without what it is a class of."""
    fill, bounds = FILL.read(given), WITHIN.read(given)
    return None if fill is None or bounds is None else Within(Fill(fill), *bounds)


def _found(connection: Connection, district_id: int, now: datetime, said: str) -> list[int]:
    """Cases that words lead to, the newest first: as many as a person may look through."""
    everything = CaseFilter(now=now, states="all")
    rows = reading.cases(
        connection, district_id, everything, scope="everywhere", order="new", said=said, limit=MOST_FOUND
    )
    return [row["id"] for row in rows]


def versions(place: Here) -> tuple[int, ...]:
    """How often what the log of moves does not tell of has changed."""
    return place.versions["cases"], place.versions["areas"]
