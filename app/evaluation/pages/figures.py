"""`/evaluation`: every object of a kind with score, place and indicators; each figure opens into its cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request, url_for

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.evaluation import store
from app.evaluation.pages.blueprint import blueprint
from app.evaluation.rules import INDICATORS, Of
from app.evaluation.rules.indicators import BY_CODE
from app.evaluation.rules.scoring import LEAST_CASES, Score, places, score
from app.evaluation.service import schemes
from app.evaluation.service.asking import MOST_KEYS, SCHEME, looker, opened, question
from app.evaluation.service.looking import look
from app.evaluation.store import Counted, Question
from app.grid import store as grid
from app.grid.api import here
from app.grid.rules import Level
from app.web.doors import needs
from app.web.pages import page
from app.web.params import number, one_of, parameter

PLAIN = ("handling_rate", "on_time_handling_rate", "rework_rate", "on_time_filing_rate", "accurate_dispatch_rate",
         "on_time_check_rate")  # fmt: skip
"""Indicators that are shown where no scheme says which."""

ROWS = 100
ASKED = ("of", "level", "from", "to", "area", "known_at", "scheme", "columns", "sort")
ORDERS = ("place", "score", "cases", "name", *BY_CODE)


@dataclass(frozen=True, slots=True)
class Object:
    """A row of the table."""

    key: str
    called: Mapping[str, Any]
    counts: Mapping[str, int]
    score: Score | None
    place: int | None

    @property
    def cases(self) -> int:
        """By how many cases it is judged: the largest denominator, of the scheme or of all."""
        if self.score:
            return self.score.cases
        return max(one.below(self.counts) for one in INDICATORS)


@blueprint.get("/evaluation")
@needs(Permission.READ_CASES)
def figures() -> Response:
    """考核评价: the sub-centres with their places, until something else is asked for."""
    place = here()
    asked = question(Of.AREA)
    with opened(asked) as connection:
        counted = look(connection, looker(), asked, limit=MOST_KEYS)
        called = store.names(connection, place.district_id, asked.of, [one.key for one in counted])
        known = schemes.schemes(connection, place.district_id)
        today = grid.today(connection, place.district_id)
    scheme = schemes.default_for(known, asked.of, SCHEME.read())
    rows = objects(counted, called, scheme)
    every = parameter("columns", one_of(["scheme", "all"]), "scheme") == "all"
    shown = tuple(w.indicator for w in scheme.weights) if scheme else PLAIN
    columns = INDICATORS if every else tuple(BY_CODE[code] for code in shown)
    skip = parameter("skip", number(0, MOST_KEYS), 0)
    sort = parameter("sort", one_of([*ORDERS, *(f"-{name}" for name in ORDERS)]), None)
    return page(
        "evaluation.html",
        me=me(),
        district=place.record,
        asked=asked,
        rows=ordered(rows, sort or ("place" if scheme else "name"))[skip : skip + ROWS],
        following=skip + ROWS if len(rows) > skip + ROWS else None,
        columns=columns,
        indicators=INDICATORS,
        scheme=scheme,
        schemes=[one for one in known if one.of is asked.of],
        every=every,
        sort=sort or ("place" if scheme else "name"),
        objects=[of for of in Of if of is not Of.PERSON or not me().kiosk],
        levels=list(Level),
        least=LEAST_CASES,
        spans=spans(today),
        days=days(asked, place.timezone),
        here=address,
    )


def objects(counted: Sequence[Counted], called: Mapping[str, Mapping[str, Any]], scheme: Any) -> list[Object]:
    """The rows of the table: scores and places where a scheme gives them."""
    scores = {one.key: score(scheme, one.counts) for one in counted} if scheme else {}
    ranked = places(scores)
    return [
        Object(one.key, called.get(one.key, {}), one.counts, scores.get(one.key), ranked.get(one.key))
        for one in counted
    ]


def ordered(rows: list[Object], sort: str) -> list[Object]:
    """The rows by a column; what has no value there stands at the end either way."""
    name, down = sort.removeprefix("-"), sort.startswith("-")
    key: Callable[[Object], Any] = {
        "place": lambda one: one.place,
        "score": lambda one: one.score and one.score.value,
        "cases": lambda one: one.cases,
        "name": lambda one: one.key,
    }.get(name, lambda one: BY_CODE[name].value(one.counts))
    have = sorted((one for one in rows if key(one) is not None), key=lambda one: one.key)
    have.sort(key=key, reverse=down)
    rest = [one for one in rows if key(one) is None]
    rest.sort(key=lambda one: (-(one.score.value or 0) if one.score else 0, one.key))
    return have + rest


def spans(today: date) -> list[tuple[str, date, date]]:
    """Usual periods: this month, the last one, the last thirty days."""
    first = today.replace(day=1)
    last = first - timedelta(days=1)
    return [
        ("this_month", first, today),
        ("last_month", last.replace(day=1), last),
        ("last_30", today - timedelta(days=29), today),
    ]


def days(asked: Question, zone: str) -> tuple[date, date]:
    """First and last day of a question, in the district."""
    return (
        asked.since.astimezone(ZoneInfo(zone)).date(),
        (asked.until - timedelta(minutes=2)).astimezone(ZoneInfo(zone)).date(),
    )


def address(endpoint: str = "evaluation.figures", **changed: Any) -> str:
    """The address of what is shown, with some of it changed."""
    kept = {name: request.args[name] for name in ASKED if request.args.get(name)}
    values = {name: value for name, value in {**kept, **changed}.items() if value not in (None, "")}
    return url_for(endpoint, **values)
