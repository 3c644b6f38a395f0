"""定时报表: a run for each schedule whose hour has come, of the period that is over by then."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from app.accounts import store as accounts
from app.db import transaction
from app.errors import AppError, NotFoundError
from app.grid.service import the_district
from app.reports.rules import periods
from app.reports.rules.kinds import KINDS
from app.reports.rules.periods import Period
from app.reports.service.asking import Wanted, definition_of, plan
from app.reports.store import definitions, runs

logger = logging.getLogger(__name__)

LOOK = "look_at_report_schedules"

Record = dict[str, Any]


def look(connection: Connection) -> None:
    """Ask for what is due. What cannot be asked for any more is told in the schedule, and tried again next time."""
    url = connection.engine.url.render_as_string(hide_password=False)
    for schedule in definitions.due(connection):
        try:
            definition = definition_of(connection, schedule["district_id"], schedule["definition"])
        except NotFoundError as error:
            # It was retired. One schedule that has nothing to make any more must not hold up all others.
            problem = {"code": error.code, "facts": error.facts}
            definitions.advance(connection, schedule["id"], schedule["next_on"] + timedelta(days=1), problem)
            continue
        grain = KINDS[definition.kind].grain
        if grain is None:
            definitions.stop(connection, schedule["id"])
            continue
        over = periods.period_of(schedule["next_on"] - timedelta(days=1), grain)
        problem = _ask(connection, url, schedule, over)
        definitions.advance(connection, schedule["id"], over.after.after.since_on, problem)


def _ask(connection: Connection, url: str, schedule: Record, over: Period) -> Record | None:
    """Ask for one run with the eyes of whoever set it up; what speaks against it."""
    wanted = Wanted(
        schedule["definition"], schedule["scope"], over.written, tuple(schedule["formats"]), schedule["locale"],
        base_url=schedule["base_url"],
    )  # fmt: skip
    try:
        with transaction(
            url, actor=accounts.actor_of(connection, schedule["account_id"]), read_only=True
        ) as own:
            planned = plan(own, the_district(own), wanted)
    except AppError as error:
        logger.warning("report schedule %s: %s", schedule["id"], error.code)
        return {"code": error.code, "facts": error.facts}
    # The same schedule and period are the same run, however often they are looked at.
    client_id = uuid.uuid5(schedule["client_id"], over.written)
    runs.add(
        connection,
        **planned,
        client_id=client_id,
        account_id=schedule["account_id"],
        schedule_id=schedule["id"],
    )
    return None
