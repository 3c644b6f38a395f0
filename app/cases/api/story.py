"""`/api/v1/cases/…`: the log of a case, its clocks line by line, what is like it near by."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from flask import Response
from sqlalchemy import Connection

from app.accounts.rules import Permission
from app.cases.api import shapes
from app.cases.api.blueprint import blueprint
from app.cases.rules.clocks import ClockReading
from app.cases.rules.deadlines import Step
from app.cases.rules.timing import StageClock, clocks
from app.cases.service.situation import timed
from app.cases.service.timetable import timetable_of
from app.cases.store import log as log_store
from app.cases.store import reading, story
from app.errors import NotFoundError
from app.grid.api import here
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import number
from app.web.shapes import MOST_ID
from app.web.stating import Asked, states

NEAR_METRES, NEAR_DAYS, NEAR_MOST = 50.0, 7, 20
"""相似案件: as far and as long ago, and how many."""

MISSING = {NotFoundError: ["case_missing"]}
LIMIT = Asked("limit", number(1, 200), 100, "How many at most.")
AFTER = Asked("after", number(0, MOST_ID), 0, "`next` of the page before.")


@blueprint.get("/cases/<int:case_id>/log")
@needs(Permission.READ_CASES)
@states(shapes.LOG, kept=False, query=(LIMIT, AFTER), fails=MISSING)
def case_log(case_id: int) -> Response:
    """The log of a case from its beginning, a page at a time."""
    limit, after = LIMIT.read(), AFTER.read()
    with acting.reading() as connection:
        there(connection, case_id)
        items = story.log(connection, case_id, after=after, limit=limit + 1)
    following = items[limit - 1]["version"] if len(items) > limit else None
    return answers.private({"items": items[:limit], "next": following})


@blueprint.get("/cases/<int:case_id>/clocks")
@needs(Permission.READ_CASES)
@states(shapes.CLOCKS, kept=False, fails=MISSING)
def case_clocks(case_id: int) -> Response:
    """Every clock of a case: when it is due, how that comes about, whose time it was."""
    with acting.reading() as connection:
        there(connection, case_id)
        rows = log_store.rows(connection, case_id)
        table = timetable_of(connection, here().district_id)
    now = datetime.now(UTC)
    found = clocks([timed(row) for row in rows], table)
    return answers.private(
        {"now": now, "items": [_clock(clock, clock.read(max(now, rows[-1].at))) for clock in found]}
    )


@blueprint.get("/cases/<int:case_id>/similar")
@needs(Permission.READ_CASES)
@states(shapes.SIMILAR, kept=False, fails=MISSING)
def similar(case_id: int) -> Response:
    """Cases within 50 m and 7 days: whether it has been reported before."""
    with acting.reading() as connection:
        there(connection, case_id)
        items = story.similar(connection, case_id, metres=NEAR_METRES, days=NEAR_DAYS, limit=NEAR_MOST)
    return answers.private({"items": items})


def there(connection: Connection, case_id: int) -> None:
    """Whether there is such a case for the one who asks.

    Raises
    ------
    NotFoundError
        `case_missing`.
    """
    if not 0 < case_id < 2**63 or reading.case(connection, case_id) is None:
        raise NotFoundError("case_missing", id=case_id)


def _clock(clock: StageClock, reading_now: ClockReading) -> dict[str, Any]:
    shown = reading_now
    return {
        "stage": clock.stage.value,
        "calendar": clock.calendar.code,
        "started_at": shown.started_at,
        "limit": [_amount(shown.limit.amount), shown.limit.unit.value],
        "total": _amount(shown.total),
        "used": _amount(shown.used),
        "extensions": shown.extensions,
        "ended_at": shown.read_at if clock.ended else None,
        "paused": shown.paused,
        "lamp": shown.lamp.value,
        "overdue": shown.overdue,
        "due_at": shown.due_at,
        "provisional": shown.provisional,
        "near_at": shown.near_at,
        "steps": [_step(step) for step in shown.due.steps] if shown.due is not None else [],
        "segments": [
            {
                "begin_at": part.begin_at,
                "end_at": part.end_at,
                "whose": part.whose,
                "counting": part.counting.value,
                "used": _amount(part.used),
                "why": part.why,
            }
            for part in shown.segments
        ],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "on": step.on,
        "begin_at": step.begin_at,
        "end_at": step.end_at,
        "used": _amount(step.used),
        "why": step.why.value,
        "name": step.name,
        "name_en": step.name_en,
        "known": step.known,
    }


def _amount(amount: Fraction) -> float:
    return round(float(amount), 4)
