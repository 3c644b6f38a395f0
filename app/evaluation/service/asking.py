"""What a query string says of a period: whose moves, of which days, as known at which instant."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from app.accounts.guard import me, seat
from app.evaluation.rules import COUNTED, Of
from app.evaluation.service.looking import Looker
from app.evaluation.service.spans import span
from app.evaluation.store import Place, Question
from app.grid.api import here
from app.grid.rules import Level
from app.web import acting
from app.web.params import (
    Reader,
    day_begin,
    day_end,
    instant,
    one_of,
    parameter,
    row_id,
    this_minute,
    whole,
    written,
)
from app.web.shapes import MOST_CASE_ID, MOST_ID, TEXT, words
from app.web.stating import Asked

MOST_KEYS = 2_000
SLOW_S = 60.0
"""How long a statement may take that works out a whole period, or several."""

DEFAULT, MINUTE = timedelta(days=30), timedelta(minutes=1)
OF = Asked("of", one_of(list(Of)), Of.DISTRICT.value, "评价对象: whose moves are counted.")
LEVEL = Asked("level", one_of(list(Level)), Level.SUBDISTRICT.value, "The level of the areas.")
SINCE = Asked("from", day_begin("UTC"), None, "First day, of the district; by default 30 days ago.")
UNTIL = Asked("to", day_end("UTC"), None, "Last day, of the district; by default today.")
AREA = Asked("area", row_id, None, "Only what lies in an area.")
KNOWN_AT = Asked(
    "known_at",
    instant,
    None,
    "As far as the log was written at this instant; by default until the end of this minute. Of an instant that is a"
    " minute past, the same question is answered alike ever after.",
)
PERIOD_OF = (OF, LEVEL, SINCE, UNTIL, AREA, KNOWN_AT)
"""What `question` reads; the days are read again in the district's zone."""


def _names(raw: str) -> tuple[str, ...]:
    parts = tuple(dict.fromkeys(raw.split(",")))
    if not set(parts) <= set(COUNTED):
        raise ValueError(raw)
    return parts


def _place(raw: str) -> Place:
    at, case, version, name = raw.split("~")
    if not (0 < whole(case) <= MOST_CASE_ID and 0 < whole(version) <= MOST_ID and name in COUNTED):
        raise ValueError(raw)
    return instant(at), int(case), int(version), name


KEY = Asked("key", written(40), Of.DISTRICT.value, "The object: its key in the answer of the period.")
NAMES = Asked(
    "count",
    Reader(_names, {"type": "array", "items": words(COUNTED), "minItems": 1, "maxItems": len(COUNTED)}),
    ("handled",),
    "The count that is opened, or several between commas, together.",
)
AFTER = Asked("after", Reader(_place, TEXT), None, "`next` of the page before.")
SCHEME = Asked("scheme", written(40), "", "评分方案: code of the scheme by which is scored.")


def following(last: Any) -> str:
    """Where a list goes on after a row."""
    return f"{last.at.isoformat()}~{last.case_id}~{last.version}~{last.name}"


def opened(asked: Question) -> AbstractContextManager[Connection]:
    """A transaction in which a question is answered: one that writes where a look is kept."""
    return acting.writing() if asked.of is Of.PERSON else acting.reading()


def question(of: Of = Of.DISTRICT) -> Question:
    """The question of the query string, as the one who asks may put it.

    Parameters
    ----------
    of
        Whose moves are counted where the query does not say.

    Raises
    ------
    InvalidError
        `parameter_invalid`, `period_unusable`.
    ForbiddenError
        `not_permitted`: figures of people on a wall.
    """
    place = here()
    now = this_minute()
    latest = now + MINUTE
    since, until = span(
        parameter("from", day_begin(place.timezone), None) or latest - DEFAULT,
        parameter("to", day_end(place.timezone), None) or latest,
    )
    asked = Question(
        place.district_id,
        Of(parameter("of", OF.reader, of.value)),
        since,
        until,
        min(KNOWN_AT.read() or latest, latest),
        LEVEL.read(),
        AREA.read(),
    )
    return replace(asked, account_id=looker().only(asked.of))


def looker() -> Looker:
    """Who looks at figures."""
    visitor = me()
    return Looker(visitor.actor, visitor.username, visitor.kiosk, visitor.permissions, seat().address)
