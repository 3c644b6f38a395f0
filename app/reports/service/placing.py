"""Somebody asks for a report, asks for one again, or wants one no longer; the worker makes it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row
from sqlalchemy.exc import IntegrityError

from app.errors import ConflictError, TooManyError
from app.reports.rules.acts import Act
from app.reports.rules.kinds import KINDS, ReportKind
from app.reports.rules.periods import Period
from app.reports.service.acting import free
from app.reports.service.asking import Wanted, plan
from app.reports.service.subjects import subject_of
from app.reports.store import runs, signing

Record = dict[str, Any]

MOST_AN_HOUR = 30
"""Runs that one account asks for in an hour: more than anybody reads, and few enough that the worker serves all."""

HOUR_MINUTES = 60
SAME = (
    "district_id", "definition", "version", "kind", "sections", "title", "scope", "scope_name", "area_no", "unit_id",
    "since_on", "until_on", "known_at", "base_url", "locale", "formats",
)  # fmt: skip
"""What decides every byte of a report, beside who asks."""


def ask(connection: Connection, district: Row[Any], wanted: Wanted, client_id: UUID, account_id: int) -> int:
    """Ask for a run, once, however often it is sent; its id.

    Raises
    ------
    TooManyError
        `reports_too_many`.
    ConflictError
        `client_id_used`: by somebody else.
    NotFoundError, InvalidError
        What `plan` says.
    """
    known = runs.of_client(connection, client_id)
    if known is not None:
        return known
    return _add(connection, plan(connection, district, wanted), client_id, account_id)


def again(
    connection: Connection,
    district: Row[Any],
    run_id: int,
    client_id: UUID,
    account_id: int,
    *,
    as_of_now: bool,
) -> int:
    """Ask for the same report again: as it was known then, to the same bytes, or as it is known now; its id.

    Raises
    ------
    NotFoundError
        `report_missing`; or what it is about is not there for the one who asks.
    ConflictError
        `report_not_over`, `client_id_used`.
    TooManyError
        `reports_too_many`.
    """
    known = runs.of_client(connection, client_id)
    if known is not None:
        return known
    run = free(connection, run_id, Act.AGAIN)
    rule = KINDS[ReportKind(run["kind"])]
    if as_of_now:
        period = "" if rule.grain is None else Period(rule.grain, run["since_on"], run["until_on"]).written
        wanted = Wanted(
            run["definition"],
            run["scope"],
            period,
            tuple(run["formats"]),
            run["locale"],
            None,
            run["base_url"],
        )
        return _add(connection, plan(connection, district, wanted), client_id, account_id)
    subject_of(connection, district, rule.about, run["scope"])
    return _add(connection, {name: run[name] for name in SAME}, client_id, account_id)


def _add(connection: Connection, planned: Record, client_id: UUID, account_id: int) -> int:
    if runs.asked_lately(connection, HOUR_MINUTES) >= MOST_AN_HOUR:
        raise TooManyError("reports_too_many", most=MOST_AN_HOUR, retry_after=HOUR_MINUTES * 60 // 4)
    try:
        with connection.begin_nested():
            return runs.add(connection, **planned, client_id=client_id, account_id=account_id)
    except IntegrityError as error:
        if "client_id" in str(error.orig):
            raise ConflictError("client_id_used") from error
        raise


def cancel(connection: Connection, run_id: int) -> None:
    """Want a run no longer: one that waits is over, one that is being made ends at its next section or format.

    Raises
    ------
    NotFoundError
        `report_missing`.
    ConflictError
        `report_over`: it was faster.
    ForbiddenError
        `report_not_own`.
    """
    free(connection, run_id, Act.CANCEL)
    if not signing.cancel(connection, run_id):
        raise ConflictError("report_over")
