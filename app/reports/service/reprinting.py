"""公示牌重印: which signs say what is not so any more: a post or a telephone has changed, or the place is gone."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from app.accounts import store as accounts
from app.db import transaction
from app.grid.service import the_district
from app.reports.rules.kinds import ReportKind
from app.reports.service.context import Context
from app.reports.service.running import OPERATOR
from app.reports.service.sections import sign
from app.reports.service.subjects import whole_district
from app.reports.store import runs

LOOK = "look_at_signs"
OUTDATED = "report_outdated"

Record = dict[str, Any]


def look(connection: Connection) -> None:
    """Tell whoever had a sign made that it says what is not so any more; once of each."""
    for run in outdated(connection):
        runs.notify(connection, run["id"], OUTDATED, {"title": run["title"]})


def outdated(connection: Connection) -> list[Record]:
    """The last sign of each place and account that would say something else today."""
    url = connection.engine.url.render_as_string(hide_password=False)
    found: list[Record] = []
    printed = sorted(runs.printed(connection), key=_alike)
    for _, group in groupby(printed, key=_alike):
        signs = list(group)
        account_id = signs[0]["account_id"]
        actor = OPERATOR if account_id is None else accounts.actor_of(connection, account_id)
        with transaction(url, actor=actor, read_only=True) as own:
            stale = _stale(own, signs)
        found += [one for one in signs if one["scope"] in stale]
    return sorted(found, key=lambda one: int(one["id"]))


def _alike(run: Record) -> tuple[int, str, str]:
    """Signs that are looked at together: of one account, in one language, with codes to one address."""
    return run["account_id"] or 0, run["locale"], run["base_url"]


def _stale(connection: Connection, signs: list[Record]) -> set[str]:
    printed = {one["scope"]: one["fingerprint"] for one in signs}
    return set(sign.outdated(_context(connection, signs[0]), printed))


def _context(connection: Connection, run: Record) -> Context:
    district = the_district(connection)
    return Context(
        connection=connection, district_id=district.id, district_name=district.name, timezone=district.timezone,
        srid=district.metric_srid, kind=ReportKind.SIGN, scope=whole_district(connection, district),
        subject=run["scope"], since_on=run["since_on"], until_on=run["until_on"], known_at=datetime.now(UTC),
        locale=run["locale"], simulated=district.simulated, base_url=run["base_url"],
    )  # fmt: skip
