"""What a query string says of a period: whose moves, of which days, as known at which instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.accounts.guard import me, seat
from app.evaluation.rules import Of
from app.evaluation.service.looking import Looker
from app.evaluation.service.spans import span
from app.evaluation.store import Question
from app.grid.api import here
from app.grid.rules import Level
from app.web.params import day_begin, day_end, instant, one_of, parameter, row_id
from app.web.stating import Asked

MOST_KEYS = 2_000
DEFAULT = timedelta(days=30)
OF = Asked("of", one_of(list(Of)), Of.DISTRICT.value, "评价对象: whose moves are counted.")
LEVEL = Asked("level", one_of(list(Level)), Level.SUBDISTRICT.value, "The level of the areas.")
SINCE = Asked("from", day_begin("UTC"), None, "First day, of the district; by default 30 days ago.")
UNTIL = Asked("to", day_end("UTC"), None, "Last day, of the district; by default today.")
AREA = Asked("area", row_id, None, "Only what lies in an area.")
KNOWN_AT = Asked(
    "known_at",
    instant,
    None,
    "As far as the log was written at this instant; by default now. With the instant that an answer gives, the same"
    " question is answered alike later.",
)
PERIOD_OF = (OF, LEVEL, SINCE, UNTIL, AREA, KNOWN_AT)
"""What `question` reads; the days are read again in the district's zone."""


def question() -> Question:
    """The question of the query string, as the one who asks may put it.

    Raises
    ------
    InvalidError
        `parameter_invalid`, `period_unusable`.
    ForbiddenError
        `not_permitted`: figures of people on a wall.
    """
    place = here()
    now = datetime.now(UTC)
    since, until = span(
        parameter("from", day_begin(place.timezone), None) or now - DEFAULT,
        parameter("to", day_end(place.timezone), None) or now + timedelta(minutes=1),
    )
    asked = Question(
        place.district_id,
        Of(OF.read()),
        since,
        until,
        min(KNOWN_AT.read() or now, now),
        LEVEL.read(),
        AREA.read(),
    )
    return replace(asked, account_id=looker().only(asked.of))


def looker() -> Looker:
    """Who looks at figures."""
    visitor = me()
    return Looker(visitor.actor, visitor.username, visitor.kiosk, visitor.permissions, seat().address)
